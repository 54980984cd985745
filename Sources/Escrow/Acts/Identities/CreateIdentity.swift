// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
import SecretMemory
package import SystemPackage

/// Somebody makes their identity, which stays with them, and their card, which they give to the officers.
package struct CreateIdentity {
    private let name: Name
    private let details: CardDetails
    private let folder: FilePath?
    private let isWithoutPassphrase: Bool

    /// - Parameters:
    ///   - folder: Where the two files go; the working directory when not given.
    ///   - isWithoutPassphrase: Whether whoever has the file is its owner.
    package init(_ name: Name, _ details: CardDetails, in folder: FilePath?, isWithoutPassphrase: Bool) {
        (self.name, self.details) = (name, details)
        (self.folder, self.isWithoutPassphrase) = (folder, isWithoutPassphrase)
    }

    /// What was made.
    package struct Made: Sendable {
        package let identity: FilePath
        package let cardPath: FilePath
        package let card: Card
    }

    /// - Throws: ``EscrowError/file(_:)``, ``PersonFault/identityNotMade(_:)``, and what stands against the passphrase.
    package func run(attended attendance: any Attendance) throws(EscrowError) -> Made {
        let (identityPath, cardPath) = (place("\(name).identity"), place("\(name).card"))
        for path in [identityPath, cardPath] {
            try orThrow(Files.requireNothing(at: path))
        }
        let passphrase = isWithoutPassphrase ? nil : try attendance.newPassphrase(.newIdentity(name))
        let identity = Identity(generatingFor: name)
        let file: IdentityFile
        do throws(IdentityError) {
            attendance.tell(.begun(.makingIdentity))
            defer { attendance.tell(.ended) }
            file = try identity.sealed(passphrase: passphrase)
        } catch {
            throw .person(.identityNotMade("\(error)"))
        }
        let card = Card.make(for: identity, details: details)
        let (secret, shared) = (file.encoded(), card.bytes)
        // Both or neither, also when a signal comes.
        try orThrow(
            SignalShield.during { () throws(FileError) in
                try Files.create(identityPath, secret, permissions: [.ownerReadWrite])
                do throws(FileError) {
                    try Files.create(cardPath, shared, permissions: .publicFile)
                } catch {
                    Files.withdraw(identityPath)
                    throw error
                }
            }
        )
        return Made(identity: identityPath, cardPath: cardPath, card: card)
    }

    private func place(_ name: String) -> FilePath { folder?.appending(name) ?? FilePath(name) }
}
