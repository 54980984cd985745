// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// Who may sign what: the anchor that auditors bring with them, in the format of `ssh-keygen`'s `allowed_signers`.
///
/// Whatever is accepted here means to `ssh-keygen -Y verify` what it means to us. More is refused than there: patterns in
/// names and namespaces, times without `Z`, certificates, options that nobody knows.
package struct AllowedSigners: Sendable, Equatable {
    /// One person or several, and one key of theirs.
    package struct Line: Sendable, Equatable {
        package let principals: [Name]
        package let key: SigningKey
        /// The namespaces the key may sign for; `nil` for all of them.
        package let namespaces: [String]?
        /// The first moment at which the key counts.
        package let validAfter: Timestamp?
        /// The last moment at which the key counts.
        package let validBefore: Timestamp?
        /// Counted from 1.
        package let lineNumber: Int

        /// Whether the key counts at `time`; both ends belong to it, as with `ssh-keygen`.
        package func isValid(at time: Timestamp) -> Bool {
            validAfter.map { $0 <= time } ?? true && validBefore.map { time <= $0 } ?? true
        }

        /// Whether the key may sign for `namespace`.
        package func admits(namespace: String) -> Bool {
            namespaces?.contains { $0.utf8.elementsEqual(namespace.utf8) } ?? true
        }
    }

    /// The lines that are neither empty nor comments, in the file's order.
    package let lines: [Line]
    /// How many of these people must have signed, when the file says so; to `ssh-keygen` the line is a comment.
    package let required: Int?

    /// What is allowed but unwise: a line without namespaces, by number and names.
    package var warnings: [String] {
        lines.filter { $0.namespaces == nil }.map { line in
            let names = line.principals.map(\.description).joined(separator: ",")
            return "line \(line.lineNumber): no namespaces: the key of \(names) counts for every kind of document"
        }
    }

    /// Reads a whole file.
    ///
    /// - Throws: ``AllowedSignersError``, for the first line that is wrong.
    package init(_ bytes: [UInt8]) throws(AllowedSignersError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .notUTF8
        }
        var lines: [Line] = []
        var required: Int?
        let texts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, text) in texts.enumerated() {
            if let line = try Line(String(text), number: index + 1) {
                lines.append(line)
            } else if let number = try Requirement.number(in: String(text), line: index + 1) {
                guard required == nil else {
                    throw .repeatedRequirement(line: index + 1)
                }
                required = number
            }
        }
        self.lines = lines
        self.required = required
    }

    /// Whether a line lets exactly this person sign for exactly this namespace with exactly this key at `time`.
    package func admits(name: Name, key: SigningKey, namespace: String, at time: Timestamp) -> Bool {
        lines.contains { line in
            line.principals.contains(name) && line.key == key && line.admits(namespace: namespace)
                && line.isValid(at: time)
        }
    }

    /// The first line with this person and this key, whatever it allows: what a report can point to.
    package func line(for name: Name, key: SigningKey) -> Line? {
        lines.first { $0.principals.contains(name) && $0.key == key }
    }

    /// A line to put into such a file, without its end.
    ///
    /// The namespaces are at least one, each a word of printable ASCII and no pattern.
    package static func line(name: Name, key: SigningKey, namespaces: [String]) -> String {
        precondition(!namespaces.isEmpty && namespaces.allSatisfy(isNamespace), "a namespace is a plain word")
        return "\(name) namespaces=\"\(namespaces.joined(separator: ","))\" \(key.openSSH)"
    }

    /// The line that says how many of these people must have signed, without its end.
    ///
    /// - Parameter required: Within ``requirements``.
    package static func line(requiring required: Int) -> String {
        precondition(requirements.contains(required), "a number that readers take")
        return Requirement.start + "\(required)"
    }

    /// The numbers of people that a file may demand.
    package static let requirements = 1...1000

    /// Whether `ssh-keygen` takes `text` for itself: nothing in it quotes, separates or matches.
    static func isNamespace(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"*?!,\"\\".utf8.contains($0) }
    }
}
