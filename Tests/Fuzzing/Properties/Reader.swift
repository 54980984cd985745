// SPDX-License-Identifier: Apache-2.0

/// One reader of bytes from outside, with what must hold whatever the bytes are.
///
/// The fuzz targets give it what a mutator makes; the test ``ReplayTests`` gives it the seeds, and every case that was ever
/// found.
public struct Reader: Sendable {
    /// The name of its target, and of its folders in `Seeds` and `Found`.
    public let name: String
    /// Throws a ``Violation`` when something does not hold; traps when a reader does.
    public let check: @Sendable ([UInt8]) throws -> Void

    init(_ name: String, _ check: @escaping @Sendable ([UInt8]) throws -> Void) {
        self.name = name
        self.check = check
    }

    /// Every reader, by name.
    public static let all = [
        card, certificates, challenge, enrolment, envelope, foreignJSON, identity, keys, manifest, parcel, pkcs12, plan,
        policy, proof, receipt, record, release, request, signature, signers, state, store, transcript,
    ]
}

/// What must hold for every input, and did not.
public struct Violation: Error, CustomStringConvertible {
    /// What does not hold, and of what.
    public let description: String
}

/// Throws a ``Violation`` unless it holds.
func require(_ holds: Bool, _ rule: @autoclosure () -> String) throws {
    guard holds else {
        throw Violation(description: rule())
    }
}

/// What a reader makes of its input, or nothing when it refuses.
///
/// A refusal is put into words. They hold no control character of a document: what stands in one is shown by its number.
///
/// - Parameter isTyped: Whether it is a person's own text, which words repeat as it is; the terminal is the command line's
///   affair.
func accepted<Value: ~Copyable>(isTyped: Bool = false, _ read: () throws -> Value) throws -> Value? {
    do {
        return try read()
    } catch let violation as Violation {
        throw violation
    } catch {
        try require(!"\(error)".isEmpty, "a refusal has no words")
        if !isTyped {
            try requireShowable("\(error)", "a refusal")
        }
        return nil
    }
}

/// Nothing that moves a cursor, and something to read.
func requireShowable(_ text: String, _ what: String) throws {
    try require(!text.isEmpty, "\(what) has no words")
    try require(
        text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
        "\(what) holds a control character: \(text.debugDescription)"
    )
}
