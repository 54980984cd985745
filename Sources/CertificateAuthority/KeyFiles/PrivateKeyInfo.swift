// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// A private key in PKCS#8, in either version: the first has the private key alone, the second its public key beside it.
///
/// *RFC 5958, section 2.* BouncyCastle writes Ed25519 and Ed448 in the second, which OpenSSL 3.0 does not read.
@safe
struct PrivateKeyInfo: ~Copyable {
    private let handle: OpaquePointer  // PKCS8_PRIV_KEY_INFO *, never null
    /// DER SubjectPublicKeyInfo of the public key that the second version has.
    private let publicKey: [UInt8]?

    deinit {
        unsafe PKCS8_PRIV_KEY_INFO_free(handle)
    }

    /// Takes the text apart; what follows it is passed over.
    ///
    /// - Throws: ``KeyError/malformed(form:_:)``
    static func parse(_ der: borrowing SecretBytes) throws(KeyError) -> PrivateKeyInfo {
        let bytes = der.span
        guard let outer = DERValue(in: bytes, at: 0..<bytes.count),
            let parts = PrivateKeyParts(outer, in: bytes), let place = parts.publicKeyPlace
        else {
            return try unsafe PrivateKeyInfo(handle: decode(der), publicKey: nil)
        }
        let publicKey = parts.publicKeyInfo(in: bytes, place)
        let plain = parts.firstVersion.text(from: bytes)
        return try unsafe PrivateKeyInfo(handle: decode(plain), publicKey: publicKey)
    }

    /// A key with its public key beside it in the first version of PKCS#8; `nil` for any other value.
    ///
    /// - Throws: ``KeyError`` as ``key()`` does, for a public key of another key among others.
    static func firstVersion(of value: DERValue, in bytes: Span<UInt8>) throws(KeyError) -> DERPieces? {
        guard let parts = PrivateKeyParts(value, in: bytes), parts.publicKeyPlace != nil else {
            return nil
        }
        _ = try parse(SecretBytes(copying: bytes.extracting(value.whole))).key()
        return parts.firstVersion
    }

    private static func decode(_ der: borrowing SecretBytes) throws(KeyError) -> OpaquePointer {
        guard let handle = unsafe OpenSSL.read(der.span, { unsafe d2i_PKCS8_PRIV_KEY_INFO(nil, $0, $1) }) else {
            throw .malformed(form: "PKCS#8", .drainingQueue(after: "read it"))
        }
        return unsafe handle
    }

    /// The key.
    ///
    /// - Throws: ``KeyError/keyTypeNotAccepted(_:)``, ``KeyError/malformed(form:_:)``, ``KeyError/publicKeyDiffers``
    func key() throws(KeyError) -> PrivateKey {
        try unsafe Self.key(of: handle, beside: publicKey)
    }

    /// The key in a `PKCS8_PRIV_KEY_INFO *`, which stays the caller's.
    static func key(of info: OpaquePointer, beside publicKey: [UInt8]? = nil) throws(KeyError) -> PrivateKey {
        guard let key = unsafe EVP_PKCS82PKEY(info) else {
            let error = OpenSSLError.drainingQueue(after: "read it")
            var object: OpaquePointer?
            _ = unsafe PKCS8_pkey_get0(&object, nil, nil, nil, info)
            let name = unsafe KeyAlgorithm.name(of: object)
            throw unsafe KeyAlgorithm.isAccepted(object)
                ? .malformed(form: "PKCS#8 (\(name))", error) : .keyTypeNotAccepted(name)
        }
        OpenSSLError.clearQueue()
        let read = try unsafe PrivateKey(owning: key)
        if let publicKey, !read.hasPublicKey(publicKey) {
            throw .publicKeyDiffers
        }
        return read
    }

    /// What Windows keeps among the key's attributes: ``keyUsage(of:)``.
    var keyUsage: UInt8? { unsafe Self.keyUsage(of: handle) }

    /// The first byte of keyUsage (2.5.29.15) among a key's own attributes, by which Windows tells signature keys from
    /// exchange keys.
    ///
    /// - Parameter info: `PKCS8_PRIV_KEY_INFO *`
    static func keyUsage(of info: OpaquePointer) -> UInt8? {
        let attributes = unsafe PKCS8_pkey_get0_attrs(info)
        let place = unsafe X509at_get_attr_by_NID(attributes, NID_key_usage, -1)
        OpenSSLError.clearQueue()
        guard place >= 0, let attribute = unsafe X509at_get_attr(attributes, place),
            let value = unsafe X509_ATTRIBUTE_get0_type(attribute, 0),
            unsafe value.pointee.type == V_ASN1_BIT_STRING,
            let bits = unsafe value.pointee.value.bit_string,
            unsafe ASN1_STRING_length(bits) >= 1,
            let start = unsafe ASN1_STRING_get0_data(bits)
        else {
            return nil
        }
        return unsafe start.pointee
    }
}

extension PrivateKey {
    /// Reads a key as it is backed up: unencrypted PKCS#8 in DER, in either version.
    ///
    /// - Throws: ``KeyError``
    package init(pkcs8: borrowing SecretBytes) throws(KeyError) {
        self = try PrivateKeyInfo.parse(pkcs8).key()
    }

    /// Whether its public key is that of a DER SubjectPublicKeyInfo, whatever form a point has.
    fileprivate func hasPublicKey(_ spki: [UInt8]) -> Bool {
        defer { OpenSSLError.clearQueue() }
        let other = unsafe OpenSSL.read(spki.span) { unsafe d2i_PUBKEY(nil, $0, $1) }
        defer { unsafe EVP_PKEY_free(other) }
        return unsafe other != nil && EVP_PKEY_eq(handle, other) == 1
    }
}

/// Where the parts of a PKCS#8 text lie.
private struct PrivateKeyParts {
    private let algorithm: DERValue
    /// Algorithm, key and attributes: what the first version has.
    private let first: [DERValue]
    /// The public key's, in the second version.
    let publicKeyPlace: DERValue?

    init?(_ outer: DERValue, in bytes: Span<UInt8>) {
        guard outer.tag == DERValue.sequence,
            let values = outer.values(in: bytes), values.count >= 3, values[0].tag == DERValue.integer,
            values[1].tag == DERValue.sequence
        else {
            return nil
        }
        algorithm = values[1]
        // [1] IMPLICIT as the RFC has it; explicit as some wrote it before they read it again.
        publicKeyPlace = values.dropFirst(3).first { $0.tag == 0x81 || $0.tag == 0xA1 }
        first = values[1...].filter { $0.tag != 0x81 && $0.tag != 0xA1 }
    }

    /// The public key as DER SubjectPublicKeyInfo.
    func publicKeyInfo(in bytes: Span<UInt8>, _ place: DERValue) -> [UInt8] {
        var content = algorithm.whole.map { bytes[$0] }
        if place.tag == 0x81 {
            content += DERValue.head(DERValue.bitString, contentCount: place.content.count)
        }
        content += place.content.map { bytes[$0] }
        return DERValue.head(DERValue.sequence, contentCount: content.count) + content
    }

    /// The key as PKCS#8 of the first version.
    var firstVersion: DERPieces {
        var pieces = DERPieces()
        pieces.append([DERValue.integer, 1, 0])
        first.forEach { pieces.append($0.whole) }
        return pieces.wrapped(DERValue.sequence)
    }
}
