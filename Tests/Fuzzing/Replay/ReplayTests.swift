// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Every seed of the fuzz targets, and every case that was ever found, through the reader that it is for.
///
/// These are the properties that `make fuzz` checks, compiled here without a mutator. A reader that traps ends the tests,
/// and the last test that began names it.
@Suite("Readers of bytes from outside")
struct ReplayTests {
    static let fuzzing = URL(filePath: #filePath).appending(path: "../..").standardized

    @Test("what was found once holds, and so does what readers are meant for", arguments: Reader.all.map(\.name))
    func replay(_ name: String) throws {
        let reader = try #require(Reader.all.first { $0.name == name })
        let seeds = try Self.files("Seeds/\(name)")
        #expect(!seeds.isEmpty, "no seeds of \(name)")
        for file in try seeds + Self.files("Found/\(name)") {
            let bytes = [UInt8](try Data(contentsOf: file))
            #expect(throws: Never.self, "\(name)/\(file.lastPathComponent)") { try reader.check(bytes) }
        }
    }

    @Test("every reader has a target, and every folder a reader")
    func targets() throws {
        let names = Reader.all.map(\.name)
        #expect(names == names.sorted { $0.lowercased() < $1.lowercased() })
        for folder in ["Targets", "Seeds"] {
            let folders = try FileManager.default.contentsOfDirectory(
                atPath: Self.fuzzing.appending(path: folder).path()
            )
            #expect(Set(folders) == Set(names), "\(folder)")
        }
        let found = try FileManager.default.contentsOfDirectory(atPath: Self.fuzzing.appending(path: "Found").path())
        #expect(Set(found).subtracting(["README.md"]).isSubset(of: names))
        let manifest = try String(contentsOf: Self.fuzzing.appending(path: "Package.swift"), encoding: .utf8)
        for name in names {
            #expect(manifest.contains("\"\(name)\""), "Package.swift does not list \(name)")
        }
    }

    private static func files(_ folder: String) throws -> [URL] {
        let folder = fuzzing.appending(path: folder)
        guard FileManager.default.fileExists(atPath: folder.path()) else {
            return []
        }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }
}
