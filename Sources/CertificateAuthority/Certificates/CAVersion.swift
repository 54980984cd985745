// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Which certificate and key of a Microsoft Certificate Services authority one is, from its extension CA Version
/// (1.3.6.1.4.1.311.21.1): `V2.1` is the certificate of the second renewal, for the key of the first.
///
/// The extension's value is a DER INTEGER: its low 16 bits are the certificate's index, its high 16 bits the key's.
/// Every renewal raises the certificate's index by one; a new key takes that index, the same key keeps its own.
package struct CAVersion: Hashable, Sendable {
    /// 0 for the first certificate, one more with every renewal.
    package let certificateIndex: Int
    /// The index of the certificate with which the key came.
    package let keyIndex: Int

    package init(certificateIndex: Int, keyIndex: Int) {
        self.certificateIndex = certificateIndex
        self.keyIndex = keyIndex
    }

    /// Reads the extension out of an `X509 *`.
    ///
    /// - Returns: Nothing when there is none, or several, or its value is no DER INTEGER of 32 bits.
    init?(of handle: OpaquePointer) {
        defer { OpenSSLError.clearQueue() }
        guard let der = unsafe Certificate.extensionValue(of: handle, Self.objectIdentifier),
            let number = Self.number(der: der)
        else {
            return nil
        }
        certificateIndex = Int(number & 0xffff)
        keyIndex = Int(number >> 16)
    }

    /// The value of a DER INTEGER from 0 to 2^32 - 1, and of nothing else.
    private static func number(der: [UInt8]) -> UInt32? {
        guard let integer = unsafe OpenSSL.read(der.span, { unsafe d2i_ASN1_INTEGER(nil, $0, $1) }) else {
            return nil
        }
        defer { unsafe ASN1_INTEGER_free(integer) }
        var number: UInt64 = 0
        guard unsafe ASN1_INTEGER_get_uint64(&number, integer) == 1,
            unsafe OpenSSL.der({ unsafe i2d_ASN1_INTEGER(integer, $0) }) == der
        else {
            return nil
        }
        return UInt32(exactly: number)
    }

    private static let objectIdentifier = "1.3.6.1.4.1.311.21.1"
}

extension CAVersion: CustomStringConvertible {
    /// As Windows shows it: `V2.1`.
    package var description: String { "V\(certificateIndex).\(keyIndex)" }
}
