// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import SecretSharing

// How values of escrows stand in documents.

extension Form where Value == SetIdentifier {
    /// 32 hexadecimal digits.
    static var set: Form {
        Form<[UInt8]>.hex(byteCount: 16).standing(for: SetIdentifier.init, \.bytes, expected: "16 bytes")
    }
}

extension Form where Value == Path {
    /// A leaf's path.
    static var leaf: Form {
        Form<String>.string.standing(for: Path.init, \.description, expected: "member numbers such as '3' or '2.1'")
            .only(where: { $0 != .root }, expected: "member numbers such as '3' or '2.1'")
    }
}

extension Form where Value == Certificate {
    /// Base64 of its DER.
    static var certificate: Form {
        Form<[UInt8]>.base64()
            .standing(for: { try? Certificate(der: $0) }, \.der, expected: "an X.509 certificate in DER")
    }
}

extension Form where Value == String {
    /// A name that can be nothing but a file's.
    static var fileName: Form {
        string.only(
            where: PKCS12Entry.isPlainFileName,
            expected: "a plain file name of letters, digits, '.', '_' and '-'"
        )
    }
}

extension Timestamp {
    /// Holds the member `expires`, which this is, against the member that a time to answer begins with.
    ///
    /// - Throws: ``DocumentError/wrongValue(field:expected:)``
    func checkExpiry(after start: Timestamp, _ member: String, within seconds: Int) throws(DocumentError) {
        guard (1...seconds).contains(secondsSinceEpoch - start.secondsSinceEpoch) else {
            let days = seconds / 86_400
            throw .wrongValue(field: "expires", expected: "a time after '\(member)', by \(days) days at most")
        }
    }
}
