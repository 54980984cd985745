// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// People who were believed once, or are too few to be: what they sign is held against the auditor's own file.
extension AttackTests {
    /// An escrow of a key of their own, which these officers lay and sign, in which a threshold of two stands.
    private func laid(by officers: [Name], created: Timestamp = World.created) throws -> World {
        let cast = try Cast(
            Cast.custodians.map { world.cast[$0] } + Cast.officers.map { world.cast[$0] }
                + [try Somebody("oscar"), try Somebody("otis")]
        )
        return try World(
            officers: "2 of (\(officers.map(\.description).joined(separator: ", ")))",
            of: Acme.material(.forged),
            signedBy: Array(officers.prefix(2)),
            cast: cast,
            created: created
        )
    }

    private func audit(_ forged: World, _ anchor: Anchor, at now: Timestamp = World.now) throws -> Audit {
        let input = AuditInput(
            anchor: anchor,
            certificates: [.file(try Acme.certificate(.forged), path: "forged.crt")],
            pkcs12: nil,
            isWithoutPKCS12: false,
            time: now,
            epoch: nil
        )
        return try Audit(of: forged.escrow, with: input)
    }

    @Test(
        "two of five officers: against the default K they anchor nothing, and fail where somebody says three"
    )
    func twoOfFive() throws {
        let names: [Name] = ["olga", "omar", "otto", "oscar", "otis"]
        let forged = try laid(by: names)
        let five = names.map { forged.cast[$0].officer }
        let approval = try forged.directory().approval(of: nil)
        #expect(approval.isApproved)
        let few = EscrowError.trust(.fewerThanHalf(path: forged.escrow.string, signers: "signers", found: 2, needed: 3))
        let standard = try audit(forged, .of(five))
        #expect(standard.failed.isEmpty && standard.verdict == .notAnchored && standard.trusted.isEmpty)
        #expect(standard.outcome(.anchor) == .notChecked(few.description))
        #expect(throws: few) { _ = try Anchor.of(five).check(approval, at: forged.escrow.string) }
        let demanded = try audit(forged, .of(five, required: 3))
        #expect(demanded.findings(.anchor).count == 1 && demanded.verdict == .failed)
        // The loss: where somebody says that two are enough, they are.
        #expect(try audit(forged, .of(five, required: 2)).trusted.count == 2)
    }

    @Test(
        "former officers who backdate: a key that has ended anchors nothing, but with a time stamp from before its end"
    )
    func formerOfficers() throws {
        let forged = try laid(by: ["olga", "omar"], created: "2020-01-01T00:00:00Z")
        let authority = try TimeStampAuthority()
        // They left in 2021, and backdate what they sign today.
        let now: Timestamp = "2100-01-01T00:00:00Z"
        let left = try forged.anchor(until: "2021-01-01T00:00:00Z", trusting: authority.certificate)
        func verdict(_ anchor: Anchor) throws -> AuditVerdict {
            let audit = try audit(forged, anchor, at: now)
            #expect(audit.failed.isEmpty)
            return audit.verdict
        }
        #expect(try verdict(left) == .notAnchored)
        // A stamp of today is too young for that.
        for name in ["olga", "omar"] as [Name] {
            try forged.stamp(name, by: authority)
        }
        #expect(try verdict(left) == .notAnchored)
        // Made while the keys were valid, the same stamps count: then the manifest is as old as it says, or was theirs to make.
        let later = try forged.anchor(until: "2099-01-01T00:00:00Z", trusting: authority.certificate)
        #expect(try verdict(later) == .incomplete)
        let nobody = try forged.anchor(until: "2099-01-01T00:00:00Z", trusting: nil)
        #expect(try verdict(nobody) == .notAnchored)
        // The loss: a file in which nobody has written that they left.
        let old = try forged.anchor(until: "2101-01-01T00:00:00Z", trusting: nil)
        #expect(try verdict(old) == .incomplete)
    }

    @Test("somebody who shows status an escrow of their own: never green without --signers; with it a check fails")
    func hollow() throws {
        let cast = try Cast(Cast.custodians.map { world.cast[$0] } + [try Somebody("mallory"), try Somebody("mark")])
        let hollow = try World(officers: "2 of (mallory, mark)", signedBy: ["mallory", "mark"], cast: cast)
        try hollow.acknowledge()
        let unasked = try hollow.report(trusting: nil)
        #expect(unasked.escrows.map(\.verdict) == [.due] && unasked.exitStatus == 1)
        #expect(unasked.escrows.map(\.dues) == [[.notAnchored("no --signers: anybody could have made this escrow")]])
        #expect(unasked.metrics.contains("ca_escrow_anchored{escrow=\"\(hollow.escrow)\"} 0\n"))
        let real = ["olga", "omar"].map { (name: Name) in world.cast[name].officer }
        let input = StatusInput(
            certificates: [],
            anchor: try .of(real),
            maximumAgeSeconds: 90 * StatusTests.day,
            leastMargin: 1,
            time: World.now
        )
        let asked = StatusReport(of: [try Audit(of: hollow.escrow, with: input.auditInput)], unread: [], against: input)
        #expect(asked.escrows.map { $0.failures.map(\.check) } == [[.anchor]] && asked.exitStatus == 2)
        #expect(asked.metrics.contains("ca_escrow_anchored{escrow=\"\(hollow.escrow)\"} 0\n"))
        // The real one, for those who know its officers; the loss is a signers file out of the attacker's hands.
        try world.acknowledge()
        let own = try world.report()
        #expect(own.exitStatus == 0 && own.metrics.contains("ca_escrow_anchored{escrow=\"\(world.escrow)\"} 1\n"))
        let theirs = try hollow.report(trusting: ["mallory", "mark"])
        #expect(theirs.exitStatus == 0)
    }
}
