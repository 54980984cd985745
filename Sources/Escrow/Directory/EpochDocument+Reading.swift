// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
import SystemPackage

// A manifest is read once, and those before it are looked for by their digests.
extension EpochDocument {
    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/manifest(path:_:)``
    init(in directory: FilePath) throws(EscrowError) {
        let file = directory.appending(Self.manifestName)
        let bytes = try orThrow(Files.read(file, limit: ByteLimit.manifest))
        try self.init(bytes, in: directory)
    }

    init(_ bytes: [UInt8], in directory: FilePath) throws(EscrowError) {
        path = directory
        self.bytes = bytes
        digest = SHA256Digest(of: bytes)
        let file = directory.appending(Self.manifestName).string
        manifest = try orThrow(Manifest(withoutArithmetic: bytes)) { .manifest(path: file, $0) }
    }

    /// This epoch, or the one of a lower number that its chain of digests leads to, whatever else lies in the escrow.
    ///
    /// - Returns: Nothing when the chain breaks before it.
    func ancestor(_ number: Int, in escrow: EscrowDirectory) -> EpochDocument? {
        let others = escrow.epochs.compactMap { try? $0.document.get() }
        var document = self
        while document.manifest.epoch > number {
            guard let next = others.first(where: { $0.digest == document.manifest.previous?.sha256 }) else {
                return nil
            }
            document = next
        }
        return document
    }

    /// This epoch and those before it, as far as its chain of digests leads, the newest first.
    func chain(in escrow: EscrowDirectory) -> [EpochDocument] {
        var chain = [self]
        while let last = chain.last, last.manifest.epoch > 1,
            let next = last.ancestor(last.manifest.epoch - 1, in: escrow)
        {
            chain.append(next)
        }
        return chain
    }
}

extension EpochDocument {
    /// A custodian's card, unless it is not the one that the manifest names: an audit says so.
    package func card(of name: Name) -> Card? {
        guard let person = manifest.person(named: name),
            let bytes = try? Files.read(cardPath(of: name), limit: ByteLimit.document),
            SHA256Digest(of: bytes) == person.card
        else {
            return nil
        }
        return try? Card(canonical: bytes)
    }
}
