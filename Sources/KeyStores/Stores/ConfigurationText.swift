// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SystemPackage

/// The text of an OpenSSL configuration with what its `.include` lines name in their place.
///
/// OpenSSL would open whatever they name: a pipe that never ends, a device, or a file without limit. Here only regular
/// files are read, within limits, and OpenSSL gets a text without such lines. As with OpenSSL, a file that is not there is
/// no error.
///
/// *config(5); `def_load_bio` in OpenSSL's crypto/conf/conf_def.c.*
struct ConfigurationText {
    /// Included files that are not there, as they are named.
    private(set) var missing: [String] = []
    /// The files that were read, each once.
    private(set) var sources: [FilePath] = []
    private var lines: [(text: [UInt8], path: FilePath, number: Int)] = []
    /// The files that are being read now, without links.
    private var open: [FilePath] = []
    private let folder: FilePath
    private var fileCount = 0
    private var byteCount = 0
    private var includeFolder: FilePath?
    private var isAbsoluteNeeded = false

    static let depthLimit = 8
    static let fileLimit = 64

    /// - Throws: ``StoreError``
    init(_ path: FilePath) throws(StoreError) {
        folder = path.removingLastComponent()
        try read(path)
    }

    /// Hands the text to OpenSSL.
    ///
    /// - Throws: ``StoreError/configuration(path:line:_:)`` with the file and line that OpenSSL stopped at.
    func parsed() throws(StoreError) -> ParsedConfiguration {
        do throws(ParsedConfiguration.Failure) {
            return try Self.parsed(lines.map(\.text))
        } catch {
            let place = lines.isEmpty ? nil : lines[min(max(error.line, 1), lines.count) - 1]
            throw .configuration(path: place?.path.string ?? "", line: place?.number ?? error.line, error.cause)
        }
    }

    private static func parsed(_ lines: [[UInt8]]) throws(ParsedConfiguration.Failure) -> ParsedConfiguration {
        try ParsedConfiguration(Array(lines.joined(separator: [newline])) + [newline])
    }

    private mutating func read(_ path: FilePath, in directory: Bool = false) throws(StoreError) {
        let bytes = try StoreFile.bytes(path, limit: StoreFile.byteLimit)
        guard !bytes.contains(0) else {
            throw .fileStore(.notText(path: path.string))
        }
        byteCount += bytes.count
        fileCount += 1
        if !sources.contains(path) {
            sources.append(path)
        }
        open.append(try stored(Files.resolved(path)))
        defer { open.removeLast() }
        for (line, number) in Self.logicalLines(bytes) {
            let word = try Self.withoutSection(line.drop { $0 <= UInt8(ascii: " ") }, path, number)
            if let value = Self.directive(".include", word) {
                try include(value, at: path, number, in: directory)
            } else {
                if let value = Self.directive(".pragma", word) {
                    note(pragma: value)
                }
                lines.append((Array(word), path, number))
            }
        }
    }

    /// What OpenSSL takes for one line, with the number of its last one in the file.
    ///
    /// No byte-order mark or carriage return hides a word, and a backslash at the end joins two lines.
    private static func logicalLines(_ bytes: [UInt8]) -> [([UInt8], Int)] {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let plain = (bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]).filter { $0 != 0x0d }
        var result: [([UInt8], Int)] = []
        var joined: [UInt8] = []
        let physical = plain.split(separator: newline, omittingEmptySubsequences: false)
        for (index, line) in physical.enumerated() {
            joined += line
            if joined.last == backslash, joined.count == 1 || joined[joined.count - 2] != backslash {
                joined.removeLast()
                continue
            }
            result.append((joined, index + 1))
            joined = []
        }
        return result + (joined.isEmpty ? [] : [(joined, physical.count)])
    }

    /// The line without `SECTION::` before `.include`, which OpenSSL follows as well.
    private static func withoutSection(
        _ line: ArraySlice<UInt8>,
        _ path: FilePath,
        _ number: Int
    ) throws(StoreError) -> ArraySlice<UInt8> {
        guard line.first != UInt8(ascii: "#"), let place = line.firstRange(of: Array("::.include".utf8)) else {
            return line
        }
        // No blanks, equals signs, quotes and escapes: these would have to be read as OpenSSL reads them.
        let isName = line[..<place.lowerBound].allSatisfy { $0 > UInt8(ascii: " ") && !"=\\\"'`$#[]".utf8.contains($0) }
        guard isName else {
            throw .fileStore(.include(path: path.string, line: number, name: "", .unclear))
        }
        return line[place.lowerBound...].dropFirst(2)
    }

    /// What follows a directive, and an equals sign; `nil` when the line does not start with that word.
    private static func directive(_ word: String, _ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard line.starts(with: word.utf8) else {
            return nil
        }
        var rest = line.dropFirst(word.utf8.count).drop { $0 <= UInt8(ascii: " ") }
        if rest.first == UInt8(ascii: "=") {
            rest = rest.dropFirst().drop { $0 <= UInt8(ascii: " ") }
        }
        while let last = rest.last, last <= UInt8(ascii: " ") {
            rest.removeLast()
        }
        return rest
    }

    private mutating func note(pragma: ArraySlice<UInt8>) {
        let parts = pragma.split(separator: UInt8(ascii: ":"), maxSplits: 1).map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 2 else {
            return  // OpenSSL will say so
        }
        let value = String(parts[1].unicodeScalars.drop { $0 == " " || $0 == "\t" })
        switch parts[0] {
        case "includedir": includeFolder = FilePath(value)
        case "abspath": isAbsoluteNeeded = ["on", "true"].contains(bytesOf: value)
        default: break
        }
    }

    private mutating func include(
        _ value: ArraySlice<UInt8>,
        at path: FilePath,
        _ number: Int,
        in directory: Bool
    ) throws(StoreError) {
        let name = try expanded(value, at: path, number)
        func refuse(_ problem: IncludeProblem) -> StoreError {
            .fileStore(.include(path: path.string, line: number, name: name, problem))
        }
        guard !name.isEmpty else {
            return
        }
        let named = (includeFolder ?? FilePath()).pushing(FilePath(name))
        guard !isAbsoluteNeeded || named.isAbsolute else {
            throw refuse(.notAbsolute)
        }
        let target = folder.pushing(named)
        guard try StoreFile.kind(target) != nil else {
            missing.append(name)
            return
        }
        guard let names = try? StoreFile.names(target) else {
            try follow(target, in: directory, refuse)
            return
        }
        guard !directory else {
            throw refuse(.folderInFolder)
        }
        for name in names where [".cnf", ".conf"].contains(where: { name.lowercasedASCII.hasSuffix(bytesOf: $0) }) {
            try follow(target.appending(name), in: true, refuse)
        }
    }

    private mutating func follow(
        _ target: FilePath,
        in directory: Bool,
        _ refuse: (IncludeProblem) -> StoreError
    ) throws(StoreError) {
        guard !open.contains(try stored(Files.resolved(target))) else {
            throw refuse(.loop)
        }
        guard open.count < Self.depthLimit else {
            throw refuse(.tooDeep(limit: Self.depthLimit))
        }
        guard fileCount < Self.fileLimit else {
            throw refuse(.tooMany(limit: Self.fileLimit))
        }
        guard byteCount <= StoreFile.byteLimit else {
            throw refuse(.tooLong(limit: StoreFile.byteLimit))
        }
        try read(target, in: directory)
    }

    /// The name with variables, quotes and escapes expanded as OpenSSL does it: by OpenSSL, in the place of the line.
    private func expanded(
        _ value: ArraySlice<UInt8>,
        at path: FilePath,
        _ number: Int
    ) throws(StoreError) -> String {
        guard value.contains(where: "$\\'\"`#".utf8.contains) else {
            return String(decoding: value, as: UTF8.self)
        }
        let probe = "ca_escrow_include"
        do throws(ParsedConfiguration.Failure) {
            // The line stands in whichever section was begun last.
            let text = lines.map(\.text) + [Array("\(probe) = ".utf8) + value]
            return try Self.parsed(text).value(anywhere: probe) ?? ""
        } catch {
            throw .configuration(path: path.string, line: number, error.cause)
        }
    }

    private static let newline = UInt8(ascii: "\n")
    private static let backslash = UInt8(ascii: "\\")
}
