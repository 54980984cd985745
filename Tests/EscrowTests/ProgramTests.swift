// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import Testing

@testable import Files

@Suite("Running other programs")
struct ProgramTests {
    private static let limits = Program.Limits(secondCount: 30, byteCount: 1 << 20)

    init() {
        signal(SIGPIPE, SIG_IGN)  // as the command line has it
    }

    private func sh(
        _ script: String,
        input: [UInt8] = [],
        within limits: Program.Limits = limits
    ) throws(ProgramError) -> Program.Outcome {
        let environment = ["PATH=/usr/bin:/bin", "WORD=given"]
        return try Program(at: "/bin/sh").run(["-c", script], environment: environment, input: input, within: limits)
    }

    @Test("input goes in, output, complaint and status come out")
    func outcome() throws {
        let input = (0..<700_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(try sh("cat", input: input) == .init(status: 0, output: input, complaint: []))
        #expect(
            try sh("echo out; echo no >&2; exit 7")
                == .init(status: 7, output: Array("out\n".utf8), complaint: Array("no\n".utf8))
        )
    }

    @Test("it sees the environment it is given, three open files, and its signals as they were")
    func surroundings() throws {
        #expect(
            try sh("env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= | sort").output
                == Array("PATH=/usr/bin:/bin\nWORD=given\n".utf8)
        )
        let file = unsafe open("/dev/null", O_RDONLY)  // without O_CLOEXEC
        defer { close(file) }
        #expect(try sh("test -e /proc/$$/fd/2 && ! test -e /proc/$$/fd/\(file)").status == 0)
        #expect(throws: ProgramError.died(path: "/bin/sh", signal: SIGPIPE)) { try sh("kill -PIPE $$") }
    }

    @Test("input that it does not want is no error")
    func unreadInput() throws {
        let input = [UInt8](repeating: 1, count: 1 << 20)
        #expect(try sh("exit 3", input: input).status == 3)
        #expect(try sh("exec <&-; sleep 0.2; echo done", input: input).output == Array("done\n".utf8))
    }

    @Test("one that takes too long, or writes too much, is ended")
    func bounds() throws {
        let short = Program.Limits(secondCount: 1, byteCount: 1000)
        #expect(throws: ProgramError.tookTooLong(path: "/bin/sh", secondLimit: 1)) {
            try sh("exec sleep 60", within: short)
        }
        // The pipes are closed, and it goes on.
        #expect(throws: ProgramError.tookTooLong(path: "/bin/sh", secondLimit: 1)) {
            try sh("exec sleep 60 <&- >&- 2>&-", within: short)
        }
        // A busy machine takes more than a second to start a program.
        let long = Program.Limits(secondCount: 60, byteCount: 1000)
        #expect(throws: ProgramError.wroteTooMuch(path: "/bin/sh", byteLimit: 1000)) {
            try sh("exec yes", within: long)
        }
        #expect(try sh("yes | head -c 1000", within: long).output.count == 1000)
        #expect(try sh("yes | head -c 300000 >&2", within: long).complaint.count == 2048)
    }

    @Test("it is looked up in absolute directories alone, and must be an executable file")
    func lookUp() throws {
        let folder = try TemporaryFolder()
        try folder.write("tool", "#!/bin/sh\nexit 5\n")
        #expect(Program(named: "tool", in: folder.path) == nil)
        _ = try folder.sh("chmod 755 tool; mkdir sub sub/tool")
        #expect(Program(named: "tool", in: "::relative:.:\(folder.path)/sub:\(folder.path)")?.path == folder("tool"))
        #expect(Program(named: "sh", in: "bin:./bin:") == nil)
        #expect(throws: ProgramError.cannotStart(path: "/nowhere/tool", .noSuchFileOrDirectory)) {
            try Program(at: "/nowhere/tool").run([], environment: [], input: [], within: Self.limits)
        }
    }
}
