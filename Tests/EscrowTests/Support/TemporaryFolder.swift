// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemPackage

/// A folder of its own for one test, removed with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        // Short: a debug build of swift-system spends most of its time on the length of paths.
        path = FileManager.default.temporaryDirectory.appending(path: "e-\(UUID().uuidString.prefix(8))").path()
        // Tests that act as nobody pass through it, whatever the umask.
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o755]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func callAsFunction(_ name: String) -> FilePath { FilePath(path).appending(FilePath(name).components) }

    /// Writes a file, and the directories that lead to it.
    func write(_ name: String, _ bytes: [UInt8]) throws {
        try write(bytes, to: self(name))
    }

    func write(_ bytes: [UInt8], to path: FilePath) throws {
        let file = URL(filePath: path.string)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: file)
    }

    func write(_ name: String, _ text: String) throws {
        try write(name, Array(text.utf8))
    }

    func read(_ name: String) throws -> [UInt8] { try read(self(name)) }

    func read(_ path: FilePath) throws -> [UInt8] { try Array(Data(contentsOf: URL(filePath: path.string))) }

    func remove(_ path: FilePath) throws {
        try FileManager.default.removeItem(atPath: path.string)
    }

    func copy(_ source: FilePath, to destination: FilePath) throws {
        try FileManager.default.copyItem(atPath: source.string, toPath: destination.string)
    }

    func move(_ source: FilePath, to destination: FilePath) throws {
        try FileManager.default.moveItem(atPath: source.string, toPath: destination.string)
    }

    /// Everything in the folder: names with sizes, the hidden ones too.
    func listing() throws -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return try names.sorted().map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            return "\(name) \(attributes[.type] as? FileAttributeType == .typeDirectory ? 0 : attributes[.size] ?? "")"
        }
    }

    /// The permission bits of a file.
    func permissions(_ path: FilePath) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path.string)
        return attributes[.posixPermissions] as? Int ?? -1
    }

    /// Runs a command line in the folder.
    ///
    /// - Returns: What it wrote to standard output.
    /// - Throws: ``CommandFailure`` unless it ends with status 0.
    @discardableResult
    func sh(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(filePath: path)
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": path, "LC_ALL": "C.UTF-8"]
        let output = Pipe()
        let errors = self("stderr-\(UUID().uuidString)").string
        _ = FileManager.default.createFile(atPath: errors, contents: nil)
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailure(command: command, output: text + (try String(contentsOfFile: errors, encoding: .utf8)))
        }
        try FileManager.default.removeItem(atPath: errors)
        return text
    }
}

struct CommandFailure: Error {
    let command: String
    let output: String
}
