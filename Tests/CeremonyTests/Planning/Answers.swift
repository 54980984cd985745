// SPDX-License-Identifier: Apache-2.0

import Escrow

@testable import Ceremony

/// Somebody at a console, whose answers are written down beforehand: each to the first question that has its words, an empty
/// one for Enter alone.
final class Answers: Console {
    private let replies: [(words: String, reply: String)]
    private var used: Set<Int> = []
    private(set) var questions: [String] = []
    private(set) var said: [String] = []
    private(set) var reported: [String] = []

    init(_ replies: [(words: String, reply: String)]) {
        self.replies = replies
    }

    func say(_ text: String, first: String, rest: String) { said.append(first + text) }

    func report(_ error: any Error) { reported.append("\(error)") }

    func line(_ prompt: String) throws(Absence) -> String? {
        questions.append(prompt)
        guard let index = replies.indices.first(where: { prompt.contains(replies[$0].words) && !used.contains($0) })
        else {
            // Nobody types more: what is proposed is taken, and what needs an answer finds no one.
            guard prompt.contains("[") else {
                throw Absence("nobody knows an answer to: \(prompt)")
            }
            return nil
        }
        used.insert(index)
        return replies[index].reply
    }
}
