// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// A complete escrow in which one thing is wrong: exactly the checks that should be red are, and no other changes.
@Suite struct AuditMatrixTests {
    private static let made = Result {
        let complete = try CompleteEscrow()
        let audit = try Audit(of: complete.world.escrow, with: complete.world.fullInput(time: CompleteEscrow.end))
        return (complete: complete, outcomes: audit.outcomes)
    }

    /// A document that people add, and what an audit says when it is not what it should be.
    struct Kind: Sendable, CustomTestStringConvertible {
        /// The directory, and what the name of one file in it starts or goes on with.
        let directory: String
        let part: String
        /// The check of such documents.
        let own: AuditCheck
        /// Checks of documents that name it.
        var naming: [AuditCheck] = []
        /// Those whose signatures lie beside it.
        let signers: [String]
        /// Whether it is nothing without its signature.
        var isSignatureNeeded = true
        /// Whether the CA's key has signed it, too; that signature is always needed.
        var isCASigned = false
        /// Whether it stops what it names also when it does not verify: records then name it by its bytes alone.
        var failsClosed = false
        /// Checks that are no longer made when it is gone.
        var unchecked: [AuditCheck] = []

        /// Checks that fail when its bytes are here and do not verify.
        var red: [AuditCheck] { [own] + (failsClosed ? [] : naming) }

        /// What its signatures' names have more than its own.
        var signatures: [String] { signers.map { ".\($0).sig" } + (isCASigned ? [".casig"] : []) }

        var testDescription: String { "\(directory)/…\(part)…" }
    }

    static let kinds: [Kind] = [
        Kind(directory: "receipts", part: "alice-", own: .receipts, signers: ["alice"], unchecked: [.receipts]),
        Kind(directory: "challenges", part: "ada-", own: .challenges, naming: [.proofs, .records], signers: ["ada"]),
        Kind(directory: "proofs", part: "alice-", own: .proofs, signers: ["alice"], unchecked: [.proofs]),
        Kind(
            directory: "requests",
            part: "olga-",
            own: .requests,
            naming: [.records, .releases, .refusals],
            signers: ["olga", "omar", "otto"],
            isSignatureNeeded: false
        ),
        Kind(directory: "releases", part: "alice-", own: .releases, signers: ["alice"]),
        Kind(
            directory: "refusals",
            part: "bob-",
            own: .refusals,
            naming: [.records],
            signers: ["bob"],
            failsClosed: true
        ),
        Kind(
            directory: "records",
            part: "-override-",
            own: .records,
            signers: ["olga", "omar"],
            isSignatureNeeded: false
        ),
        Kind(directory: "records", part: "-suspension-", own: .records, signers: ["olga"]),
        Kind(
            directory: "records",
            part: "-added-certificate-",
            own: .records,
            signers: ["olga", "omar"],
            isSignatureNeeded: false
        ),
        Kind(
            directory: "records",
            part: "-restore-",
            own: .records,
            signers: ["olga"],
            isSignatureNeeded: false
        ),
        Kind(
            directory: "records",
            part: "-drill-",
            own: .records,
            signers: ["olga"],
            isSignatureNeeded: false,
            isCASigned: true
        ),
    ]

    private let world: World

    init() throws {
        world = try Self.made.get().complete.world.copy()
    }

    private func path(_ kind: Kind) throws -> FilePath {
        let directory = world.epoch.appending(kind.directory)
        let name = try Files.names(in: directory).first { $0.contains(kind.part) && $0.hasSuffix(".json") }
        return directory.appending(try #require(name))
    }

    /// Audits, and expects that these checks have failed, these are no longer made, and all others are as before.
    private func expect(
        _ failed: [AuditCheck],
        unchecked: [AuditCheck] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let audit = try Audit(of: world.escrow, with: world.fullInput(time: CompleteEscrow.end))
        #expect(Set(audit.failed) == Set(failed), sourceLocation: sourceLocation)
        for (before, after) in zip(try Self.made.get().outcomes, audit.outcomes) where !failed.contains(after.check) {
            if unchecked.contains(after.check) {
                #expect(after.outcome.word == "NOT CHECKED", "\(after.check)", sourceLocation: sourceLocation)
            } else {
                #expect(after.outcome == before.outcome, "\(after.check)", sourceLocation: sourceLocation)
            }
        }
    }

    private func alter(_ path: FilePath, _ change: (inout [UInt8]) throws -> Void) throws {
        var bytes = try world.folder.read(path)
        try change(&bytes)
        try world.folder.write(bytes, to: path)
    }

    /// Gives a file another name, with its signatures.
    private func move(_ path: FilePath, to other: FilePath, with signatures: [String]) throws {
        try world.folder.move(path, to: other)
        for suffix in signatures {
            try world.folder.move(FilePath("\(path)\(suffix)"), to: FilePath("\(other)\(suffix)"))
        }
    }

    @Test("with nothing wrong, everything is checked and sound")
    func sound() throws {
        try expect([])
        let audit = try Audit(of: world.escrow, with: world.fullInput(time: CompleteEscrow.end))
        #expect(audit.verdict == .sound)
        let passed = AuditCheck.allCases.filter { audit.outcome($0) == .pass }
        #expect(passed == AuditCheck.allCases.filter { $0 != .succession && $0 != .state })
    }

    @Test("a document with one changed bit", arguments: kinds)
    func flipped(kind: Kind) throws {
        let path = try path(kind)
        try alter(path) { $0[$0.count / 2] ^= 0x01 }
        try expect([kind.own] + kind.naming)
    }

    @Test("a document with more behind it", arguments: kinds)
    func longer(kind: Kind) throws {
        let path = try path(kind)
        try alter(path) { $0.append(0x0a) }
        try expect([kind.own] + kind.naming)
    }

    @Test("a document that says another thing, under the name of what it said or of what it says", arguments: kinds)
    func altered(kind: Kind) throws {
        let path = try path(kind)
        let json = try JSONValue(canonical: world.folder.read(path))
        let created = try #require(json["created"]).text
        // One second later.
        let bytes = json.setting("created", to: .string(created.replacing("00:00Z", with: "00:01Z"))).encoded()
        let old = try world.folder.read(path)
        try #require(bytes != old)
        try world.folder.write(bytes, to: path)
        try expect([kind.own] + kind.naming)
        let name = try #require(path.lastComponent).string
            .replacing(SHA256Digest(of: old).identifier, with: SHA256Digest(of: bytes).identifier)
            .replacing("0000Z-", with: "0001Z-")
        try move(path, to: path.removingLastComponent().appending(name), with: kind.signatures)
        try expect([kind.own] + kind.naming)
    }

    @Test("a document under another name, with its signatures and without", arguments: kinds)
    func renamed(kind: Kind) throws {
        let path = try path(kind)
        let name = try #require(path.lastComponent).string
        let start = name.dropLast("-".count + 32 + ".json".count)
        let other = path.removingLastComponent().appending("\(start)-\(String(repeating: "0", count: 32)).json")
        try move(path, to: other, with: kind.signatures)
        try expect(kind.red)
        try world.folder.move(other, to: path)
        let isNeeded = kind.isSignatureNeeded || kind.isCASigned
        try expect([.layout] + (isNeeded ? kind.red : []))
    }

    @Test("a document that is gone, with its signatures and without", arguments: kinds)
    func removed(kind: Kind) throws {
        let path = try path(kind)
        try world.folder.remove(path)
        // A refusal's signature that was left behind still says that somebody refused.
        try expect([.layout] + kind.naming + (kind.failsClosed ? [kind.own] : []), unchecked: kind.unchecked)
        for suffix in kind.signatures {
            try world.folder.remove(FilePath("\(path)\(suffix)"))
        }
        try expect(kind.naming, unchecked: kind.unchecked)
    }

    @Test("a document that a symbolic link stands for", arguments: kinds)
    func linked(kind: Kind) throws {
        let path = try path(kind)
        try world.folder.move(path, to: world.folder("elsewhere.json"))
        try world.folder.sh("ln -s '\(world.folder("elsewhere.json"))' '\(path)'")
        try expect([.layout, kind.own] + kind.naming)
    }

    @Test("a signature with one changed bit, empty, or exchanged for another document's", arguments: kinds)
    func signatures(kind: Kind) throws {
        let path = try path(kind)
        let red = kind.isSignatureNeeded ? kind.red : [kind.own]
        let other = world.epoch.appending("manifest.json.olga.sig")
        for signer in kind.signers {
            let file = FilePath("\(path).\(signer).sig")
            let good = try world.folder.read(file)
            try alter(file) { $0[good.count / 2] ^= 0x01 }
            try expect(red)
            // Officers are alike.
            for content in signer == kind.signers[0] ? [[], try world.folder.read(other)] : [] {
                try world.folder.write(content, to: file)
                try expect(red)
            }
            try world.folder.write(good, to: file)
        }
    }

    @Test("a signature that is gone, under another name, or a stranger's", arguments: kinds)
    func signers(kind: Kind) throws {
        let path = try path(kind)
        let needed = kind.isSignatureNeeded ? kind.red : []
        let file = FilePath("\(path).\(kind.signers[0]).sig")
        let aside = world.folder("aside")
        try world.folder.move(file, to: aside)
        // An officer's that is missing leaves a document that waits for it, which is no failure.
        try expect(needed)
        try world.folder.copy(aside, to: FilePath("\(path).eve.sig"))
        try expect([kind.own] + needed)
        try world.folder.move(aside, to: file)
        let eve = try Auditors.eve.sign(world.folder.read(path)).signature
        try world.folder.write(eve.armored, to: FilePath("\(path).eve.sig"))
        try expect([kind.own])
    }

    @Test("a signature of the CA's key that has a changed bit, is empty, gone, a link, or under another name")
    func caSignature() throws {
        let kind = try #require(Self.kinds.first { $0.isCASigned })
        let file = CASignatureFile.path(of: try path(kind))
        let good = try world.folder.read(file)
        for content in [Array(good.dropLast()) + [good[good.count - 1] ^ 0x01], [], good + good] {
            try world.folder.write(content, to: file)
            try expect([.records])
        }
        try world.folder.remove(file)
        try expect([.records])
        try world.folder.write(good, to: world.folder("elsewhere"))
        try world.folder.sh("ln -s '\(world.folder("elsewhere"))' '\(file)'")
        try expect([.layout, .records])
        try world.folder.remove(file)
        let digest = String(repeating: "0", count: 32)
        let other = file.removingLastComponent().appending("20261201T120000Z-drill-\(digest).json.casig")
        try world.folder.write(good, to: other)
        try expect([.layout, .records])
    }
}
