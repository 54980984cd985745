// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SystemPackage

/// What is looked for in a file of a CA's state before any of it is archived.
struct StateScan {
    /// What a file is for.
    enum Use {
        /// What an administrator writes.
        case configuration
        /// What the CA's software has written, or somebody has put there.
        case record
        /// A part that the CA does not go on without.
        case needed
        /// A number, which is read as one.
        case number
    }

    let use: Use
    let secrets: WithheldSecrets

    /// Settings that are no part of the configuration are looked for in text up to this size.
    private static let textLimit = 1 << 20
    private static let pieceLimit = 256 << 10

    /// - Throws: ``StateError`` when the file cannot be read, or is too large to be looked through.
    func look(in file: borrowing OpenedFile, named name: String) throws(StateError) -> StateCapture.LeftOut.Reason? {
        // Settings are looked through as a whole.
        let isWhole = use == .configuration || SettingScan.isJSON(name) || file.byteCount <= Self.textLimit
        guard !isWhole || file.byteCount <= SettingScan.byteLimit else {
            guard use == .configuration else {
                return .tooLarge
            }
            throw .file(
                .tooLarge(path: file.path.string, byteCount: file.byteCount, limit: SettingScan.byteLimit)
            )
        }
        var (keys, passphrases) = (PrivateKeyScan(), secrets.scan())
        var found: StateCapture.LeftOut.Reason?
        try file.readPieces(of: isWhole ? max(file.byteCount, 1) : Self.pieceLimit) {
            piece,
            isLast throws(StateError) in
            if use == .record, keys.isAtStart, Compression.isCompressed(piece) {
                found = .compressed
            } else if let kind = keys.look(at: piece, isLast: isLast) {
                found = .privateKey(kind: kind)
            } else if isWhole, let finding = settings(piece, name) {
                found = finding
            } else if use != .number, passphrases.look(at: piece, isLast: isLast) {
                found = .passphrase
            }
            return found == nil
        }
        return found
    }

    private func settings(_ file: [UInt8], _ name: String) -> StateCapture.LeftOut.Reason? {
        switch use {
        case .configuration: SettingScan.look(at: file, named: name)
        case .record: SettingScan.look(atRecord: file, named: name)
        case .needed, .number: nil
        }
    }
}

/// What cannot be looked into.
enum Compression {
    private static let magics: [[UInt8]] = [
        [0x1F, 0x8B, 0x08], [0x1F, 0x9D], [0xFD, 0x37, 0x7A, 0x58, 0x5A], [0x28, 0xB5, 0x2F, 0xFD],
        [0x04, 0x22, 0x4D, 0x18],
        [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], Array("PK\u{3}\u{4}".utf8), Array("PK\u{5}\u{6}".utf8),
        Array("Rar!\u{1A}\u{7}".utf8), Array("LZIP".utf8), Array("070701".utf8), Array("!<arch>\n".utf8),
    ]

    /// Whether a file is compressed, or holds other files, by how it begins.
    static func isCompressed(_ file: [UInt8]) -> Bool {
        magics.contains(where: file.starts(with:)) || file.dropFirst(257).starts(with: "ustar".utf8)
            // bzip2: the size of its blocks stands between.
            || (file.starts(with: "BZh".utf8) && file.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]))
    }
}

extension OpenedFile {
    /// Reads the file piece by piece; an empty one is one piece of nothing.
    ///
    /// - Parameter next: Gets each piece and whether it is the last one, and says whether to go on.
    /// - Throws: ``StateError``, or what `next` throws.
    func readPieces(
        of size: Int,
        _ next: ([UInt8], _ isLast: Bool) throws(StateError) -> Bool
    ) throws(StateError) {
        var offset = 0
        repeat {
            var buffer = [UInt8](repeating: 0, count: min(size, byteCount - offset))
            try stated(SignalShield.check(path))
            let count = try stated(read(at: offset, into: &buffer))
            guard count == buffer.count else {
                throw .changed(path: path.string)
            }
            offset += count
            guard try next(buffer, offset == byteCount) else {
                return
            }
        } while offset < byteCount
    }
}
