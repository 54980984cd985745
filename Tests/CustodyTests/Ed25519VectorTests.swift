// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Custody
@testable import Encoding

/// `Fixtures/vectors/ed25519.json`: what verifiers of Ed25519 disagree about, made by arithmetic of its own.
@Suite("Signatures that verifiers disagree about")
struct Ed25519VectorTests {
    struct Vectors: Decodable {
        let message: String
        let namespace: String
        let signatures: [Row]

        struct Row: Decodable {
            let blob: String
            let valid: Bool
            let why: String
        }
    }

    @Test("each is taken or refused as the format says, whatever libsodium's version thinks")
    func vectors() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let data = try Data(contentsOf: root.appending(path: "Fixtures/vectors/ed25519.json"))
        let vectors = try JSONDecoder().decode(Vectors.self, from: data)
        #expect(vectors.signatures.count == 39 && vectors.signatures.count(where: \.valid) == 1)
        for row in vectors.signatures {
            var isTaken = false
            do throws(SignatureError) {
                let signature = try SSHSignature(blob: Base64.decode(row.blob) ?? [])
                try signature.verify(Array(vectors.message.utf8), namespace: vectors.namespace)
                isTaken = true
            } catch {
                #expect(error == .doesNotVerify || error == .key(.notAPoint), "\(row.why)")
            }
            #expect(isTaken == row.valid, "\(row.why)")
        }
    }
}
