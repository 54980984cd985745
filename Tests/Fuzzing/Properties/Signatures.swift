// SPDX-License-Identifier: Apache-2.0

@testable import Custody
@testable import Encoding

extension Reader {
    /// The armor, and what stands in it.
    public static let signature = Reader("Signature") { bytes in
        if let signature = try accepted({ try SSHSignature(armored: bytes) }) {
            try require(signature.armored == bytes, "a signature is written to other bytes")
        }
        if let signature = try accepted({ try SSHSignature(blob: bytes) }) {
            try require(signature.blob == bytes, "the binary form is written to other bytes")
            let again = try SSHSignature(armored: signature.armored)
            try require(again == signature, "what is written is read as another signature")
            _ = try accepted { try signature.verify([], namespace: signature.namespace) }
        }
    }

    /// Who may sign, and the line of a `.pub` file.
    public static let signers = Reader("Signers") { bytes in
        if let signers = try accepted({ try AllowedSigners(bytes) }) {
            for line in signers.lines {
                let text = Array(written(line).utf8)
                guard let again = try accepted({ try AllowedSigners(text) })?.lines.first else {
                    throw Violation(
                        description: "a line that was written is not read: \(written(line).debugDescription)"
                    )
                }
                try require(
                    again.principals == line.principals && again.key == line.key && again.namespaces == line.namespaces
                        && again.validAfter == line.validAfter && again.validBefore == line.validBefore,
                    "a line that was written is read as another one: \(written(line).debugDescription)"
                )
            }
            try signers.warnings.forEach { try requireShowable($0, "a warning") }
        }
        guard let text = String(validating: bytes, as: UTF8.self),
            let key = try accepted({ try SigningKey(openSSH: text) })
        else {
            return
        }
        try require(try SigningKey(openSSH: key.openSSH) == key, "a key that was written is read as another one")
        try require(try SigningKey(blob: key.blob) == key, "the binary form is read as another key")
    }
}

private func written(_ line: AllowedSigners.Line) -> String {
    var options: [String] = []
    if let namespaces = line.namespaces {
        options.append("namespaces=\"\(namespaces.joined(separator: ","))\"")
    }
    for (name, time) in [("valid-after", line.validAfter), ("valid-before", line.validBefore)] {
        if let time {
            options.append("\(name)=\"\(time.compact.filter { $0 != "T" })\"")
        }
    }
    let names = line.principals.map(\.description).joined(separator: ",")
    return ([names] + (options.isEmpty ? [] : [options.joined(separator: ",")]) + [line.key.openSSH])
        .joined(separator: " ")
}
