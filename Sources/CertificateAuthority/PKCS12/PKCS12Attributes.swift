// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Attributes of bags.
enum PKCS12Attributes {
    /// An attribute that is a BMPString, read here because `PKCS12_get_friendlyname` wrote beyond its buffer before
    /// OpenSSL 3.0.19 (CVE-2025-69419).
    ///
    /// - Parameter bag: `PKCS12_SAFEBAG *`
    static func text(_ attribute: Int32, of bag: OpaquePointer) -> String? {
        guard let value = unsafe PKCS12_SAFEBAG_get0_attr(bag, attribute),
            unsafe value.pointee.type == V_ASN1_BMPSTRING,
            let string = unsafe value.pointee.value.bmpstring,
            let start = unsafe ASN1_STRING_get0_data(string)
        else {
            return nil
        }
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string)))
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            unsafe UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
        }
        // Java and NSS count the terminating zero of a C string in.
        let text = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
        return text.isEmpty ? nil : text
    }
}
