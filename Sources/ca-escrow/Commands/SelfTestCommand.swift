// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow

struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "self-test",
        operands: "",
        abstract: "Check this program and this machine: known answers, libraries, and protection of memory.",
        examples: ["ca-escrow self-test"]
    )

    func run() throws {
        let test = SelfCheck.run()
        SelfCheck.versions.forEach(Output.line)
        let digest = SelfCheck.programDigest()
        Output.line("program SHA-256: \(digest?.description ?? "not readable")")
        digest.map(ComparisonCode.init)?.rows.forEach(Output.line)
        test.results.forEach { Output.line("\($0.isPassed ? "PASS" : "FAIL")  \($0.name)") }
        try ExitStatus.end(test.results.allSatisfy(\.isPassed) ? 0 : ExitStatus.system.rawValue)
    }
}
