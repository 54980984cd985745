// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing
package import SystemPackage

/// A custodian opens their own shares and checks them: nothing secret is shown, and nothing is written.
package struct Check {
    private let escrows: [FilePath]
    private let identity: IdentityOnDisk
    private let selected: EpochSelector?

    /// - Parameters:
    ///   - escrows: Directories, or parcels of escrows.
    ///   - selected: An epoch other than the one in force.
    package init(_ escrows: [FilePath], by identity: IdentityOnDisk, epoch selected: EpochSelector?) {
        (self.escrows, self.identity, self.selected) = (escrows, identity, selected)
    }

    /// Who is no custodian in one of them is not asked for a passphrase.
    package func run(attended attendance: any Attendance) throws(EscrowError) {
        let named = try NamedEscrow.all(at: escrows, attended: attendance)
        let directories = try named.map { each throws(EscrowError) in try each.directory() }
        let seen = try SeenManifests(of: identity.name, beside: FilePath(identity.path))
        let chains = directories.map { $0.chain { seen.has($0.document) } }
        let approvals = try chains.map { chain throws(EscrowError) in try chain.approval(selected: selected) }
        for approval in approvals where approval.document.manifest.person(named: identity.name) == nil {
            throw .person(.notACustodian(path: identity.path, identity.name))
        }
        for (directory, (chain, approval)) in zip(directories, zip(chains, approvals))
        where selected == nil && approval.isApproved {
            try seen.check(approval.document, in: directory, chain)
        }
        for ((named, directory), approval) in zip(zip(named, directories), approvals) {
            let document = approval.document
            try identity.use(attended: attendance) { identity throws(EscrowError) in
                _ = try document.openShare(of: identity, at: self.identity.path, in: directory)
            }
            attendance.tell(
                .checked(
                    CheckedShare(
                        custodian: identity.name,
                        identityPath: identity.path,
                        escrow: named,
                        approval: approval,
                        isToBeAcknowledged: selected == nil && approval.isApproved && !seen.has(document)
                    )
                )
            )
        }
    }
}

/// A share that its custodian has opened and checked.
package struct CheckedShare: Sendable {
    package let custodian: Name
    /// The custodian's identity file.
    package let identityPath: String
    package let escrow: NamedEscrow
    package let approval: EpochApproval
    /// Whether its custodian is to compare the manifest and acknowledge it.
    package let isToBeAcknowledged: Bool

    /// Its place in the policy.
    package var path: Path { approval.document.manifest.policy.path(of: custodian) ?? .root }

    /// The epoch whose manifest the sealed share is bound to.
    package var sealedIn: Int {
        let manifest = approval.document.manifest
        return manifest.share(of: custodian)?.sealedIn ?? manifest.epoch
    }
}
