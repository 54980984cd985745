// SPDX-License-Identifier: Apache-2.0

import Audit
import Escrow
import Files
import Synchronization
import SystemPackage

/// Names what an interrupted run left behind, each thing once.
enum LeftoverWarning {
    private static let told = Mutex<Set<FilePath>>([])

    /// A file or directory under a hidden name.
    static func tell(_ path: FilePath) {
        warn(path, "left half-made by an interrupted run: remove it")
    }

    /// Whatever lies where this run wrote, and was not named yet.
    static func tellOfOthers() {
        Leftovers.found().forEach(tell)
        if !Clutter.found.isEmpty {
            Clutter.found.forEach { Report.note(.text($0), in: "passedOver") }
            Output.error("ca-escrow: passed over: \(Clutter.found.map(\.string).joined(separator: ", "))")
        }
        for signature in Leftovers.directories.flatMap(Record.orphanedSignatures(in:)) {
            warn(signature, "its document is missing: an interrupted run left it: remove it")
        }
    }

    private static func warn(_ path: FilePath, _ text: String) {
        let isNew = told.withLock { $0.insert(path.lexicallyNormalized()).inserted }
        if isNew {
            Output.warning("\(path): \(text)")
        }
    }
}
