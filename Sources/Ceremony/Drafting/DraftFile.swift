// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SystemPackage

/// The file that keeps what was said while a plan is made, `PLAN.draft`: whatever ends the interview, it is there.
///
/// It is laid out as the plan is, with the members that are known so far.
struct DraftFile {
    let path: FilePath
    /// Whether it may be replaced: this run has made it, or somebody has said so.
    private(set) var isOurs = false

    init(of plan: FilePath) {
        path = FilePath("\(plan).draft")
    }

    /// The draft that an earlier run has left, or nothing.
    ///
    /// - Throws: ``DraftError/notADraft(_:)``, ``FileError``
    func read() throws -> PlanDraft? {
        guard try Files.kind(of: path) != nil else {
            return nil
        }
        let bytes = try Files.read(path, limit: Plan.byteLimit)
        guard let json = try? JSONValue(anyLayout: bytes), json.members["format"]?.text == Plan.format.format else {
            throw DraftError.notADraft(path)
        }
        return PlanDraft(json)
    }

    mutating func take() { isOurs = true }

    /// - Throws: ``FileError``: what was kept before is still there.
    mutating func keep(_ draft: PlanDraft) throws(FileError) {
        let bytes = Array(PlanLayout.text(of: draft.json).utf8)
        if isOurs {
            try Files.replace(path, with: bytes, permissions: .publicFile)
        } else {
            try Files.create(path, bytes, permissions: .publicFile)
        }
        isOurs = true
    }

    /// Once the plan itself is there.
    func remove() {
        if isOurs {
            Files.withdraw(path)
        }
    }
}
