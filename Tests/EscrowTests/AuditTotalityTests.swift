// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import KeyStores
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// No check passes because nobody made it, or because nobody could.
///
/// That a check without an outcome does not exist is the compiler's affair: `AuditCheck.outcome(of:)` is one switch without
/// a `default`, so that a new case does not build before somebody says how it ends, and `AuditOutcome` has no initializer
/// that passes by itself. The same holds for ``AuditCheck/sources``. What is left to show is that reports are made by it.
@Suite("Every check has an outcome") struct AuditTotalityTests {
    private static let made = Result { try CompleteEscrow().world }

    private let world: World

    init() throws {
        world = try Self.made.get().copy()
    }

    private func audit() throws -> Audit {
        try Audit(of: world.escrow, with: world.fullInput(time: CompleteEscrow.end))
    }

    @Test("in every report, once, in the order of the checks")
    func order() throws {
        func expectAll() throws {
            let audit = try audit()
            #expect(audit.outcomes.map(\.check) == AuditCheck.allCases)
            #expect(audit.report.outcomes.map(\.check) == AuditCheck.allCases)
        }
        try expectAll()
        try world.folder.remove(world.epoch.appending("manifest.json"))
        try expectAll()
        // Of an escrow without a manifest nothing passes.
        let passed = try audit().outcomes.filter { $0.outcome == .pass }.map(\.check)
        #expect(passed == [])
    }

    @Test("and the finding of another escrow is added to what was found")
    func recurrence() throws {
        var audit = try audit()
        audit.note(.commitments, "first")
        audit.note(.commitments, "second")
        #expect(audit.outcome(.commitments) == .fail(["first", "second"]))
        #expect(audit.verdict == .failed)
    }

    /// Directories of an epoch, and the checks that depend on them.
    static let directories: [(name: String, dependants: Set<AuditCheck>)] = [
        ("receipts", [.receipts, .equivocation, .quorum]), ("challenges", [.challenges, .proofs, .records, .quorum]),
        ("proofs", [.proofs, .quorum]), ("requests", [.requests, .releases, .refusals, .records]),
        ("releases", [.releases]),
        ("refusals", [.refusals, .records]), ("records", [.records, .quorum]),
    ]

    @Test("also when a file or a link stands where a directory should: it is not an empty one", arguments: directories)
    func noDirectory(name: String, dependants: Set<AuditCheck>) throws {
        let before = try audit()
        let directory = world.epoch.appending(name)
        try world.folder.move(directory, to: world.folder("aside"))
        let kinds = [
            ("ln -s '\(world.folder("aside"))'", "a symbolic link, where a file itself is needed"),
            ("cp '\(world.pkcs12)'", "Not a directory"), ("mkfifo", "Not a directory"),
        ]
        for (make, reason) in kinds {
            try world.folder.sh("\(make) '\(directory)'")
            let after = try audit()
            #expect(after.failed == [.layout], "\(make)")
            for check in dependants.union([.clock]) {
                #expect(after.outcome(check) == .notChecked("\(directory): \(reason)"), "\(check)")
            }
            for check in AuditCheck.allCases where !dependants.union([.clock, .layout]).contains(check) {
                #expect(after.outcome(check) == before.outcome(check), "\(check)")
            }
            try world.folder.remove(directory)
        }
    }

    @Test("what a reader could not look at is told apart from what is not as it must be")
    func unread() {
        let open: [Errno] = [.permissionDenied, .ioError, .notPermitted, .tooManyOpenFiles, .tooManySymbolicLinkLevels]
        for errno in open {
            #expect(EscrowError.file(.system(path: "x", errno)).isUnread)
        }
        let facts: [FileError] = [
            .system(path: "x", .noSuchFileOrDirectory), .system(path: "x", .isDirectory),
            .system(path: "x", .notDirectory), .system(path: "x", .noData), .symbolicLink(path: "x"),
            .notRegular(path: "x"), .tooLarge(path: "x", byteCount: 2, limit: 1),
        ]
        for fact in facts {
            #expect(!EscrowError.file(fact).isUnread)
            #expect(!EscrowError.state(.file(fact)).isUnread)
        }
        #expect(EscrowError.state(.file(.system(path: "x", .permissionDenied))).isUnread)
    }

    @Test("of many reasons the first three are said, and how many more there are")
    func reasons() {
        let errors = (1...5).map { EscrowError.file(.system(path: "\($0)", .permissionDenied)) }
        let one = "1: Permission denied"
        #expect(AuditOutcome.notRead([errors[0], errors[0]]) == .notChecked(one))
        #expect(
            AuditOutcome.notRead(errors)
                == .notChecked("\(one); 2: Permission denied; 3: Permission denied; and 2 more")
        )
    }
}
