// SPDX-License-Identifier: Apache-2.0

import Custody

/// Which program held a ceremony, as its lines say: at the self-check, and whenever it went on after an interruption.
enum ProgramUse {
    /// What lines call the program's file.
    static let fileName = "ca-escrow"

    /// How the transcript calls what is expected of it.
    static let expectation = "the program is the plan's"

    /// Lines that name another program than the plan's, where no exception names that one.
    static func faults(in transcript: Transcript, of plan: Plan) -> [String] {
        let excuses = transcript.exceptions.map(\.texts).filter { $0["expected"]?.hasPrefix(expectation) == true }
        var faults: [String] = []
        for line in transcript.lines {
            for file in line.files where file.name == fileName && file.sha256 != plan.tool {
                if !excuses.contains(where: { $0["happened"] == "SHA-256 \(file.sha256)" }) {
                    faults.append(
                        "line \(line.sequence): another program, \(file.sha256.short)…, where the plan has "
                            + "\(plan.tool.short)…, and no exception says why"
                    )
                }
            }
        }
        return faults
    }
}
