// SPDX-License-Identifier: Apache-2.0

@testable import Custody
@testable import Encoding
@testable import Escrow

/// The bytes, and what they are in canonical form when they are JSON in another one.
///
/// A mutation seldom keeps the canonical form; without this, few would come as far as the members of a document.
func canonicalForms(_ bytes: [UInt8]) throws -> [[UInt8]] {
    guard let value = try accepted({ try JSONValue(bytes, .canonical) }) else {
        return [bytes]
    }
    let rewritten = value.encoded()
    guard let again = try accepted({ try JSONValue(canonical: rewritten) }) else {
        throw Violation(description: "the canonical form is not read")
    }
    try require(again == value, "the canonical form is another value")
    return rewritten == bytes ? [bytes] : [bytes, rewritten]
}

/// What a reader accepts is encoded to the bytes that it read.
func requireSameBytes<Document>(
    _ bytes: [UInt8],
    _ read: ([UInt8]) throws -> Document,
    _ encode: (Document) -> [UInt8]
) throws {
    for form in try canonicalForms(bytes) {
        if let document = try accepted({ try read(form) }) {
            try require(encode(document) == form, "\(Document.self) is encoded to other bytes")
        }
    }
}

/// The same of a document that is added to an epoch, whose file is named after what it says.
func requireSameBytes<Document: AddedDocument>(_ kind: Document.Type, _ bytes: [UInt8]) throws {
    try requireSameBytes(bytes, { try Document(canonical: $0) }) { document in
        document.encoded()
    }
    if let document = try? Document(canonical: bytes) {
        let name = document.fileName(of: bytes)
        let isPlain = name.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "/") }
        try require(isPlain && !name.hasPrefix("."), "the name of its file leads elsewhere: \(name.debugDescription)")
    }
}

extension Reader {
    /// What an epoch is: `manifest.json`.
    public static let manifest = Reader("Manifest") { bytes in
        try requireSameBytes(bytes, { try Manifest(canonical: $0) }) { manifest in
            _ = manifest.headDigest
            return manifest.encoded()
        }
    }

    /// An identity as it lies in a file; it is never opened, since that costs what it is meant to.
    public static let identity = Reader("Identity") { bytes in
        try requireSameBytes(bytes, { try IdentityFile(canonical: $0) }) { $0.encoded() }
    }

    /// Acknowledgements of custody, and receipts of drills.
    public static let receipt = Reader("Receipt") { bytes in
        try requireSameBytes(Receipt.self, bytes)
        try requireSameBytes(DrillReceipt.self, bytes)
    }

    /// Requests for releases, and refusals of them.
    public static let request = Reader("Request") { bytes in
        try requireSameBytes(Request.self, bytes)
        try requireSameBytes(Refusal.self, bytes)
    }

    /// Statements that a share was released, and the file that carries it.
    public static let release = Reader("Release") { bytes in
        try requireSameBytes(ReleaseStatement.self, bytes)
        try requireSameBytes(bytes, { try ReleaseBox(canonical: $0) }) { $0.encoded() }
    }

    /// An auditor's challenge.
    public static let challenge = Reader("Challenge") { bytes in
        try requireSameBytes(Challenge.self, bytes)
    }

    /// A custodian's answer to one.
    public static let proof = Reader("Proof") { bytes in
        try requireSameBytes(Proof.self, bytes)
    }

    /// What else lies among the records: restores, added certificates, suspensions, overrides.
    public static let record = Reader("Record") { bytes in
        try requireSameBytes(RestoreRecord.self, bytes)
        try requireSameBytes(AddedCertificate.self, bytes)
        try requireSameBytes(Suspension.self, bytes)
        try requireSameBytes(VetoOverride.self, bytes)
    }

    /// Challenges to a card, and the answers to them.
    public static let enrolment = Reader("Enrolment") { bytes in
        try requireSameBytes(bytes, { try EnrolmentChallenge(canonical: $0) }) { $0.encoded() }
        try requireSameBytes(bytes, { try EnrolmentAnswer(canonical: $0) }) { $0.encoded() }
    }

    /// Files of escrows, packed for the way.
    public static let parcel = Reader("Parcel") { bytes in
        try requireSameBytes(bytes, { try Parcel(canonical: $0) }) { $0.encoded() }
        guard let parcel = try? Parcel(canonical: bytes) else {
            return
        }
        for file in parcel.files {
            let parts = "\(file.escrow)/\(file.path)".utf8.split(
                separator: UInt8(ascii: "/"),
                omittingEmptySubsequences: false
            )
            let isInside = parts.allSatisfy {
                !$0.isEmpty && Array($0) != Array(".".utf8) && Array($0) != Array("..".utf8)
            }
            try require(isInside, "a file of a parcel leads elsewhere: \(file.path.debugDescription)")
        }
    }
}
