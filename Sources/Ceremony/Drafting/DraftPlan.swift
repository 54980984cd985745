// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
import Escrow
import Files
package import SystemPackage

/// Makes the plan of a ceremony: finds out what files say, asks for the rest, and writes it.
///
/// Where nobody can be asked, everything that is missing is named at once. Nothing is written before all of it is known,
/// and nothing is overwritten; every answer is kept in a ``DraftFile`` until then.
package final class DraftPlan {
    /// Where the plan goes.
    let out: FilePath
    /// Where its paths start.
    let folder: FilePath
    let cards: [FilePath]
    /// Who is asked; nobody where there is no terminal.
    let console: (any Console)?
    let program: SHA256Digest?
    let now: Timestamp
    var draft: PlanDraft
    private var file: DraftFile
    /// What the plan of the last ceremony has for what somebody confirms each time.
    let before: [String: String]
    /// Members that were said beforehand, and are not yet used.
    var given: [String: String]
    /// Members that nobody says.
    var missing: [String] = []
    /// Cards and keys of the people.
    var people = PeopleGiven()

    /// - Parameters:
    ///   - old: The plan of the last ceremony: what it says holds on.
    ///   - cards: Files of people, or directories of them.
    ///   - given: What members are, as somebody would type them.
    ///   - program: The SHA-256 of this program.
    /// - Throws: ``FileError/exists(path:)``, ``DraftError`` for the old plan
    package init(
        to out: FilePath,
        like old: FilePath? = nil,
        cards: [FilePath],
        given: [String: String],
        program: SHA256Digest?,
        on console: (any Console)?,
        now: Timestamp
    ) throws {
        guard Bundle.isPlan(out) else {
            throw DraftError.wrong(member: "--out \(out)", needed: "must end in .plan.json")
        }
        guard try Files.kind(of: out) == nil else {
            throw FileError.exists(path: out.string)
        }
        (self.out, self.cards, self.given, self.program) = (out, cards, given, program)
        (self.console, self.now) = (console, now)
        let folder = try Files.absolute(out.removingLastComponent())
        self.folder = folder
        file = DraftFile(of: out)
        (draft, before) = try old.map { try Self.draft(like: $0, in: folder) } ?? (PlanDraft(), [:])
    }

    /// What members are, of `MEMBER=VALUE`, and of options with a name of their own.
    ///
    /// - Throws: ``DraftError/wrong(member:needed:)``
    package static func given(_ words: [String], _ named: [(member: String, text: String?)]) throws -> [String: String]
    {
        var given: [String: String] = [:]
        for word in words {
            guard let (member, text) = word.sides(of: "="), !member.isEmpty else {
                throw DraftError.wrong(member: "--set \(word)", needed: "must be MEMBER=VALUE")
            }
            given[member] = text
        }
        for case (let member, let text?) in named {
            given[member] = text
        }
        return given
    }

    /// Asks, shows and writes it.
    ///
    /// - Throws: ``DraftError``, ``EscrowError`` for a card, ``FileError``; the draft stays, and is named.
    package func run() throws -> PlanFiles {
        do {
            try begin()
            try drawPlan()
            try drawPeople()
            try drawMedia()
            try fill()
            if let member = given.keys.sortedByBytes().first {
                throw DraftError.unknown(member: member, meant: member.nearest(among: knownMembers))
            }
            guard missing.isEmpty else {
                throw DraftError.missing(missing)
            }
            let plan = try reviewed()
            try Files.create(out, plan.bytes, permissions: .publicFile)
            file.remove()
            return plan
        } catch {
            if file.isOurs {
                console?.say("What was said is kept in \(file.path): the same command goes on from there.")
            }
            throw error
        }
    }

    // MARK: The draft

    /// Goes on from a draft that is there, and looks at the files that were given before anybody is asked.
    private func begin() throws {
        if let kept = try file.read() {
            guard let console else {
                throw DraftError.draftWaits(file.path)
            }
            let title = kept["title"]?.text.map { ": \($0)" } ?? ""
            console.say("\(file.path) is the draft of a plan that was not finished\(title)")
            if try choice("Go on from it? (y, or new to start again and replace it)", ["y", "new"]) == "y" {
                draft = kept
            }
            file.take()
        } else {
            console?.say("Answers are kept in \(file.path): type stop at any time to go on later.")
        }
        for entry in PlanQuestion.ofPlan {
            if let text = given[entry.member], text != PlanQuestion.nothing {
                _ = try entry.question().value(of: text, relative: relative)
            }
        }
        if let path = given["ca.certificate"] {
            _ = try certificate(at: try relative(path))
        }
        let old = draft.names.compactMap { draft["\($0).card"]?.text }.map { folder.pushing(FilePath($0)) }
        people = try PeopleGiven(at: cards.isEmpty ? old : cards)
    }

    /// Keeps what is known so far; where that fails once it has worked, the interview goes on.
    func keep() throws {
        guard let console else {
            return
        }
        let isFirst = !file.isOurs
        do {
            try file.keep(draft)
        } catch {
            guard !isFirst else {
                throw error
            }
            console.report(error)
        }
    }

    /// What the plan says of files as they are now.
    func fill() throws {
        if let program, draft["tool.sha256"] == nil || given["tool.sha256"] == nil {
            draft["tool.sha256"] = .string("\(program)")
        }
        guard let path = draft["ca.certificate"]?.text else {
            return
        }
        do {
            draft["ca.sha256"] = .string("\(SHA256Digest(of: try certificate(at: path).der))")
        } catch {
            guard let console, let entry = PlanQuestion.ofPlan.first(where: { $0.member == "ca.certificate" }) else {
                throw error
            }
            console.report(error)
            try ask(entry.question(), isAskedAgain: true)
            try fill()
        }
    }

    /// All members that may be given beforehand, for a name that is none.
    var knownMembers: [String] {
        PlanQuestion.ofPlan.map(\.member) + ["tool.sha256"] + questionsOfParts.map(\.member)
    }

    /// What can be asked of each person, and of each medium.
    var questionsOfParts: [PlanQuestion] {
        draft.names.flatMap { name in PlanQuestion.ofPerson.map { $0.question(of: name) } }
            + draft.labels.flatMap { label in PlanQuestion.ofMedium.map { $0.question(of: label) } }
    }
}
