// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// Refusals that somebody damages, dates otherwise or makes again, and receipts of a manifest that nobody knows.
extension AttackTests {
    private func review(_ request: Filed<Request>) throws -> RequestReview {
        try document.request(request.identifier, at: World.now)
    }

    private func expect(
        _ error: RequestError,
        of request: Filed<Request>,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let review = try review(request)
        #expect(throws: EscrowError.request(request.identifier, error), sourceLocation: sourceLocation) {
            try review.check(at: World.now)
        }
        #expect(!review.isUnopposed, sourceLocation: sourceLocation)
    }

    @Test(
        "one insider who blocks: officers set aside all that one person refuses; what nobody can read, nobody sets aside"
    )
    func insider() throws {
        let request = try world.request(to: Somebody("request"))
        let first = try world.refuse(request, by: "carol")
        try world.override([first], of: request, signedBy: ["olga", "omar"])
        for second in 0..<5 {
            try world.refuse(request, by: "carol", at: World.now.adding(seconds: 1_000_000 * second))
        }
        try review(request).check(at: World.now)
        // The loss: whoever can write here lays what has no digest, and it stays until somebody moves it away.
        let digest = String(repeating: "0", count: 32)
        let place = first.path.removingLastComponent().appending("carol-\(request.identifier)-\(digest).json")
        try Files.makeDirectory(place, permissions: .publicDirectory)
        let finding = "\(FileError.system(path: place.string, .isDirectory))"
        try expect(.refusalIsUnreadable(finding: finding), of: request)
        #expect(throws: EscrowError.request(request.identifier, .refusalIsUnreadable(finding: finding))) {
            try review(request).refusalsToOverride(at: World.now)
        }
        try world.folder.remove(place)
        try review(request).check(at: World.now)
    }

    @Test("an unreadable refusal stops a release")
    func unreadableRefusal() throws {
        let request = try world.request(to: Somebody("request"))
        #expect(try review(request).isUnopposed)
        let refusal = try world.refuse(request, by: "carol")
        let signature = FiledSignature.path(of: refusal.path, by: "carol")
        let refusals = refusal.path.removingLastComponent()
        func put(_ bytes: [UInt8], _ path: FilePath) throws { try world.folder.write(bytes, to: path) }
        let armored = try world.folder.read(signature)

        // Without its signature, with a damaged one, and with its document damaged, empty or gone.
        try world.folder.remove(signature)
        try expect(
            .refusalDoesNotVerify(finding: "\(EscrowError.trust(.notSigned(path: "\(refusal.path)", "carol")))"),
            of: request
        )
        try put(world.cast["carol"].sign([1], .refusal).signature.armored, signature)
        let damaged = EscrowError.signature(path: signature.string, .doesNotVerify)
        try expect(.refusalDoesNotVerify(finding: "\(damaged)"), of: request)
        try put(armored, signature)
        var bytes = refusal.bytes
        bytes.append(0x20)
        for content in [bytes, []] {
            try put(content, refusal.path)
            let review = try review(request)
            #expect(throws: EscrowError.self) { try review.check(at: World.now) }
            #expect(review.refusals.map(\.name.who) == ["carol"])
        }
        try world.folder.remove(refusal.path)
        let orphan = "\(signature): a signature whose refusal is missing"
        try expect(.refusalDoesNotVerify(finding: orphan), of: request)
        #expect(try world.audit().failed == [.layout, .refusals])
        try world.folder.remove(signature)
        try review(request).check(at: World.now)

        // A directory, or a link that leads nowhere, in its place.
        try Files.makeDirectory(refusal.path, permissions: .publicDirectory)
        try expect(
            .refusalIsUnreadable(finding: "\(FileError.system(path: "\(refusal.path)", .isDirectory))"),
            of: request
        )
        try world.folder.remove(refusal.path)
        _ = try world.folder.sh("ln -s nowhere '\(refusal.path)'")
        try expect(.refusalIsUnreadable(finding: "\(FileError.symbolicLink(path: "\(refusal.path)"))"), of: request)

        // Nor is it known who has refused where `refusals/` cannot be listed.
        try world.folder.remove(refusals)
        try put([1], refusals)
        let file = FileError.system(path: refusals.string, .notDirectory)
        try expect(.refusalIsUnreadable(finding: "\(file)"), of: request)
        #expect(try world.audit().outcome(.refusals) == .notChecked("\(file)"))
        #expect(
            throws: EscrowError.directory(
                .escrowIsDamaged(
                    path: refusals.string,
                    finding: "not a directory: who has refused is not known"
                )
            )
        ) { try world.directory().packed() }

        // Dated years ahead, it stops as well, and says so.
        try world.folder.remove(refusals)
        try world.refuse(request, by: "carol", at: "2040-01-01T00:00:00Z")
        let ahead = RequestError.refused(by: "carol", "2040-01-01T00:00:00Z", "nobody told me", isAhead: true)
        try expect(ahead, of: request)
        #expect("\(ahead)" == "refused by carol on 2040-01-01, which is in the future: 'nobody told me'")
    }

    @Test("an override covers what the custodian refuses again")
    func overrideCoversAgain() throws {
        let request = try world.request(to: Somebody("request"))
        let refusal = try world.refuse(request, by: "carol")
        let override = try world.override([refusal], of: request, signedBy: ["olga", "omar"])
        try world.refuse(request, by: "carol", because: "once more", at: "2026-12-01T12:00:01Z")
        try world.refuse(request, by: "carol", because: "tomorrow", at: "2026-12-02T12:00:00Z")
        let review = try review(request)
        try review.check(at: World.now)
        #expect(review.refusals.count == 3 && review.standingRefusals(at: World.now).isEmpty)
        #expect(review.covered(by: [override]).count == 3)
        // What carol was named with must be here and verify: a digest alone names one file.
        try world.folder.remove(FiledSignature.path(of: refusal.path, by: "carol"))
        let again = try self.review(request)
        #expect(again.standingRefusals(at: World.now).map(\.name.who) == ["carol", "carol"])
        #expect(throws: EscrowError.self) { try again.check(at: World.now) }
    }

    @Test("a refusal that does not verify is overridden by its own digest only")
    func overrideOfWhatDoesNotVerify() throws {
        let request = try world.request(to: Somebody("request"))
        let good = try world.refuse(request, by: "carol")
        // Two that carol is said to have made, and a signature of a third.
        let unsigned = ["one", "two"].map { Refusal(by: "carol", of: request, because: $0, at: World.now).encoded() }
        let paths = try unsigned.map { try world.file(Refusal.self, $0, signedBy: []) }
        let orphan = FilePath(
            "\(good.path.removingLastComponent())/carol-\(request.identifier)-\(good.identifier.reversed().map(String.init).joined()).json.carol.sig"
        )
        try world.folder.write([1, 2, 3], to: orphan)
        try world.override([good], of: request, signedBy: ["olga", "omar"])
        #expect(try Set(review(request).standingRefusals(at: World.now).map(\.path)) == Set(paths + [orphan]))
        // Naming one that does not verify names no person.
        try world.override(files: [SHA256Digest(of: unsigned[0])], of: request, signedBy: ["olga", "omar"])
        #expect(try Set(review(request).standingRefusals(at: World.now).map(\.path)) == [paths[1], orphan])
        let rest = try review(request).refusalsToOverride(at: World.now)
        #expect(Set(rest.joined()) == [SHA256Digest(of: unsigned[1]), SHA256Digest(of: [1, 2, 3])])
        try world.override(files: rest[0], of: request, signedBy: ["olga", "omar"])
        try review(request).check(at: World.now)
        // Another byte in it, and it is another file.
        try world.folder.write([1, 2, 3, 4], to: orphan)
        try expect(
            .refusalDoesNotVerify(finding: "\(orphan): a signature whose refusal is missing"),
            of: request
        )
    }

    @Test("one custodian's receipt of an unknown digest is no equivocation and ends with a newer receipt")
    func receiptOfAnUnknownDigest() throws {
        for name in ["alice", "bob", "carol"] as [Name] { try world.acknowledge(name).file() }
        let nobodys = SHA256Digest(of: Array("what nobody knows".utf8))
        let later = World.now.adding(seconds: 60)
        let receipt = try JSONValue(canonical: world.acknowledge("carol", at: later).bytes)
            .setting("manifest", to: .string(nobodys.description)).proven(by: world.share(of: "carol"))
        let path = try world.file(Receipt.self, receipt.encoded(), signedBy: [world.cast["carol"]])
        let other = EscrowError.trust(
            .otherManifest(
                path: path.string,
                "carol",
                later,
                found: nobodys,
                here: document.digest
            )
        )
        let audit = try world.fullAudit(time: later)
        #expect(audit.failed.isEmpty && audit.outcome(.receipts) == .notChecked(other.description))
        #expect(audit.verdict == .incomplete && audit.outcome(.equivocation) == .pass)
        // A receipt of this manifest that is newer ends it; one of the same second does not.
        try world.acknowledge("carol", at: later).file()
        #expect(try world.fullAudit(time: later).outcome(.receipts) == .notChecked(other.description))
        try world.acknowledge("carol", at: later.adding(seconds: 1)).file()
        #expect(try world.fullAudit(time: later.adding(seconds: 1)).outcome(.receipts) == .pass)
    }
}
