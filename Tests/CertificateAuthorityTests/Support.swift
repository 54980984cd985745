// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import SecretMemory
import Testing

/// A folder of its own for one test, removed with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "ca-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ name: String, _ text: String) throws {
        try write(name, Array(text.utf8))
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = URL(filePath: self(name))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
    }

    /// Every file of the folder by its name: what outlives the folder.
    func files() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: path) {
            files[name] = try read(name)
        }
        return files
    }

    func read(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: self(name)))) }

    /// Runs a command line in the folder.
    ///
    /// - Returns: What it wrote to standard output.
    /// - Throws: ``CommandFailure`` unless it ends with status 0.
    @discardableResult
    func sh(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(filePath: path)
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": path, "LC_ALL": "C.UTF-8"]
        let output = Pipe()
        let errors = self("stderr-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailure(command: command, output: text + (try String(contentsOfFile: errors, encoding: .utf8)))
        }
        try FileManager.default.removeItem(atPath: errors)
        return text
    }
}

struct CommandFailure: Error {
    let command: String
    let output: String
}

func secret(_ text: String) -> SecretBytes {
    let bytes = Array(text.utf8)
    return SecretBytes(copying: bytes.span)
}

func secret(_ bytes: [UInt8]) -> SecretBytes { SecretBytes(copying: bytes.span) }

/// The bytes of a secret, to compare them: test data only.
func bytes(_ secret: borrowing SecretBytes) -> [UInt8] {
    let span = secret.span
    return span.indices.map { span[$0] }
}

/// What `openssl genpkey` makes of each kind of key that is accepted.
enum Sample: String, CaseIterable, Sendable {
    case rsa2048 = "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"
    case rsa3072 = "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"
    case rsa4096 = "-algorithm RSA -pkeyopt rsa_keygen_bits:4096"
    case p256 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"
    case p384 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"
    case p521 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-521"
    case ed25519 = "-algorithm ED25519"
    case ed448 = "-algorithm ED448"

    var kind: KeyKind {
        switch self {
        case .rsa2048: .rsa(bitCount: 2048)
        case .rsa3072: .rsa(bitCount: 3072)
        case .rsa4096: .rsa(bitCount: 4096)
        case .p256: .ec(curve: "P-256")
        case .p384: .ec(curve: "P-384")
        case .p521: .ec(curve: "P-521")
        case .ed25519: .ed25519
        case .ed448: .ed448
        }
    }

    /// One key of each kind with a self-signed certificate, made once.
    private static let files = Result {
        let folder = try TemporaryFolder()
        for sample in allCases {
            try folder.sh("openssl genpkey \(sample.rawValue) -out \(sample).pem")
            try folder.sh("openssl pkcs8 -topk8 -nocrypt -in \(sample).pem -outform DER -out \(sample).der")
            try folder.sh(
                """
                openssl req -x509 -new -key \(sample).pem -subj '/O=Acme/CN=Acme \(sample) CA' -days 30 \
                -addext keyUsage=critical,keyCertSign,cRLSign -out \(sample).crt
                """
            )
        }
        return try folder.files()
    }

    var pem: [UInt8] { get throws { try #require(Self.files.get()["\(self).pem"]) } }
    var der: [UInt8] { get throws { try #require(Self.files.get()["\(self).der"]) } }
    var certificate: Certificate { get throws { try Certificate(pem: #require(Self.files.get()["\(self).crt"])) } }

    func key() throws -> PrivateKey {
        let text = secret(try pem)
        return try PrivateKey(pem: text)
    }

    func generation() throws -> KeyGeneration { try KeyGeneration(key: key(), certificates: [certificate]) }

    func material() throws -> CAMaterial { try CAMaterial(generations: [generation()], chain: []) }
}

/// A certification authority that was renewed twice: RSA-3072, the same key again, then EC P-384; under a root.
enum Renewed {
    private static let files = Result {
        let folder = try TemporaryFolder()
        try folder.write(
            "ca.cnf",
            """
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
            [req]
            distinguished_name = dn
            [dn]
            """
        )
        try folder.write("index.txt", "")
        try folder.sh("openssl genpkey \(Sample.p256.rawValue) -out root.pem")
        try folder.sh(
            "openssl req -x509 -new -key root.pem -subj '/CN=Acme Root CA' -days 3650 -out root.crt"
        )
        try folder.sh("openssl genpkey \(Sample.rsa3072.rawValue) -out old.pem")
        try folder.sh("openssl genpkey \(Sample.p384.rawValue) -out new.pem")
        for (key, certificate, start) in [("old", "old1", 2020), ("old", "old2", 2022), ("new", "new1", 2024)] {
            try folder.sh("openssl req -new -config ca.cnf -key \(key).pem -subj '/CN=Acme Issuing CA' -out x.csr")
            try folder.sh(
                """
                openssl ca -config ca.cnf -batch -notext -keyfile root.pem -cert root.crt -in x.csr \
                -startdate \(start)0101000000Z -enddate 20400101000000Z -out \(certificate).crt
                """
            )
        }
        for key in ["old", "new"] {
            try folder.sh("openssl pkcs8 -topk8 -nocrypt -in \(key).pem -outform DER -out \(key).der")
        }
        return try folder.files()
    }

    static func certificate(_ name: String) throws -> Certificate {
        try Certificate(pem: #require(files.get()["\(name).crt"]))
    }

    static func der(_ name: String) throws -> [UInt8] { try #require(files.get()["\(name).der"]) }

    static func material() throws -> CAMaterial {
        let old = secret(try #require(files.get()["old.pem"]))
        let new = secret(try #require(files.get()["new.pem"]))
        return try CAMaterial(
            generations: [
                KeyGeneration(
                    key: PrivateKey(pem: old),
                    certificates: [certificate("old1"), certificate("old2")],
                    providerName: "Microsoft Software Key Storage Provider"
                ),
                KeyGeneration(key: PrivateKey(pem: new), certificates: [certificate("new1")]),
            ],
            chain: [certificate("root")]
        )
    }
}

/// The PKCS#8 of every generation, newest first.
func keys(of generations: [KeyGeneration]) throws -> [[UInt8]] {
    try generations.map { generation in
        let der = try generation.key.pkcs8()
        return bytes(der)
    }
}
