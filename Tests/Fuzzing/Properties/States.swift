// SPDX-License-Identifier: Apache-2.0

import SystemPackage

@testable import CertificateAuthority
@testable import Files
@testable import KeyStores

extension Reader {
    /// An archive of a CA's state, with the checksums of its headers corrected: else no mutation would come further.
    public static let state = Reader("State") { bytes in
        for archive in [bytes, withChecksums(bytes)] {
            let folder = try TemporaryDirectory(in: "/dev/shm")
            let path = folder.path.appending("state.tar")
            try folder.write(archive, to: "state.tar", shownAs: "state.tar")
            try check(path, byteCount: archive.count)
        }
    }

    private static func check(_ path: FilePath, byteCount: Int) throws {
        let digest = try StateArchive.digest(at: path).sha256
        let archive = try StateArchive(at: path, sha256: digest)
        var violation: Violation?
        var names: [String] = []
        let isListed =
            try accepted {
                try archive.list { header throws(StateError) in
                    names.append(header.name)
                    violation = violation ?? fault(of: header)
                }
            } != nil
        if let violation {
            throw violation
        }
        var (count, unpacked): (Int, [String]) = (0, [])
        let isUnpacked =
            try accepted {
                try archive.unpack { header throws(StateError) in
                    unpacked.append(header.name)
                } content: { bytes throws(StateError) in
                    count += bytes.count
                }
            } != nil
        try require(isListed == isUnpacked, "an archive is listed and not unpacked, or the other way round")
        try require(names == unpacked, "an archive is unpacked to other names than listed")
        try require(count <= byteCount, "more bytes are unpacked than the archive has")
    }

    private static func fault(of header: TarHeader) -> Violation? {
        let parts = header.name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for part in parts where part.isEmpty || part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
            return Violation(description: "a path leads elsewhere: \(header.name.debugDescription)")
        }
        // What has a slash of its own to the file system has one to us, and no other.
        guard header.name.split(separator: "/", omittingEmptySubsequences: false).count == parts.count else {
            return Violation(description: "a path has other parts for us: \(header.name.debugDescription)")
        }
        guard let block = header.encoded() else {
            return nil
        }
        return (try? TarHeader(block, at: 0)) == header
            ? nil : Violation(description: "a header that was written is read as another one")
    }

    /// Every block that looks like a header gets the checksum that it should have.
    private static func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for start in stride(from: 0, to: bytes.count - TarHeader.blockByteCount + 1, by: TarHeader.blockByteCount)
        where bytes[start + 257..<start + 262].elementsEqual("ustar".utf8) {
            bytes.replaceSubrange(start + 148..<start + 156, with: repeatElement(UInt8(ascii: " "), count: 8))
            let sum = bytes[start..<start + TarHeader.blockByteCount].reduce(0) { $0 + Int($1) }
            let digits = String(sum, radix: 8)
            let field = String(repeating: "0", count: 6 - digits.count) + digits + "\0 "
            bytes.replaceSubrange(start + 148..<start + 156, with: field.utf8)
        }
        return bytes
    }
}
