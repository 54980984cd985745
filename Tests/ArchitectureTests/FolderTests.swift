// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The folders of a module are its rooms: a type of one is named only by those above it.
@Suite("Folders point down")
struct FolderTests {
    /// The folders of each module, the lowest first.
    static let order: [String: [String]] = [
        "Encoding": ["Text", "Names", "JSON"],
        "Custody": ["Passwords", "Signatures", "Identities", "Boxes"],
        "CertificateAuthority": ["OpenSSL", "DER", "Keys", "KeyFiles", "Certificates", "Authority", "PKCS12"],
        "KeyStores": ["Errors", "Proof", "Tokens", "Stores", "State"],
        "Escrow": ["Documents", "Errors", "Directory", "Acts"],
        "Audit": ["Checks", "Report", "Status"],
        "Ceremony": [
            "Plan", "Transcript", "Bundle", "Script", "Acts", "Evidence", "Verification", "Sheet", "Run", "Drafting",
        ],
    ]

    @Test("a folder names no type of one above it", arguments: order.keys.sorted())
    func edges(of module: String) throws {
        let order = try #require(Self.order[module])
        let files = try Self.files(of: module, order)
        var homes: [String: Int] = [:]
        for file in files {
            for name in file.declared {
                homes[name] = max(homes[name] ?? 0, file.floor)
            }
        }
        for file in files {
            let above = file.named.subtracting(file.declared).filter { homes[$0] ?? 0 > file.floor }
            #expect(above.isEmpty, "\(order[file.floor])/\(file.name) names \(above.sorted())")
        }
    }

    @Test("the order has every folder", arguments: order.keys.sorted())
    func folders(of module: String) throws {
        let root = ImportTests.sources.appending(path: module)
        let found = try FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)
            .filter(\.hasDirectoryPath).map(\.lastPathComponent)
        #expect(Set(found) == Set(Self.order[module] ?? []))
    }

    /// A source file by the types that it declares for others and those that it names.
    private struct File {
        let name: String
        let floor: Int
        var declared: Set<String> = []
        var named: Set<String> = []

        init(at url: URL, floor: Int) throws {
            (name, self.floor) = (url.lastPathComponent, floor)
            for line in String(decoding: try Data(contentsOf: url), as: UTF8.self).split(separator: "\n") {
                take(Array(line.utf8))
            }
        }

        private static let keywords: Set<String> = ["struct", "enum", "class", "protocol", "typealias"]

        private mutating func take(_ line: [UInt8]) {
            var words: [String] = []
            var word: [UInt8] = []
            var isText = false
            for (index, byte) in (line + [0x20]).enumerated() {
                if byte == UInt8(ascii: "/"), !isText, line.indices.contains(index + 1), line[index + 1] == byte {
                    break
                }
                isText = byte == UInt8(ascii: "\"") ? !isText : isText
                if Self.isOfWord(byte), !isText {
                    word.append(byte)
                } else if !word.isEmpty {
                    words.append(String(decoding: word, as: UTF8.self))
                    word = []
                }
            }
            named.formUnion(words.filter { $0.first?.isUppercase == true })
            // What begins at the left is seen by other files, unless it says otherwise.
            guard line.first != 0x20, !words.contains("private"), !words.contains("fileprivate"),
                let place = words.firstIndex(where: Self.keywords.contains), words.indices.contains(place + 1)
            else {
                return
            }
            declared.insert(words[place + 1])
        }

        private static func isOfWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
    }

    private static func files(of module: String, _ order: [String]) throws -> [File] {
        try order.enumerated().flatMap { floor, folder in
            let root = ImportTests.sources.appending(path: "\(module)/\(folder)")
            let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
            return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
                .map { try File(at: $0, floor: floor) }
        }
    }
}
