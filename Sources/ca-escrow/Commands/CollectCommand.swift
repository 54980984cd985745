// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
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
        func note(
            _ file: String,
            at place: String? = nil,
            in unpacked: FilePath? = nil,
            _ result: Result<Collected, CollectError>
        ) {
            let shown = place.map { "\(file): \($0)" } ?? file
            do throws(CollectError) {
                if let status = Self.report(shown, try result.get()) {
                    worst = status == .failed ? status : worst ?? status
                }
            } catch {
                var diagnostic = Diagnostic(error)
                if let unpacked {
                    // Where it was laid out for reading tells nobody anything.
                    diagnostic = diagnostic.renaming("\(unpacked)/", as: "\(file): ")
                }
                diagnostic.report()
                worst = worst.map { $0.rawValue == 2 ? $0 : diagnostic.status } ?? diagnostic.status
            }
        }
        for file in files {
            // Read anew each time: what was filed a moment ago counts.
            let directory = try EscrowDirectory(at: FilePath(escrow))
            do throws(CollectError) {
                guard let parcel = try Self.parcel(file) else {
                    note(file, .success(try directory.collect(FilePath(file))))
                    continue
                }
                var isNew = false
                try directory.collect(parcel, at: FilePath(file), temporary: UnpackedParcel.temporary) {
                    (place, result, unpacked) in
                    if case .success(.alreadyHere) = result {
                        return
                    }
                    isNew = true
                    note(file, at: place, in: unpacked, result)
                }
                if !isNew {
                    Output.line("\(file): nothing new: all of it is here already")
                }
            } catch {
                note(file, .failure(error))
            }
        }
        if let worst {
            throw ExitCode(worst.rawValue)
        }
    }

    /// The parcel that a file is, if it is one.
    private static func parcel(_ file: String) throws(CollectError) -> Parcel? {
        guard let bytes = try? Files.read(FilePath(file), limit: ByteLimit.parcel), Parcel.isParcel(bytes) else {
            return nil
        }
        do {
            return try Parcel(canonical: bytes)
        } catch {
            throw .escrow(.document(path: file, error))
        }
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
