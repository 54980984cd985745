// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
package import SystemPackage

/// One epoch's directory, such as `0001-3fa9c2d1`.
package struct EpochDirectory: Sendable {
    package let path: FilePath
    /// The directory's own name.
    package let name: String
    /// The epoch's number, from 1 on, as the name says it.
    package let number: Int
    /// The manifest, or why it cannot be read.
    package internal(set) var document: Result<EpochDocument, EscrowError>

    /// The manifest's name in the directory.
    package static let manifestName = "manifest.json"

    init(at path: FilePath, name: String, number: Int) {
        self.path = path
        self.name = name
        self.number = number
        do throws(EscrowError) {
            let document = try EpochDocument(in: path)
            guard Self.name(of: document.manifest.epoch, document.digest) == name else {
                throw .fileName(path: path.string, expected: Self.name(of: document.manifest.epoch, document.digest))
            }
            self.document = .success(document)
        } catch {
            document = .failure(error)
        }
    }

    /// `0001-3fa9c2d1`: the number, and the first 8 digits of the manifest's digest.
    package static func name(of epoch: Int, _ digest: SHA256Digest) -> String {
        let number = "\(epoch)"
        return String(repeating: "0", count: max(0, 4 - number.count)) + number + "-" + digest.short
    }

    /// The number in a name of that form.
    static func number(inName name: String) -> Int? {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        let bytes = name.utf8
        // Every directory above a key file is looked through, however many files it has: the length is told at once.
        guard bytes.count == 13, bytes.prefix(4).allSatisfy(isDigit), bytes.dropFirst(4).first == UInt8(ascii: "-"),
            bytes.suffix(8).allSatisfy({ isDigit($0) || (0x61...0x66).contains($0) })
        else {
            return nil
        }
        return Int(name.prefix(4)).flatMap { $0 > 0 ? $0 : nil }
    }
}

/// A manifest with the bytes it was read from: what is verified is what was parsed.
package struct EpochDocument: Sendable {
    /// The epoch's directory.
    package let path: FilePath
    /// The file as it was read.
    package let bytes: [UInt8]
    /// What `sha256sum` prints of the file.
    package let digest: SHA256Digest
    /// What the bytes say.
    package let manifest: Manifest

    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/manifest(path:_:)``
    init(in directory: FilePath) throws(EscrowError) {
        let file = directory.appending(EpochDirectory.manifestName)
        let bytes = try orThrow { () throws(FileError) in try Files.read(file, limit: ByteLimit.manifest) }
        try self.init(bytes, in: directory)
    }

    init(_ bytes: [UInt8], in directory: FilePath) throws(EscrowError) {
        path = directory
        self.bytes = bytes
        digest = SHA256Digest(of: bytes)
        do {
            manifest = try Manifest(withoutArithmetic: bytes)
        } catch {
            throw .manifest(path: directory.appending(EpochDirectory.manifestName).string, error)
        }
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

    /// The manifest's file.
    package var manifestPath: FilePath { path.appending(EpochDirectory.manifestName) }
}
