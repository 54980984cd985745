// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What lies where: a reader finds the code of a sentence by the names of folders.
@Suite("The house")
struct HouseTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    @Test("the top level has the package, its documents and what Debian wants there")
    func topLevel() throws {
        let made: Set = ["Package.resolved"]
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.path()).filter { !$0.hasPrefix(".") }
        #expect(
            Set(names).subtracting(made) == [
                "CHANGELOG.md", "CONTRIBUTING.md", "Fixtures", "LICENSE", "Makefile", "Package.swift", "README.md",
                "SECURITY.md", "Sources", "Tests", "debian", "docs",
            ]
        )
    }
}
