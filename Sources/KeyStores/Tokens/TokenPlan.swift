// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority
import Files

/// What a restore will write into a token: held against everything that is there before the first object is made.
struct TokenPlan {
    /// One generation: its certificates, newest first, and the objects that are missing.
    struct Generation {
        let certificates: [Certificate]
        let numbers: PublicNumbers
        /// CKA_LABEL of the key and its certificates.
        let name: String
        /// CKA_ID of them all.
        let identifier: [UInt8]
        /// The key itself, when it is there already.
        let key: TokenKey?
        let hasPublicKey: Bool
        let missing: [Certificate]

        var place: TokenWriter.Place { TokenWriter.Place(name: name, identifier: identifier) }

        /// What is wrong with the key that is there already.
        ///
        /// - Throws: ``TokenError`` when it is the token that failed.
        func fault(in session: TokenSession) throws(TokenError) -> KeyFault? {
            try key.flatMap { key throws(TokenError) in
                try KeyProof.fault(of: TokenSigner(session, key.object, certificates, subject: name))
            }
        }
    }

    /// Whether NSS will look for them: by identifiers of its own, and all certificates of a subject under one name.
    let isNSS: Bool
    private(set) var generations: [Generation] = []
    private let certificates: [TokenCertificate]
    private let privateKeys: [TokenKey]
    private let publicKeys: [TokenKey]

    /// Looks at the token; private keys show up only after the PIN.
    ///
    /// - Parameters:
    ///   - groups: The certificates of each generation, both newest first.
    ///   - label: Of the newest generation; its common name when nothing is given.
    ///   - identifier: Of the newest generation, where software looks for another than the usual one.
    /// - Throws: ``TokenError``
    init(
        _ groups: [[Certificate]],
        _ session: TokenSession,
        label: String?,
        identifier: [UInt8]?,
        isNSS: Bool
    ) throws(TokenError) {
        self.isNSS = isNSS
        certificates = try session.certificates()
        privateKeys = try session.keys(CK_OBJECT_CLASS(CKO_PRIVATE_KEY))
        publicKeys = try session.keys(CK_OBJECT_CLASS(CKO_PUBLIC_KEY))
        let known = Set(groups.flatMap(\.self))
        let common = label ?? groups[0][0].commonName ?? "CA"
        for (index, group) in groups.enumerated() {
            guard let numbers = PublicNumbers(of: group[0]) else {
                throw .keyKind(group[0].keyKind?.description ?? "another kind of key")
            }
            // NSS compares names by their bytes.
            let isSameSubject = group[0].subjectDER == groups[0][0].subjectDER
            let name = name(of: group[0], isNSS && !isSameSubject ? otherName(of: group[0], common) : common, index)
            try checkCertificates(named: name, known)
            for certificate in group {
                try checkSerial(of: certificate, known)
            }
            let wanted = index == 0 ? identifier : nil
            generations.append(try generation(group, numbers, name, wanted ?? numbers.identifier))
        }
    }

    /// `root` and `root (gen 2)`; in NSS the name that the subject has there already, or one for all of it.
    private func name(of certificate: Certificate, _ common: String, _ index: Int) -> String {
        guard isNSS else {
            return index == 0 ? common : "\(common) (gen \(index + 1))"
        }
        return certificates.first { $0.certificate.subjectDER == certificate.subjectDER && !$0.label.isEmpty }?.label
            ?? common
    }

    /// Of a subject that is written in other bytes than the newest one's: NSS has one name for each.
    private func otherName(of certificate: Certificate, _ common: String) -> String {
        guard let name = certificate.commonName, !name.isEqual(bytesOf: common) else {
            return "\(common) \(OpenSSL.sha256Hex(certificate.subjectDER).prefix(8))"
        }
        return name
    }

    /// Where a certificate of a generation stands: in NSS under the name of its own subject.
    func place(of certificate: Certificate, in generation: Generation) -> TokenWriter.Place {
        guard isNSS, certificate.subjectDER != generation.certificates[0].subjectDER else {
            return generation.place
        }
        let other = otherName(of: certificate, generation.name)
        return TokenWriter.Place(name: name(of: certificate, other, 0), identifier: generation.identifier)
    }

    /// NSS knows a certificate by issuer and serial number: it would change one that is there into the new one.
    private func checkSerial(of certificate: Certificate, _ known: Set<Certificate>) throws(TokenError) {
        guard isNSS else {
            return
        }
        let same = certificates.first { $0.certificate.hasIssuerAndSerial(of: certificate) }
        guard same == nil, !known.contains(where: certificate.hasIssuerAndSerial) else {
            throw .sameSerial(name: same?.label, issuer: certificate.issuer, serial: certificate.serial)
        }
    }

    /// Whether a certificate of an issuer can stand beside those that are there.
    func hasRoom(for certificate: Certificate) -> Bool {
        let all = certificates.map(\.certificate) + generations.flatMap(\.certificates)
        return !isNSS || !all.contains(where: certificate.hasIssuerAndSerial)
    }

    private func checkCertificates(named name: String, _ known: Set<Certificate>) throws(TokenError) {
        for entry in certificates where entry.label.isEqual(bytesOf: name) && !known.contains(entry.certificate) {
            throw .anotherCertificate(name: name, subject: entry.certificate.subject)
        }
    }

    private func generation(
        _ group: [Certificate],
        _ numbers: PublicNumbers,
        _ name: String,
        _ wanted: [UInt8]
    ) throws(TokenError) -> Generation {
        let shown = certificates.filter { group.contains($0.certificate) }
        func isOurs(_ key: TokenKey) -> Bool {
            numbers.isSame(key) || shown.contains { key.matches(numbers, identifier: $0.identifier) }
        }
        let key = privateKeys.first(where: isOurs)
        let publicKey = publicKeys.first(where: isOurs)
        let identifier = key?.identifier ?? publicKey?.identifier ?? wanted
        // NSS replaces a key by another of the same identifier without a word.
        for other in privateKeys + publicKeys where !isOurs(other) {
            if other.identifier == identifier || (!isNSS && other.label.isEqual(bytesOf: name)) {
                throw .anotherKey(
                    name: other.name,
                    identifier: OpenSSL.hex(other.identifier),
                    spkiSHA256: digest(of: other)
                )
            }
        }
        for entry in certificates where entry.identifier == identifier && !identifier.isEmpty {
            guard PublicNumbers(of: entry.certificate) == numbers else {
                throw .anotherCertificate(name: name, subject: entry.certificate.subject)
            }
        }
        return Generation(
            certificates: group,
            numbers: numbers,
            name: key.map { isNSS || $0.label.isEmpty ? name : $0.label } ?? name,
            identifier: identifier,
            key: key,
            // An empty one, of a write that was cut off, is none.
            hasPublicKey: publicKeys.contains(where: numbers.isSame),
            missing: group.filter { certificate in !shown.contains { $0.certificate == certificate } }
        )
    }

    /// The SHA-256 of another key's public key, where one of its certificates is here too.
    private func digest(of key: TokenKey) -> String? {
        certificates.first { entry in
            PublicNumbers(of: entry.certificate).map { key.matches($0, identifier: entry.identifier) } ?? false
        }.map { OpenSSL.sha256Hex($0.certificate.spki) }
    }

    /// Certificates of issuers that are not there, each with a name that no other subject has.
    func missing(of chain: [Certificate]) -> [(certificate: Certificate, name: String)] {
        chain.filter { wanted in !certificates.contains { $0.certificate == wanted } }.map { certificate in
            let name = certificate.commonName ?? "CA"
            let same = certificates.first { $0.certificate.subjectDER == certificate.subjectDER && !$0.label.isEmpty }
            let isTaken =
                certificates.contains { $0.label.isEqual(bytesOf: name) }
                || generations.contains { $0.name.isEqual(bytesOf: name) }
            return (certificate, same?.label ?? (isTaken ? "\(name) \(certificate.sha256Hex.prefix(8))" : name))
        }
    }
}

extension PublicNumbers {
    fileprivate func isSame(_ key: TokenKey) -> Bool { key.shown.map { isSame(as: $0) } ?? false }
}

extension Certificate {
    /// Whether another certificate has the same issuer and serial number.
    fileprivate func hasIssuerAndSerial(of other: Certificate) -> Bool {
        self != other && serial.isEqual(bytesOf: other.serial) && issuerName.der == other.issuerName.der
    }
}
