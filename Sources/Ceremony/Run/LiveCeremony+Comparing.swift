// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow

// Digests that are read from another device or paper, row by row.
extension LiveCeremony {
    func compare(_ subject: Step.Subject) throws {
        let digest = try digest(of: subject)
        let file = TranscriptLine.File(.input, subject.rawValue, digest)
        try ensure("the \(subject.rawValue) with SHA-256 \(digest.short)…", by: witness) { [self] in
            screen.show(digest, of: "the \(subject.rawValue)")
            var comparison = DigestComparison(of: digest)
            var difference: String?
            while difference == nil, let row = comparison.row {
                let isAgain = comparison.isAgain ? "; 'differs' when the other copy says so" : ""
                let typed = try ask("Row \(row) of 8, read from the other copy: 4 words or 8 hex digits\(isAgain)")
                if typed == Self.differs, comparison.isAgain {
                    difference = comparison.slips.last
                } else if let fault = comparison.take(typed) {
                    screen.alarm()
                    screen.say(fault)
                }
            }
            let slips = comparison.slips.map { Remark.retyped($0) }
            return Outcome(fault: difference.map { "another digest was read: \($0)" }, files: [file], remarks: slips)
        }
    }

    private static let differs = "differs"

    private func digest(of subject: Step.Subject) throws -> SHA256Digest {
        switch subject {
        case .plan: files.digest
        case .certificate: SHA256Digest(of: files.certificate.der)
        case .manifest: try epoch().digest
        }
    }
}

/// How far a digest has been typed, as it was read from another copy.
///
/// A row is four words, or their eight hexadecimal digits; several rows may be typed in one line. A row counts when all of
/// it is the digest's own: what is otherwise is named, and typed again.
struct DigestComparison {
    private let digest: SHA256Digest
    private var count = 0
    /// What was typed otherwise, in words.
    private(set) var slips: [String] = []
    /// Whether the row that is next was typed otherwise.
    private(set) var isAgain = false

    init(of digest: SHA256Digest) {
        self.digest = digest
    }

    /// The row that comes next, from 1; nothing when all of it was typed.
    var row: Int? { count < digest.bytes.count ? count / Self.rowLength + 1 : nil }

    private static let rowLength = 4

    /// Takes rows that somebody has typed.
    ///
    /// - Returns: What is wrong with the first that is not taken; those before it are.
    mutating func take(_ typed: String) -> String? {
        let bytes: [UInt8]
        do throws(TypedCodeError) {
            bytes = try TypedCode.bytes(typed)
        } catch {
            return "\(error)"  // no digest reads so: a slip of the keyboard, or of the tongue
        }
        guard !bytes.isEmpty, bytes.count.isMultiple(of: Self.rowLength), count + bytes.count <= digest.bytes.count
        else {
            return "whole rows are needed: 4 words or 8 hex digits each, all 32 or 64 of them at most"
        }
        for (offset, byte) in bytes.enumerated() where byte != digest.bytes[count + offset] {
            count += offset / Self.rowLength * Self.rowLength
            isAgain = true
            let position = offset % Self.rowLength
            let other = TypedCode.word(for: byte, at: position)
            let own = TypedCode.word(for: digest.bytes[count + position], at: position)
            let slip = "row \(count / Self.rowLength + 1), word \(position + 1): \(other), where this screen has \(own)"
            slips.append(slip)
            return "NOT THE SAME: \(slip)"
        }
        count += bytes.count
        isAgain = false
        return nil
    }
}
