// SPDX-License-Identifier: Apache-2.0

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

        package init(_ escrow: FilePath, _ error: EscrowError) {
            self.escrow = escrow
            self.error = error
        }
    }

    /// Takes stock of escrows that were audited with ``StatusInput/auditInput``.
    package init(of audits: [Audit], unread: [Unread], against input: StatusInput) {
        self.input = input
        self.unread = unread
        escrows = audits.map { EscrowStatus(of: $0, against: input) }
        // One that was retired is no escrow of a certificate that came later.
        let standings = escrows.compactMap(\.standing)
        neverEscrowed = input.certificates.filter { watched in
            !standings.contains { standing in
                standing.epoch.isOf(watched.certificate)
                    && (!standing.isRetired || standing.epoch.manifest.certificates.contains(watched.certificate))
            }
        }
    }

    /// 0, 1 or 2, as monitoring takes them for OK, WARNING and CRITICAL; escrows that could not be read are not in it.
    package var exitStatus: Int32 {
        max(neverEscrowed.isEmpty ? 0 : 1, escrows.map(\.verdict.exitStatus).max() ?? 0)
    }
}

extension EscrowDirectory {
    /// The escrows that a path names: itself, or those that lie in it, ordered by name.
    ///
    /// A directory called `….escrow` is one also when it holds no epoch: reading it says so.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package static func search(_ path: FilePath) throws(EscrowError) -> [FilePath] {
        guard !isEscrow(path), path.extension != "escrow" else {
            return [path]
        }
        let names = try orThrow { () throws(FileError) in try Files.names(in: path) }
        return names.map { path == "." ? FilePath($0) : path.appending($0) }.filter { inside in
            isEscrow(inside) || (inside.extension == "escrow" && (try? Files.kind(of: inside)) == .directory)
        }
    }
}
