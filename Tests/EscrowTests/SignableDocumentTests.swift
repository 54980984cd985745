// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
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
        let override = VetoOverride(of: [refusal], for: request, by: "olga", because: "so", at: World.now)
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
        #expect(try second.addedCertificates().map(\.record.certificate) == [try Acme.certificate(.renewed)])
        #expect(try world.audit().failed.contains(.records))
    }

    @Test("a replaced card is shown with both digests and keys, and whether its owner was counted on")
    func card() throws {
        try world.suspend("alice", because: .stolen)
        let (anew, old) = (try Somebody("alice"), world.cast["alice"])
        let share = try first.openShare(of: old.identity, at: old.path, in: world.directory())
        let successor = try SuccessorEpoch(after: first, rekeyingTo: anew.card, share: share, now: World.now)
        let path = try world.publish(successor, signedBy: [old])
        let cards = [
            "alice has another card: SHA-256 \(anew.card.digest), where it was \(old.card.digest)",
            "alice signs with \(anew.officer.key.fingerprint), where it was \(old.officer.key.fingerprint)",
        ]
        let suspended = ["alice IS SUSPENDED since 2026-12-01 12:00 UTC: stolen"]
        #expect(Array(try last().details.suffix(3)) == cards + suspended)
        // Without alice's word for it.
        try world.folder.remove(FiledSignature.path(of: path.appending("manifest.json"), by: "alice"))
        let fault = "epoch 2: alice's card is another, and alice has not signed it with the old key"
        #expect(
            Array(try last().details.suffix(4)) == cards + suspended + ["AS IT STANDS IT CANNOT FOLLOW: \(fault)"]
        )
    }

    @Test("a custodian who was not suspended is said not to be")
    func counted() throws {
        let (anew, old) = (try Somebody("alice"), world.cast["alice"])
        let share = try first.openShare(of: old.identity, at: old.path, in: world.directory())
        let successor = try SuccessorEpoch(after: first, rekeyingTo: anew.card, share: share, now: World.now)
        _ = try world.publish(successor, signedBy: [old])
        #expect(try last().details.last == "alice is not suspended in epoch 1")
    }
}
