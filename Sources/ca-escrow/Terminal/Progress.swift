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
        advance(by: 0)
    }

    /// Counts one part more.
    func advance() { advance(by: 1) }

    /// Wipes the line.
    func end() { Output.progress("") }

    /// Writes the line when the percentage is another than the one shown.
    private func advance(by parts: Int) {
        state.withLock { state in
            state.done += parts
            let percentage = count == 0 ? 100 : 100 * state.done / count
            guard percentage != state.shown else {
                return
            }
            state.shown = percentage
            let bar = String(repeating: "#", count: percentage / 5) + String(repeating: "-", count: 20 - percentage / 5)
            Output.progress("\(verb) [\(bar)] \(percentage) %, \(state.done) of \(count)")
        }
    }
}
