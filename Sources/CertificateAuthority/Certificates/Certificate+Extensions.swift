// SPDX-License-Identifier: Apache-2.0

import COpenSSL

// What Microsoft Certificate Services writes into the certificates of its authorities, and what a signature says.
extension Certificate {
    /// The value of an extension of an `X509 *`: what stands inside its OCTET STRING.
    ///
    /// - Returns: Nothing when there is none, or more than one, which no certificate may have (RFC 5280, section 4.2).
    static func extensionValue(of handle: OpaquePointer, _ objectIdentifier: String) -> [UInt8]? {
        guard let identifier = unsafe OBJ_txt2obj(objectIdentifier, 1) else {
            return nil
        }
        defer { unsafe ASN1_OBJECT_free(identifier) }
        let position = unsafe X509_get_ext_by_OBJ(handle, identifier, -1)
        guard position >= 0, unsafe X509_get_ext_by_OBJ(handle, identifier, position) < 0,
            let found = unsafe X509_get_ext(handle, position), let value = unsafe X509_EXTENSION_get_data(found)
        else {
            return nil
        }
        return unsafe OpenSSL.bytes(of: value)
    }

    /// Whether a certificate is an authority's: docs/format.md, section 4.6.
    ///
    /// What basicConstraints and keyUsage say of it, each where it is there, and once; without basicConstraints only
    /// keyUsage makes it one, or the first version of X.509 where it is self-issued. One that does not decode makes it none.
    static func isCA(_ handle: OpaquePointer, isSelfIssued: Bool) -> Bool {
        let constraints = unsafe extensionCount(of: handle, "2.5.29.19")
        let usage = unsafe extensionCount(of: handle, "2.5.29.15")
        guard constraints <= 1, usage <= 1 else {
            return false
        }
        if usage == 1 {
            guard let value = unsafe extensionValue(of: handle, "2.5.29.15"), signsCertificates(value) else {
                return false
            }
        }
        if constraints == 1 {
            return unsafe extensionValue(of: handle, "2.5.29.19").map(saysCA) ?? false
        }
        let isFirstVersion = unsafe X509_get_version(handle) == 0
        return usage == 1 || isFirstVersion && isSelfIssued
    }

    /// BasicConstraints, RFC 5280, section 4.2.1.9: `cA` is the first member, where it is there.
    private static func saysCA(_ value: [UInt8]) -> Bool {
        guard let constraints = DERValue(in: value.span, at: 0..<value.count), constraints.tag == DERValue.sequence,
            constraints.whole.upperBound == value.count, DERValue.isDER(value.span, in: 0..<value.count),
            let members = constraints.values(in: value.span),
            let first = members.first
        else {
            return false
        }
        return first.tag == 0x01 && first.content.count == 1 && value[first.content.lowerBound] != 0
    }

    /// KeyUsage, RFC 5280, section 4.2.1.3: bit 5 is keyCertSign.
    private static func signsCertificates(_ value: [UInt8]) -> Bool {
        guard let usage = DERValue(in: value.span, at: 0..<value.count), usage.tag == DERValue.bitString,
            usage.whole.upperBound == value.count, usage.content.count >= 2
        else {
            return false
        }
        return value[usage.content.lowerBound + 1] & 0x04 != 0
    }

    /// How many extensions of a kind there are.
    private static func extensionCount(of handle: OpaquePointer, _ objectIdentifier: String) -> Int {
        guard let identifier = unsafe OBJ_txt2obj(objectIdentifier, 1) else {
            return 0
        }
        defer { unsafe ASN1_OBJECT_free(identifier) }
        var (count, position) = (0, Int32(-1))
        while case let next = unsafe X509_get_ext_by_OBJ(handle, identifier, position), next >= 0 {
            (count, position) = (count + 1, next)
        }
        return count
    }

    /// The SHA-1 in the extension 1.3.6.1.4.1.311.21.2: a DER OCTET STRING of 20 bytes, and nothing else.
    static func previousCAHash(of handle: OpaquePointer) -> [UInt8]? {
        let head: [UInt8] = [0x04, 20]
        guard let value = unsafe extensionValue(of: handle, "1.3.6.1.4.1.311.21.2"), value.count == head.count + 20,
            value.starts(with: head)
        else {
            return nil
        }
        return Array(value.dropFirst(head.count))
    }

    /// The SHA-1 of the certificate, 20 bytes: how Certificate Services names the one before.
    package var sha1: [UInt8] { OpenSSL.sha1(der) }

    /// The SHA-256 of the public key (DER SubjectPublicKeyInfo), 64 lower-case hex digits.
    package var spkiSHA256: String { OpenSSL.sha256Hex(spki) }

    /// Whether the signature on it verifies under a public key, whatever name stands there as the issuer's.
    package func isSigned(byKeyOf other: Certificate) -> Bool {
        defer { OpenSSLError.clearQueue() }
        guard let key = unsafe other.publicKey() else {
            return false
        }
        defer { unsafe EVP_PKEY_free(key) }
        return unsafe X509_verify(parsed.handle, key) == 1
    }

    /// Whether it passes trust from one key of an authority to another: the issuer has the same name, and it was not
    /// signed with its own key.
    ///
    /// *RFC 4210, section 4.4: OldWithNew and NewWithOld; the cross-certificates of Certificate Services.* Such a
    /// certificate belongs to the generation of its key, and is not the one that the authority issues under.
    package var isKeyRollover: Bool { isSelfIssued && !isSigned(byKeyOf: self) }
}

extension [Certificate] {
    /// By `notBefore`; of one second by the index of Certificate Services, which renews a key's certificate without
    /// moving its beginning, then by the end of validity; equal ones stay as they are.
    package func newestFirst() -> [Certificate] {
        enumerated()
            .sorted { $0.element.age == $1.element.age ? $0.offset < $1.offset : $0.element.age > $1.element.age }
            .map(\.element)
    }

    /// Each once, in their order.
    package var distinct: [Certificate] {
        var seen: Set<Certificate> = []
        return filter { seen.insert($0).inserted }
    }

    /// The one that an authority issues under today: the newest that does more than pass trust from key to key.
    ///
    /// Where a key has a certificate that it signed itself, one for the same name and key that another authority issued
    /// does not count beside it, however new: it is a cross-certificate, and the authority stays a root.
    package var current: Certificate? {
        guard count > 1 else {
            return first
        }
        let ordered = newestFirst().filter { !$0.isKeyRollover }
        let roots = ordered.filter(\.isSelfIssued)
        return ordered.first { certificate in
            certificate.isSelfIssued
                || !roots.contains { $0.spki == certificate.spki && $0.subjectName == certificate.subjectName }
        } ?? newestFirst().first
    }
}

extension Certificate {
    /// Grows with every renewal.
    fileprivate var age: (notBefore: Int, index: Int, notAfter: Int) {
        (notBefore, caVersion?.certificateIndex ?? -1, notAfter)
    }
}
