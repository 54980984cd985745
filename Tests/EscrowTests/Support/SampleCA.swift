// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SecretMemory
import Synchronization
import Testing

/// A self-signed CA of each kind of key that is accepted, made by the openssl command when first asked for.
enum SampleCA: String, CaseIterable, Sendable {
    case rsa2048 = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"
    case rsa3072 = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"
    case rsa4096 = "-algorithm RSA -pkeyopt rsa_keygen_bits:4096"
    case p256 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
    case p384 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"
    case p521 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"
    case ed25519 = "-algorithm ED25519"
    case ed448 = "-algorithm ED448"

    private static let cache = Mutex<[SampleCA: [String: [UInt8]]]>([:])

    /// `key.pem`, `key.der` as `openssl pkey -outform DER` writes it, `key.p8` in PKCS#8, and `ca.crt`.
    private func file(_ name: String) throws -> [UInt8] {
        try Self.cache.withLock { cache in
            if cache[self] == nil {
                let folder = try TemporaryFolder()
                try folder.sh("openssl genpkey \(rawValue) -out key.pem")
                try folder.sh("openssl pkey -in key.pem -outform DER -out key.der")
                try folder.sh("openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.p8")
                try folder.sh(
                    """
                    openssl req -x509 -new -key key.pem -subj '/O=Acme/CN=Acme \(self) CA' -days 3650 \
                    -addext keyUsage=critical,keyCertSign,cRLSign -out ca.crt
                    """
                )
                cache[self] = [:]
                for name in ["key.pem", "key.der", "key.p8", "ca.crt"] {
                    cache[self]?[name] = try folder.read(name)
                }
            }
            return try #require(cache[self]?[name])
        }
    }

    /// The key as `openssl pkey -outform DER` writes it: for RSA and EC the older form.
    var der: [UInt8] { get throws { try file("key.der") } }
    var pkcs8: [UInt8] { get throws { try file("key.p8") } }
    var keyPEM: [UInt8] { get throws { try file("key.pem") } }
    var certificate: Certificate { get throws { try Certificate(pem: file("ca.crt")) } }

    func material() throws -> CAMaterial {
        let pem = secret(try keyPEM)
        return try CAMaterial(
            generations: [KeyGeneration(key: PrivateKey(pem: pem), certificates: [certificate])],
            chain: []
        )
    }
}

/// The CA whose certificates have known dates: `CN=Acme Root CA`, P-256, and what came after and before it.
enum Acme {
    /// A certificate for `Acme`'s key or for another.
    enum Issue: String, CaseIterable, Sendable {
        /// Of 2024: what most escrows here hold.
        case root
        /// Of 2025, the same key.
        case renewed
        /// Of 2026, the same key.
        case renewedAgain
        /// Of 2023, the same key.
        case earlier
        /// Of 2025, the same key, another subject.
        case renamed
        /// Of 2025, the same key and subject, written in another case and with more blanks.
        case respelled
        /// Of 2025, the same key, a subject that is drawn like the CA's: its last C is Cyrillic.
        case lookalike
        /// Of 2025, another key, the same subject.
        case rekeyed
        /// Of 2024, an attacker's key, the same subject.
        case forged
        /// Of 2026, another key and subject, and no CA: what some products keep beside the CA's key.
        case encryption

        fileprivate var year: Int {
            switch self {
            case .root, .forged: 2024
            case .renewed, .renamed, .respelled, .lookalike, .rekeyed: 2025
            case .renewedAgain, .encryption: 2026
            case .earlier: 2023
            }
        }

        fileprivate var key: String { [.rekeyed, .forged, .encryption].contains(self) ? rawValue : "root" }
        fileprivate var subject: String {
            switch self {
            case .renamed: "/CN=Acme Other CA"
            case .respelled: "/CN=ACME   root CA"
            case .lookalike: "/CN=Acme Root \u{421}A"
            case .encryption: "/CN=Acme key exchange"
            default: "/CN=Acme Root CA"
            }
        }
        fileprivate var extensions: String { self == .encryption ? "leaf" : "v3" }
    }

    private static let files = Result {
        let folder = try TemporaryFolder()
        try folder.write("ca.cnf", configuration)
        try folder.write("index.txt", "")
        for key in ["root", "rekeyed", "forged", "encryption"] {
            try folder.sh("openssl genpkey \(SampleCA.p256.rawValue) -out \(key).pem")
            try folder.sh("openssl pkcs8 -topk8 -nocrypt -in \(key).pem -outform DER -out \(key).p8")
        }
        var files: [String: [UInt8]] = [:]
        for issue in Issue.allCases {
            try folder.sh(
                "openssl req -new -utf8 -config ca.cnf -key \(issue.key).pem -subj '\(issue.subject)' -out x.csr"
            )
            try folder.sh(
                """
                openssl ca -config ca.cnf -batch -notext -selfsign -keyfile \(issue.key).pem -in x.csr \
                -startdate \(issue.year)0101000000Z -enddate 20440101000000Z -extensions \(issue.extensions) -out \(issue).crt
                """
            )
            files["\(issue).crt"] = try folder.read("\(issue).crt")
            files["\(issue.key).pem"] = try folder.read("\(issue.key).pem")
            files["\(issue.key).p8"] = try folder.read("\(issue.key).p8")
        }
        return files
    }

    static func certificate(_ issue: Issue) throws -> Certificate {
        try Certificate(pem: #require(files.get()["\(issue).crt"]))
    }

    /// The same where only other errors are expected.
    static func orFail(_ issue: Issue) -> Certificate {
        do {
            return try certificate(issue)
        } catch {
            preconditionFailure("openssl made no certificate: \(error)")
        }
    }

    /// The PKCS#8 of the key behind a certificate.
    static func pkcs8(_ issue: Issue) throws -> [UInt8] { try #require(files.get()["\(issue.key).p8"]) }

    /// A key with its certificates.
    static func generation(_ issues: Issue...) throws -> KeyGeneration {
        let pem = secret(try #require(files.get()["\(issues[0].key).pem"]))
        return try KeyGeneration(key: PrivateKey(pem: pem), certificates: issues.map { try certificate($0) })
    }

    static func material(_ issue: Issue = .root) throws -> CAMaterial {
        try CAMaterial(generations: [generation(issue)], chain: [])
    }

    /// After a renewal with a new key: two generations.
    static func renewedMaterial() throws -> CAMaterial {
        try CAMaterial(generations: [generation(.root), generation(.rekeyed)], chain: [])
    }

    private static let configuration = """
        [ca]
        default_ca = x
        [x]
        database = index.txt
        new_certs_dir = .
        rand_serial = yes
        policy = any
        default_md = sha256
        unique_subject = no
        x509_extensions = v3
        [any]
        commonName = supplied
        [v3]
        basicConstraints = critical,CA:TRUE
        keyUsage = critical,keyCertSign,cRLSign
        [leaf]
        basicConstraints = CA:FALSE
        keyUsage = critical,keyEncipherment,digitalSignature
        [req]
        distinguished_name = dn
        [dn]

        """
}
