// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow

struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "self-test",
        operands: "",
        abstract: "Check this program and this machine: known answers, libraries, protection of memory.",
        examples: ["ca-escrow self-test"]
    )

    func run() throws {
        let test = SelfCheck.run()
        SelfCheck.versions.forEach(Output.line)
        let digest = SelfCheck.programDigest()
        Output.line("program SHA-256: \(digest?.description ?? "not readable")")
        digest.map(ComparisonCode.init)?.rows.forEach(Output.line)
        for result in test.results {
            Output.line("\(result.isPassed ? "PASS" : "FAIL")  \(result.name)")
        }
        guard test.results.allSatisfy(\.isPassed) else {
            throw ExitCode(ExitStatus.system.rawValue)
        }
    }
}
