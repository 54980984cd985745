// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// What lies in a safe, as OpenSSL takes it apart.
///
/// OpenSSL 3.0 refuses a safe whole when a key lies in it unencrypted with its public key beside it (RFC 5958, section 2).
/// Such keys are held against their public keys, and put into the first version of PKCS#8.
enum PKCS12SafeContents {
    /// The bags of a safe that is not encrypted, `STACK_OF(PKCS12_SAFEBAG) *`, the caller's to free.
    ///
    /// - Throws: ``PKCS12Error/malformed(_:)``, ``PKCS12Error/key(_:)``
    static func bags(of safe: UnsafeMutablePointer<PKCS7>) throws(PKCS12Error) -> OpaquePointer {
        if let bags = unsafe PKCS12_unpack_p7data(safe) {
            return unsafe bags
        }
        let error = OpenSSLError.drainingQueue(after: "unpack a safe")
        guard unsafe OBJ_obj2nid(safe.pointee.type) == NID_pkcs7_data, let data = unsafe safe.pointee.d.data,
            let start = unsafe ASN1_STRING_get0_data(data), case let count = unsafe ASN1_STRING_length(data), count > 0,
            let bags = try unsafe simplified(
                SecretBytes(copying: UnsafeBufferPointer(start: start, count: Int(count)).span)
            )
        else {
            throw .malformed(error)
        }
        return unsafe bags
    }

    /// The bags of a safe that was encrypted, likewise; `nil` when the text is none.
    ///
    /// - Throws: ``PKCS12Error/key(_:)``
    static func bags(in text: borrowing SecretBytes) throws(PKCS12Error) -> OpaquePointer? {
        defer { OpenSSLError.clearQueue() }
        if let bags = unsafe decode(text) {
            return unsafe bags
        }
        return try unsafe simplified(text)
    }

    private static func decode(_ text: borrowing SecretBytes) -> OpaquePointer? {
        unsafe OpenSSL.read(text.span) { unsafe COpenSSL_d2i_SAFEBAGS($0, $1) }
    }

    /// The bags with such keys in the first version; `nil` when there is none.
    private static func simplified(_ text: borrowing SecretBytes) throws(PKCS12Error) -> OpaquePointer? {
        let bytes = text.span
        do throws(KeyError) {
            guard let safe = DERValue(in: bytes, at: 0..<bytes.count), let pieces = try contents(safe, bytes, depth: 0)
            else {
                return nil
            }
            return unsafe decode(pieces.text(from: bytes))
        } catch {
            throw .key(error)
        }
    }

    /// A `SafeContents`; `nil` when there is nothing to change in it.
    private static func contents(_ value: DERValue, _ bytes: Span<UInt8>, depth: Int) throws(KeyError) -> DERPieces? {
        guard value.tag == DERValue.sequence, depth <= PKCS12Limits.depth,
            let bags = value.values(in: bytes, limit: PKCS12Limits.parts)
        else {
            return nil
        }
        var pieces = DERPieces()
        var isChanged = false
        for bag in bags {
            if let changed = try self.bag(bag, bytes, depth: depth) {
                pieces.append(changed)
                isChanged = true
            } else {
                pieces.append(bag.whole)
            }
        }
        return isChanged ? pieces.wrapped(DERValue.sequence) : nil
    }

    /// A `SafeBag`, likewise.
    private static func bag(_ value: DERValue, _ bytes: Span<UInt8>, depth: Int) throws(KeyError) -> DERPieces? {
        guard value.tag == DERValue.sequence, let parts = value.values(in: bytes), parts.count >= 2,
            parts[0].tag == DERValue.objectIdentifier, let content = DERValue(in: bytes, at: parts[1].content),
            content.whole == parts[1].content
        else {
            return nil
        }
        let changed: DERPieces?
        switch parts[0].content.map({ bytes[$0] }) {
        case bagTypes + [1]: changed = try PrivateKeyInfo.firstVersion(of: content, in: bytes)
        case bagTypes + [6]: changed = try contents(content, bytes, depth: depth + 1)
        default: changed = nil
        }
        guard let changed else {
            return nil
        }
        var pieces = DERPieces()
        pieces.append(parts[0].whole)
        pieces.append(changed.wrapped(parts[1].tag))
        for attributes in parts[2...] {
            pieces.append(attributes.whole)
        }
        return pieces.wrapped(DERValue.sequence)
    }

    /// pkcs-12 bagtypes, 1.2.840.113549.1.12.10.1; 1 is a key, 6 a safe inside another one.
    ///
    /// *RFC 7292, section 4.2.*
    private static let bagTypes: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01]
}
