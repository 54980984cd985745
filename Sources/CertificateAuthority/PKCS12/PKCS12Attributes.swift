// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Attributes of bags, and of the keys in them.
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
