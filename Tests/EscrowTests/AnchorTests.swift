// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// Whom an auditor believes, and how many of them it takes: nothing that the escrow says counts.
@Suite struct AnchorTests {
    let world: World
    let approval: EpochApproval

    init() throws {
        // The manifest itself asks for one signature only.
        world = try World(officers: "1 of (olga, omar, otto)", signedBy: ["olga", "omar"])
        approval = try world.directory().approval(of: 1)
    }

    private func key(_ name: Name) -> String { world.cast[name].officer.key.openSSH }

    private func anchor(_ lines: String..., required: Int? = nil) throws -> Anchor {
        try Anchor(
            path: "signers",
            signers: AllowedSigners(Array(lines.map { $0 + "\n" }.joined().utf8)),
            required: required
        )
    }

    /// What a file of allowed signers makes of the manifest.
    private func outcome(_ anchor: Anchor, now: Timestamp = World.now) -> AnchorOutcome {
        anchor.outcome(of: approval, at: "acme.escrow", now: now)
    }

    private func anchored(_ names: Name...) -> AnchorOutcome { .anchored(by: names.map { world.cast[$0].officer }) }

    private var nobody: AnchorOutcome {
        .failed(.trust(.noOfficerIsTrusted(path: "acme.escrow", signers: "signers", signedBy: approval.signed)))
    }

    private func tooFew(_ found: Int, of needed: Int) -> AnchorOutcome {
        .failed(
            .trust(.tooFewOfficersAreTrusted(path: "acme.escrow", signers: "signers", found: found, needed: needed))
        )
    }

    private func fewerThanHalf(_ found: Int, of needed: Int) -> AnchorOutcome {
        .notChecked(.trust(.fewerThanHalf(path: "acme.escrow", signers: "signers", found: found, needed: needed)))
    }

    static let manifest = "namespaces=\"ca-escrow-manifest-v1\""

    @Test("nobody can say that no officer is enough", arguments: [Int.min, -1, 0, 1001])
    func requiredRange(_ number: Int) {
        #expect(throws: EscrowError.trust(.requirement(number))) {
            _ = try anchor("olga \(key("olga"))", required: number)
        }
    }

    @Test("more than half of the names that the file admits are needed, unless it or the auditor says otherwise")
    func required() throws {
        let (olga, omar, otto) = (key("olga"), key("omar"), key("otto"))
        #expect(try anchor("olga \(olga)").required(at: World.now) == 1)
        #expect(try anchor("olga \(olga)", "omar \(omar)").required(at: World.now) == 2)
        #expect(try anchor("olga \(olga)", "omar \(omar)", "otto \(otto)").required(at: World.now) == 2)
        let names = ["a", "b", "c", "d", "e", "f", "g", "h"]
        for (count, needed) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4), (8, 5)] {
            #expect(
                try anchor("\(names.prefix(count).joined(separator: ",")) \(olga)").required(at: World.now) == needed
            )
        }
        #expect(try anchor("olga \(olga)", required: 2).required(at: World.now) == 2)
        #expect(try anchor("olga \(olga)", "omar \(omar)", required: 1).required(at: World.now) == 1)
        // Who may sign other things only is no officer here; one name on two lines is one, whatever its keys.
        #expect(
            try anchor("olga \(olga)", "wanda namespaces=\"ca-escrow-challenge-v1\" \(omar)").required(at: World.now)
                == 1
        )
        #expect(try anchor("olga \(olga)", "olga \(Self.manifest) \(olga)").required(at: World.now) == 1)
        #expect(try anchor("wanda namespaces=\"ca-escrow-challenge-v1\" \(omar)").required(at: World.now) == 2)
        #expect(try anchor("olga \(olga)", "olga \(otto)").required(at: World.now) == 1)
        // Whose key has ended is not admitted now, nor whose has not begun.
        #expect(try anchor("olga valid-before=\"20261124Z\" \(olga)", "omar \(omar)").required(at: World.now) == 1)
        #expect(try anchor("olga valid-after=\"20270101Z\" \(olga)", "omar \(omar)").required(at: World.now) == 1)
        // What the file says, and what the auditor says against it.
        let five = "a,b,c,d,e \(olga)"
        #expect(try anchor("# ca-escrow: require 1", five).required(at: World.now) == 1)
        #expect(try anchor("# ca-escrow: require 5", five).required(at: World.now) == 5)
        #expect(try anchor("# ca-escrow: require 5", five, required: 2).required(at: World.now) == 2)
    }

    @Test("never fewer are needed than the manifest itself demands, but where the auditor says so")
    func threshold() throws {
        let one = try anchor("# ca-escrow: require 1", "olga \(key("olga"))")
        #expect(one.required(demanding: 3, at: World.now) == 3)
        #expect(try anchor("olga \(key("olga"))").required(demanding: 2, at: World.now) == 2)
        #expect(try anchor("olga \(key("olga"))", required: 1).required(demanding: 3, at: World.now) == 1)
        let world = try World(officers: "2 of (olga, omar, otto)")
        let approval = try world.directory().approval(of: 1)
        #expect(one.outcome(of: approval, at: "acme.escrow", now: World.now) == tooFew(1, of: 2))
        let alone = try anchor("olga \(key("olga"))", required: 1)
        #expect(alone.outcome(of: approval, at: "acme.escrow", now: World.now) == anchored("olga"))
    }

    @Test("different keys are counted, never the number that the manifest claims")
    func counting() throws {
        let (olga, omar, otto) = (key("olga"), key("omar"), key("otto"))
        #expect(outcome(try anchor("olga \(olga)", "omar \(omar)")) == anchored("olga", "omar"))
        #expect(outcome(try anchor("olga \(olga)")) == anchored("olga"))
        #expect(outcome(try anchor("olga \(olga)", required: 2)) == tooFew(1, of: 2))
        #expect(outcome(try anchor("olga \(olga)", "omar \(omar)", "otto \(otto)", required: 3)) == tooFew(2, of: 3))
        #expect(outcome(try anchor("otto \(otto)")) == nobody)
        #expect(outcome(try anchor("# nobody")) == nobody)
        // One person on many lines is one.
        let twice = try anchor("olga \(olga)", "olga,wanda \(olga)", "olga \(Self.manifest) \(olga)", required: 2)
        #expect(outcome(twice) == tooFew(1, of: 2))
    }

    @Test(
        "fewer than the default, but as many as the manifest demands, is not checked; under a K that was said it fails"
    )
    func fewerThanTheDefault() throws {
        let (olga, otto) = (key("olga"), key("otto"))
        #expect(outcome(try anchor("olga \(olga)", "otto \(otto)")) == fewerThanHalf(1, of: 2))
        #expect(outcome(try anchor("olga \(olga)", "otto \(otto)", required: 2)) == tooFew(1, of: 2))
        #expect(outcome(try anchor("# ca-escrow: require 2", "olga \(olga)", "otto \(otto)")) == tooFew(1, of: 2))
        #expect(outcome(try anchor("# ca-escrow: require 1", "olga \(olga)", "otto \(otto)")) == anchored("olga"))
        #expect(outcome(try anchor("olga \(olga)", "otto \(otto)", required: 1)) == anchored("olga"))
        #expect(throws: EscrowError.trust(.fewerThanHalf(path: "x", signers: "signers", found: 1, needed: 2))) {
            _ = try anchor("olga \(olga)", "otto \(otto)").check(approval, at: "x")
        }
    }

    @Test("the name must be exactly the officer's")
    func principal() throws {
        #expect(outcome(try anchor("olga.olsen \(key("olga"))")) == nobody)
        #expect(outcome(try anchor("wanda,olga \(key("olga"))", required: 1)) == anchored("olga"))
    }

    @Test(
        "a line gives an officer of the manifest another key: it fails, even when that officer did not sign",
        arguments: ["omar", "otto"] as [Name]
    )
    func otherKey(officer: Name) throws {
        let (mine, theirs) = (try Somebody(officer).officer.key, world.cast[officer].officer)
        for required in [nil, 1] {
            let anchor = try self.anchor(
                "olga \(key("olga"))",
                "\(officer) namespaces=\"file\" \(theirs.key.openSSH)",
                "\(officer) \(mine.openSSH)",
                required: required
            )
            #expect(
                outcome(anchor)
                    == .failed(
                        .trust(
                            .anotherKeyInSigners(
                                path: "acme.escrow",
                                signers: "signers",
                                line: 3,
                                officer: theirs,
                                found: mine
                            )
                        )
                    )
            )
        }
        // Another key beside the manifest's is no contradiction, nor is one for other kinds.
        let both = try anchor("olga \(key("olga"))", "\(officer) \(mine.openSSH)", "\(officer) \(theirs.key.openSSH)")
        #expect(outcome(both) == (officer == "omar" ? anchored("olga", "omar") : fewerThanHalf(1, of: 2)))
        let elsewhere = try anchor("olga \(key("olga"))", "\(officer) namespaces=\"file\" \(mine.openSSH)")
        #expect(outcome(elsewhere) == anchored("olga"))
    }

    @Test("the line must admit manifests")
    func namespace() throws {
        let olga = key("olga")
        #expect(outcome(try anchor("olga namespaces=\"ca-escrow-manifest-v1,file\" \(olga)")) == anchored("olga"))
        #expect(outcome(try anchor("olga namespaces=\"file\" \(olga)", required: 1)) == nobody)
        #expect(outcome(try anchor("olga namespaces=\"ca-escrow-manifest-v2\" \(olga)", required: 1)) == nobody)
        #expect(outcome(try anchor("olga namespaces=\"CA-escrow-manifest-v1\" \(olga)", required: 1)) == nobody)
    }

    @Test(
        "the key must have been valid when the manifest was made, at its first and last second too",
        arguments: [
            ("valid-after=\"20261123120000Z\"", true), ("valid-after=\"20261123120001Z\"", false),
            ("valid-before=\"20261123120000Z\"", true), ("valid-before=\"20261123115959Z\"", false),
            ("valid-after=\"20261123Z\",valid-before=\"20261124Z\"", true), ("valid-after=\"20261124Z\"", false),
            ("valid-before=\"20261123Z\"", false), ("valid-after=\"202611231200Z\"", true),
        ]
    )
    func validity(option: String, isValid: Bool) throws {
        // Asked at the manifest's own time, at which no key has ended that was valid then.
        let lines = Array("olga \(Self.manifest),\(option) \(key("olga"))\n".utf8)
        let anchor = try Anchor(path: "signers", signers: AllowedSigners(lines), required: 1)
        #expect(outcome(anchor, now: World.created) == (isValid ? anchored("olga") : nobody))
    }

    @Test("a key that has ended anchors nothing by itself, which is not checked and says so")
    func ended() throws {
        let olga = world.cast["olga"].officer
        let anchor = try anchor("olga valid-before=\"20261124Z\" \(key("olga"))", "omar \(key("omar"))", required: 2)
        let ended = EndedSignature(officer: olga, end: "2026-11-24T00:00:00Z", reason: "no time stamp is here")
        let reason = EscrowError.trust(
            .keysEnded(path: "acme.escrow", signers: "signers", [ended], found: 1, needed: 2)
        )
        #expect(outcome(anchor) == .notChecked(reason))
        // It had not ended when one was asked before: an anchor has no time of its own.
        #expect(outcome(anchor, now: "2026-11-24T00:00:00Z") == anchored("olga", "omar"))
        #expect(
            reason.description
                == "acme.escrow: 1 of 2 officers admitted by signers have signed; with keys that have ended: "
                + "olga (until 2026-11-24T00:00:00Z: no time stamp is here)"
        )
        // Where it would not complete the number, that is too few.
        let endedLine = "olga valid-before=\"20261124Z\" \(olga.key.openSSH)"
        #expect(outcome(try self.anchor(endedLine, required: 2)) == tooFew(0, of: 2))
        // Another line of the key that goes on is enough.
        let renewed = try self.anchor(endedLine, "olga \(olga.key.openSSH)")
        #expect(outcome(renewed) == anchored("olga"))
        var input = try world.auditInput()
        input.anchor = anchor
        let audit = try Audit(of: world.escrow, with: input)
        #expect(audit.failed.isEmpty && audit.trusted.isEmpty && audit.verdict == .notAnchored)
    }

    @Test("somebody who has signed and is not in the file is named, also when the manifest is anchored")
    func strangers() throws {
        var input = try world.auditInput(signers: ["olga"])
        let audit = try Audit(of: world.escrow, with: input)
        #expect(audit.failed.isEmpty && audit.trusted.map(\.name) == ["olga"])
        let words = "omar has signed and is not in signers"
        #expect(audit.report.lines(isVerbose: true).contains { $0.hasSuffix(words) })
        #expect(try world.status(trusting: ["olga"]).standing?.strangers == ["omar"])
        let status = try world.report(trusting: ["olga"])
        #expect(status.lines(of: status.escrows[0]).contains("  anchor      \(words)"))
        // In the file, for whatever time, is no stranger.
        input.anchor = try anchor("olga \(key("olga"))", "omar valid-before=\"20200101Z\" \(key("omar"))")
        #expect(
            try !Audit(of: world.escrow, with: input).report.lines(isVerbose: true).contains {
                $0.hasSuffix("is not in signers")
            }
        )
    }

    @Test("the report says for each check whether it was made, and the verdict follows")
    func verdicts() throws {
        var input = try world.auditInput()
        #expect(try Audit(of: world.escrow, with: input).verdict == .incomplete)
        input.isWithoutPKCS12 = true
        #expect(try Audit(of: world.escrow, with: input).verdict == .incomplete)
        input.anchor = nil
        let audit = try Audit(of: world.escrow, with: input)
        #expect(audit.verdict == .notAnchored)
        #expect(audit.verdict.exitStatus == 1)
        #expect(audit.outcomes.map(\.check) == AuditCheck.allCases)
        input.anchor = try anchor("otto \(key("otto"))")
        #expect(try Audit(of: world.escrow, with: input).verdict.exitStatus == 2)
    }

    @Test("an officer believes their own signature, and nobody else's")
    func ownSignature() throws {
        let olga = world.cast["olga"].officer
        guard case .ownSignature(olga)? = ManifestTrust.own(olga.key, in: approval) else {
            Issue.record("olga signed it")
            return
        }
        #expect(ManifestTrust.own(world.cast["otto"].officer.key, in: approval) == nil)
        #expect(ManifestTrust.own(world.cast["alice"].officer.key, in: approval) == nil)
    }
}
