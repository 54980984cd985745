// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What other programs see is documented, and is little.
@Suite("The public face")
struct PublicTests {
    /// A line that declares something public; a text of several lines may begin one with the word alone.
    private static var declaration: Regex<Substring> {
        #/(?:@nonexhaustive )?public (?:[a-z]+(?:\(set\))? )*(?:struct|enum|protocol|class|func|var|let|init|typealias)\b.*/#
    }

    /// Public declarations of a source without a documentation comment before them: those of protocols, and cases, too.
    static func undocumented(in source: String) -> [String] {
        guard source.contains("public ") else {
            return []
        }
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var found: [String] = []
        var body: String?  // the indentation of a public enum or protocol
        for (index, line) in lines.enumerated() {
            if let indentation = body, line == "\(indentation)}" {
                body = nil
            }
            let text = line.drop { $0 == " " }
            let isPublic = text.contains("public ") && text.wholeMatch(of: Self.declaration) != nil
            let isMember = body.map { line.wholeMatch(of: /( *)(?:case [a-z]|func |var ).*/)?.1.count == $0.count + 4 }
            guard isPublic || isMember == true else {
                continue
            }
            let before = lines[..<index].last { !$0.drop { $0 == " " }.hasPrefix("@") }
            if before?.drop(while: { $0 == " " }).hasPrefix("///") != true {
                found.append(String(text))
            }
            if isPublic, text.contains("public enum ") || text.contains("public protocol ") {
                body = String(line.prefix { $0 == " " })
            }
        }
        return found
    }

    @Test("every public declaration has its documentation")
    func documentation() throws {
        let names = try #require(FileManager.default.enumerator(atPath: ImportTests.sources.path()))
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        let missing = try names.sorted().flatMap { name in
            let source = try String(contentsOf: ImportTests.sources.appending(path: name), encoding: .utf8)
            return Self.undocumented(in: source).map { "\(name): \($0)" }
        }
        #expect(missing == [])
    }

    @Test("every public enumeration may grow: whoever switches over one has a default")
    func growth() throws {
        let names = try #require(FileManager.default.enumerator(atPath: ImportTests.sources.path()))
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }
        let closed = try names.sorted().flatMap { name in
            try String(contentsOf: ImportTests.sources.appending(path: name), encoding: .utf8).split(separator: "\n")
                .filter { $0.contains("public enum ") && !$0.contains("@nonexhaustive ") }.map { "\(name): \($0)" }
        }
        #expect(closed == [])
    }

    @Test(
        "a planted declaration is noticed",
        arguments: [
            "public struct A {", "/// A.\npublic enum A {\n    case b\n}", "    public func a()",
            "/// A.\n@nonexhaustive public enum A {\n    /// B.\n    case b\n    case c(Int)\n}",
            "/// A.\npublic protocol A {\n    func b()\n}",
        ]
    )
    func planted(source: String) {
        #expect(Self.undocumented(in: source).count == 1)
    }
}
