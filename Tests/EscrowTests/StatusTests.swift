// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import SecretSharing
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// What is due of an escrow, and when something goes stale.
@Suite("Status")
struct StatusTests {
    static let day = 86_400
    /// The day on which everybody has acknowledged.
    static let acknowledged: Timestamp = "2026-11-24T12:00:00Z"

    let world: World
    let document: EpochDocument

    init() throws {
        world = try World()
        document = try world.document()
    }

    // MARK: The backup

    @Test("a certificate that no escrow is of was never escrowed")
    func noEscrow() throws {
        try world.acknowledge()
        let report = try world.report(of: [.renamed])
        #expect(report.neverEscrowed.map(\.certificate) == [try Acme.certificate(.renamed)])
        #expect(report.exitStatus == 1)
        #expect(report.escrows.map(\.dues) == [[.ofNoCertificateGiven(document.manifest.certificate)]])
        let nothing = StatusReport(of: [], unread: [], against: report.input)
        #expect(nothing.exitStatus == 1)
        let digest = try SHA256Digest(of: Acme.certificate(.renamed).der)
        #expect(
            nothing.neverEscrowed.map(nothing.line)
                == ["renamed.crt: DUE: never escrowed: 'CN=Acme Other CA', SHA-256 \(digest.grouped)"]
        )
    }

    @Test("an escrow of today's certificate that everybody has acknowledged needs nothing")
    func fresh() throws {
        try world.acknowledge()
        let report = try world.report()
        #expect(report.exitStatus == 0)
        let status = try world.status()
        #expect(status.verdict == .fine && status.dues == [] && status.failures == [])
        let standing = try #require(status.standing)
        #expect(standing.isCompared && standing.isInForce && !standing.isRetired && !standing.isQuorumLost)
        #expect(standing.acknowledged == 3 && standing.proven(by: .receipt) == 3 && standing.margin == 1)
        let stale = Self.acknowledged.adding(seconds: 90 * Self.day)
        #expect(standing.next == Staleness(time: stale, subject: .evidence("alice", .receipt)))
        #expect(
            report.lines(of: status) == [
                "\(world.escrow): OK: epoch 1; backup current; 3 of 3 acknowledged; "
                    + "3 of 3 proven within 90 days (3 by receipt); never drilled; margin 1; "
                    + "next stale: the receipt of alice, 2027-02-22T12:00:00Z"
            ]
        )
    }

    @Test("a renewal with the same key is due until officers have approved the added certificate")
    func sameKey() throws {
        try world.acknowledge()
        let renewed = try Acme.certificate(.renewed)
        #expect(try world.status(of: [.renewed]).dues == [.sameKeyRenewal(renewed)])
        let earlier = try Acme.certificate(.earlier)
        #expect(try world.status(of: [.earlier]).dues == [.sameKeyRenewal(earlier)])
        #expect(try world.status(of: [.root], besides: [.earlier]).dues == [.sameKeyRenewal(earlier)])
        let record = try world.add(.renewed, signedBy: ["olga"])
        for certificates in [[Acme.Issue.renewed], [.root], []] {
            #expect(
                try world.status(of: certificates).dues == [
                    .certificateNotApproved(renewed, Shortfall(signed: 1, needed: 2, missing: ["omar"]))
                ]
            )
        }
        try world.folder.remove(record)
        try world.add(.renewed, signedBy: ["olga", "omar"])
        let status = try world.status(of: [.renewed])
        #expect(status.verdict == .fine)
        #expect(status.standing?.certificate == renewed)
    }

    @Test("a renewal with a new key is due until the new epoch is in force")
    func newKey() throws {
        try world.acknowledge()
        let due = Due.newKeyRenewal(try Acme.certificate(.rekeyed))
        let status = try world.status(of: [.rekeyed])
        #expect(status.dues == [due] && status.isBackupDue && status.verdict == .due)
        #expect(due.description.hasPrefix("renewed with a new key: 'CN=Acme Root CA', SHA-256 "))
        let new = try NewEpoch.make(
            of: Acme.renewedMaterial(),
            after: document,
            cast: world.cast,
            created: World.created
        )
        try world.publish(new, signedBy: [world.cast["olga"]])
        // The old epoch counts until then, and its people's receipts with it.
        let waiting = try world.status(of: [.rekeyed])
        #expect(waiting.dues == [.epochNotApproved(epoch: 2, Shortfall(signed: 1, needed: 2, missing: ["omar"]))])
        #expect(waiting.failures == [] && waiting.standing?.epoch.manifest.epoch == 1)
    }

    @Test("a new epoch that is in force is to be acknowledged anew")
    func newEpoch() throws {
        try world.acknowledge()
        try world.next()
        let status = try world.status()
        #expect(status.dues == [.notAcknowledged(["alice", "bob", "carol"])])
        #expect(!status.isBackupDue && status.standing?.epoch.manifest.epoch == 2)
    }

    @Test("a first epoch that one officer has signed waits for the other, and is no failure", arguments: [0, 1])
    func unsigned(signatures: Int) throws {
        let world = try World(signedBy: Array(["olga"].prefix(signatures)))
        let status = try world.status()
        #expect(status.verdict == .due && status.failures == [])
        let missing: [Name] = signatures == 0 ? ["olga", "omar"] : ["omar"]
        #expect(
            status.dues.first == .epochNotApproved(epoch: 1, Shortfall(signed: signatures, needed: 2, missing: missing))
        )
        // Nobody whom the file names: that is another matter.
        let stranger = try world.status(trusting: ["otto"])
        #expect(stranger.failures.map(\.check) == (signatures == 0 ? [] : [.anchor]))
    }

    @Test("a restore has used the password")
    func used() throws {
        try world.acknowledge()
        let secret = try document.secret(by: [world.cast["alice"], world.cast["bob"]], in: world.directory())
        let record = RestoreRecord(
            of: document,
            by: ["alice", "bob"],
            to: "pem:a,b",
            overrides: [],
            at: "2026-11-30T12:00:00Z",
            provenBy: secret
        )
        try document.file(record, signatures: [])
        let status = try world.status()
        #expect(status.dues == [.used(on: record.created, by: record.custodians)] && status.isBackupDue)
        #expect(
            status.dues.map(\.description)
                == ["used by a restore on 2026-11-30T12:00:00Z (alice, bob): a new epoch takes its place"]
        )
    }

    @Test("an expired certificate is due")
    func expired() throws {
        try world.acknowledge(at: "2043-12-24T12:00:00Z")
        let before = try world.status(at: "2044-01-01T00:00:00Z")
        #expect(before.dues == [])
        #expect(before.standing?.next == Staleness(time: "2044-01-01T00:00:00Z", subject: .certificate))
        let after = try world.status(at: "2044-01-01T00:00:01Z")
        #expect(after.dues == [.certificateExpired(try Acme.certificate(.root))])
    }

    // MARK: Generations of Certificate Services

    @Test(
        "a generation that Certificate Services counts and the escrow lacks is named",
        arguments: [
            // held, known besides, lacking, lacking only their certificate
            ([(0, 0)], [], nil, nil),
            ([(0, 0), (1, 1)], [], nil, nil),
            ([(0, 0), (2, 2)], [], [1], []),
            ([(2, 2)], [], [0, 1], []),
            ([(0, 0), (2, 0)], [], [], [1]),
            ([(0, 0), (1, 1), (4, 4), (6, 4)], [], [2, 3], [5]),
            ([(3, 1)], [], [0], [1, 2]),
            // A renewal that is not escrowed yet is not missing, but those before it are.
            ([(0, 0)], [(1, 1)], nil, nil),
            ([(0, 0)], [(3, 2)], [1, 2], []),
            ([], [], nil, nil),
        ] as [([(Int, Int)], [(Int, Int)], [Int]?, [Int]?)]
    )
    func generations(held: [(Int, Int)], known: [(Int, Int)], missing: [Int]?, certificates: [Int]?) {
        func versions(_ pairs: [(Int, Int)]) -> [CAVersion] {
            pairs.map { CAVersion(certificateIndex: $0.0, keyIndex: $0.1) }
        }
        let gap = GenerationGap(held: versions(held), known: versions(known))
        #expect(gap?.missing == missing)
        #expect(gap?.certificatesMissing == certificates)
    }

    @Test("so are they in an escrow")
    func generationMissing() throws {
        let keys = try ["first", "third"].map { _ in try Windows.key() }
        let first = try Windows.certificate(keys[0], version: 0)
        let third = try Windows.certificate(keys[1], version: 2)
        let material = try CAMaterial(
            generations: [Windows.generation(keys[0], first), Windows.generation(keys[1], third)],
            chain: []
        )
        let world = try World(of: material)
        try world.acknowledge()
        let status = try world.status(of: [])
        #expect(
            status.dues.map(\.description) == [
                "generation 1 is missing: the newest certificate of Certificate Services is generation 2"
            ]
        )
        #expect(status.dues.map(\.code) == ["generation-missing"] && status.isBackupDue)
    }

    // MARK: People

    @Test("a custodian without receipt, and one whose receipt grew old, are named")
    func stale() throws {
        try world.acknowledge(["alice", "bob"])
        let limit = Self.acknowledged.adding(seconds: 90 * Self.day)
        #expect(try world.status(at: limit).dues == [.notAcknowledged(["carol"])])
        let status = try world.status(at: limit.adding(seconds: 1))
        let old = CustodianEvidence(kind: .receipt, time: Self.acknowledged)
        #expect(
            status.dues == [.notAcknowledged(["carol"]), .notProven("alice", last: old), .notProven("bob", last: old)]
        )
        #expect(status.verdict == .due && !status.isBackupDue)
        #expect(status.dues[1].description == "alice: the newest evidence is a receipt of 2026-11-24T12:00:00Z")
    }

    @Test("a proof is as old as its challenge, and counts only when somebody vouches for the challenge")
    func proofs() throws {
        try world.acknowledge()
        let now: Timestamp = "2027-06-01T12:00:00Z"
        let asked: Timestamp = "2027-05-01T12:00:00Z"
        try world.prove(["alice", "bob", "carol"], asked: asked, at: "2027-05-31T12:00:00Z")
        let status = try world.status(at: now)
        #expect(status.dues == [])
        #expect(status.standing?.custodians.map(\.evidence?.kind) == [.proof, .proof, .proof])
        let next = asked.adding(seconds: 90 * Self.day)
        #expect(status.standing?.next == Staleness(time: next, subject: .evidence("alice", .proof)))
        #expect(try world.status(at: now, days: 30).dues.isEmpty == false)
        #expect(try world.status(at: asked.adding(seconds: 30 * Self.day), days: 30).dues == [])
        let unvouched = try world.status(at: now, trusting: nil)
        #expect(unvouched.dues.count == 4 && unvouched.standing?.challengesNotCounted == 1)
        #expect(unvouched.dues.first == .notAnchored("no --signers: anybody could have made this escrow"))
        let lines = try world.report(at: now, trusting: nil).lines(of: unvouched)
        #expect(lines.last == "  proofs      challenges that do not count, since nobody admits their signers: 1")
    }

    @Test("a suspended custodian is absent: the margin shrinks, then the quorum is lost; who is reached is back")
    func suspended() throws {
        try world.acknowledge()
        try world.suspend("carol", at: "2026-11-25T12:00:00Z")
        let margin = GateMargin(path: .root, threshold: 2, available: 2, memberCount: 3, margin: 0)
        let status = try world.status()
        #expect(status.dues == [.suspended("carol", .lost), .marginTooSmall(margin, least: 1)])
        #expect(status.verdict == .due && status.standing?.isQuorumLost == false)
        #expect(
            status.dues.map(\.description)
                == [
                    "carol is suspended (lost): an epoch with new shares is due, without carol or with a new card",
                    "the root gate: 2 of 3 available, 2 needed: margin 0, where at least 1 is wanted",
                ]
        )
        // Not counted, whatever they said before; and due, however few may be missing.
        let report = try world.report()
        #expect(
            report.lines(of: status)[0].contains(
                "; 2 of 3 acknowledged; 2 of 3 proven within 90 days (2 by receipt); never drilled; 1 suspended (carol: lost); margin 0;"
            )
        )
        for line in ["acknowledged{escrow=\"\(world.escrow)\"} 2", "proven{escrow=\"\(world.escrow)\"} 2"] {
            #expect(report.metrics.contains("ca_escrow_custodians_\(line)\n"))
        }
        let calm = try world.status(leastMargin: 0)
        #expect(calm.dues == [.suspended("carol", .lost)] && calm.verdict.exitStatus == 1 && !calm.isBackupDue)
        _ = try world.suspend("bob", because: .unreachable, at: "2026-11-25T12:00:00Z")
        let lost = try world.status()
        #expect(lost.verdict == .quorumLost && lost.verdict.exitStatus == 2)
        #expect(lost.dues == [] && lost.failures == [])
        let lines = try world.report().lines(of: lost)
        #expect(lines.last == "  quorum      bob, carol: suspended; the others cannot restore")
        // Who could not be reached is back with a receipt; a key that is lost is not.
        try world.acknowledge(["bob", "carol"], at: "2026-11-26T12:00:00Z")
        #expect(try world.status().dues == [.suspended("carol", .lost), .marginTooSmall(margin, least: 1)])
    }

    @Test("a gate of gates has the margin of its weaker members")
    func nested() throws {
        let world = try World(policy: "2 of (2 of (alice, bob, carol), 2 of (dave, erin, frank, grace))")
        try world.acknowledge(Cast.custodians)
        let gates = try #require(try world.status().standing?.gates)
        #expect(gates.map(\.margin) == [1, 1, 2])
        #expect(gates.map(\.available) == [2, 3, 4])
        #expect(try world.status().verdict == .fine)
        try world.suspend("alice", at: "2026-11-25T12:00:00Z")
        #expect(try world.status().standing?.gates.map(\.margin) == [0, 0, 2])
        try world.suspend("bob", at: "2026-11-25T12:00:00Z")
        let lost = try world.status()
        #expect(lost.standing?.gates.map(\.margin) == [-1, -1, 2] && lost.verdict == .quorumLost)
    }

    @Test("a card's end and an open request are what comes next")
    func next() throws {
        let end: Timestamp = "2026-12-20T12:00:00Z"
        let people = try Cast.custodians.map { name in
            try Somebody(name, try CardDetails(validUntil: name == "bob" ? end : nil))
        }
        let cast = try Cast(people + Cast.officers.map { try Somebody($0) })
        let world = try World(cast: cast)
        try world.acknowledge()
        #expect(try world.status().standing?.next == Staleness(time: end, subject: .card("bob")))
        #expect(try world.status(at: end.adding(seconds: 1)).dues == [.cardExpired("bob", end)])
        let request = try world.request(until: "2026-12-04T12:00:00Z")
        #expect(
            try world.status().standing?.next
                == Staleness(time: "2026-12-04T12:00:00Z", subject: .request(request))
        )
    }

    // MARK: What has failed

    @Test("a check of the audit that fails is named, whatever else is due")
    func failed() throws {
        try world.folder.write(Array("changed\n".utf8), to: world.escrow.appending("README.txt"))
        let status = try world.status(of: [.rekeyed])
        #expect(status.verdict == .failed && status.verdict.exitStatus == 2)
        #expect(status.failures.map(\.check) == [.readme])
        #expect(status.dues.map(\.code) == ["renewed-new-key", "not-acknowledged"])
        let lines = try world.report(of: [.rekeyed]).lines(of: status)
        #expect(lines[1] == "  check       FAIL readme: \(world.escrow)/README.txt: is not what the manifest makes it")
    }

    @Test("an escrow of which no manifest can be read has failed, and has no figures")
    func unreadable() throws {
        try world.folder.write(Array("{}\n".utf8), to: world.epoch.appending("manifest.json"))
        let status = try world.status()
        #expect(status.verdict == .failed && status.standing == nil && status.dues == [])
        #expect(try world.report().lines(of: status)[0] == "\(world.escrow): FAILED")
    }

    @Test("a retired escrow needs nothing, and is no escrow of a certificate that came later")
    func retired() throws {
        let retired = try JSONValue(canonical: document.bytes).setting("retired", to: .boolean(true))
        try world.removeEpoch()
        let officers = ["olga", "omar"].map { world.cast[$0] }
        let cards = (["alice", "bob", "carol"] as [Name]).map { world.cast[$0].card }
        try world.place(retired, epoch: 1, signedBy: officers, cards: cards)
        let report = try world.report()
        #expect(report.escrows.map(\.verdict) == [.retired] && report.escrows.map(\.dues) == [[]])
        #expect(report.escrows[0].standing?.next == nil)
        #expect(report.exitStatus == 0 && report.lines(of: report.escrows[0]) == ["\(world.escrow): RETIRED: epoch 1"])
        let later = try world.report(of: [.rekeyed])
        #expect(later.neverEscrowed.map(\.source) == ["rekeyed.crt"] && later.exitStatus == 1)
    }

    // MARK: Finding escrows

    @Test("a directory is searched one level deep, in the order of names")
    func search() throws {
        let root = FilePath(world.folder.path)
        try world.folder.copy(world.escrow, to: root.appending("a-copy"))
        try world.folder.copy(world.escrow, to: root.appending("deeper/b.escrow").removingLastComponent())
        try world.folder.write("lost.escrow/README.txt", "x")
        #expect(
            try EscrowDirectory.search(root).map { $0.lastComponent?.string }
                == ["a-copy", "acme.escrow", "deeper", "lost.escrow"]
        )
        #expect(try EscrowDirectory.search(world.escrow) == [world.escrow])
        #expect(throws: EscrowError.file(.system(path: "nowhere", .noSuchFileOrDirectory))) {
            _ = try EscrowDirectory.search("nowhere")
        }
    }

    // MARK: Metrics

    @Test("metrics replace metrics, and nothing else")
    func metrics() throws {
        let report = try world.report()
        let path = world.folder("ca.prom")
        try report.writeMetrics(to: path)
        try report.writeMetrics(to: path)
        #expect(try world.folder.read(path) == Array(report.metrics.utf8))
        #expect(try world.folder.permissions(path) == 0o644)
        let other = world.folder("other")
        try world.folder.write(Array("precious\n".utf8), to: other)
        #expect(throws: EscrowError.file(.exists(path: other.string))) { try report.writeMetrics(to: other) }
        let inside = world.escrow.appending("x.prom")
        #expect(throws: EscrowError.directory(.insideEscrow(path: inside.string, escrow: world.escrow.string))) {
            try report.writeMetrics(to: inside)
        }
        #expect(try world.folder.read(other) == Array("precious\n".utf8))
    }
}
