// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// Refusals stop a restore, and enough officers set them aside one by one.
@Suite struct RefusalTests {
    let world: World
    let document: EpochDocument
    let request: Filed<Request>
    let later: Timestamp = "2026-12-01T13:00:00Z"

    init() throws {
        world = try World(officers: "2 of (olga, omar, otto)")
        document = try world.document()
        request = try world.request(to: Somebody("request"))
    }

    private func review(_ request: Filed<Request>? = nil) throws -> RequestReview {
        try document.request((request ?? self.request).identifier, at: World.now)
    }

    private func expectRefused(
        by name: Name,
        at time: Timestamp = World.now,
        because reason: String = "nobody told me",
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let refused = EscrowError.request(request.identifier, .refused(by: name, time, reason))
        let review = try review()
        #expect(throws: refused, sourceLocation: sourceLocation) { try review.check(at: World.now) }
    }

    @Test("a custodian's refusal stops the request, and so does an officer's", arguments: ["carol", "otto"] as [Name])
    func refused(name: Name) throws {
        try review().check(at: World.now)
        let refusal = try world.refuse(request, by: name, because: "the HSM is fine")
        #expect(refusal.document.encoded() == refusal.bytes)
        try expectRefused(by: name, because: "the HSM is fine")
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("another request is not touched")
    func other() throws {
        let second = try world.request(to: Somebody("request"))
        try world.refuse(second, by: "carol")
        try review().check(at: World.now)
        #expect(try review(second).standingRefusals(at: World.now).count == 1)
    }

    /// A file stops the request without verifying, and the audit says the same of it.
    private func expectStopped(_ finding: EscrowError, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let stopped = EscrowError.request(request.identifier, .refusalDoesNotVerify(finding: finding.description))
        let review = try review()
        #expect(throws: stopped, sourceLocation: sourceLocation) { try review.check(at: World.now) }
        #expect(!review.isUnopposed, sourceLocation: sourceLocation)
        #expect(try world.audit().failed == [.refusals], sourceLocation: sourceLocation)
        #expect(try world.audit().findings(.refusals) == [finding.description], sourceLocation: sourceLocation)
    }

    @Test("a refusal by a stranger, under somebody's name, or not signed stops the request as what it is")
    func strangers() throws {
        let refusal = Refusal(by: "carol", of: request, because: "no", at: World.now).encoded()
        var path = try world.file(Refusal.self, refusal, signedBy: [])
        try expectStopped(.trust(.notSigned(path: path.string, "carol")))
        let file = FiledSignature.path(of: path, by: "carol")
        try world.folder.write(try Auditors.eve.sign(refusal, .refusal).signature.armored, to: file)
        let key = try Auditors.eve.identity.signingKey.fingerprint
        try expectStopped(
            .directory(.escrowIsDamaged(path: file.string, finding: "signed with another key than carol's: \(key)"))
        )
        try world.folder.remove(world.epoch.appending("refusals"))
        let eves = Refusal(by: "eve", of: request, because: "no", at: World.now).encoded()
        path = try world.file(Refusal.self, eves, signedBy: [Auditors.eve])
        try expectStopped(
            .directory(
                .escrowIsDamaged(
                    path: "\(path).eve.sig",
                    finding: "signed by someone who is not an officer of this manifest"
                )
            )
        )
    }

    @Test("the file's name says which request it stops, whatever stands in it")
    func names() throws {
        let second = try world.request(to: Somebody("request"))
        let refusal = try world.refuse(second, by: "carol")
        // Damaged, it stops the same request still; under the other's name it stops that one.
        try world.folder.write(Array("{}".utf8), to: refusal.path)
        try review().check(at: World.now)
        #expect(try review(second).standingRefusals(at: World.now).map(\.name.who) == ["carol"])
        let moved = refusal.path.removingLastComponent()
            .appending("bob-of-acme-\(request.identifier)-\(refusal.identifier).json")
        try world.folder.write(refusal.bytes, to: moved)
        let name = try #require(refusal.path.lastComponent).string
        let finding = EscrowError.directory(.fileName(path: moved.string, expected: name))
        #expect(
            throws: EscrowError.request(request.identifier, .refusalDoesNotVerify(finding: finding.description))
        ) { try review().check(at: World.now) }
        #expect(try review().refusals.map(\.name.who) == ["bob-of-acme"])
    }

    @Test("what is not named like a refusal stops nothing, is named, and nobody is told that nobody has refused")
    func strays() throws {
        #expect(try review().isUnopposed)
        let (request, digest) = (request.identifier, String(repeating: "a", count: 32))
        for name in [
            "note.txt", "carol.json", "carol-\(digest).json", "carol-\(request)-\(digest).json.bak",
            "Carol-\(request)-\(digest).json", "carol-\(request.uppercased())-\(digest).json",
            "\(request)-\(digest).json", "carol-\(request)\(digest).json", "carol-\(request)-\(digest).JSON",
            ".carol-\(request)-\(digest).json.0123456789abc.partial", "x.sig", "carol-\(request)-\(digest).casig",
        ] {
            let path = world.epoch.appending("refusals").appending(name)
            try world.folder.write(Array("{}\n".utf8), to: path)
            let review = try review()
            try review.check(at: World.now)
            #expect(!review.isUnopposed && review.strays == [path], "\(name)")
            #expect(try !Set(world.audit().failed).isDisjoint(with: [.layout, .refusals]), "\(name)")
            try world.folder.remove(path)
        }
    }

    @Test("names are read from their end")
    func parsing() throws {
        let (request, digest) = (String(repeating: "1", count: 32), String(repeating: "a", count: 32))
        for who in ["carol", "a-b.c", "carol-\(digest)", "olga.token"] {
            let name = try #require(RefusalName("\(who)-\(request)-\(digest).json"))
            #expect(name.who.description == who && name.request == request && name.digest == digest)
            #expect(RefusalName(ofSignature: "\(who)-\(request)-\(digest).json.bob.json.x.sig") == name)
            #expect(RefusalName(ofSignature: "\(who)-\(request)-\(digest).json.bob") == nil)
        }
        #expect(RefusalName("-\(request)-\(digest).json") == nil)
        #expect(RefusalName(ofSignature: "carol-\(request)-\(digest).jsonx.sig") == nil)
    }

    @Test("a refusal of no request here is named")
    func nothing() throws {
        let json = JSONValue.object(Refusal(by: "carol", of: request, because: "no", at: World.now).members)
            .setting("request", to: .string(document.digest.description))
        let path = try world.file(Refusal.self, json.encoded(), signedBy: [world.cast["carol"]])
        let audit = try world.audit()
        #expect(audit.failed == [.refusals])
        #expect(audit.findings(.refusals) == ["\(path): answers a request that is not here"])
    }

    @Test("one officer fewer than the threshold does not override it; the threshold does")
    func threshold() throws {
        let refusal = try world.refuse(request, by: "carol")
        let override = try world.override([refusal], of: request, signedBy: ["olga"])
        #expect(override.document.encoded() == override.bytes)
        try expectRefused(by: "carol")
        #expect(try review().openOverrides.map(\.digest) == [override.digest])
        // Twice the same officer, a custodian, and the wrong namespace do not help.
        let second = FiledSignature.path(of: override.path, by: "omar")
        for (signer, format) in [
            (world.cast["olga"], DocumentFormat.override), (world.cast["alice"], .override),
            (world.cast["omar"], .request),
        ] {
            try world.folder.write(signer.sign(override.bytes, format).signature.armored, to: second)
            try expectRefused(by: "carol")
            #expect(try world.audit().failed == [.records])
        }
        try world.folder.write(world.cast["omar"].sign(override.bytes, .override).signature.armored, to: second)
        try review().check(at: World.now)
        #expect(try review().overrides.map(\.digest) == [override.digest] && review().openOverrides.isEmpty)
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("enough officers do not override it without the one who is said to ask")
    func notAsked() throws {
        let refusal = try world.refuse(request, by: "carol")
        let json = VetoOverride(of: [refusal.digest], for: request, by: "olga", because: "so", at: World.now)
        let override = try world.file(json, signedBy: ["omar", "otto"])
        try expectRefused(by: "carol")
        #expect(try review().openOverrides.map(\.digest) == [override.digest])
        let signature = world.cast["olga"].sign(override.bytes, .override).signature
        try world.folder.write(signature.armored, to: FiledSignature.path(of: override.path, by: "olga"))
        try review().check(at: World.now)
    }

    @Test("an override lifts what those refuse whom it names, again and whenever, and nobody else's refusal")
    func named() throws {
        let carols = try world.refuse(request, by: "carol")
        let ottos = try world.refuse(request, by: "otto")
        try world.override([carols], of: request, signedBy: ["olga", "omar"])
        try expectRefused(by: "otto")
        let both = try world.override([ottos, carols], of: request, signedBy: ["olga", "omar"])
        #expect(both.document.refusals == [carols, ottos].map(\.digest).sorted { "\($0)" < "\($1)" })
        try review().check(at: World.now)
        // Carol once more, and dated before: the override is of what she refuses of this request.
        for time in [later, World.created, "2030-01-01T00:00:00Z"] {
            try world.refuse(request, by: "carol", because: "I mean it", at: time)
        }
        try review().check(at: World.now)
        #expect(try review().refusals.count == 5 && review().covered(by: [both]).count == 5)
        // Not of another request, and not what somebody else refuses.
        let second = try world.request(to: Somebody("request"))
        try world.refuse(second, by: "carol")
        #expect(try review(second).standingRefusals(at: World.now).count == 1)
        try world.refuse(request, by: "alice")
        try expectRefused(by: "alice")
    }

    @Test("an override that is dated ahead does not count before its date has come")
    func ahead() throws {
        let refusal = try world.refuse(request, by: "carol")
        try world.override([refusal], of: request, signedBy: ["olga", "omar"], at: later)
        try expectRefused(by: "carol")
        try review().check(at: later)
    }

    @Test("an override of another request's refusal lifts nothing here")
    func otherRequest() throws {
        let second = try world.request(to: Somebody("request"))
        let refusal = try world.refuse(request, by: "carol")
        let override = try world.override([refusal], of: second, signedBy: ["olga", "omar"])
        #expect(try world.audit().failed == [.records])
        let finding = "\(override.path): names a request or refusal that is not here"
        #expect(try world.audit().findings(.records) == [finding])
        try world.folder.remove(world.epoch.appending("records"))
        try expectRefused(by: "carol")
    }

    @Test("an override that names nothing here, in disorder or twice, is refused")
    func lists() throws {
        let (carols, ottos) = (try world.refuse(request, by: "carol"), try world.refuse(request, by: "otto"))
        let both = [carols.digest, ottos.digest]
        let override = VetoOverride(of: both, for: request, by: "olga", because: "so", at: World.now)
        let json = JSONValue.object(override.members)
        let refusals = try #require(json["refusals"])
        let order = DocumentError.wrongValue(field: "refusals", expected: "digests in order, each once")
        for wrong in [refusals.swapping(0, 1), .array([refusals.items[0], refusals.items[0]])] {
            #expect(throws: order) { try VetoOverride(canonical: json.setting("refusals", to: wrong).encoded()) }
        }
        let officers = [world.cast["olga"], world.cast["omar"]]
        let nobody = json.setting("officer", to: .string("alice")).encoded()
        var path = try world.file(VetoOverride.self, nobody, signedBy: officers)
        let error = EscrowError.document(
            path: path.string,
            .wrongValue(field: "officer", expected: "an officer of this epoch")
        )
        #expect(try world.audit().findings(.records) == [error.description])
        try world.folder.remove(world.epoch.appending("records"))
        let missing = String(repeating: "ab", count: 32)
        for edited in [
            json.setting("request", to: .string(missing)), json.setting("refusals[0]", to: .string(missing)),
        ] {
            let sorted = edited["refusals"]!.items.sorted { $0.text < $1.text }
            let bytes = edited.setting("refusals", to: .array(sorted)).encoded()
            path = try world.file(VetoOverride.self, bytes, signedBy: officers)
            let audit = try world.audit()
            #expect(audit.failed == [.records])
            #expect(audit.findings(.records) == ["\(path): names a request or refusal that is not here"])
            try world.folder.remove(world.epoch.appending("records"))
        }
    }
}
