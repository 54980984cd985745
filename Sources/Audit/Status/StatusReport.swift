// SPDX-License-Identifier: Apache-2.0

package import Escrow
import Files
package import SystemPackage

/// How escrows stand on a day, and which certification authorities have none.
package struct StatusReport: Sendable {
    package let input: StatusInput
    package let escrows: [EscrowStatus]
    /// Escrows that could not be read at all, with the reason.
    package let unread: [Unread]
    /// Certificates that no escrow here is of.
    package let neverEscrowed: [WatchedCertificate]

    /// An escrow that could not be read.
    package struct Unread: Sendable {
        package let escrow: FilePath
        package let error: EscrowError
    }

    /// Takes stock of escrows that were audited with ``StatusInput/auditInput``.
    package init(of audits: [Audit], unread: [Unread], against input: StatusInput) {
        self.input = input
        self.unread = unread
        escrows = audits.map { EscrowStatus(of: $0, against: input) }
        // A rehearsal is no escrow of any CA, whatever its certificate; one that was retired is no escrow of a certificate that came later.
        let standings = escrows.compactMap(\.standing)
        neverEscrowed = input.certificates.filter { watched in
            !standings.contains { standing in
                standing.epoch.isOf(watched.certificate) && !standing.epoch.manifest.isRehearsal
                    && (!standing.isRetired || standing.epoch.manifest.certificates.contains(watched.certificate))
            }
        }
    }

    /// 0, 1 or 2, as monitoring takes them for OK, WARNING and CRITICAL; escrows that could not be read are not in it.
    package var exitStatus: Int32 {
        max(neverEscrowed.isEmpty ? 0 : 1, escrows.map(\.verdict.exitStatus).max() ?? 0)
    }
}
