// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files

/// Names, times and numbers of a certificate in words.
extension Certificate {
    /// The last common name of the subject, as it stands there, or nothing when there is none.
    package var commonName: String? {
        let name = unsafe subjectName.handle
        var last: Int32 = -1
        while case let next = unsafe X509_NAME_get_index_by_NID(name, NID_commonName, last), next >= 0 {
            last = next
        }
        guard last >= 0, let entry = unsafe X509_NAME_get_entry(name, last) else {
            return nil
        }
        let bytes = unsafe OpenSSL.der { unsafe ASN1_STRING_to_UTF8($0, X509_NAME_ENTRY_get_data(entry)) }
        OpenSSLError.clearQueue()
        return bytes.flatMap { String(validating: $0, as: UTF8.self) }
    }

    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int? {
        let epoch = unsafe ASN1_TIME_set(nil, 0)
        defer { unsafe ASN1_TIME_free(epoch) }
        var (days, seconds): (Int32, Int32) = (0, 0)
        guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else {
            return nil
        }
        let found = Int(days) * 86_400 + Int(seconds)
        return found < firstSecond ? nil : found
    }

    /// That of the year 1: there is no year 0.
    private static let firstSecond = -62_135_596_800

    static func hex(_ number: UnsafePointer<ASN1_INTEGER>?) -> String {
        let number = unsafe ASN1_INTEGER_to_BN(number, nil)
        defer { unsafe BN_free(number) }
        guard let text = unsafe BN_bn2hex(number) else {
            return ""
        }
        defer { unsafe COpenSSL_free(text) }
        return unsafe String(cString: text).lowercasedASCII
    }
}
