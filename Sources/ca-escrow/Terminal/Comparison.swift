// SPDX-License-Identifier: Apache-2.0

import Custody

/// A digest that somebody hears or reads from paper and types: never shown beforehand, never answered by a mere yes.
struct Comparison {
    /// What is compared, such as `the manifest's digest`.
    let subject: String
    /// What an error says was asked for.
    let asked: String
    /// What the terminal says before the answer.
    let prompt: String
    /// The option that gives it beforehand.
    let option: String
    /// What did not happen when it is another one.
    let outcome: String

    /// The digest of a manifest, which comes from paper or by telephone, and not from where the manifest lies.
    static let manifest = Comparison(
        subject: "the manifest's digest",
        asked: "the manifest's digest",
        prompt: "Type the manifest's digest, from the ceremony's sheet or as an officer reads it to you: "
            + "64 hexadecimal digits, 12 words or 30 digits (Enter stops)",
        option: "--manifest",
        outcome: "nothing was signed"
    )

    /// The digest of a request, which an officer reads to a custodian.
    static func request(_ identifier: String) -> Comparison {
        Comparison(
            subject: "request \(identifier.prefix(8))",
            asked: "the words of request \(identifier.prefix(8))",
            prompt: "Type what you hear (Enter alone stops, nothing is sent)",
            option: "--confirm",
            outcome: "nothing was sent"
        )
    }

    /// Holds what is typed against the digest.
    ///
    /// - Parameter given: What the option gave beforehand, in any of the three forms; one of them must be it.
    /// - Throws: ``Diagnostic`` with status 77 when it is another, or nothing is typed.
    func confirm(_ digest: SHA256Digest, given: [String]) throws {
        guard given.isEmpty else {
            guard given.contains(where: { ComparisonCode.matches($0, digest) }) else {
                throw failure("not the one given with \(option)")
            }
            return
        }
        guard let typed = try Question.text(prompt, for: asked, else: "\(option) CODE") else {
            throw failure("nothing was typed")
        }
        let isIt: Bool
        do {
            isIt = try TypedCode(typed).matches(digest)
        } catch {
            throw failure("\(error)")
        }
        guard isIt else {
            throw failure("another digest was typed")
        }
    }

    private func failure(_ what: String) -> Diagnostic {
        Diagnostic("\(subject): \(what): \(outcome)", hint: "ask again, on a number that you know", .refused)
    }
}
