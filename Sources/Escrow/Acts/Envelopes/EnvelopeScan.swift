// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// What somebody scanned of an envelope: a picture, or what a hand-held scanner typed.
package enum EnvelopeScan {
    /// The codes in a picture, or the words of a text.
    ///
    /// - Parameters:
    ///   - scan: A file; `-` for standard input.
    ///   - searchPath: Such as `PATH`: pictures are read by `zbarimg`.
    package static func codes(in scan: String, searching searchPath: String) throws(CodeProgramError) -> [String] {
        let bytes: [UInt8]
        do {
            bytes =
                scan == "-"
                ? try Files.readStream(.standardInput, named: "-", limit: pictureLimit)
                : try Files.read(FilePath(scan), limit: pictureLimit, followingLinks: true)
        } catch {
            throw .file(error)
        }
        if let format = PictureFormat(of: bytes) {
            return try CodeProgram.zbarimg(in: searchPath).codes(in: bytes, format, named: scan)
        }
        if scan != "-", let found = RecognisedFile(at: FilePath(scan)), ![.text, .data, .empty].contains(found) {
            throw .anotherFile(scan, found)
        }
        guard bytes.count <= textLimit, bytes.allSatisfy({ (0x20...0x7e).contains($0) || blanks.contains($0) }) else {
            throw .neitherPictureNorText(scan)
        }
        let words = String(decoding: bytes, as: UTF8.self).unicodeScalars
            .split(whereSeparator: \.properties.isWhitespace).map { String($0) }
        guard !words.isEmpty else {
            throw .emptyText(scan)
        }
        return words
    }

    /// In bytes.
    private static let pictureLimit = 64 << 20
    private static let textLimit = 64 << 10
    private static let blanks = Array("\t\r\n".utf8)
}
