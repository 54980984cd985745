// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority

/// A certificate in a token.
struct TokenCertificate: Equatable {
    let certificate: Certificate
    let label: String
    let identifier: [UInt8]
}

/// A private or public key object in a token.
struct TokenKey {
    let object: CK_OBJECT_HANDLE
    let label: String
    let identifier: [UInt8]
    /// What it shows of its public key; nothing for an EC key whose public part is not beside it.
    let shown: PublicNumbers.Shown?

    /// Whether it is the key of a certificate: by the public key, and only where that does not show, by the identifier.
    func matches(_ numbers: PublicNumbers, identifier: [UInt8]?) -> Bool {
        switch shown {
        case let shown?: numbers.isSame(as: shown)
        case nil: !self.identifier.isEmpty && self.identifier == identifier
        }
    }

    /// What people may call it.
    var name: String { label.isEmpty ? "id \(OpenSSL.hex(identifier))" : label }
}

extension TokenSession {
    /// Every X.509 certificate that can be read; the others are somebody else's concern.
    ///
    /// - Throws: ``TokenError``
    func certificates() throws(TokenError) -> [TokenCertificate] {
        var found: [TokenCertificate] = []
        for object in try find([.number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_CERTIFICATE))]) {
            guard let der = try bytes(CK_ATTRIBUTE_TYPE(CKA_VALUE), of: object),
                let certificate = try? Certificate(der: der)
            else {
                continue
            }
            found.append(
                TokenCertificate(
                    certificate: certificate,
                    label: try text(CK_ATTRIBUTE_TYPE(CKA_LABEL), of: object) ?? "",
                    identifier: try bytes(CK_ATTRIBUTE_TYPE(CKA_ID), of: object) ?? []
                )
            )
        }
        return found
    }

    /// Every RSA and EC key of a class: private ones show up only after the PIN.
    ///
    /// - Throws: ``TokenError``
    func keys(_ objectClass: CK_OBJECT_CLASS) throws(TokenError) -> [TokenKey] {
        var found: [TokenKey] = []
        for object in try find([.number(CK_ATTRIBUTE_TYPE(CKA_CLASS), objectClass)]) {
            let identifier = try bytes(CK_ATTRIBUTE_TYPE(CKA_ID), of: object) ?? []
            guard let type = try number(CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE), of: object),
                [CK_ULONG(CKK_RSA), CK_ULONG(CKK_EC)].contains(type)
            else {
                continue
            }
            found.append(
                TokenKey(
                    object: object,
                    label: try text(CK_ATTRIBUTE_TYPE(CKA_LABEL), of: object) ?? "",
                    identifier: identifier,
                    shown: type == CK_ULONG(CKK_RSA)
                        ? try bytes(CK_ATTRIBUTE_TYPE(CKA_MODULUS), of: object).flatMap {
                            $0.isEmpty ? nil : .modulus($0)
                        }
                        : try point(of: object, identifier).map { .point($0) }
                )
            )
        }
        return found
    }

    /// The point of an EC key: private objects seldom show it, the public one of the same identifier does.
    private func point(of object: CK_OBJECT_HANDLE, _ identifier: [UInt8]) throws(TokenError) -> [UInt8]? {
        for type in [CK_ATTRIBUTE_TYPE(CKA_EC_POINT), CK_ATTRIBUTE_TYPE(CPKCS11_CKA_NSS_DB)] {
            if let point = try bytes(type, of: object), !point.isEmpty {
                return point
            }
        }
        guard !identifier.isEmpty else {
            return nil
        }
        let beside = try find([
            .number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_PUBLIC_KEY)),
            .number(CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE), CK_ULONG(CKK_EC)),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ID), identifier),
        ])
        // The same one may be there twice, or an empty one of a write that was cut off.
        var points: Set<[UInt8]> = []
        for key in beside {
            if let point = try bytes(CK_ATTRIBUTE_TYPE(CKA_EC_POINT), of: key), !point.isEmpty {
                points.insert(point)
            }
        }
        return points.count == 1 ? points.first : nil
    }
}
