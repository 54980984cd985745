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
        Output.line("ca-escrow \(Version.text)")
        Output.line("program SHA-256: \(SelfCheck.programDigest()?.description ?? "not readable")")
        for (library, version) in test.libraries {
            Output.line("\(library): \(version)")
        }
        for result in test.results {
            Output.line("\(result.isPassed ? "PASS" : "FAIL")  \(result.name)")
        }
        guard test.results.allSatisfy(\.isPassed) else {
            throw ExitCode(ExitStatus.system.rawValue)
        }
    }
}
