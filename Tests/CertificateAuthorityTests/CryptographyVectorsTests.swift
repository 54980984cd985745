// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import Testing

/// Every PKCS#12 file of Debian's python3-cryptography-vectors, none of which anybody here has made: NIST's PKITS, and
/// those by which Python's cryptography is tested.
///
/// What opens is held against what `openssl pkcs12 -legacy` finds in it; what is refused has its reason in a table.
@Suite("Vectors of python-cryptography")
struct CryptographyVectorsTests {
    static let folder = "/usr/lib/python3/dist-packages/cryptography_vectors"

    /// What is refused, and why.
    static let refused: [String: Refusal] = {
        var refused: [String: Refusal] = [
            "cert-aes256cbc-no-key": .noKey, "no-cert-key-aes256cbc": .noCertificate,
        ]
        for name in ["name-2", "name-3", "name-all", "name-unicode", "no-name"] {
            for password in ["pwd", "no-pwd"] {
                refused["no-cert-\(name)-\(password)"] = .noKey
            }
        }
        for name in [
            "DSACACert", "DSAParametersInheritedCACert", "InvalidDSASignatureTest6EE", "ValidDSASignaturesTest4EE",
            "ValidDSAParameterInheritanceTest5EE",
        ] {
            refused[name] = .dsa
        }
        return refused
    }()

    enum Refusal: Equatable {
        case noKey
        /// A key alone.
        case noCertificate
        case dsa
        case other(PKCS12Error)

        init(_ error: PKCS12Error) {
            switch error {
            case .material(.noKey): self = .noKey
            case .material(.keyMatchesNoCertificate): self = .noCertificate
            case .key(.keyTypeNotAccepted("DSA")): self = .dsa
            default: self = .other(error)
            }
        }
    }

    /// What lies in a file, in its order; keys as the SHA-256 of their PKCS#8.
    struct Content: Equatable {
        var keys: Set<String> = []
        var certificates: [Certificate] = []
    }

    struct Vector {
        let path: String
        let name: String
        /// Nothing when none protects it.
        let password: String?

        init(_ path: String) {
            self.path = path
            name = URL(filePath: path).deletingPathExtension().lastPathComponent
            if path.contains("/PKITS_data/") || name.hasSuffix("-pwd") && !name.hasSuffix("-no-pwd") {
                password = "password"
            } else {
                password = name.hasSuffix("-no-pwd") || name == "no-password" ? nil : "cryptography"
            }
        }

        func read() throws -> CAMaterial {
            let file = try Array(Data(contentsOf: URL(filePath: path)))
            guard let password else {
                return try #require(try PKCS12Reader.readWithoutPassword(file))
            }
            return try PKCS12ReaderTests.read(file, password)
        }
    }

    init() throws {
        try OpenSSL.start()
    }

    private static func vectors() -> [Vector] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".p12") || $0.hasSuffix(".pfx") }.sorted().map { Vector("\(folder)/\($0)") }
    }

    /// What openssl finds, by path: it is run once, in a loop of the shell.
    private static func expected(_ vectors: [Vector]) throws -> [String: Content] {
        let temporary = try TemporaryFolder()
        let lines = vectors.map { "\($0.password ?? "")|\($0.path)" }
        try temporary.write("list", lines.joined(separator: "\n") + "\n")
        let text = try temporary.sh(
            """
            while IFS='|' read -r password path; do
                echo "==> $path"
                openssl pkcs12 -legacy -in "$path" -passin "pass:$password" -nodes | sed -n '/^-----BEGIN/,/^-----END/p'
            done < list
            """
        )
        var found: [String: Content] = [:]
        for part in text.split(separator: "==> ") {
            let path = String(part.prefix { $0 != "\n" })
            var content = Content()
            content.certificates = try Certificate.all(pem: Array(part.utf8))
            for block in part.split(separator: "-----BEGIN PRIVATE KEY-----\n").dropFirst() {
                let base64 = block.prefix { $0 != "-" }.filter { $0 != "\n" }
                let der = try #require(Data(base64Encoded: String(base64)))
                content.keys.insert(OpenSSL.sha256Hex(Array(der)))
            }
            found[path] = content
        }
        return found
    }

    @Test("all 435 are read as openssl reads them, or refused for the reason that they have")
    func all() throws {
        let vectors = Self.vectors()
        try #require(vectors.count == 435)
        let expected = try Self.expected(vectors)
        var (opened, refused) = (0, Set<String>())
        for vector in vectors {
            do throws(any Error) {
                let material = try vector.read()
                let content = try #require(expected[vector.path])
                let digests = try keys(of: material.generations).map(OpenSSL.sha256Hex)
                #expect(Set(digests) == content.keys, "\(vector.name)")
                // Those of the key come first, then the others in the order of the file.
                let own = content.certificates.filter { certificate in material.certificates.contains(certificate) }
                let others = content.certificates.filter { !own.contains($0) }
                #expect(material.certificates == own, "\(vector.name)")
                #expect(material.chain == others, "\(vector.name)")
                #expect(!own.isEmpty && material.unescrowed.isEmpty, "\(vector.name)")
                opened += 1
            } catch let error as PKCS12Error {
                #expect(Self.refused[vector.name] == Refusal(error), "\(vector.name): \(error)")
                refused.insert(vector.name)
            }
        }
        #expect(refused == Set(Self.refused.keys))
        #expect(opened + refused.count == 435)
    }

    @Test("names of keys are those that were published", arguments: ["pwd", "no-pwd"])
    func names(password: String) throws {
        for (name, expected) in [
            ("no-name", nil), ("name-1", "name"), ("name-2", nil), ("name-3", nil), ("name-2-3", nil),
            ("name-all", "name"), ("name-unicode", "☺"),
        ] as [(String, String?)] {
            let material = try Vector("\(Self.folder)/pkcs12/\(name)-\(password).p12").read()
            #expect(material.generations.map(\.name) == [expected], "\(name)")
        }
    }

    @Test("without the password nothing opens, and nobody is told that none is needed")
    func wrongPasswords() throws {
        for vector in Self.vectors() where vector.path.contains("/pkcs12/") && !vector.path.contains("PKITS") {
            let file = try Array(Data(contentsOf: URL(filePath: vector.path)))
            if vector.password != nil {
                let isOpen = try PKCS12Reader.readWithoutPassword(file) != nil
                #expect(!isOpen, "\(vector.name)")
            }
            #expect(throws: PKCS12Error.wrongPassword, "\(vector.name)") {
                try PKCS12ReaderTests.read(file, "another")
            }
        }
    }
}
