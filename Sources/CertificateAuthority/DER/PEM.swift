// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files
import SecretMemory

/// The blocks of a PEM file, found without decoding them.
///
/// OpenSSL's reader decodes what it skips into memory that it does not erase: certificates are cut out of a file that
/// may hold a key before OpenSSL sees them.
package enum PEM {
    /// One block from its BEGIN line to the end of its END line.
    package struct Block: Equatable {
        /// What stands after BEGIN, such as `CERTIFICATE`.
        package let label: String
        package let range: Range<Int>
        /// Of its BEGIN, from 1.
        package let line: Int

        package var isCertificate: Bool { PEM.certificateLabels.contains(bytesOf: label) }
        package var isTrustedCertificate: Bool { label.isEqual(bytesOf: PEM.trustedCertificateLabel) }
        package var isPrivateKey: Bool {
            label.isEqual(bytesOf: "PRIVATE KEY") || label.hasSuffix(bytesOf: " PRIVATE KEY")
        }
    }

    /// What a block holds that may be secret.
    struct SecretContent: ~Copyable {
        /// The lines before the first empty one.
        let header: String
        let bytes: SecretBytes

        consuming func takeBytes() -> SecretBytes { bytes }
    }

    /// Finds the blocks whose END line has the label of their BEGIN line.
    package static func blocks(in bytes: Span<UInt8>) -> [Block] {
        var blocks: [Block] = []
        var open: (label: String, start: Int, line: Int)?
        var (start, line) = (0, 1)
        while start < bytes.count {
            let end = lineEnd(from: start, in: bytes)
            if let label = label(of: start..<end, after: begin, in: bytes) {
                open = (label, start, line)
            } else if let block = open,
                label(of: start..<end, after: finish, in: bytes)?.isEqual(bytesOf: block.label) == true
            {
                let range = block.start..<min(end + 1, bytes.count)
                blocks.append(Block(label: block.label, range: range, line: block.line))
                open = nil
            }
            start = end + 1
            line += 1
        }
        return blocks
    }

    /// The bytes of a public block; nothing when it is encrypted, or not well formed.
    static func decode(_ block: Span<UInt8>) -> [UInt8]? {
        let bio = unsafe block.withUnsafeBytes { unsafe BIO_new_mem_buf($0.baseAddress, Int32($0.count)) }
        defer { unsafe BIO_free(bio) }
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var isPlain = false
        let bytes = unsafe OpenSSL.der { start in
            var count = 0
            guard unsafe PEM_read_bio(bio, &name, &header, start, &count) == 1 else {
                return 0
            }
            unsafe isPlain = header?.pointee == 0
            return Int32(count)
        }
        unsafe COpenSSL_free(name)
        unsafe COpenSSL_free(header)
        return isPlain ? bytes : nil
    }

    /// What a block that may be secret holds, plain or encrypted; nothing when it is not well formed.
    static func decode(secret block: Span<UInt8>) -> SecretContent? {
        let bio = unsafe block.withUnsafeBytes { unsafe BIO_new_mem_buf($0.baseAddress, Int32($0.count)) }
        defer { unsafe BIO_free(bio) }
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var start: UnsafeMutablePointer<UInt8>?
        var count = 0
        let flags = UInt32(PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE)
        guard unsafe PEM_read_bio_ex(bio, &name, &header, &start, &count, flags) == 1 else {
            return nil
        }
        defer {
            unsafe COpenSSL_secure_clear_free(name, 0)
            unsafe COpenSSL_secure_clear_free(header, 0)
            unsafe COpenSSL_secure_clear_free(start, count)
        }
        guard let start = unsafe start, count > 0 else {
            return nil
        }
        return SecretContent(
            header: unsafe header.map { unsafe String(cString: $0) } ?? "",
            bytes: SecretBytes(copying: unsafe UnsafeBufferPointer(start: start, count: count).span)
        )
    }

    /// A public block as text.
    static func text(label: String, _ der: [UInt8]) -> [UInt8] {
        let text = unsafe OpenSSL.text { unsafe PEM_write_bio($0, label, "", der, der.count) > 0 }
        guard let text else {
            preconditionFailure("writing PEM into memory does not fail")
        }
        return text
    }

    /// A secret block as text, made without a copy outside the result.
    static func text(label: String, secret der: borrowing SecretBytes) -> SecretBytes {
        let head = Array("-----BEGIN \(label)-----\n".utf8)
        let tail = Array("-----END \(label)-----\n".utf8)
        let der = der.span
        let lineCount = (der.count + lineByteCount - 1) / lineByteCount
        let count = head.count + (der.count + 2) / 3 * 4 + lineCount + tail.count
        // EVP_EncodeBlock ends each line with a zero byte, which the line feed then replaces.
        return SecretBytes(count: count) { text in
            var place = 0
            for byte in head {
                text[place] = byte
                place += 1
            }
            for start in stride(from: 0, to: der.count, by: lineByteCount) {
                let line = der.extracting(start..<min(start + lineByteCount, der.count))
                let written = unsafe text.withUnsafeMutableBufferPointer { text in
                    unsafe line.withUnsafeBufferPointer { line in
                        unsafe EVP_EncodeBlock(text.baseAddress! + place, line.baseAddress!, Int32(line.count))
                    }
                }
                place += Int(written)
                text[place] = newline
                place += 1
            }
            for byte in tail {
                text[place] = byte
                place += 1
            }
        }
    }

    static func label(of line: Range<Int>, after prefix: [UInt8], in bytes: Span<UInt8>) -> String? {
        var end = line.upperBound
        while end > line.lowerBound, bytes[end - 1] <= 0x20 {
            end -= 1
        }
        let start = line.lowerBound + prefix.count
        // No label is longer than 64 bytes: what is copied out of a secret file is a label, never a key.
        guard end - start > dashes.count, end - start <= 64 + dashes.count,
            bytes.extracting(line.lowerBound..<end).starts(with: prefix),
            bytes.extracting(end - dashes.count..<end).starts(with: dashes)
        else {
            return nil
        }
        return String(decoding: (start..<end - dashes.count).map { bytes[$0] }, as: UTF8.self)
    }

    /// Where the line ends that begins at a place.
    static func lineEnd(from start: Int, in bytes: Span<UInt8>) -> Int {
        (start..<bytes.count).first { bytes[$0] == newline } ?? bytes.count
    }

    static let certificateLabels = ["CERTIFICATE", "X509 CERTIFICATE", trustedCertificateLabel]
    private static let trustedCertificateLabel = "TRUSTED CERTIFICATE"
    static let begin = Array("-----BEGIN ".utf8)
    static let finish = Array("-----END ".utf8)
    private static let dashes = Array("-----".utf8)
    static let newline = UInt8(ascii: "\n")
    /// 64 characters a line, as RFC 7468 says.
    private static let lineByteCount = 48
}

extension Span<UInt8> {
    /// Whether the bytes start with others.
    package func starts(with beginning: [UInt8]) -> Bool {
        count >= beginning.count && beginning.indices.allSatisfy { self[$0] == beginning[$0] }
    }
}
