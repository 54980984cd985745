// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where things lie in the checkout that the tests were built from.
enum Checkout {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let tools = root.appending(path: "Tests/Tools")

    static let transcripts = root.appending(path: "Tests/CommandLineTests/Transcripts")

    private static let products = Bundle.module.bundleURL.deletingLastPathComponent()

    /// A folder that holds the program as `ca-escrow`: the products of this build, or a link to another.
    ///
    /// The variable `CA_ESCROW` names that one. Several processes of tests make the link at one time: each renames one of
    /// its own into place, which replaces another's in one step.
    static let programs: URL = {
        guard let program = ProcessInfo.processInfo.environment["CA_ESCROW"] else {
            return products
        }
        let folder = products.appending(path: "program-under-test")
        let link = folder.appending(path: "ca-escrow")
        let own = folder.appending(path: "ca-escrow.\(ProcessInfo.processInfo.processIdentifier)")
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try? FileManager.default.removeItem(at: own)  // of a process before, which had the same number
            try FileManager.default.createSymbolicLink(at: own, withDestinationURL: URL(filePath: program))
        } catch {
            preconditionFailure("no link to \(program): \(error)")
        }
        guard unsafe rename(own.path, link.path) == 0 else {
            preconditionFailure("no link to \(program): errno \(errno)")
        }
        return folder
    }()
}

/// Runs `body` with an empty folder, which is gone afterwards.
func withTemporaryFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ca-\(UUID().uuidString.prefix(12))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.resolvingSymlinksInPath())
}
