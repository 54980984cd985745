// SPDX-License-Identifier: Apache-2.0

import Custody

/// A digest that somebody hears or reads from paper and types: never shown beforehand, never answered by a mere yes.
enum Comparison {
    /// Holds what is typed against a digest.
    ///
    /// - Parameters:
    ///   - given: What options gave beforehand, in any of the three forms; one of them must be it.
    ///   - what: What is compared, such as `the manifest's digest`.
    ///   - option: The option that gives it beforehand.
    /// - Throws: ``Diagnostic`` with status 77 when it is another, or nothing is typed.
    static func confirm(_ digest: SHA256Digest, given: [String], what: String, else option: String) throws {
        guard given.isEmpty else {
            guard given.contains(where: { ComparisonCode.matches($0, digest) }) else {
                throw Diagnostic("\(what): not the one given with \(option): nothing was signed", .refused)
            }
            return
        }
        let prompt = "Type \(what): 64 hexadecimal digits, 12 words or 30 digits (Enter stops)"
        guard let typed = try Question.text(prompt, for: what, else: "\(option) CODE") else {
            throw Diagnostic("\(what): not confirmed: nothing was signed", .refused)
        }
        let fault: String?
        do {
            guard try !TypedCode(typed).matches(digest) else {
                return
            }
            fault = nil
        } catch {
            fault = "\(error)"
        }
        throw Diagnostic(
            "\(what): \(fault ?? "another one was typed"): nothing was signed",
            hint: "ask again, on a number that you know",
            .refused
        )
    }
}
