// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority
import SecretMemory

/// One attribute of an object, that is no secret.
enum TokenAttribute {
    case number(CK_ATTRIBUTE_TYPE, CK_ULONG)
    case flag(CK_ATTRIBUTE_TYPE, Bool)
    case bytes(CK_ATTRIBUTE_TYPE, [UInt8])
}

/// Secret attributes of one object, such as the private numbers of a key.
struct SecretAttributes: ~Copyable {
    let bytes: SecretBytes
    /// Which part of `bytes` is which attribute.
    let fields: [(type: CK_ATTRIBUTE_TYPE, range: Range<Int>)]
}

extension SecretAttributes {
    /// The private numbers of a key as `C_CreateObject` takes them.
    ///
    /// - Throws: ``KeyError``
    init(of key: borrowing PrivateKey) throws(KeyError) {
        let numbers = try key.privateNumbers()
        let fields = numbers.places.map { (type: Self.type(of: $0.name), range: $0.range) }
        self.init(bytes: numbers.takeBytes(), fields: fields)
    }

    private static func type(of number: PrivateNumbers.Name) -> CK_ATTRIBUTE_TYPE {
        switch number {
        case .privateExponent: CK_ATTRIBUTE_TYPE(CKA_PRIVATE_EXPONENT)
        case .prime1: CK_ATTRIBUTE_TYPE(CKA_PRIME_1)
        case .prime2: CK_ATTRIBUTE_TYPE(CKA_PRIME_2)
        case .exponent1: CK_ATTRIBUTE_TYPE(CKA_EXPONENT_1)
        case .exponent2: CK_ATTRIBUTE_TYPE(CKA_EXPONENT_2)
        case .coefficient: CK_ATTRIBUTE_TYPE(CKA_COEFFICIENT)
        case .privateValue: CK_ATTRIBUTE_TYPE(CKA_VALUE)
        }
    }
}

/// Attributes laid out in one buffer; the pointers into it live for the length of a call.
struct Template {
    private var storage: [UInt8] = []
    private var fields: [(type: CK_ATTRIBUTE_TYPE, offset: Int, count: Int)] = []

    init(_ attributes: [TokenAttribute]) {
        for attribute in attributes {
            let (type, bytes): (CK_ATTRIBUTE_TYPE, [UInt8]) =
                switch attribute {
                case .number(let type, let value): (type, unsafe withUnsafeBytes(of: value) { unsafe Array($0) })
                case .flag(let type, let value): (type, [value ? 1 : 0])
                case .bytes(let type, let value): (type, value)
                }
            fields.append((type, storage.count, bytes.count))
            storage += bytes
        }
        // An empty array may have no address at all.
        storage.append(0)
    }

    /// Lends the attributes to a call.
    func withAttributes<Result>(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) -> Result) -> Result {
        unsafe withAttributes([], body)
    }

    /// Lends the attributes and the secret ones behind them.
    func withAttributes<Result>(
        _ secret: borrowing SecretAttributes,
        _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) -> Result
    ) -> Result {
        let fields = secret.fields
        return unsafe secret.bytes.span.withUnsafeBytes { bytes in
            let more = unsafe fields.map { field in
                unsafe CK_ATTRIBUTE(
                    type: field.type,
                    pValue: UnsafeMutableRawPointer(mutating: bytes.baseAddress! + field.range.lowerBound),
                    ulValueLen: CK_ULONG(field.range.count)
                )
            }
            return unsafe withAttributes(more, body)
        }
    }

    private func withAttributes<Result>(
        _ more: [CK_ATTRIBUTE],
        _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) -> Result
    ) -> Result {
        unsafe storage.withUnsafeBytes { storage in
            // PKCS#11 takes pointers to mutable memory and writes only where a call reads attributes.
            let base = unsafe UnsafeMutableRawPointer(mutating: storage.baseAddress!)
            var attributes = unsafe fields.map {
                unsafe CK_ATTRIBUTE(type: $0.type, pValue: base + $0.offset, ulValueLen: CK_ULONG($0.count))
            }
            unsafe attributes += more
            return unsafe attributes.withUnsafeMutableBufferPointer {
                unsafe body($0.baseAddress!, CK_ULONG($0.count))
            }
        }
    }
}
