// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority

/// What Certificate Services makes of a common name where not every character may stand.
///
/// *MS-WCCE, section 3.1.1.4.1.1.*
enum CertutilName {
    /// The name of the PKCS#12 file of `certutil -backupKey`: the sanitised common name, whole.
    ///
    /// It is shortened as for the directory service only where no file system of Linux or Windows could hold it.
    /// `certutil -restoreKey` takes any name.
    static func file(for certificate: Certificate) -> String {
        let units = sanitised(certificate.commonName ?? "CA")
        let name = units.joined() + suffix
        return name.utf8.count <= StoreFile.nameByteLimit ? name : shortened(units) + suffix
    }

    private static let suffix = ".p12"

    /// Each UTF-16 unit as it is, or as `!0028` (a parenthesis).
    static func sanitised(_ name: String) -> [String] {
        name.utf16.map { unit in
            if let scalar = Unicode.Scalar(unit), scalar.isASCII, scalar.value >= 0x20, scalar.value < 0x7F,
                !"!\"#%&'()*+,/:;<=>?[\\]^`{|}".unicodeScalars.contains(scalar)
            {
                return String(scalar)
            }
            return "!" + OpenSSL.hex([UInt8(unit >> 8), UInt8(unit & 0xFF)])
        }
    }

    /// At most 51 characters, no unit cut in two, a minus sign, and a hash of the others in five decimal digits.
    ///
    /// *Sections 3.1.1.4.1.1 and 3.1.1.4.1.1.1: names of 51 characters at most stay as they are.*
    static func shortened(_ units: [String]) -> String {
        guard units.joined().utf8.count > baseLimit else {
            return units.joined()
        }
        var (base, count) = ("", 0)
        while base.utf8.count + units[count].utf8.count <= baseLimit {
            base += units[count]
            count += 1
        }
        var hash: UInt16 = 0
        for character in units[count...].joined().utf8 {
            hash = (hash << 1 | hash >> 15) &+ UInt16(character)
        }
        let digits = String(hash)
        return "\(base)-\(String(repeating: "0", count: 5 - digits.count))\(digits)"
    }

    private static let baseLimit = 51
}
