// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Files
import Foundation
import SecretMemory
import SystemPackage

/// The files of `Fixtures/vectors/escrow`.
enum ExampleEscrow {
    static let folder = FilePath(
        URL(filePath: #filePath).appending(path: "../../../Fixtures/vectors/escrow").standardized.path
    )

    static func file(_ name: String) -> FilePath { folder.appending(FilePath(name).components) }

    static func directory() throws -> EscrowDirectory {
        try EscrowDirectory(at: file("example-root-ca.escrow"))
    }

    /// An epoch by its position in `expected.json`.
    static func epoch(_ position: Int) throws -> (document: EpochDocument, expected: Expected.Epoch) {
        (try directory().documents[position], try expected().epochs[position])
    }

    /// Someone's identity, opened.
    static func identity(_ name: String) throws -> Identity {
        let identity = try IdentityFile(canonical: try Files.read(file("identities/\(name).identity"), limit: 4096))
        guard !identity.isWithoutPassphrase else {
            return try identity.open(passphrase: nil)
        }
        let line = try Files.read(file("identities/\(name).passphrase"), limit: 4096)
        return try identity.open(passphrase: SecretBytes(copying: line.span.extracting(0..<line.count - 1)))
    }

    static func expected() throws -> Expected {
        let bytes = try Files.read(file("expected.json"), limit: 1 << 20)
        return try JSONDecoder().decode(Expected.self, from: Data(bytes))
    }

    /// `expected.json`, which another implementation worked out.
    struct Expected: Decodable {
        let epochs: [Epoch]
        let seeds: [String: String]

        struct Epoch: Decodable {
            let A0: String
            let X: [String: String]
            let certificates: [String]
            let directory: String
            let head: String
            let keys: [String]
            let manifest: String
            let password: String
            let payloads: [String: String]
            let people: [String: String]
            let pkcs12: String
            let records: [Record]?
            let secret: String
            let set: String
            let shares: [String: String]
        }

        struct Record: Decodable {
            let D: String?
            let c: String?
            let file: String
            let sha256: String
        }
    }
}

extension SecretBytes {
    /// A secret shown in hexadecimal digits: test data only.
    var shownHex: String { withSpan { span in Hex.encode(span.indices.map { span[$0] }) } }
}
