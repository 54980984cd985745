// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import Glibc
import SystemPackage

/// One thing that a machine or a program must be like before a ceremony trusts it.
package struct MachineItem: Sendable {
    package let expected: Expectation
    package let isPassed: Bool
    /// What there is in its place.
    package var found = "it is not so"
    /// What helps.
    package let remedy: String
    var isOfProgram = false
    /// Whether a ceremony is held as well without it: nothing is wrong then.
    package var isOptional = false

    /// What is looked at before a ceremony, at its opening, and after every interruption.
    static func all(_ check: SelfCheck, _ program: SHA256Digest?, for plan: Plan) -> [MachineItem] {
        let tool = MachineItem(
            expected: .program(plan.tool),
            isPassed: program == plan.tool,
            found: ProgramUse.found(program),
            remedy: "put the program in place whose SHA-256 the plan has, \(plan.tool)",
            isOfProgram: true
        )
        return check.results.map {
            MachineItem(expected: Expectation($0.name), isPassed: $0.isPassed, remedy: $0.remedy)
        } + [tool] + MachineFacts.read()
    }
}

/// What the kernel says of swap, tracing, disks and the terminal.
enum MachineFacts {
    /// - Parameter root: Of the file system, for tests.
    static func read(from root: FilePath = "/") -> [MachineItem] { [swap(root), tracing(root)] }

    private static func swap(_ root: FilePath) -> MachineItem {
        // One line is the heading.
        let lines = text(root.appending("proc/swaps"))?.words(between: "\n")
        let used = lines?.dropFirst().compactMap { $0.words(between: " ").first?.words(between: "\t").first }
        return MachineItem(
            expected: "no swap is in use",
            isPassed: used?.isEmpty ?? false,
            found: used.map { "swap is in use: \($0.joined(separator: ", "))" } ?? "/proc/swaps cannot be read",
            remedy: "swapoff -a, and no swap in /etc/fstab"
        )
    }

    /// Disks that the kernel knows, with what it says of their size; none is what a machine without a disk has.
    static var disks: String {
        let names = ((try? Files.names(in: "/sys/block")) ?? []).filter { name in
            !["loop", "ram", "zram"].contains { name.hasPrefix(bytesOf: $0) }
        }
        let sizes = names.sortedByBytes().map { name in
            let file = FilePath("/sys/block").appending(name).appending("size")
            let sectors = text(file).flatMap { Int($0.words(between: "\n").joined()) } ?? 0
            return "\(name) \(sectors / 2048) MiB"
        }
        return sizes.isEmpty ? "none" : sizes.joined(separator: ", ")
    }

    private static func tracing(_ root: FilePath) -> MachineItem {
        let scope = text(root.appending("proc/sys/kernel/yama/ptrace_scope")).flatMap {
            Int($0.words(between: "\n").joined())
        }
        return MachineItem(
            expected: "other processes may not trace this one (ptrace_scope)",
            isPassed: (scope ?? 0) >= 1,
            found: scope.map { "ptrace_scope is \($0)" } ?? "this kernel has no Yama, and no ptrace_scope",
            remedy: scope == nil
                ? "boot with lsm=yama added to the kernel's command line, or another kernel; else an exception: let nobody log in, and run nothing else as this user"
                : "sysctl kernel.yama.ptrace_scope=1"
        )
    }

    /// How many bytes an ordinary user may still write where a directory is; nothing when that cannot be said.
    static func freeBytes(at folder: FilePath) -> UInt64? {
        var facts = statvfs()
        guard let file = try? FileDescriptor.open(folder.isEmpty ? FilePath(".") : folder, .readOnly) else {
            return nil
        }
        defer { try? file.close() }
        guard unsafe fstatvfs(file.rawValue, &facts) == 0 else {
            return nil
        }
        let (count, isTooLarge) = UInt64(facts.f_bavail).multipliedReportingOverflow(by: UInt64(facts.f_frsize))
        return isTooLarge ? .max : count
    }

    /// Whether files can be made in a directory.
    static func isWritable(_ folder: FilePath) -> Bool {
        let path = folder.isEmpty ? "." : folder
        return unsafe path.withPlatformString { unsafe access($0, W_OK | X_OK) } == 0
    }

    /// How many columns and lines the terminal has; nothing where there is none.
    static var terminal: (columns: Int, lines: Int)? {
        var size = winsize()
        guard let file = try? FileDescriptor.open(FilePath("/dev/tty"), .readOnly) else {
            return nil
        }
        defer { try? file.close() }
        guard unsafe ioctl(file.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// The printer that takes what no printer is named for, as CUPS says; nothing when there is none.
    static var printer: String? {
        guard let program = Program(named: "lpstat", in: "/usr/bin:/usr/local/bin:/bin"),
            let outcome = try? program.run(
                ["-d"],
                environment: ["LC_ALL=C"],
                input: [],
                within: Program.Limits(secondCount: 5, byteCount: 4096)
            ), outcome.status == 0
        else {
            return nil
        }
        let words = String(decoding: outcome.output, as: UTF8.self).words(between: "\n").first?.words(between: ":")
        return words?.count == 2 ? words?[1].words(between: " ").first : nil
    }

    private static func text(_ path: FilePath) -> String? {
        // The files of /proc have no size: they are read until they end.
        guard let file = try? FileDescriptor.open(path, .readOnly) else {
            return nil
        }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe try? bytes.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
        return count.map { String(decoding: bytes.prefix($0), as: UTF8.self) }
    }
}
