// SPDX-License-Identifier: Apache-2.0

import Custody
import SystemPackage
import Testing

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
        Anchor(
            path: "signers",
            signers: try AllowedSigners(Array(lines.map { $0 + "\n" }.joined().utf8)),
            required: required
        )
    }

    /// The error that a file of allowed signers ends in, or nothing when it anchors the manifest.
    private func refusal(_ anchor: Anchor) -> EscrowError? {
        do throws(EscrowError) {
            _ = try anchor.check(approval, at: "acme.escrow")
            return nil
        } catch {
            return error
        }
    }

    private var nobody: EscrowError {
        .noOfficerIsTrusted(path: "acme.escrow", signers: "signers", signedBy: approval.signed)
    }

    private func tooFew(_ found: Int, of needed: Int) -> EscrowError {
        .tooFewOfficersAreTrusted(path: "acme.escrow", signers: "signers", found: found, needed: needed)
    }

    static let manifest = "namespaces=\"ca-escrow-manifest-v1\""

    @Test("two officers are needed unless the auditor says otherwise, or knows only one")
    func required() throws {
        let (olga, omar, otto) = (key("olga"), key("omar"), key("otto"))
        #expect(try anchor("olga \(olga)").required == 1)
        #expect(try anchor("olga \(olga)", "omar \(omar)").required == 2)
        #expect(try anchor("olga \(olga)", "omar \(omar)", "otto \(otto)").required == 2)
        #expect(try anchor("olga \(olga)", required: 2).required == 2)
        #expect(try anchor("olga \(olga)", "omar \(omar)", required: 1).required == 1)
        // Who may sign other things only is no officer here; one key on two lines is one.
        #expect(try anchor("olga \(olga)", "wanda namespaces=\"ca-escrow-challenge-v1\" \(omar)").required == 1)
        #expect(try anchor("olga \(olga)", "olga \(Self.manifest) \(olga)").required == 1)
        #expect(try anchor("wanda namespaces=\"ca-escrow-challenge-v1\" \(omar)").required == 2)
        // One officer with two keys, such as one in a file and one on a token.
        #expect(try anchor("olga \(olga)", "olga \(otto)").required == 1)
    }

    @Test("different keys are counted, never the number that the manifest claims")
    func counting() throws {
        let (olga, omar, otto) = (key("olga"), key("omar"), key("otto"))
        #expect(refusal(try anchor("olga \(olga)", "omar \(omar)")) == nil)
        #expect(refusal(try anchor("olga \(olga)")) == nil)
        #expect(refusal(try anchor("olga \(olga)", required: 2)) == tooFew(1, of: 2))
        #expect(refusal(try anchor("olga \(olga)", "otto \(otto)")) == tooFew(1, of: 2))
        #expect(refusal(try anchor("olga \(olga)", "omar \(omar)", "otto \(otto)", required: 3)) == tooFew(2, of: 3))
        #expect(refusal(try anchor("otto \(otto)")) == nobody)
        #expect(refusal(try anchor("# nobody")) == nobody)
        // One person on many lines is one.
        let twice = try anchor("olga \(olga)", "olga,omar \(olga)", "olga \(Self.manifest) \(olga)", required: 2)
        #expect(refusal(twice) == tooFew(1, of: 2))
    }

    @Test("the name must be exactly the officer's")
    func principal() throws {
        #expect(refusal(try anchor("omar \(key("olga"))")) == nobody)
        #expect(refusal(try anchor("olga.olsen \(key("olga"))")) == nobody)
        #expect(refusal(try anchor("wanda,olga \(key("olga"))")) == nil)
    }

    @Test("the key must be exactly the officer's")
    func otherKey() throws {
        #expect(refusal(try anchor("olga \(key("omar"))")) == nobody)
        #expect(refusal(try anchor("olga \(Somebody("olga").officer.key.openSSH)")) == nobody)
    }

    @Test("the line must admit manifests")
    func namespace() throws {
        let olga = key("olga")
        #expect(refusal(try anchor("olga namespaces=\"ca-escrow-manifest-v1,file\" \(olga)")) == nil)
        #expect(refusal(try anchor("olga namespaces=\"file\" \(olga)", required: 1)) == nobody)
        #expect(refusal(try anchor("olga namespaces=\"ca-escrow-manifest-v2\" \(olga)", required: 1)) == nobody)
        #expect(refusal(try anchor("olga namespaces=\"CA-escrow-manifest-v1\" \(olga)", required: 1)) == nobody)
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
        let anchor = try anchor("olga \(Self.manifest),\(option) \(key("olga"))", required: 1)
        #expect(refusal(anchor) == (isValid ? nil : nobody))
    }

    @Test("a key that is not valid any more still counts for what it signed, and is reported")
    func expired() throws {
        let anchor = try anchor(
            "olga valid-before=\"20261124Z\" \(key("olga"))",
            "omar \(key("omar"))"
        )
        var input = try world.auditInput()
        input.anchor = anchor
        let audit = try Audit(of: world.escrow, with: input)
        #expect(audit.failed.isEmpty)
        #expect(audit.trusted.map(\.name) == ["olga", "omar"])
        #expect(audit.report.lines.contains { $0.hasSuffix("whose keys are not valid any more: olga") })
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
