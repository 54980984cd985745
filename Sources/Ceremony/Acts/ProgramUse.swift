// SPDX-License-Identifier: Apache-2.0

import Custody
import Files

/// Which program held a ceremony, as its lines say: at the self-check, and whenever it went on after an interruption.
package enum ProgramUse {
    /// What lines call the program's file.
    package static let fileName = "ca-escrow"

    /// How the transcript calls what is expected of it.
    package static let expectation = "the program is the plan's"

    /// What an exception says of a program whose file cannot be read.
    package static let unreadable = "it cannot be read"

    /// Lines that name another program than the plan's, where no exception names that one; and interruptions after which
    /// none is named.
    static func faults(in transcript: Transcript, of plan: Plan) -> [String] {
        let excuses = transcript.exceptions.map(\.texts).filter {
            $0["expected"]?.hasPrefix(bytesOf: expectation) == true
        }
        var faults: [String] = []
        for line in transcript.lines {
            if line.act == .resumed, !line.files.contains(where: { $0.name.isEqual(bytesOf: fileName) }),
                !excuses.contains(where: { $0["happened"] == unreadable })
            {
                faults.append("line \(line.sequence): went on with no program named, and no exception says why")
            }
            for file in line.files where file.name.isEqual(bytesOf: fileName) && file.sha256 != plan.tool {
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
