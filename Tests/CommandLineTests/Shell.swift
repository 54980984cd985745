// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs commands as a transcript shows them: with bash, in one folder, without a terminal.
struct Shell {
    let folder: URL
    /// The width of a terminal for the commands, without colours and a cursor that moves; without it they have none.
    var columns: Int?

    /// What the command wrote to both streams, then `[exit N]` unless it succeeded; values that vary are
    /// normalised.
    ///
    /// - Parameter limit: In seconds; then the command is ended.
    func run(_ command: String, isNormalised: Bool = true, limit: Int = 120) throws -> String {
        var (text, status) = try output(of: command, limit: limit)
        text += text.isEmpty || text.hasSuffix("\n") ? "" : "\n"
        return (isNormalised ? normalised(text, in: folder) : text) + (status == 0 ? "" : "[exit \(status)]\n")
    }

    /// What the command wrote, as it is, and its exit status.
    func output(of command: String, limit: Int = 120) throws -> (text: String, status: Int32) {
        let process = Process()
        // A session of its own has no terminal, also when a person runs the tests at one.
        process.executableURL = URL(filePath: "/usr/bin/setsid")
        let script = "umask 022; set -o pipefail\n\(command)\nexit"
        let shell = ["bash", "-c", (columns.map { "stty cols \($0) rows 24\n" } ?? "") + script]
        let terminal = columns == nil ? [] : ["answer.py", "--"]
        process.arguments = ["--wait", "timeout", "--kill-after=5", "\(limit)"] + terminal + shell
        process.currentDirectoryURL = folder
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: bytes, as: UTF8.self), process.terminationStatus)
    }

    /// Nothing of the caller's, but where the program leaves its coverage.
    private var environment: [String: String] {
        let folders = [Checkout.programs, Checkout.tools].map { $0.path(percentEncoded: false) }
        var variables = [
            "PATH": (folders + ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]).joined(separator: ":"),
            "HOME": folder.path(percentEncoded: false), "LC_ALL": "C", "TZ": "UTC",
            "PYTHONDONTWRITEBYTECODE": "1",
        ]
        variables["TERM"] = columns.map { _ in "dumb" }
        if let profile = ProcessInfo.processInfo.environment["LLVM_PROFILE_FILE"] {
            variables["LLVM_PROFILE_FILE"] = profile.replacing("%m", with: "child-%p")
        }
        return variables
    }
}
