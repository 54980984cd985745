// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
import SecretMemory
package import SystemPackage

/// Somebody seals their keys under another passphrase, in another file; the old one stays as it is.
package struct ChangePassphrase {
    private let identity: IdentityOnDisk
    private let place: FilePath

    /// - Parameter place: A new file.
    package init(of identity: IdentityOnDisk, to place: FilePath) {
        (self.identity, self.place) = (identity, place)
    }

    /// - Throws: ``EscrowError/file(_:)``, ``PersonFault/identityNotMade(_:)``, why the identity cannot be opened, and what
    ///   stands against the new passphrase.
    package func run(attended attendance: any Attendance) throws(EscrowError) {
        try orThrow(Files.requireNothing(at: place))
        let opened = try identity.opened(attended: attendance)
        let passphrase: SecretBytes? = try attendance.newPassphrase(.renewedIdentity(identity.name))
        let renewed: IdentityFile
        do throws(IdentityError) {
            attendance.tell(.begun(.sealingIdentity))
            defer { attendance.tell(.ended) }
            renewed = try opened.sealed(passphrase: passphrase).keepingUnknownUnlocks(of: identity.file)
        } catch {
            throw .person(.identityNotMade("\(error)"))
        }
        try orThrow(Files.create(place, renewed.encoded(), permissions: [.ownerReadWrite]))
    }
}
