// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import SystemPackage

struct CollectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect",
        _superCommandName: CAEscrow.name,
        abstract: "File what others sent, once it verifies: parcels, cards, signatures, documents.",
        discussion: "What is wrong or does not belong here is named and left out; the rest is filed."
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow: String
    @Argument(help: ArgumentHelp("Parcels, cards, signatures, documents.", valueName: "file")) var files: [String]

    func run() throws {
        var worst: ExitStatus?
        try Collect(files.map { FilePath($0) }, into: FilePath(escrow)).run { outcome in
            let shown = outcome.part.map { "\(outcome.file): \($0)" } ?? outcome.file.string
            switch outcome.result {
            case nil: Output.line("\(shown): nothing new: all of it is here already")
            case .success(let collected):
                if let status = Self.report(shown, collected) {
                    worst = status == .failed ? status : worst ?? status
                }
            case .failure(let error):
                var diagnostic = Diagnostic(error)
                if let place = outcome.laidOut {
                    diagnostic = diagnostic.renaming("\(place)/", as: "\(outcome.file): ")
                }
                diagnostic.report()
                worst = worst == .failed ? worst : diagnostic.status
            }
        }
        try ExitStatus.end((worst ?? .done).rawValue)
    }

    private static func article(_ noun: String) -> String {
        noun.utf8.first.map("aeiou".utf8.contains) == true ? "an" : "a"
    }

    /// - Returns: The status that a receipt of another manifest makes.
    private static func report(_ file: String, _ collected: Collected) -> ExitStatus? {
        switch collected {
        case .signature(let officer, let document):
            Output.line("\(file): filed: \(officer.name)'s signature of \(document)")
        case .card(let name, let place): Output.line("\(file): filed: the card of \(name), as \(place)")
        case .document(let kind, let place):
            // The release itself lies in no escrow.
            let what = kind == DocumentFormat.release.kind ? "the statement of a release" : "\(article(kind)) \(kind)"
            Output.line("\(file): filed: \(what), as \(place)")
        case .equivocation(let name, let place):
            Output.line("\(file): filed: evidence, as \(place)")
            Output.warning("\(name) was shown another manifest of this escrow: ca-escrow audit says which")
            return .failed
        case .unknownManifest(let name, let place):
            Output.line("\(file): filed: a receipt of another manifest, as \(place)")
            Output.warning(
                "\(name) acknowledged a manifest that is not here, or that no officer here has signed: ask \(name) "
                    + "where it came from; a newer receipt of the one here ends it"
            )
            return .notYet
        case .alreadyHere(let place): Output.line("\(file): here already: \(place)")
        }
        return nil
    }
}
