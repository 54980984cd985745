// SPDX-License-Identifier: Apache-2.0

@testable import CertificateAuthority
@testable import Custody
@testable import Encoding
@testable import Escrow
@testable import KeyStores

extension Reader {
    /// What a scanner reads from an envelope, and what a person types to compare a digest.
    public static let envelope = Reader("Envelope") { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return
        }
        _ = try accepted { try TypedCode(text) }
        guard let code = try accepted({ try EnvelopeCode(text) }) else {
            return
        }
        let again = try EnvelopeCode(code.payload)
        try require(
            again.isWhole && again.kind == code.kind && again.differences(from: code).isEmpty,
            "a code that was written is read as another one"
        )
        try require(
            !code.isWhole || code.payload.lowercased() == text.lowercased(),
            "two texts are one whole code: \(text.debugDescription)"
        )
    }

    /// JSON that another program wrote, and settings that are looked through for keys.
    public static let foreignJSON = Reader("ForeignJSON") { bytes in
        _ = try accepted { try ForeignJSON(parsing: bytes) }
        _ = SettingScan.look(at: bytes, named: "vars")
    }
}
