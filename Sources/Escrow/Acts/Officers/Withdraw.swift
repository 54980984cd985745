// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// An officer takes a draft of theirs back, and its key file: nothing is erased.
///
/// docs/format.md, section 5.2.
package struct Withdraw {
    private let escrow: FilePath
    private let selected: EpochSelector?
    private let pkcs12: FilePath?
    private let officer: IdentityOnDisk

    /// - Parameters:
    ///   - selected: Which draft; the only one of the officer when not given.
    ///   - pkcs12: Where the key file lies, when it is not beside the escrow.
    package init(
        _ selected: EpochSelector?,
        of escrow: FilePath,
        pkcs12: FilePath?,
        by officer: IdentityOnDisk
    ) {
        (self.selected, self.escrow, self.pkcs12, self.officer) = (selected, escrow, pkcs12, officer)
    }

    /// - Returns: What was moved, and where the directory of it is.
    package func run(attended attendance: any Attendance) throws(EscrowError) -> Withdrawal {
        try locked(escrow) { () throws(EscrowError) in
            let directory = try EscrowDirectory(at: escrow)
            let chain = try ActingOfficer(officer).chain(of: directory)
            let withdrawal = try Withdrawal(of: selected, in: directory, chain, by: officer.signer, pkcs12: pkcs12)
            attendance.tell(.withdraws(withdrawal))
            try attendance.confirm(.withdraw)
            // Only opening it shows that the identity is theirs.
            try officer.use(attended: attendance) { _ in }
            try withdrawal.perform()
            return withdrawal
        }
    }
}
