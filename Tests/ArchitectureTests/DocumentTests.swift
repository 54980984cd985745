// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Documents fit a terminal, a review and a printed page.
@Suite("Documents")
struct DocumentTests {
    private static let root = ImportTests.sources.appending(path: "..").standardized

    /// Every Markdown file of the checkout, by its path; what is hidden is built or fetched.
    private static func documents() throws -> [String] {
        let files = try #require(
            FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
        )
        return files.compactMap { ($0 as? URL)?.path() }.filter { $0.hasSuffix(".md") }.sorted()
    }

    /// The lines of a document, numbered from 1, without tables and fenced blocks: a row cannot be broken, and what a
    /// terminal shows is as wide as the terminal.
    private static func prose(of text: String) -> [(number: Int, text: Substring)] {
        var fence: Substring?
        return zip(1..., text.split(separator: "\n", omittingEmptySubsequences: false)).filter { _, line in
            let line = line.drop { $0 == " " }
            if let opened = fence {
                fence = line == opened ? nil : opened
                return false
            }
            if line.hasPrefix("```") {
                fence = line.prefix { $0 == "`" }
                return false
            }
            return !line.hasPrefix("|")
        }.map { ($0, $1) }
    }

    @Test("no line is over 120 columns, but for rows of tables and fenced blocks")
    func columns() throws {
        let documents = try Self.documents()
        #expect(documents.contains { $0.hasSuffix("/README.md") } && documents.contains { $0.hasSuffix("/format.md") })
        for path in documents {
            let lines = Self.prose(of: try String(contentsOfFile: path, encoding: .utf8))
            #expect(!lines.isEmpty, "\(path)")
            for line in lines where line.text.count > 120 {
                Issue.record("\(path):\(line.number): \(line.text.count) columns")
            }
        }
    }
}
