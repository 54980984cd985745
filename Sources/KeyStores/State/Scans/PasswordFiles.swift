// SPDX-License-Identifier: Apache-2.0

import Files

/// Files that hold a password and nothing else, by what settings and people call them: an archive of a CA's state holds
/// none.
enum PasswordFiles {
    private static let stems = ["password", "passwords", "passphrase", "passwd", "pass", "pin"]
    private static let endings = ["pass", "passwd", "password", "passphrase", "pwd", "pin"]

    /// Whether a file is called as such files are: `password.txt`, `ca.pass`.
    static func isUsualName(_ name: String) -> Bool {
        let parts = name.lowercasedASCII.parts(between: ".")
        return endings.contains(bytesOf: parts[parts.count - 1]) && parts.count > 1
            || stems.contains(bytesOf: parts[0]) && (parts.count == 1 || parts[1...].elementsEqual(["txt"]))
    }

    /// The names of files in which settings say that a password or a PIN is: behind `file:` in a line that is about one,
    /// and in members of JSON such as `password-file`.
    static func names(in settings: [UInt8]) -> [String] {
        if let json = try? ForeignJSON(parsing: settings) {
            return names(in: json)
        }
        var names: [String] = []
        for line in settings.split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line, as: UTF8.self).lowercasedASCII
            guard text.contains(bytesOf: "pass") || text.contains(bytesOf: "pin") else {
                continue
            }
            for mark in ["file:", "pin-source="] {
                for range in line.ranges(of: Array(mark.utf8)) {
                    let path = line[range.upperBound...].prefix { !" \t\r\"';&".utf8.contains($0) }
                    names.append(String(decoding: path, as: UTF8.self))
                }
            }
        }
        return names.compactMap(lastName)
    }

    private static func names(in json: ForeignJSON) -> [String] {
        switch json {
        case .number, .other, .string: []
        case .array(let elements): elements.flatMap(names)
        case .object(let members):
            members.flatMap { name, value in
                let letters = name.lowercasedASCII.utf8.filter { (0x61...0x7a).contains($0) }
                guard let path = value.string,
                    String(decoding: letters, as: UTF8.self).hasSuffix(bytesOf: "passwordfile")
                else {
                    return names(in: value)
                }
                return lastName(path).map { [$0] } ?? []
            }
        }
    }

    /// Where it lies depends on variables and working directories; what it is called does not.
    private static func lastName(_ path: String) -> String? {
        path.words(between: "/").last.flatMap { [".", ".."].contains(bytesOf: $0) ? nil : $0 }
    }
}
