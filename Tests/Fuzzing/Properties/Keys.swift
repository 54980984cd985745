// SPDX-License-Identifier: Apache-2.0

@testable import CertificateAuthority
@testable import SecretMemory

extension Reader {
    /// Certificates, as a PEM file and in DER.
    public static let certificates = Reader("Certificates") { bytes in
        try OpenSSL.start()
        for certificate in try accepted({ try Certificate.all(pem: bytes) }) ?? [] {
            try requireSameCertificate(certificate)
        }
        if let certificate = try accepted({ try Certificate(der: bytes) }) {
            try require(certificate.der == bytes, "a certificate in DER has other bytes")
            try requireSameCertificate(certificate)
        }
    }

    /// Key files that are not encrypted; of others no passphrase is tried, since that costs what it is meant to.
    public static let keys = Reader("Keys") { bytes in
        // An empty file is refused before.
        guard !bytes.isEmpty else {
            return
        }
        try OpenSSL.start()
        let file = SecretBytes(copying: bytes.span)
        guard let key = try accepted({ try PrivateKey(pem: file) }) else {
            return
        }
        let written = try key.plainPEM()
        guard let again = try accepted({ try PrivateKey(pem: written) }) else {
            throw Violation(description: "a key that was written is not read")
        }
        try require(again.spki == key.spki && again.kind == key.kind, "a key that was written is read as another one")
        let isSame = try again.plainPEM().isEqual(to: written)
        try require(isSame, "a key is written in two ways")
    }

    /// PKCS#12 files; those whose key derivations are cheap are opened too.
    public static let pkcs12 = Reader("PKCS12") { bytes in
        try OpenSSL.start()
        guard let facts = try accepted({ try PKCS12Reader.facts(bytes) }) else {
            return
        }
        try requireShowable("\(facts.encryption) \(facts.kdf) \(facts.mac)", "what a file shows of itself")
        let survey = try PKCS12Archive.parse(bytes).survey
        let cost = survey.protections.map(\.iterations).reduce(survey.macIterations ?? 0, +)
        guard cost <= 4000 else {
            return
        }
        let password = SecretBytes(copying: Array("password".utf8).span)
        for material in [
            try accepted({ try PKCS12Reader.readWithoutPassword(bytes) }) ?? nil,
            try accepted({ try PKCS12Reader.read(bytes, password: password) }),
        ] {
            for certificate in material?.certificates ?? [] {
                try requireSameCertificate(certificate)
            }
        }
    }
}

/// What was read is read again from what it is kept as.
private func requireSameCertificate(_ certificate: Certificate) throws {
    guard let again = try accepted({ try Certificate(der: certificate.der) }) else {
        throw Violation(description: "a certificate is not read from its own bytes")
    }
    try require(
        again.subject == certificate.subject && again.serial == certificate.serial && again.spki == certificate.spki
            && again.notAfter == certificate.notAfter && again.isCA == certificate.isCA
            && again.keyKind == certificate.keyKind,
        "a certificate reads otherwise from its own bytes"
    )
    try require(
        try Certificate.all(pem: certificate.pem) == [certificate],
        "a certificate that was written is read as another one"
    )
    if !certificate.subject.isEmpty {
        try requireShowable(certificate.subject, "a subject")
    }
}
