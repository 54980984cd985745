// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

extension EnrolCommand {
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Say of each card whether its custodian has shown that they can unseal.",
            discussion: """
                Reads what custodians sent back, and directories of cards. A challenge counts when you made it (-i), or when \
                --signers admits its officer for \(EnrolmentChallenge.format.namespace). With --out, what is proven is \
                filed beside its card, where 'backup' and ceremonies look for it.
                """
        )

        @Argument(help: ArgumentHelp("Parcels, directories, cards, enrolments.", valueName: "file"))
        var files: [String] = []
        @Option(
            name: [.customShort("i"), .long],
            help: ArgumentHelp(
                "The identity of the officer who asked; its passphrase is not needed.",
                valueName: "file"
            )
        )
        var identity: [String] = []
        @Option(help: ArgumentHelp("The officers you believe: an allowed_signers file.", valueName: "file"))
        var signers: String?
        @Option(help: ArgumentHelp("The cards' directory: file there what is proven.", valueName: "dir"))
        var out: String?
        @Flag(help: "The result as JSON.") var json = false
        @OptionGroup var clock: TimeOption

        func run() throws {
            let now = try clock.time()
            if let out, try Files.kind(of: FilePath(out)) != .directory {
                throw Diagnostic("--out \(out): not a directory", .noInput)
            }
            let trust = try trust()
            var found = EnrolmentFiles()
            for file in files {
                if try Files.kind(of: FilePath(file)) == .regular,
                    ParcelFile.isParcel(try Files.read(FilePath(file), limit: ByteLimit.parcel))
                {
                    found.add(try ParcelFile.read(file).parcel, shownAs: file)
                } else {
                    try found.read(FilePath(file))
                }
            }
            for fault in found.faults {
                Diagnostic(fault)?.report()
            }
            let lines = Self.lines(of: found, trusting: trust, isAnchored: isAnchored, now: now)
            guard !lines.isEmpty || !found.faults.isEmpty else {
                throw Diagnostic("\(files.joined(separator: ", ")): no card and no enrolment", .data)
            }
            let status = max(lines.map(\.status.rawValue).max() ?? 0, found.faults.isEmpty ? 0 : 2)
            if json {
                Output.bytes(Self.json(lines, exitStatus: status).encoded())
            } else {
                lines.map(\.text).forEach(Output.line)
            }
            if let out {
                try file(found, trusting: trust, now: now, in: FilePath(out))
            }
            guard status == 0 else {
                throw ExitCode(status)
            }
        }

        private var isAnchored: Bool { !identity.isEmpty || signers != nil }

        private func trust() throws -> EnrolmentTrust {
            let officers = try identity.map { path in
                let file = try IdentityOnDisk(at: path).file
                return Officer(name: file.name, key: file.signingKey)
            }
            return EnrolmentTrust(
                officers: officers,
                signers: try signers.map(SignersOptions.read)
            )
        }

        /// Files what shows each enrolment, and its card; nothing is overwritten.
        private func file(
            _ found: EnrolmentFiles,
            trusting trust: EnrolmentTrust,
            now: Timestamp,
            in folder: FilePath
        ) throws {
            for proof in found.proofs(trusting: trust, now: now) {
                for (name, bytes) in [("\(proof.card.name).card", proof.card.bytes)] + proof.proof.files {
                    let place = folder.appending(name)
                    guard try Files.kind(of: place) != nil else {
                        try Files.create(place, bytes, permissions: .publicFile)
                        if !json {
                            Output.line("filed: \(place)")
                        }
                        continue
                    }
                    guard try Files.read(place, limit: ByteLimit.document) == bytes else {
                        throw name.hasSuffix(bytesOf: ".card")
                            ? EscrowError.twoCards(proof.card.name, place.string, proof.path)
                            : FileError.exists(path: place.string)
                    }
                }
            }
        }
    }
}

extension EnrolCommand.Verify {
    /// What is said of one card.
    struct Line {
        let card: EnrolmentFiles.FoundCard?
        let subject: String
        let state: String
        let status: ExitStatus
        let officer: Officer?
        let time: Timestamp?
        let details: [String]

        var text: String {
            let parts = [subject, state] + (details.isEmpty ? [] : [details.joined(separator: "; ")])
            return parts.joined(separator: ": ")
        }
    }

    private static func lines(
        of found: EnrolmentFiles,
        trusting trust: EnrolmentTrust,
        isAnchored: Bool,
        now: Timestamp
    ) -> [Line] {
        let cards = found.cards.sorted { ($0.card.name, $0.path) < ($1.card.name, $1.path) }
        let orphans = found.answersWithoutCard.map { answer in
            let fault = EnrolmentError.cardIsNotHere(answer.document.custodian, answer.document.card)
            return Line(
                card: nil,
                subject: answer.path,
                state: "wrong",
                status: .failed,
                officer: nil,
                time: nil,
                details: [fault.description]
            )
        }
        return cards.map { card in
            let state = Enrolment.state(of: card.card, in: found, trusting: trust, now: now)
            return line(card, state, isAnchored: isAnchored)
        } + orphans
    }

    private static func line(_ card: EnrolmentFiles.FoundCard, _ state: Enrolment.State, isAnchored: Bool) -> Line {
        switch state {
        case .proven(let time, let officer):
            let detail = "\(card.card.name) answered the challenge of \(officer.name) of \(time.forPeople)"
            return Line(
                card: card,
                subject: card.path,
                state: "proven",
                status: .done,
                officer: officer,
                time: time,
                details: [detail]
            )
        case .notAnswered:
            return Line(
                card: card,
                subject: card.path,
                state: "not answered",
                status: .notYet,
                officer: nil,
                time: nil,
                details: []
            )
        case .wrong(let faults):
            // Nothing is wrong where nobody was named whom to believe: it was not checked.
            let isUnchecked = !isAnchored && faults.allSatisfy(\.isUnknownOfficer)
            return Line(
                card: card,
                subject: card.path,
                state: isUnchecked ? "not checked" : "wrong",
                status: isUnchecked ? .notYet : .failed,
                officer: nil,
                time: nil,
                details: faults.map(\.description)
            )
        }
    }

    private static func json(_ lines: [Line], exitStatus: Int32) -> JSONValue {
        var members: [String: JSONValue] = [
            "exitStatus": .integer(UInt64(exitStatus)),
            "format": .string("ca-escrow/v1/enrolments"),
        ]
        if !lines.isEmpty {
            members["cards"] = .array(lines.map(\.json))
        }
        return .object(members)
    }
}

extension EnrolCommand.Verify.Line {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "file": .string(subject.printable), "state": .string(state),
        ]
        members["asked"] = time.map { .string($0.description) }
        members["name"] = (card?.card.name).map { .string($0.description) }
        members["officer"] = officer.map {
            .object(["key": .string($0.key.openSSH), "name": .string($0.name.description)])
        }
        members["sha256"] = (card?.card.digest).map { .string($0.description) }
        if !details.isEmpty {
            members["detail"] = .array(details.map { .string($0.printable) })
        }
        return .object(members)
    }
}

extension EscrowError {
    /// That an answer lacks nothing but somebody who vouches for its officer.
    fileprivate var isUnknownOfficer: Bool {
        if case .enrolment(_, .officerIsUnknown) = self {
            return true
        }
        return false
    }
}
