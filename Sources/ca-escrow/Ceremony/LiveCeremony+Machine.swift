// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

// The self-check at the opening: what is red needs an exception.
extension LiveCeremony {
    func checkMachine() throws {
        let check = SelfCheck.run()
        CeremonyScreen.say("ca-escrow \(Version.text)")
        for (library, version) in check.libraries {
            CeremonyScreen.say("\(library): \(version)")
        }
        var results = check.results.map { ($0.name, $0.isPassed) }
        let program = SelfTest.programDigest()
        results.append(("the program is the plan's, \(plan.tool.short)…", program == plan.tool))
        results += MachineFacts.read().results
        for (name, isPassed) in results {
            CeremonyScreen.say("\(isPassed ? "PASS" : "RED ")  \(name)")
        }
        var notes = check.libraries.map { TranscriptLine.Note($0.name.lowercased(), $0.version) }
        notes.append(.init("version", Version.text))
        let used = program.map { [TranscriptLine.File(.input, "ca-escrow", $0)] } ?? []
        try record(.compared, files: used, notes: notes)
        if let program {
            CeremonyScreen.show(program, of: "this program")
        }
        for (name, isPassed) in results where !isPassed {
            let decision = try raiseException(expected: name, happened: "it is not so")
            if decision == .again {
                return try checkMachine()
            }
        }
        try initialBoth()
    }
}

/// What the kernel says of swap and tracing.
struct MachineFacts {
    let results: [(name: String, isPassed: Bool)]

    static func read() -> MachineFacts {
        MachineFacts(results: [
            ("no swap is in use", swapLines.map { $0 <= 1 } ?? false),
            ("other processes may not trace this one (ptrace_scope)", (ptraceScope ?? 0) >= 1),
        ])
    }

    /// Lines of `/proc/swaps`: one is its heading.
    private static var swapLines: Int? { text("/proc/swaps")?.split(separator: "\n").count }

    private static var ptraceScope: Int? {
        text("/proc/sys/kernel/yama/ptrace_scope").flatMap { Int($0.filter(\.isNumber)) }
    }

    private static func text(_ path: String) -> String? {
        // The files of /proc have no size: they are read until they end.
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else {
            return nil
        }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe try? bytes.withUnsafeMutableBytes { unsafe try file.read(into: $0) }
        return count.map { String(decoding: bytes.prefix($0), as: UTF8.self) }
    }
}
