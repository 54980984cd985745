// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import Ceremony
import Encoding
import Escrow
import SystemPackage

struct CollectCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "collect",
        operands: "<escrow> <file> ...",
        abstract: "File what others sent, once it verifies: parcels, cards, signatures, documents.",
        discussion: "Anything that is wrong or does not belong here is named and left out; the rest is filed.",
        examples: ["ca-escrow collect acme.escrow alice-answer.parcel manifest.json.omar.sig"]
    )

    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @Argument(help: .of("file", "Parcels, cards, signatures, documents.")) var files: [String]
    @OptionGroup var report: ReportOption

    func run() throws {
        var worst: ExitStatus?
        let (files, place) = (files.map { FilePath($0) }, FilePath(escrow))
        func tell(_ outcome: Collect.Outcome) {
            let shown = outcome.part.map { "\(outcome.file): \($0)" } ?? outcome.file.string
            let origin = ["file": JSONValue.text(outcome.file), "part": outcome.part.map(JSONValue.text)]
            func note(_ members: [String: JSONValue?]) {
                Report.note(.members(origin.merging(members) { $1 }), in: "files")
            }
            switch outcome.result {
            case nil:
                Output.line("\(shown): nothing new: all of it is already here")
                note(["outcome": .text("here-already")])
            case .success(let collected):
                note(collected.reported)
                if let status = Self.report(shown, collected) {
                    worst = status == .failed ? status : worst ?? status
                }
            case .failure(let error):
                let diagnostic = Diagnostic(error).renamed
                diagnostic.report()
                note(["outcome": .text("left-out"), "reason": .text(diagnostic.message)])
                worst = worst == .failed ? worst : diagnostic.status
            }
        }
        if Bundle.isPlan(place) {
            CollectPlan(files, beside: try PlanOption.read(escrow, at: Timestamp.now())).run(tell)
        } else {
            let act = Collect(files, into: place)
            try Terminal(PassphraseFiles([])).attend { try act.run(attended: $0, tell) }.forEach(Output.next)
        }
        try ExitStatus.end((worst ?? .done).rawValue)
    }

    /// - Returns: The status that a receipt of another manifest makes.
    private static func report(_ file: String, _ collected: Collected) -> ExitStatus? {
        Output.line("\(file): \(collected)")
        switch collected {
        case .equivocation(let name, _):
            Output.warning("\(name) was shown a different manifest of this escrow: ca-escrow audit says which")
            return .failed
        case .unknownManifest(let name, _):
            Output.warning(
                "\(name) acknowledged a manifest that is not here, or that no officer here has signed: ask \(name) "
                    + "where it came from; a newer receipt of the one here ends it"
            )
            return .notYet
        default: return nil
        }
    }
}

extension Collected {
    /// What was filed, for programs.
    fileprivate var reported: [String: JSONValue?] {
        let (outcome, kind, name, place): (String, String?, Name?, FilePath) =
            switch self {
            case .signature(let officer, let document):
                ("filed", "signature", officer.name, FiledSignature.path(of: document, by: officer.name))
            case .card(let name, let place): ("filed", "card", name, place)
            case .document(let kind, let place): ("filed", kind, nil, place)
            case .equivocation(let name, let place): ("other-manifest", "receipt", name, place)
            case .unknownManifest(let name, let place): ("unknown-manifest", "receipt", name, place)
            case .epoch(_, let place): ("filed", "epoch", nil, place)
            case .alreadyHere(let place): ("here-already", nil, nil, place)
            }
        return [
            "kind": kind.map(JSONValue.text), "name": name.map(JSONValue.text), "outcome": .text(outcome),
            "path": .text(place),
        ]
    }
}
