// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// A rehearsal that is really production, and production that is a rehearsal: both are refused by name.
@Suite struct RehearsalTests {
    private static let mark = "CN=REHEARSAL 2026-11-23 acme"

    init() throws {
        try OpenSSL.start()
    }

    private func rehearsal() throws -> World {
        try World(of: Rehearsal.makeCA(for: "acme", at: World.created), isRehearsal: true)
    }

    @Test("a CA made for one rehearsal says so in its subject, and fits whatever the escrow is called")
    func madeCA() throws {
        let material = try Rehearsal.makeCA(for: "acme", at: World.created)
        let certificate = material.newest
        #expect(certificate.subject == Self.mark && certificate.issuer == Self.mark)
        #expect(certificate.isCA && certificate.isSelfIssued && "\(certificate.keyKind!)" == "EC P-384")
        #expect(certificate.notBefore == World.created.secondsSinceEpoch)
        #expect(certificate.notAfter - certificate.notBefore == 30 * 86_400)
        #expect(material.generations.count == 1 && material.generations[0].key.matches(certificate))
        let long = String(repeating: "x", count: 64)
        let made = try Rehearsal.makeCA(for: long, at: World.created).newest
        #expect(made.subject == "CN=REHEARSAL 2026-11-23 " + long.prefix(43))
        let strange = try Rehearsal.makeCA(for: "Zoë, O=Acme\n", at: World.created).newest
        #expect(strange.subject == "CN=REHEARSAL 2026-11-23")
        #expect(made.serial != certificate.serial && made.spki != certificate.spki)
    }

    @Test("attack: a real CA's key as a rehearsal, and a test CA's as the real backup")
    func keys() throws {
        let (test, real) = (try Rehearsal.makeCA(for: "acme", at: World.created), try Acme.material())
        try Rehearsal.check(test, isRehearsing: true, store: "ca")
        try Rehearsal.check(real, isRehearsing: false, store: "ca")
        #expect(throws: EscrowError.backup(.keyOfProduction(store: "ca", subject: real.newest.subject))) {
            try Rehearsal.check(real, isRehearsing: true, store: "ca")
        }
        #expect(throws: EscrowError.backup(.keyOfRehearsal(store: "ca", subject: Self.mark))) {
            try Rehearsal.check(test, isRehearsing: false, store: "ca")
        }
        // One certificate of several is enough.
        let mixed = try CAMaterial(generations: test.generations + real.generations, chain: [])
        for isRehearsing in [true, false] {
            #expect(throws: EscrowError.self) {
                try Rehearsal.check(mixed, isRehearsing: isRehearsing, store: "ca")
            }
        }
    }

    @Test("whoever says that it is a rehearsal is refused where it is none, and the other way round")
    func said() throws {
        let (test, real) = (try rehearsal().document().manifest, try World().document().manifest)
        try Rehearsal.check(test, isRehearsing: true, at: "x")
        try Rehearsal.check(real, isRehearsing: false, at: "x")
        #expect(throws: EscrowError.backup(.rehearsal(path: "x"))) {
            try Rehearsal.check(test, isRehearsing: false, at: "x")
        }
        #expect(throws: EscrowError.backup(.notARehearsal(path: "x"))) {
            try Rehearsal.check(real, isRehearsing: true, at: "x")
        }
    }

    @Test(
        "attack: an epoch that makes a rehearsal of an escrow, or an escrow of a rehearsal, whoever signs it",
        arguments: [true, false]
    )
    func successor(isRehearsal: Bool) throws {
        let world = isRehearsal ? try rehearsal() : try World()
        let first = try world.document()
        let new = try NewEpoch.make(
            of: isRehearsal ? Acme.material() : Rehearsal.makeCA(for: "acme", at: World.created),
            after: first,
            cast: world.cast,
            isRehearsal: !isRehearsal
        )
        let people = ["olga", "omar", "alice", "bob", "carol"] as [Name]
        try world.publish(new, signedBy: people.map { world.cast[$0] })
        let approvals = try world.directory().approvals()
        let fault =
            isRehearsal
            ? "not a rehearsal, although the epoch before is one" : "a rehearsal, although the epoch before is not one"
        #expect(
            approvals[1].isRefused && approvals[1].successionFault == .rehearsal(isRehearsal: !isRehearsal)
        )
        #expect(try world.directory().chain().inForce?.document.digest == first.digest)
        let audit = try world.audit(certificate: first.manifest.certificate)
        #expect(audit.findings(.succession) == ["\(approvals[1].document.path): epoch 2: \(fault)"])
    }

    @Test("the flag of an epoch of the same secret cannot be changed either")
    func sameSecret() throws {
        let world = try rehearsal()
        let first = try world.document()
        var json = try JSONValue(canonical: first.bytes)
        json["epoch"] = .integer(2)
        json["occasion"] = .string("officer-change")
        json["rehearsal"] = .boolean(false)
        json["previous"] = .object([
            "epoch": .integer(1), "format": .string("ca-escrow/v1/manifest"),
            "sha256": .string(first.digest.description),
        ])
        let people = ["olga", "omar"].map { world.cast[$0] }
        let cards = ["alice", "bob", "carol"].map { world.cast[$0].card }
        try world.place(json, epoch: 2, signedBy: people, cards: cards)
        #expect(try world.directory().approvals()[1].successionFault == .rehearsal(isRehearsal: false))
    }

    @Test("its PKCS#12 file says so by its name, which nobody else's may")
    func fileNames() throws {
        let folder = try TemporaryFolder()
        try folder.write("safe/x", "")
        let set = SetIdentifier.random()
        let short = set.short
        func name(_ pkcs12: String?, _ escrow: String = "acme.escrow") throws -> String {
            let file = pkcs12.map { folder($0) }
            return try Destination(escrow: folder(escrow), pkcs12: file, isRehearsal: true).pkcs12Name(set)
        }
        #expect(try name(nil) == "acme-rehearsal-\(short).p12")
        #expect(try name("safe") == "acme-rehearsal-\(short).p12")
        #expect(try name("safe/our-Rehearsal.p12") == "our-Rehearsal.p12")
        #expect(try name(nil, "ä.escrow") == "ca-rehearsal-\(short).p12")
        let error = EscrowError.directory(
            .fileName(
                path: folder("safe/root.p12").string,
                expected: "a rehearsal's, which has 'rehearsal' in it"
            )
        )
        #expect(throws: error) { _ = try name("safe/root.p12") }
        #expect(
            throws: EscrowError.directory(
                .fileName(path: folder("safe/rehearsal.p12").string, expected: "not a rehearsal's")
            )
        ) {
            _ = try Destination(escrow: folder("acme.escrow"), pkcs12: folder("safe/rehearsal.p12"))
        }
        // What an interrupted run leaves is found under either name.
        for name in ["acme-rehearsal-01234567.p12", "acme-89abcdef.p12", "acme-rehearsals-01234567.p12"] {
            try folder.write(name, "")
        }
        let found = try Destination(escrow: folder("acme.escrow"), pkcs12: nil).leftovers(besides: [])
        #expect(found == [folder("acme-89abcdef.p12"), folder("acme-rehearsal-01234567.p12")])
    }

    @Test("a rehearsal is no escrow of a CA, whatever its certificate says, and status names it")
    func status() throws {
        // What an attacker would file for the real CA.
        let world = try World(isRehearsal: true)
        let certificate = try Acme.certificate(.root)
        let input = StatusInput(
            certificates: [WatchedCertificate(certificate, from: "ca.crt")],
            anchor: nil,
            maximumAgeSeconds: 90 * 86_400,
            leastMargin: 1,
            time: World.now
        )
        let report = StatusReport(of: [try Audit(of: world.escrow, with: input.auditInput)], unread: [], against: input)
        #expect(report.neverEscrowed.map(\.source) == ["ca.crt"])
        #expect(report.lines(of: report.escrows[0])[0].contains(": epoch 1; REHEARSAL; "))
        #expect(report.metrics.contains("ca_escrow_rehearsal{escrow=\"\(world.escrow)\"} 1\n"))
        let json = String(decoding: report.json(exitStatus: 1).encoded(), as: UTF8.self)
        #expect(json.contains("\"rehearsal\": true"))
    }
}
