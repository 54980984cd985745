// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Traps that are forced while secrets are alive: nothing of the memory is shown, and no core is left.
///
/// strace sends the signal at a system call in the middle of the work, where no prompt waits.
@Suite("Forced traps", .enabled(if: TestRun.isWhole, "in `make whole`"))
struct TrapTests {
    /// A command, and where in its work which signal comes.
    private struct Trap: CustomStringConvertible {
        let command: Command
        /// A system call, and the how manieth of this name.
        let call: String
        let when: Int
        let signal: String
        let number: Int32

        var description: String { "\(signal) at \(call) \(when) of \(command)" }
    }

    private enum Command: String {
        case restore =
            "restore acme.escrow --unverified r --certificate ca/cacert.pem -i alice.identity -i bob.identity -i carol.identity --plain-key --to pem:new.key,new.crt"
        case drill =
            "drill acme.escrow --unverified r --certificate ca/cacert.pem -i alice.identity -i bob.identity -i carol.identity"
        case backup =
            "backup more.escrow --from openssl-ca:ca --policy '3 of all' --officers '1 of (olga)' --card cards -i olga.identity"
    }

    // A secret of libsodium is locked when it is made: the 40th is in the midst of shares. At the first fsync the key is
    // in clear.
    private static let traps = [
        Trap(command: .restore, call: "mlock", when: 40, signal: "SEGV", number: SIGSEGV),
        Trap(command: .restore, call: "fsync", when: 1, signal: "ILL", number: SIGILL),
        Trap(command: .drill, call: "mlock", when: 40, signal: "SEGV", number: SIGSEGV),
        Trap(command: .drill, call: "fsync", when: 1, signal: "BUS", number: SIGBUS),
        Trap(command: .backup, call: "mlock", when: 40, signal: "TRAP", number: SIGTRAP),
        Trap(command: .backup, call: "fsync", when: 1, signal: "FPE", number: SIGFPE),
    ]

    @Test("a trap in the middle of the work shows no memory and leaves no core")
    func trap() throws {
        try withTemporaryFolder { folder in
            let world =
                "mkdir world; cd world; world.sh escrow; openssl pkey -in ca/private/cakey.pem -outform DER -out key.der"
            let complaints = try Shell(folder: folder).run(world)
            #expect(complaints == "")
            for trap in Self.traps {
                try check(trap, in: folder)
            }
        }
    }

    private func check(_ trap: Trap, in folder: URL) throws {
        let shell = Shell(folder: folder)
        let inject = "-e trace=\(trap.call) -e inject=\(trap.call):signal=\(trap.signal):when=\(trap.when)"
        let run =
            "rm -rf trap; cp -a world trap; cd trap; ulimit -c unlimited; export SWIFT_BACKTRACE=enable=yes,color=no; "
            + "strace -f -qq -o trace \(inject) ca-escrow \(trap.command.rawValue) > shown 2>&1"
        let status = try shell.output(of: run).status
        #expect(status == 128 + trap.number, "\(trap)")
        #expect(try shell.run("grep -c 'killed by SIG\(trap.signal) ' trap/trace") == "1\n", "\(trap)")
        // No backtrace, no register, no word of a core.
        let words = "'rashed|acktrace|hread [0-9]|rax|0x[0-9a-f]{6}|atal|core dumped'"
        // The static runtime says at the start that it has no program for backtraces.
        let noBacktraces = "swift runtime: unable to locate swift-backtrace; disabling backtracing."
        #expect(try shell.run("sed '1{/^\(noBacktraces)$/d}' trap/shown | grep -E \(words)") == "[exit 1]\n", "\(trap)")
        #expect(try shell.run("find trap -name 'core*'") == "", "\(trap)")
        let search =
            "cd trap; needles.py acme.escrow key.der {alice,bob,carol,dave,erin,olga,omar,otto}.identity -- shown"
        #expect(try shell.run(search) == "searched 1 files for 8 secrets: 0 found\n", "\(trap)")
    }
}
