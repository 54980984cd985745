// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SecretSharing
import Testing

@testable import Escrow

/// Codes of the example's two epochs, each of another set, held against it.
@Suite("Checking envelopes")
struct EnvelopeCheckTests {
    private let check: EnvelopeCheck
    private let documents: [EpochDocument]

    init() throws {
        let directory = try ExampleEscrow.directory()
        check = try EnvelopeCheck(of: directory)
        documents = directory.documents
    }

    private func payload(_ kind: EnvelopeCode.Kind, _ name: String, epoch: Int) throws -> String {
        try #require(EnvelopeCode(kind, for: Name(name), of: documents[epoch - 1])).payload
    }

    /// The only finding, as verdict and detail.
    private func judged(_ payload: String) throws -> String {
        let findings = check.judge([payload])
        #expect(findings.count == 1)
        return "\(findings[0].verdict.rawValue): \(findings[0].detail)"
    }

    /// The payload with one field changed, and a checksum that holds for it.
    private func forged(_ payload: String, _ position: Int, _ text: String) -> String {
        var fields = payload.split(separator: "/").map(String.init)
        fields[position] = text
        let body = fields.dropLast().joined(separator: "/")
        return "\(body)/\(SHA256Digest(of: Array(body.utf8)).short.uppercased())"
    }

    @Test("every custodian's codes are right, and those of the epoch before superseded")
    func right() throws {
        for custodian in documents[1].manifest.policy.leaves.map(\.custodian.description) {
            for kind in EnvelopeCode.Kind.allCases {
                #expect(try judged(payload(kind, custodian, epoch: 2)) == "right: epoch 2 is in force, of a rehearsal")
            }
        }
        for custodian in documents[0].manifest.policy.leaves.map(\.custodian) {
            let rest = documents[1].manifest.person(named: custodian) == nil ? "without \(custodian)" : "of another set"
            let expected = "SUPERSEDED: in force is epoch 2 (\(documents[1].digest.short)), \(rest)"
            #expect(try judged(payload(.share, custodian.description, epoch: 1)) == expected)
        }
    }

    @Test("one changed character is noticed, and its field is named", arguments: EnvelopeCode.Kind.allCases)
    func flips(kind: EnvelopeCode.Kind) throws {
        let payload = Array(try payload(kind, "carol", epoch: 2).utf8)
        let names = ["", "", "", "set", "epoch", "path", "custodian", "manifest"] + (kind == .share ? ["box"] : [])
        var field = 0
        for position in payload.indices {
            let isSeparator = payload[position] == UInt8(ascii: "/")
            for other in [UInt8(ascii: "3"), UInt8(ascii: "B"), UInt8(ascii: "/"), payload[position] ^ 1]
            where other != payload[position] {
                var changed = payload
                changed[position] = other
                let finding = try judged(String(decoding: changed, as: UTF8.self))
                if field < 3 {
                    #expect(finding.hasPrefix("UNKNOWN: ") || finding.hasPrefix("DAMAGED: "), "\(position)")
                } else {
                    #expect(finding.hasPrefix("DAMAGED: "), "\(position): \(finding)")
                    if !isSeparator, other != UInt8(ascii: "/"), field < names.count {
                        #expect(finding.contains(names[field]), "\(position): \(finding)")
                    }
                }
            }
            field += isSeparator ? 1 : 0
        }
    }

    @Test("a code that says something else under a checksum that holds is named by field")
    func forgeries() throws {
        let share = try payload(.share, "carol", epoch: 2)
        let label = try payload(.label, "carol", epoch: 2)
        let other = try payload(.share, "dave", epoch: 2).split(separator: "/").map(String.init)
        let end = "not as the manifest of epoch 2 has it"
        #expect(try judged(forged(share, 3, String(repeating: "0", count: 32))) == "DAMAGED: set: \(end)")
        #expect(try judged(forged(share, 4, "1")) == "DAMAGED: epoch: \(end)")
        #expect(try judged(forged(share, 5, "4.4")) == "DAMAGED: path: \(end)")
        #expect(try judged(forged(share, 6, "MALLORY")) == "DAMAGED: custodian: \(end)")
        #expect(try judged(forged(label, 6, "MALLORY")) == "DAMAGED: custodian: \(end)")
        #expect(try judged(forged(share, 8, other[8])) == "DAMAGED: box: \(end)")
        #expect(try judged(forged(forged(share, 5, "4.4"), 6, "MALLORY")) == "DAMAGED: path, custodian: \(end)")
        let digest = String(repeating: "A", count: 64)
        #expect(
            try judged(forged(share, 7, digest))
                == "ANOTHER ESCROW: manifest aaaaaaaa of epoch 2 is not in this copy of the escrow"
        )
        let foreign = forged(forged(share, 7, digest), 3, String(repeating: "0", count: 32))
        #expect(
            try judged(foreign) == "ANOTHER ESCROW: set 00000000000000000000000000000000 is none of this escrow's"
        )
    }

    @Test("whoever hands over somebody else's envelope is found out")
    func holder() throws {
        let check = try EnvelopeCheck(of: try ExampleEscrow.directory(), heldBy: "dave")
        let findings = check.judge([
            try payload(.share, "dave", epoch: 2), try payload(.share, "carol", epoch: 2),
            try payload(.share, "carol", epoch: 1),
        ])
        #expect(findings.map(\.verdict) == [.right, .wrongHolder, .wrongHolder])
        #expect(findings[1].detail == "dave should hold it")
    }

    @Test("a label and a share in one picture belong to one person")
    func labelAndShare() throws {
        let label = try payload(.label, "carol", epoch: 2)
        let share = try payload(.share, "carol", epoch: 2)
        let other = try payload(.share, "dave", epoch: 2)
        #expect(check.judge([label, share]).map(\.verdict) == [.right, .right])
        let swapped = check.judge([label, other, "EAN 13"])
        #expect(swapped.map(\.verdict) == [.wrongHolder, .wrongHolder, .unknown])
        #expect(swapped[0].detail == "the share in the same scan is for dave")
        #expect(swapped[1].detail == "the label in the same scan is for carol")
        // A sheet of several people: only who has no counterpart stands out.
        #expect(check.judge([label, share, other]).map(\.verdict) == [.right, .right, .wrongHolder])
        // Without both kinds there is nothing to compare.
        #expect(check.judge([share, other]).map(\.verdict) == [.right, .right])
    }

    @Test("what somebody else's code says is shown, and moves no cursor")
    func foreign() throws {
        #expect(
            try judged("\u{1b}[2Jhttps://x.example/")
                == "UNKNOWN: no code of an envelope: '\\u{1b}[2Jhttps://x.example/'"
        )
        #expect(try judged("CA-ESCROW/V2/SHARE/1") == "UNKNOWN: a code of version 'V2': this program reads V1")
    }
}
