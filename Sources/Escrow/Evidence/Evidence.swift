// SPDX-License-Identifier: Apache-2.0

package import Custody
package import SecretSharing

/// What people have added to one epoch since it was made, checked: the ground that reports and status stand on.
package struct Evidence: Sendable {
    package let epoch: EpochDocument
    package let receipts: FiledDocuments<Receipt>
    package let challenges: FiledDocuments<Challenge>
    package let proofs: ProofReview
    package let requests: [RequestReview]
    package let requestFaults: [EscrowError]
    package let releases: FiledDocuments<ReleaseStatement>
    package let refusals: FiledDocuments<Refusal>
    package let overrides: FiledDocuments<VetoOverride>
    package let suspensions: FiledDocuments<Suspension>
    package let restores: FiledDocuments<RestoreRecord>
    package let drills: FiledDocuments<DrillReceipt>
    /// What the epochs before it have that keep the same secret: a suspension goes on, whoever approves now.
    private let earlier: (suspensions: [Filed<Suspension>], receipts: [Filed<Receipt>])

    /// Reads all of it.
    ///
    /// - Throws: ``EscrowError/file(_:)`` when a directory cannot be listed.
    /// - Parameter escrow: Where the epochs before it lie.
    package init(of epoch: EpochDocument, in escrow: EscrowDirectory) throws(EscrowError) {
        self.epoch = epoch
        var (suspended, acknowledged): ([Filed<Suspension>], [Filed<Receipt>]) = ([], [])
        for before in epoch.chain(in: escrow).dropFirst() where before.manifest.set == epoch.manifest.set {
            suspended += try before.filed(Suspension.self).documents
            acknowledged += try before.filed(Receipt.self).documents
        }
        earlier = (suspended, acknowledged)
        receipts = try epoch.filed(Receipt.self)
        challenges = try epoch.filed(Challenge.self)
        proofs = try ProofReview(of: epoch, answering: challenges.documents)
        let filed = try epoch.filed(Request.self)
        requestFaults = filed.faults
        releases = try epoch.filed(ReleaseStatement.self)
        refusals = try epoch.filed(Refusal.self)
        overrides = try epoch.filed(VetoOverride.self)
        suspensions = try epoch.filed(Suspension.self)
        restores = try epoch.filed(RestoreRecord.self)
        drills = try epoch.filed(DrillReceipt.self)
        let (refused, set) = (refusals.documents, overrides.documents)
        requests = filed.documents.map { RequestReview($0, in: epoch, refused, set) }
    }

    /// The newest receipt of a custodian.
    package func receipt(of name: Name) -> Filed<Receipt>? {
        receipts.documents.filter { $0.document.custodian == name }.max { $0.document.created < $1.document.created }
    }

    /// Custodians without a receipt, in the order of people.
    package var withoutReceipt: [Name] {
        epoch.manifest.people.map(\.name).filter { receipt(of: $0) == nil }
    }

    /// The challenges that count: whose signer the anchor admits.
    package func admittedChallenges(by anchor: Anchor?) -> [Filed<Challenge>] {
        guard let anchor else {
            return []
        }
        return challenges.documents.filter { filed in
            let challenge = filed.document
            return !anchor.trusted(among: [challenge.auditor], for: .challenge, at: challenge.created).isEmpty
        }
    }

    /// A custodian's proof that answers the newest challenge, among those that count.
    package func newestProof(
        of name: Name,
        answering challenges: [Filed<Challenge>]
    ) -> (proof: Filed<Proof>, challenge: Filed<Challenge>)? {
        let counted = Set(challenges.map(\.digest))
        return proofs.proofs
            .filter { $0.proof.document.custodian == name && counted.contains($0.challenge.digest) }
            .max { $0.challenge.document.created < $1.challenge.document.created }
    }

    /// Why a custodian is not to be counted on: the newest suspension, unless they have acknowledged since.
    package func suspension(of name: Name) -> Filed<Suspension>? {
        guard
            let newest = (suspensions.documents + earlier.suspensions).filter({ $0.document.custodian == name })
                .max(by: { $0.document.created < $1.document.created })
        else {
            return nil
        }
        let isLifted = (receipts.documents + earlier.receipts).contains { filed in
            filed.document.custodian == name && filed.document.created > newest.document.created
        }
        return isLifted ? nil : newest
    }

    /// Custodians who are suspended, in the order of people.
    package var suspended: [Name] { epoch.manifest.people.map(\.name).filter { suspension(of: $0) != nil } }

    /// Custodians who can be counted on.
    package var available: Set<Name> { Set(epoch.manifest.people.map(\.name)).subtracting(suspended) }

    /// How many members each gate has beyond its threshold, when these people come.
    package func margins(of present: Set<Name>) -> [GateMargin] { epoch.manifest.policy.margins(of: present) }
}

/// How much of a gate can still be lost.
package struct GateMargin: Hashable, Sendable {
    package let path: Path
    package let threshold: Int
    /// Members who are available: custodians, and inner gates that are satisfied.
    package let available: Int
    package let memberCount: Int
    /// How many people may be lost, whoever they are, before the gate is: -1 when it is lost.
    ///
    /// In a gate of custodians that is `available - threshold`. A gate of gates is lost with the people of few of them:
    /// "2 of 2 gates" loses nothing by itself, and has the margin of the weaker one.
    package let margin: Int
}

extension Policy<Name> {
    /// The margin of every gate, in tree order.
    package func margins(of present: Set<Name>) -> [GateMargin] {
        gates.map { path, gate in
            GateMargin(
                path: path,
                threshold: gate.threshold,
                available: gate.members.count { $0.fewestToLose(among: present) > 0 },
                memberCount: gate.members.count,
                margin: gate.fewestToLose(among: present) - 1
            )
        }
    }
}

extension Gate<Name> {
    /// The fewest of these people whose loss leaves the gate below its threshold: 0 when it is there already.
    fileprivate func fewestToLose(among present: Set<Name>) -> Int {
        members.map { $0.fewestToLose(among: present) }.sorted().prefix(members.count - threshold + 1).reduce(0, +)
    }
}

extension Gate<Name>.Member {
    fileprivate func fewestToLose(among present: Set<Name>) -> Int {
        switch self {
        case .custodian(let name): present.contains(name) ? 1 : 0
        case .gate(let gate): gate.fewestToLose(among: present)
        }
    }
}
