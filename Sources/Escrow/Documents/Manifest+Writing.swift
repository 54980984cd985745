// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
import Ristretto255
import SecretSharing

extension Manifest {
    /// The canonical bytes of `manifest.json`.
    package func encoded() -> [UInt8] { json.encoded() }

    /// The canonical bytes of everything but the sealed shares: what each box is bound to.
    package func encodedHead() -> [UInt8] { json.removing("shares").encoded() }

    /// SHA-256 of ``encodedHead()``.
    package var headDigest: SHA256Digest { SHA256Digest(of: encodedHead()) }

    private var json: JSONValue {
        var members: [String: JSONValue] = [
            "approval": .object([
                "officers": .array(
                    approval.officers.map {
                        .object(["key": .string($0.key.openSSH), "name": .string($0.name.description)])
                    }
                ),
                "threshold": .integer(UInt64(approval.threshold)),
            ]),
            "certificates": .array(certificates.map { .string(Base64.encode($0.der)) }),
            "created": .string(created.description),
            "epoch": .integer(UInt64(epoch)),
            "format": .string(DocumentFormat.manifest.format),
            "occasion": .string(occasion.rawValue),
            "people": .array(
                people.map {
                    .object([
                        "card": .string($0.card.description),
                        "name": .string($0.name.description),
                        "sealingKey": .string(Hex.encode($0.sealingKey)),
                        "signingKey": .string($0.signingKey.openSSH),
                    ])
                }
            ),
            "pkcs12": .object([
                "encryption": .string(pkcs12.encryption),
                "iterations": .integer(UInt64(pkcs12.iterationCount)),
                "kdf": .string(pkcs12.kdf),
                "mac": .string(pkcs12.mac),
                "name": .string(pkcs12.name),
                "sha256": .string(pkcs12.sha256.description),
                "size": .integer(UInt64(pkcs12.byteCount)),
            ]),
            "policy": json(of: policy.root, at: .root),
            "rehearsal": .boolean(isRehearsal),
            "set": .string(set.description),
            "shares": .array(
                shares.map {
                    .object([
                        "box": .string(Base64.encode($0.box)),
                        "path": .string($0.path.description),
                        "sealedIn": .integer(UInt64($0.sealedIn)),
                    ])
                }
            ),
            "suite": .string(Self.suite),
        ]
        if let previous {
            members["previous"] = .object([
                "epoch": .integer(UInt64(previous.epoch)),
                "format": .string(DocumentFormat.manifest.format),
                "sha256": .string(previous.sha256.description),
            ])
        }
        if isRetired {
            members["retired"] = .boolean(true)
        }
        if let state {
            members["state"] = state.json
        }
        if let title {
            members["title"] = .string(title)
        }
        return .object(members)
    }

    private func json(of gate: Gate<Name>, at path: Path) -> JSONValue {
        let elements = sharing.commitments[path]?.elements ?? []
        return .object([
            "commitments": .array(elements.map { .string(Hex.encode($0.bytes)) }),
            "members": .array(
                gate.members.enumerated().map { position, member in
                    switch member {
                    case .custodian(let name): .object(["custodian": .string(name.description)])
                    case .gate(let inner): json(of: inner, at: path.member(position + 1))
                    }
                }
            ),
            "threshold": .integer(UInt64(gate.threshold)),
        ])
    }
}
