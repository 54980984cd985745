// SPDX-License-Identifier: Apache-2.0

package import SecretMemory

/// Passphrases that opened the CA's keys, which are to be in no file of an archive.
package struct WithheldSecrets: Sendable {
    /// A class, since no array holds a noncopyable value.
    private final class Kept: Sendable {
        let bytes: SecretBytes

        init(_ bytes: consuming SecretBytes) {
            self.bytes = bytes
        }
    }

    private var kept: [Kept] = []

    package init() {}

    /// Keeps a copy of one.
    package mutating func add(_ secret: borrowing SecretBytes) {
        if secret.count > 0 {
            kept.append(Kept(SecretBytes(copying: secret.span)))
        }
    }

    /// The shortest that is looked for among other text: shorter ones stand in a CA's files by chance, and a message that
    /// a file holds it would tell what it is.
    private static let length = 8
    /// The longest file in which shorter ones are looked for: as a line by itself.
    static let lineLimit = 4096

    /// Looks for them in bytes that come piece by piece.
    package struct Scan {
        fileprivate let secrets: WithheldSecrets
        private var tail: [UInt8] = []
        private var isFirst = true

        fileprivate init(_ secrets: WithheldSecrets) {
            self.secrets = secrets
        }

        /// - Returns: Whether one of them is there.
        package mutating func look(at piece: [UInt8], isLast: Bool) -> Bool {
            guard !secrets.kept.isEmpty else {
                return false
            }
            let text = tail + piece
            let isSmall = isFirst && isLast && piece.count <= WithheldSecrets.lineLimit
            isFirst = false
            let longest = secrets.kept.map { $0.bytes.count }.max() ?? 1
            tail = Array(text.suffix(longest - 1))
            return secrets.kept.contains { kept in
                kept.bytes.withSpan { secret in
                    secret.count >= WithheldSecrets.length
                        ? Self.stands(secret, in: text.span) : isSmall && Self.isLine(secret, of: text)
                }
            }
        }

        private static func stands(_ secret: Span<UInt8>, in text: Span<UInt8>) -> Bool {
            text.count >= secret.count
                && (0...(text.count - secret.count)).contains { start in
                    secret.indices.allSatisfy { text[start + $0] == secret[$0] }
                }
        }

        private static func isLine(_ secret: Span<UInt8>, of text: [UInt8]) -> Bool {
            text.split(separator: UInt8(ascii: "\n")).contains { line in
                let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
                return line.count == secret.count
                    && secret.indices.allSatisfy { line[line.startIndex + $0] == secret[$0] }
            }
        }
    }

    package func scan() -> Scan { Scan(self) }
}
