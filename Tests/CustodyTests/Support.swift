// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory

@testable import Custody
@testable import Encoding

/// A folder that is removed with its last reference.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "custody-\(UUID().uuidString)")
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o700]
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true, attributes: attributes)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: url.appending(path: name))
    }

    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: url.appending(path: name)))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try read(name), as: UTF8.self)
    }

    /// Runs a program of the system here, with a file of this folder as its input.
    func run(_ words: [String], input: String? = nil) throws -> (status: Int32, output: [UInt8]) {
        let output = "output-\(UUID().uuidString)"
        try write("", to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = url
        process.standardInput = try input.map { try FileHandle(forReadingFrom: url.appending(path: $0)) } ?? .nullDevice
        process.standardOutput = try FileHandle(forWritingTo: url.appending(path: output))
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, try read(output))
    }

    /// Makes a key pair with `ssh-keygen`: NAME and NAME.pub.
    func makeKey(_ name: String, type: [String] = ["ed25519"]) throws {
        _ = try run(["ssh-keygen", "-q", "-N", "", "-C", "a comment", "-f", name, "-t"] + type)
    }

    /// Lets `ssh-keygen` sign; the armored signature.
    func sign(_ message: [UInt8], namespace: String, key: String, options: [String] = []) throws -> [UInt8] {
        try write(message, to: "message")
        return try run(["ssh-keygen", "-Y", "sign", "-n", namespace, "-f", key] + options, input: "message").output
    }

    /// Whether `ssh-keygen -Y verify` accepts a signature under an `allowed_signers` file.
    func accepts(
        _ signature: [UInt8],
        over message: [UInt8],
        signers: String,
        principal: String,
        namespace: String,
        time: Timestamp? = nil
    ) throws -> Bool {
        try write(message, to: "verified")
        try write(signature, to: "signature")
        try write(signers, to: "signers")
        let time = time.map { ["-Overify-time=" + $0.compact.filter { $0 != "T" }] } ?? []
        let words = [
            "ssh-keygen", "-Y", "verify", "-f", "signers", "-I", principal, "-n", namespace, "-s", "signature",
        ]
        return try run(words + time, input: "verified").status == 0
    }
}

/// The repository's language-neutral vectors.
enum Vectors {
    static func named(_ name: String) throws -> [String: Any] {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let data = try Data(contentsOf: root.appending(path: "Fixtures/vectors/ca-escrow-v1.json"))
        let all = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return all?[name] as? [String: Any] ?? [:]
    }
}

extension SecretBytes {
    init(_ bytes: [UInt8]) {
        self.init(copying: bytes.span)
    }

    init(_ text: String) {
        self.init(Array(text.utf8))
    }

    /// What tests may see of a secret.
    var revealed: [UInt8] { withSpan { span in span.indices.map { span[$0] } } }
}

extension Identity {
    /// An identity whose seed is 32 times the same byte.
    static func test(_ name: String = "alice", seed: UInt8 = 1) throws -> Identity {
        Identity(name: try Name(name), seed: SecretBytes([UInt8](repeating: seed, count: 32)))
    }
}
