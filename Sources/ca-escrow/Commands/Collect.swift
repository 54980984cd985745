// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import SystemPackage

struct Collect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "File cards and signatures that others sent, once they verify.",
        discussion: "What is wrong or does not belong here is named and left out; the rest is filed."
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow: String
    @Argument(help: ArgumentHelp("Cards and signatures.", valueName: "file")) var files: [String]

    func run() throws {
        var worst: ExitStatus?
        for file in files {
            // Read anew each time: what was filed a moment ago counts.
            let directory = try EscrowDirectory(at: FilePath(escrow))
            do {
                switch try directory.collect(FilePath(file)) {
                case .signature(let officer, let document):
                    Output.line("\(file): filed: \(officer.name)'s signature of \(document)")
                case .card(let name, let place): Output.line("\(file): filed: the card of \(name), as \(place)")
                case .alreadyHere(let place): Output.line("\(file): here already: \(place)")
                }
            } catch {
                let diagnostic = Diagnostic(error)
                diagnostic.report()
                worst = worst.map { $0.rawValue == 2 ? $0 : diagnostic.status } ?? diagnostic.status
            }
        }
        if let worst {
            throw ExitCode(worst.rawValue)
        }
    }
}
