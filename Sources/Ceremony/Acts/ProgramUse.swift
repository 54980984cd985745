// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// Which program held a ceremony, as its lines say: at the self-check, and whenever it went on after an interruption.
enum ProgramUse {
    /// What lines call the program's file.
    static let fileName = "ca-escrow"

    /// What an exception says of the program that is there, whose file may not be read.
    static func found(_ digest: SHA256Digest?) -> String { digest.map { "SHA-256 \($0)" } ?? "it cannot be read" }

    /// Lines that name another program than the plan's, where no exception names that one; and interruptions after which
    /// none is named.
    static func faults(in transcript: Transcript, of plan: Plan) -> [String] {
        let excused = transcript.exceptions.map(\.raised).filter { $0.expected == .program(plan.tool) }.map(\.happened)
        var faults: [String] = []
        for line in transcript.lines {
            let programs = line.files.filter { $0.name.isEqual(bytesOf: fileName) }.map(\.sha256)
            if line.act == .resumed, programs.isEmpty, !excused.contains(bytesOf: found(nil)) {
                faults.append("line \(line.sequence): went on with no program named, and no exception says why")
            }
            for program in programs where program != plan.tool && !excused.contains(bytesOf: found(program)) {
                faults.append(
                    "line \(line.sequence): another program, \(program.short)…, where the plan has "
                        + "\(plan.tool.short)…, and no exception says why"
                )
            }
        }
        return faults
    }
}
