// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// What an officer is shown before they sign, and what they are not asked to sign.
@Suite struct SignableDocumentTests {
    let world: World
    let first: EpochDocument

    init() throws {
        world = try World(officers: "2 of (olga, omar, otto)")
        first = try world.document()
    }

    private func last() throws -> SignableDocument {
        try #require(try SignableDocument.all(in: world.directory()).last)
    }

    /// Whom a document waits for.
    private func awaited(_ document: SignableDocument) -> [Name] {
        (["olga", "omar", "otto"] as [Name]).filter { document.awaits(world.cast[$0].officer.key, at: World.now) }
    }

    private func sign(_ document: SignableDocument, by name: Name) throws {
        _ = try document.file(world.cast[name].sign(document.bytes, document.format).signature, from: "\(name).sig")
    }

    @Test("a request in an officer's name waits for that officer, and for nobody else before")
    func request() throws {
        let request = try world.request(to: Somebody("request"), signedBy: [])
        var document = try last()
        #expect(document.title == "a request for shares of CN=Acme Root CA, by olga")
        #expect(document.details.last == "nobody has signed it yet: unverified")
        #expect(awaited(document) == ["olga"])
        let fault = EscrowError.request(request.identifier, .notAsked(by: "olga"))
        #expect(document.notAsked(of: world.cast["otto"].officer.key) == fault)
        #expect(document.notAsked(of: world.cast["olga"].officer.key) == nil)
        try sign(document, by: "olga")
        document = try last()
        #expect(document.details.last == "signed so far by olga")
        #expect(awaited(document) == ["omar", "otto"])
        #expect(document.notAsked(of: world.cast["otto"].officer.key) == nil)
        try sign(document, by: "otto")
        #expect(try last().details.last == "signed so far by olga, otto")
    }

    @Test("an override in an officer's name waits for that officer, and for nobody else before")
    func override() throws {
        let request = try world.request(to: Somebody("request"))
        let refusal = try world.refuse(request, by: "carol")
        let override = VetoOverride(of: [refusal.digest], for: request, by: "olga", because: "so", at: World.now)
        try world.file(override, signedBy: [])
        var document = try last()
        #expect(document.details.last == "nobody has signed it yet: unverified")
        let title = "to go on with request \(request.identifier.prefix(8)), although it was refused, by olga"
        #expect(document.title == title)
        #expect(awaited(document) == ["olga"])
        let fault = EscrowError.request(request.identifier, .notAsked(by: "olga"))
        #expect(document.notAsked(of: world.cast["omar"].officer.key) == fault)
        try sign(document, by: "olga")
        document = try last()
        #expect(document.details.last == "signed so far by olga")
        #expect(awaited(document) == ["omar", "otto"])
    }

    @Test("an added certificate says who has signed it, and junk among the records stops nobody")
    func certificate() throws {
        let junk = "records/20260301T120000Z-added-certificate-\(String(repeating: "0", count: 32)).json"
        try world.folder.write(Array("{}\n".utf8), to: world.epoch.appending(junk))
        let record = AddedCertificate(certificate: try Acme.certificate(.renewed), created: World.now, to: first)
        try first.file(record, signatures: [])
        var document = try last()
        #expect(try SignableDocument.all(in: world.directory()).count == 2)
        let certificate = try Acme.certificate(.renewed)
        let facts = [
            "serial \(certificate.serial), valid from 2025-01-01T00:00:00Z until 2044-01-01T00:00:00Z",
            "issued by itself",
            "SHA-256 of its public key \(SHA256Digest(of: certificate.spki))",
        ]
        #expect(document.details == facts + ["nobody has signed it yet: unverified"])
        #expect(awaited(document) == ["olga", "omar", "otto"])
        try sign(document, by: "otto")
        document = try last()
        #expect(document.details == facts + ["signed so far by otto"])
        #expect(awaited(document) == ["olga", "omar"])
        try sign(document, by: "olga")
        // Nor does it stop other officers from coming, or a card from being replaced.
        _ = try world.rotate(to: "1 of (omar)", signedBy: ["olga", "omar"], at: World.now)
        let second = try world.directory().epoch(nil)
        #expect(try second.addedCertificates().map(\.document.certificate) == [try Acme.certificate(.renewed)])
        #expect(try world.audit().failed.contains(.records))
    }

    @Test("a replaced card is shown with both digests and keys, and whether its owner was counted on")
    func card() throws {
        try world.suspend("alice", because: .stolen)
        let (anew, old) = (try Somebody("alice"), world.cast["alice"])
        let share = try first.openShare(of: old.identity, at: old.path, in: world.directory())
        let successor = try SuccessorEpoch(after: first, rekeyingTo: anew.card, share: share, now: World.now)
        let path = try world.publish(successor, signedBy: [old])
        let document = try last(at: "2026-12-02T12:00:00Z")
        #expect(document.details.contains("alice IS SUSPENDED since 2026-12-01 12:00 UTC: stolen") == false)
        #expect(document.changes.map(\.token) == ["alice"] && document.changes[0].isKey)
        let keys = (Person(anew.card).keys, Person(old.card).keys)
        #expect(document.changes[0].text == "custodian alice has OTHER KEYS: \(keys.0), where it was \(keys.1)")
        // Nobody hands a share on with a key that is suspended.
        let refusal = EscrowError.person(
            .suspended(
                "alice",
                since: World.now,
                because: "stolen",
                path: try #require(try Evidence(of: first, in: world.directory()).suspension(of: "alice")).path.string
            )
        )
        #expect(document.notAsked(of: world.cast["olga"].officer.key) == refusal)
        // Without alice's word for it.
        try world.folder.remove(FiledSignature.path(of: path.appending("manifest.json"), by: "alice"))
        let fault = "IT CANNOT FOLLOW: alice's card is a different one, and alice has not signed it with the old key"
        #expect(try last(at: World.now).details.contains(fault))
    }

    @Test("what stays is said to be as before only where the bytes are")
    func asBefore() throws {
        let people = [world.cast["olga"], try Somebody("otto"), try Somebody("mallory")]
        let approval = try Approval(threshold: 2, of: people.map(\.officer))
        let successor = try SuccessorEpoch(after: first, approval: approval, now: World.now)
        _ = try world.publish(successor, signedBy: [people[0]])
        let document = try last(at: World.now)
        let fault = SuccessionFault.officerKey(
            "otto",
            here: people[1].officer.key,
            before: world.cast["otto"].officer.key,
            epoch: 1
        )
        let place = document.path.removingLastComponent().string
        #expect(document.refusal == .succession(path: place, epoch: 2, fault))
        #expect(document.changes.map(\.token) == ["mallory", "otto", "omar"])
        #expect(document.changes.map(\.isKey) == [true, true, false])
        #expect(document.changes[1].text.hasPrefix("officer otto has ANOTHER KEY: SHA256:"))
        #expect(document.details.first == "restored by 2 of (alice, bob, carol), as before")
        #expect(document.details[1] == "approved by 2 of (mallory, olga, otto)")
    }

    /// The draft, or the manifest when there is none.
    private func last(at now: Timestamp) throws -> SignableDocument {
        try #require(try SignableDocument.all(in: world.directory().chain(), at: now).first)
    }
}
