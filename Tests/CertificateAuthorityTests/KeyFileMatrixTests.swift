// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import CertificateAuthority

/// The table of docs/stores/files.md.
///
/// With the variable `RECORD_MATRIX` set, the table is written anew: read the difference. A run that is not whole compares
/// some of its rows.
@Suite struct KeyFileMatrixTests {
    init() throws {
        try OpenSSL.start()
    }

    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/stores/files.md")
    private static let begin = "<!-- made by KeyFileMatrixTests -->\n"
    private static let end = "\n<!-- end -->"

    @Test("every key under every cipher and key derivation opens, or is refused with the true reason")
    func matrix() throws {
        // Stays loaded: OpenSSL 3.0 loses algorithms when one thread unloads what another one takes them from.
        guard let legacy = LegacyProvider() else {
            Issue.record("OpenSSL has no legacy provider")
            return
        }
        let isRecording = ProcessInfo.processInfo.environment["RECORD_MATRIX"] != nil
        let matrix = try KeyFileMatrix(step: isRecording ? 1 : TestRun.step(16))
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let start = try #require(text.range(of: Self.begin)?.upperBound)
        let end = try #require(text.range(of: Self.end, range: start..<text.endIndex)?.lowerBound)
        if isRecording {
            try text.replacingCharacters(in: start..<end, with: matrix.table)
                .write(to: Self.page, atomically: true, encoding: .utf8)
        } else {
            let lines = text[start..<end].split(separator: "\n").map(String.init)
            let missing = matrix.table.split(separator: "\n").map(String.init).filter { !lines.contains($0) }
            #expect(missing == [], "the page has not these rows")
            if TestRun.isWhole {
                #expect(lines.filter { !matrix.table.contains($0) } == [], "the page alone has these rows")
            }
        }
        // Whatever stands in the page: the passphrase is never blamed for the file, nor the file for the passphrase.
        for row in matrix.rows {
            #expect(!row.right.contains("wrong pass"), "\(row)")
            #expect(row.wrong != "opened" && row.none != "opened", "\(row)")
            #expect(row.right == "opened" || row.wrong == row.right, "\(row)")
        }
        #expect(Set(matrix.rows.map(\.form)).count == KeyFileMatrix.Form.allCases.count)
        legacy.unload()
    }
}
