// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What an auditor says of what they could not read.
extension AttackTests {
    /// How one check ended, and why.
    private struct Check: Equatable {
        let outcome: String
        let detail: [String]
    }

    /// Checks that depend on a directory of an epoch, written down apart from the program's own table: format.md, 5.6.
    private static let dependants: [(directory: String, checks: Set<String>)] = [
        ("cards", ["cards"]),
        ("receipts", ["receipts", "equivocation", "quorum", "clock"]),
        ("challenges", ["challenges", "proofs", "records", "quorum", "clock"]),
        ("proofs", ["proofs", "quorum", "clock"]),
        ("requests", ["requests", "releases", "refusals", "records", "clock"]),
        ("releases", ["releases", "clock"]),
        ("refusals", ["refusals", "records", "clock"]),
        ("records", ["records", "quorum", "clock"]),
    ]

    private static let audit =
        "unprivileged.sh ca-escrow audit acme.escrow --signers officers.signers --certificate ca/cacert.pem"
    private static let status = "unprivileged.sh ca-escrow status acme.escrow --signers officers.signers"

    /// How every check ends for somebody whom modes bind.
    private func checks(_ shell: Shell) throws -> [String: Check] {
        let (text, _) = try shell.output(of: "\(Self.audit) --json 2>/dev/null")
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let audit = try #require((json?["audits"] as? [[String: Any]])?.first)
        let found = try #require(audit["checks"] as? [[String: Any]])
        return Dictionary(
            uniqueKeysWithValues: try found.map { entry in
                (
                    try #require(entry["check"] as? String),
                    Check(
                        outcome: try #require(entry["outcome"] as? String),
                        detail: try #require(entry["detail"] as? [String])
                    )
                )
            }
        )
    }

    /// Expects that these checks were not made for want of permission, and all others end as before.
    private func expect(
        _ open: Set<String>,
        _ found: [String: Check],
        since before: [String: Check],
        _ what: String
    ) {
        for (check, result) in found {
            if open.contains(check) {
                #expect(result.outcome == "NOT CHECKED", "\(what): \(check)")
                #expect(result.detail.contains { $0.contains("Permission denied") }, "\(what): \(check)")
                #expect(!result.detail.contains { $0.contains("not a directory") }, "\(what): \(check)")
            } else {
                #expect(result == before[check], "\(what): \(check)")
            }
        }
        #expect(found.count == before.count)
    }

    @Test(
        "whoever keeps an auditor from reading: of unreadable directories no check passes that depends on them, and why is said"
    )
    func unreadableDirectories() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let folders = "challenges proofs requests releases refusals records"
            #expect(try shell.run("world.sh complete; cd acme.escrow/0001-*; mkdir \(folders)") == "")
            let before = try checks(shell)
            #expect(before["receipts"]?.outcome == "PASS" && before["quorum"]?.outcome == "PASS")
            for (directory, dependants) in Self.dependants {
                _ = try shell.output(of: "chmod 000 acme.escrow/0001-*/\(directory)")
                expect(dependants.union(["layout"]), try checks(shell), since: before, directory)
                #expect(
                    try shell.run(Self.status) == """
                        acme.escrow: UNREADABLE: epoch 1; not all of it can be read
                          unread      acme.escrow/0001-<8 hex>/\(directory): Permission denied
                        [exit 2]

                        """,
                    "\(directory)"
                )
                _ = try shell.output(of: "chmod 755 acme.escrow/0001-*/\(directory)")
            }
            // One that can be listed and not entered: its documents are not read.
            _ = try shell.output(of: "chmod 644 acme.escrow/0001-*/receipts")
            let receipts: Set = ["receipts", "equivocation", "quorum", "clock", "layout"]
            expect(receipts, try checks(shell), since: before, "receipts, listed")
            _ = try shell.output(of: "chmod 755 acme.escrow/0001-*/receipts")
            // The whole epoch: nothing at all passes.
            _ = try shell.output(of: "chmod 000 acme.escrow/0001-*")
            expect(Set(before.keys), try checks(shell), since: before, "the epoch")
            #expect(
                try shell.run(Self.status) == """
                    acme.escrow: UNREADABLE
                      unread      acme.escrow/0001-<8 hex>/manifest.json: Permission denied
                      unread      acme.escrow/0001-<8 hex>: Permission denied
                      unread      acme.escrow/0001-<8 hex>/receipts: Permission denied
                      unread      and 10 more
                    [exit 2]

                    """
            )
            _ = try shell.output(of: "chmod 755 acme.escrow/0001-*")
            #expect(try checks(shell) == before)
        }
    }

    @Test(
        "whoever keeps an auditor from reading: a finding is no less one beside what cannot be read"
    )
    func unreadableFiles() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run("world.sh complete; cd acme.escrow/0001-*; mkdir challenges") == "")
            let before = try checks(shell)
            let start = "acme.escrow/0001-*/challenges; name=eve-0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0"
            _ = try shell.output(of: "cd \(start); echo 1 > ${name}1.json; chmod 000 ${name}1.json")
            let open: Set = ["challenges", "proofs", "records", "quorum", "clock", "layout"]
            expect(open, try checks(shell), since: before, "a document")
            _ = try shell.output(of: "cd \(start); echo 1 > ${name}2.json")
            let found = try checks(shell)
            #expect(found["challenges"]?.outcome == "FAIL")
            #expect(found["proofs"]?.outcome == "NOT CHECKED")
            // A signature, and the PKCS#12 file: whether enough have signed is not known, nor whether a receipt counts.
            _ = try shell.output(of: "cd acme.escrow/0001-*; rm -rf challenges; chmod 000 *.olga.sig ../../acme-*.p12")
            let signatures: Set = [
                "signatures", "approval", "anchor", "succession", "receipts", "pkcs12", "protection",
            ]
            expect(signatures, try checks(shell), since: before, "a signature")
            #expect(try shell.output(of: "\(Self.audit)").status == 1)
            // The loss: what cannot be read is not checked, and goes on to say nothing.
        }
    }
}
