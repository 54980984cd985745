// SPDX-License-Identifier: Apache-2.0

import Foundation
import SystemPackage
import Testing

@testable import Files

/// One process at a time, and what the others are told.
@Suite struct DirectoryLockTests {
    let folder: TemporaryFolder
    let place: FilePath

    init() throws {
        folder = try TemporaryFolder()
        place = FilePath(folder.path)
    }

    /// Holds the lock in a process of its own until its input ends.
    private func hold() throws -> (process: Process, input: Foundation.Pipe) {
        let (process, input, output) = (Process(), Foundation.Pipe(), Foundation.Pipe())
        process.executableURL = URL(filePath: "/usr/bin/flock")
        process.arguments = [place.string, "sh", "-c", "echo locked; cat"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
        return (process, input)
    }

    @Test("whoever finds a directory locked waits a while, then names the process that holds the lock")
    func named() throws {
        let (process, input) = try hold()
        let holder = LockHolder(process: process.processIdentifier, name: "flock")
        let busy = FileError.busy(path: place.string, holder: holder)
        let start = ContinuousClock.now
        #expect(throws: busy) { _ = try DirectoryLock(on: place, patience: .milliseconds(250)) }
        #expect(ContinuousClock.now - start >= .milliseconds(250))
        #expect(throws: busy) { _ = try DirectoryLock(onPlaceOf: place, patience: .zero) }
        #expect(
            "\(busy)" == "\(place): another process is at work there: \(process.processIdentifier) (flock)"
        )
        // It ends while somebody waits.
        Thread.detachNewThread { [writer = input.fileHandleForWriting] in
            usleep(150_000)
            try? writer.close()
        }
        _ = try DirectoryLock(on: place, patience: .seconds(60))
        process.waitUntilExit()
    }

    @Test("a command waits ten seconds at most")
    func patience() {
        #expect(DirectoryLock.patience == .seconds(10))
    }

    @Test("of the kernel's list, only the line of a flock that is held counts")
    func list() {
        let list = """
            1: POSIX  ADVISORY  WRITE 11 fe:00:77 0 EOF
            2: FLOCK  ADVISORY  WRITE 12 fe:00:78 0 EOF
            2: -> FLOCK  ADVISORY  WRITE 13 fe:00:77 0 EOF
            3: FLOCK  ADVISORY  WRITE 0 fe:00:79 0 EOF
            4: FLOCK  ADVISORY  WRITE 14 fe:00:77 0 EOF

            """
        let bytes = Array(list.utf8)
        #expect(LockHolder.process(holding: "fe:00:77", in: bytes) == 14)
        #expect(LockHolder.process(holding: "fe:00:79", in: bytes) == nil)
        #expect(LockHolder.process(holding: "fe:01:77", in: bytes) == nil)
        #expect("\(LockHolder(process: 14, name: nil))" == "14")
    }
}
