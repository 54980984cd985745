// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How much of a long piece of work is done, on a terminal; from whichever thread does a part of it.
final class Progress: Sendable {
    private let verb: String
    private let count: Int
    private let state = Mutex((done: 0, shown: -1))

    /// - Parameter verb: Such as `auditing`.
    init(_ verb: String, of count: Int) {
        self.verb = verb
        self.count = count
        show(done: 0)
    }

    /// Counts one part more.
    func advance() {
        state.withLock { state in
            state.done += 1
            show(done: state.done, &state.shown)
        }
    }

    /// Wipes the line.
    func end() {
        Output.progress("")
    }

    private func show(done: Int) {
        state.withLock { show(done: done, &$0.shown) }
    }

    /// Writes the line when the percentage is another than the one shown.
    private func show(done: Int, _ shown: inout Int) {
        let percentage = count == 0 ? 100 : 100 * done / count
        guard percentage != shown else {
            return
        }
        shown = percentage
        let full = percentage / 5
        let bar = String(repeating: "#", count: full) + String(repeating: "-", count: 20 - full)
        Output.progress("\(verb) [\(bar)] \(percentage) %, \(done) of \(count)")
    }
}
