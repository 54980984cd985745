// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The picture of the house, executable: which modules each of ours may import.
///
/// SwiftPM lets a target import what its dependencies depend on; this does not.
@Suite("Imports point down")
struct ImportTests {
    static let allowed: [String: Set<String>] = [
        "SecretMemory": ["CSodium", "CLinux"],
        "Files": ["CLinux", "SecretMemory"],
        "Ristretto255": ["CSodium", "SecretMemory"],
        "SecretSharing": ["Ristretto255", "SecretMemory"],
        "Encoding": ["CSodium", "Files"],
        "Custody": ["CSodium", "Encoding", "Files", "SecretMemory"],
        "CertificateAuthority": ["COpenSSL", "Files", "SecretMemory"],
        "KeyStores": ["CPKCS11", "CertificateAuthority", "Encoding", "Files", "SecretMemory"],
        "Pages": ["Encoding", "Files"],
        "Escrow": [
            "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding", "SecretSharing", "Ristretto255",
            "Files",
            "SecretMemory",
        ],
        "Audit": [
            "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding", "SecretSharing",
            "Ristretto255", "Files",
        ],
        "Ceremony": [
            "Audit", "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding", "SecretSharing",
            "Files",
            "SecretMemory",
        ],
        "ca-escrow": [
            "Ceremony", "Audit", "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding",
            "SecretSharing",
            "Ristretto255", "Files",
            "SecretMemory",
        ],
    ]

    static let modules = Set(allowed.keys).union(["CSodium", "COpenSSL", "CPKCS11", "CLinux"])
    static let sources = URL(filePath: #filePath).appending(path: "../../../Sources").standardized

    @Test("a module imports only those below it", arguments: allowed.keys.sorted())
    func imports(of module: String) throws {
        let folder = Self.sources.appending(path: module)
        let allowed = try #require(Self.allowed[module])
        for file in try swiftFiles(in: folder) {
            for imported in try imports(in: file) where Self.modules.contains(imported) {
                #expect(allowed.contains(imported), "\(module)/\(file.lastPathComponent) imports \(imported)")
            }
        }
    }

    @Test("no Foundation below the command line", arguments: allowed.keys.sorted().filter { $0 != "ca-escrow" })
    func foundation(in module: String) throws {
        for file in try swiftFiles(in: Self.sources.appending(path: module)) {
            let found = try imports(in: file).filter { $0.hasPrefix("Foundation") }
            #expect(found.isEmpty, "\(module)/\(file.lastPathComponent)")
        }
    }

    @Test("the table names every module")
    func everyModule() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path())
        #expect(Set(folders) == Self.modules)
    }

    private func swiftFiles(in folder: URL) throws -> [URL] {
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        let found = files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        #expect(!found.isEmpty, "no Swift files in \(folder.lastPathComponent)")
        return found
    }

    private func imports(in file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            // Most lines are indented: a look at their first byte is a thousand times faster.
            guard let first = line.utf8.first, Self.beginnings.contains(first) else {
                return nil
            }
            return line.firstMatch(of: /^(?:@\w+ )?(?:\w+ )?import (?:struct |enum |class |func )?(\w+)/).map {
                String($0.1)
            }
        }
    }

    /// Of `import`, of what stands before it, and of an attribute.
    private static let beginnings = Array("i@p".utf8)
}
