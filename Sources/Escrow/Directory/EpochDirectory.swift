// SPDX-License-Identifier: Apache-2.0

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

    init(at path: FilePath, name: String, number: Int) {
        self.path = path
        self.name = name
        self.number = number
        document = Result { () throws(EscrowError) in
            let document = try EpochDocument(in: path)
            let expected = Self.name(of: document.manifest.epoch, document.digest)
            guard expected == name else {
                throw .directory(.fileName(path: path.string, expected: expected))
            }
            return document
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

extension EpochDirectory {
    /// Where documents are filed that come after the epoch.
    package static let addedDirectories = [
        "receipts", "challenges", "proofs", "requests", "releases", "refusals", "records",
    ]

    /// Where a later edition files what it has of rotation: what lies there is neither judged nor a finding.
    package static let reservedDirectories = ["rotations", "reshares", "acceptances"]

    /// Whether a name has its place in an epoch's directory.
    package static func knows(_ name: String, isFirst: Bool) -> Bool {
        name == EpochDocument.manifestName || name == EpochDocument.cardsName || addedDirectories.contains(name)
            || reservedDirectories.contains(name)
            || (name.hasPrefix(bytesOf: EpochDocument.manifestName + ".")
                && (SignatureStamp.signature(of: name) ?? name).hasSuffix(bytesOf: ".sig"))
            || (name == EscrowDirectory.readmeName && !isFirst)
    }
}
