// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import Escrow
import SecretSharing
import SystemPackage

/// The epoch that counts, the one in force or else the newest, with its people.
package struct EscrowStanding: Sendable {
    package let epoch: EpochDocument
    /// The newest certificate that it holds for the certification authority, added ones included.
    package let certificate: Certificate
    package let isInForce: Bool
    /// What the officers whom one knows make of it; nothing when one names none.
    package let anchor: AnchorOutcome?
    /// Officers who have signed it, and whom one does not know.
    package let strangers: [Name]
    /// Whether a certificate of the same subject was brought along to compare.
    package let isCompared: Bool
    /// In the order of names.
    package let custodians: [CustodianStanding]
    /// Challenges whose signer nobody vouches for: answers to them show nothing.
    package let challengesNotCounted: Int
    /// In tree order; suspended custodians count as absent.
    package let gates: [GateMargin]
    /// Whether those who are not suspended cannot restore.
    package let isQuorumLost: Bool
    /// The last drill of this epoch; nothing when there was none.
    package let drill: CountedDrill?
    /// What comes next of that which is not stale yet.
    package let next: Staleness?

    init(of subject: EpochApproval, _ audit: Audit, _ input: StatusInput) {
        let document = subject.document
        let manifest = document.manifest
        epoch = document
        isInForce = audit.chain.inForce?.document.digest == document.digest
        anchor = input.anchor?.outcome(of: subject, at: audit.escrow.string, now: input.time)
        strangers = input.anchor?.strangers(in: subject).map(\.name) ?? []
        let held = manifest.certificates + audit.added.filter(\.isApproved).map(\.document.certificate)
        certificate = held.filter(document.isOf).current ?? manifest.certificate
        isCompared = input.certificates.contains { document.isOf($0.certificate) }
        // Without evidence the records cannot be listed: the audit has failed.
        guard let evidence = audit.evidence[document.digest] else {
            (custodians, challengesNotCounted, gates, isQuorumLost, drill, next) = ([], 0, [], false, nil, nil)
            return
        }
        let challenges = evidence.admittedChallenges(by: input.anchor)
        challengesNotCounted = evidence.challenges.documents.count - challenges.count
        custodians = manifest.people.map { person in
            CustodianStanding(of: person.name, in: evidence, answering: challenges, input)
        }
        gates = evidence.margins(of: evidence.available)
        drill = evidence.countedDrills(by: input.anchor).last
        let isRetired = manifest.isRetired && isInForce
        // A receipt that could not be read may end a suspension.
        isQuorumLost =
            !isRetired && !evidence.isUnread(Receipt.self)
            && !manifest.policy.isSatisfied(by: evidence.available)
        next =
            isRetired
            ? nil : Self.next(certificate, custodians, drill, evidence.requests.map(\.request), input)
    }

    /// Whether officers have ended the escrow: it needs nothing more.
    package var isRetired: Bool { epoch.manifest.isRetired && isInForce }

    /// Custodians who have opened their share and said so, and are counted on.
    package var acknowledged: Int { custodians.count { $0.acknowledged != nil && !$0.isSuspended } }

    /// Custodians who are not counted on.
    package var suspended: [CustodianStanding] { custodians.filter(\.isSuspended) }

    /// Custodians of whom young evidence is here, by its kind.
    package func proven(by kind: CustodianEvidence.Kind) -> Int {
        custodians.count { $0.isProven && $0.evidence?.kind == kind }
    }

    /// The least of all gates' margins.
    package var margin: Int { gates.map(\.margin).min() ?? 0 }

    /// That nobody whom one knows vouches for the escrow; where they contradict it, a check of the audit has failed.
    var anchorDue: Due? {
        switch anchor {
        case nil: .notAnchored("no --signers: anybody could have made this escrow")
        case .notChecked(let reason): .notAnchored(reason.description)
        case .anchored, .failed: nil
        }
    }

    /// What is due of the people, and of the certificate's validity.
    func dues(_ input: StatusInput) -> [Due] {
        let counted = custodians.filter { !$0.isSuspended }
        var dues: [Due] = []
        if certificate.notAfter < input.time.secondsSinceEpoch {
            dues.append(.certificateExpired(certificate))
        }
        if let limit = input.maximumDrillAgeSeconds {
            let isYoung = drill.map { input.time.secondsSinceEpoch <= $0.time.secondsSinceEpoch + limit } ?? false
            if !isYoung {
                dues.append(.drill(last: drill?.time))
            }
        }
        let silent = counted.filter { $0.acknowledged == nil }
        if !silent.isEmpty {
            dues.append(.notAcknowledged(silent.map(\.name)))
        }
        for custodian in suspended where !isQuorumLost {
            if let cause = custodian.suspended {
                dues.append(.suspended(custodian.name, cause))
            }
        }
        for custodian in counted where !custodian.isProven {
            if let evidence = custodian.evidence {
                dues.append(.notProven(custodian.name, last: evidence))
            }
        }
        for gate in gates where gate.margin < input.leastMargin && !isQuorumLost {
            dues.append(.marginTooSmall(gate, least: input.leastMargin))
        }
        for custodian in counted {
            if let end = custodian.validUntil, end < input.time {
                dues.append(.cardExpired(custodian.name, end))
            }
        }
        return dues
    }

    private static func next(
        _ certificate: Certificate,
        _ custodians: [CustodianStanding],
        _ drill: CountedDrill?,
        _ requests: [Filed<Request>],
        _ input: StatusInput
    ) -> Staleness? {
        var all = [Staleness(time: certificate.end, subject: .certificate)]
        for custodian in custodians where !custodian.isSuspended {
            if let evidence = custodian.evidence {
                let end = evidence.time.adding(seconds: input.maximumAgeSeconds)
                all.append(Staleness(time: end, subject: .evidence(custodian.name, evidence.kind)))
            }
            if let end = custodian.validUntil {
                all.append(Staleness(time: end, subject: .card(custodian.name)))
            }
        }
        if let drill, let limit = input.maximumDrillAgeSeconds {
            all.append(Staleness(time: drill.time.adding(seconds: limit), subject: .drill))
        }
        all += requests.map { Staleness(time: $0.document.expires, subject: .request($0.identifier)) }
        return all.filter { $0.time >= input.time }.min { $0.time < $1.time }
    }
}

/// That something is good until a certain time.
package struct Staleness: Hashable, Sendable {
    /// The last second.
    package let time: Timestamp
    package let subject: Subject

    package enum Subject: Hashable, Sendable {
        /// The certification authority's.
        case certificate
        /// A receipt or proof grows too old.
        case evidence(Name, CustodianEvidence.Kind)
        case card(Name)
        /// The last one grows too old.
        case drill
        /// An open request, by its ID.
        case request(String)
    }
}

extension Staleness.Subject: CustomStringConvertible {
    package var description: String {
        switch self {
        case .certificate: "the CA's certificate"
        case .evidence(let name, let kind): "the \(kind.rawValue) of \(name)"
        case .card(let name): "the card of \(name)"
        case .drill: "the last drill"
        case .request(let identifier): "request \(identifier.prefix(8))"
        }
    }
}
