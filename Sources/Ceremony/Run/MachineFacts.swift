// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// What the kernel says of swap and tracing.
enum MachineFacts {
    static func read() -> [MachineItem] {
        [
            MachineItem(expected: "no swap is in use", isPassed: swapLines.map { $0 <= 1 } ?? false),
            MachineItem(
                expected: "other processes may not trace this one (ptrace_scope)",
                isPassed: (ptraceScope ?? 0) >= 1
            ),
        ]
    }

    /// Disks that the kernel knows, with what it says of their size; none is what a machine without a disk has.
    static var disks: String {
        let names = ((try? Files.names(in: "/sys/block")) ?? []).filter { name in
            !["loop", "ram", "zram"].contains { name.hasPrefix(bytesOf: $0) }
        }
        let sizes = names.sortedByBytes().map { name in
            let sectors = text("/sys/block/\(name)/size").flatMap { Int($0.words(between: "\n").joined()) } ?? 0
            return "\(name) \(sectors / 2048) MiB"
        }
        return sizes.isEmpty ? "none" : sizes.joined(separator: ", ")
    }

    /// Lines of `/proc/swaps`: one is its heading.
    private static var swapLines: Int? { text("/proc/swaps")?.words(between: "\n").count }

    private static var ptraceScope: Int? {
        text("/proc/sys/kernel/yama/ptrace_scope").flatMap { Int($0.words(between: "\n").joined()) }
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
