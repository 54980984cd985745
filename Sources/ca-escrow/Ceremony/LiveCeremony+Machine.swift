// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

// The self-check at the opening: what is red needs an exception.
extension LiveCeremony {
    func checkMachine() throws {
        let program = SelfTest.programDigest()
        let check = SelfCheck.run()
        let versions = [("version", Version.text)] + check.libraries.map { ($0.name.lowercased(), $0.version) }
        CeremonyScreen.say(
            "ca-escrow \(Version.text), " + check.libraries.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
        )
        let found = results(of: check, program)
        for (name, isPassed) in found {
            CeremonyScreen.say("\(isPassed ? "PASS" : "RED ")  \(name)")
        }
        if !acts.contains(where: { $0.act == .compared && !$0.files.isEmpty }) {
            let used = program.map { [TranscriptLine.File(.input, "ca-escrow", $0)] } ?? []
            try record(.compared, files: used, notes: versions.map { .init($0.0, cutting: $0.1) })
        }
        for (name, isPassed) in found where !isPassed {
            var isFirst = true
            try ensure(name) { [self] in
                let now = isFirst ? found : results(of: SelfCheck.run(), SelfTest.programDigest())
                isFirst = false
                let isRed = now.contains { $0.name == name && !$0.isPassed }
                return isRed ? .otherwise("it is not so") : .asExpected()
            }
        }
        try waitForEnter("All of it is green or has its exception")
        showStep()
        if let program {
            CeremonyScreen.show(program, of: "this program")
        }
        try initialBoth()
    }

    private func results(of check: SelfCheck, _ program: SHA256Digest?) -> [(name: String, isPassed: Bool)] {
        check.results.map { ($0.name, $0.isPassed) }
            + [("the program is the plan's, \(plan.tool.short)…", program == plan.tool)]
            + MachineFacts.read().results
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
