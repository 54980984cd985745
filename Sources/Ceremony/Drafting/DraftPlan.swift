// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
import Escrow
import Files
package import SystemPackage

/// Makes the plan of a ceremony: finds out what files say, asks for the rest, and writes it.
///
/// Where nobody can be asked, everything that is missing is named at once. Nothing is written before all of it is known,
/// and nothing is overwritten.
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
    /// Members that were said beforehand, and are not yet used.
    var given: [String: String]
    /// Members that nobody says.
    var missing: [String] = []

    /// - Parameters:
    ///   - old: The plan of the last ceremony: what it says holds on.
    ///   - cards: Files of people, or directories of them.
    ///   - given: What members are, as somebody would type them.
    ///   - program: The SHA-256 of this program.
    /// - Throws: ``FileError/exists(path:)``, ``PlanError`` for the old plan
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
            throw DraftError.wrong(member: "--out \(out)", needed: "a name that ends in .plan.json")
        }
        guard try Files.kind(of: out) == nil else {
            throw FileError.exists(path: out.string)
        }
        (self.out, self.cards, self.given, self.program) = (out, cards, given, program)
        (self.console, self.now) = (console, now)
        let folder = try Files.absolute(out.removingLastComponent())
        self.folder = folder
        draft = try old.map { try Self.draft(like: $0, in: folder) } ?? PlanDraft()
    }

    /// What members are, of `MEMBER=VALUE`, and of options with a name of their own.
    ///
    /// - Throws: ``DraftError/wrong(member:needed:)``
    package static func given(_ words: [String], _ named: [(member: String, text: String?)]) throws -> [String: String]
    {
        var given: [String: String] = [:]
        for word in words {
            guard let (member, text) = word.sides(of: "="), !member.isEmpty else {
                throw DraftError.wrong(member: "--set \(word)", needed: "MEMBER=VALUE")
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
    /// - Throws: ``DraftError``, ``PlanError``, ``EscrowError`` for a card, ``FileError``
    package func run() throws -> PlanFiles {
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
        return plan
    }

    /// What the plan says of files as they are now.
    func fill() throws {
        if let program, draft["tool.sha256"] == nil || given["tool.sha256"] == nil {
            draft["tool.sha256"] = .string("\(program)")
        }
        if let path = draft["ca.certificate"]?.text {
            draft["ca.sha256"] = .string("\(SHA256Digest(of: try certificate(at: path).der))")
        }
    }

    // MARK: Asking

    /// Has a member said, unless it is known already.
    ///
    /// - Parameter isAskedAgain: Whether somebody confirms it also when it is known.
    func ask(_ question: PlanQuestion, isAskedAgain: Bool = false) throws {
        if let text = given.removeValue(forKey: question.member) {
            return set(question, try question.value(of: text, relative: relative))
        }
        let known = shown(question)
        guard known == nil || isAskedAgain else {
            return
        }
        if known == nil, let text = question.proposal.taken(isAnybodyThere: console != nil) {
            return set(question, try question.value(of: text, relative: relative))
        }
        guard console != nil else {
            if known == nil, !question.isOptional {
                missing.append(question.member)
            }
            return
        }
        try ask(question, known ?? question.proposal.text, isKnown: known != nil)
    }

    private func ask(_ question: PlanQuestion, _ proposal: String?, isKnown: Bool) throws {
        let hint = (proposal ?? (question.isOptional ? "none" : nil)).map { " [\($0)]" } ?? ""
        while true {
            let typed = try line(question.words + hint)
            if typed == nil, isKnown || (proposal == nil && question.isOptional) {
                return
            }
            guard let text = typed ?? proposal else {
                continue
            }
            do {
                return set(question, try question.value(of: text, relative: relative))
            } catch let error as DraftError {
                console?.report(error)
            }
        }
    }

    /// A line that is typed; nothing for Enter alone.
    ///
    /// - Throws: ``DraftError/stopped``
    func line(_ prompt: String) throws -> String? {
        let typed: String?
        do throws(Absence) {
            typed = try console?.line(prompt)
        } catch {
            throw DraftError.stopped
        }
        let text = typed.map(Place.trimmed) ?? ""
        guard text != "stop" else {
            throw DraftError.stopped
        }
        return text.isEmpty ? nil : text
    }

    private func set(_ question: PlanQuestion, _ value: JSONValue) {
        guard case .roles = question.form, let roles = value.text.flatMap(PlanRoles.init) else {
            draft[question.member] = value
            return
        }
        let alternate = question.member.replacing(bytesOf: ".roles", with: ".alternateFor")
        draft[question.member] = .array(roles.roles.map { .string($0.rawValue) })
        draft[alternate] =
            roles.alternateFor.isEmpty ? nil : .array(roles.alternateFor.map { .string($0.rawValue) })
    }

    /// What the draft has for a member, as somebody would type it.
    private func shown(_ question: PlanQuestion) -> String? {
        switch draft[question.member] {
        case .string(let text)?: text
        case .boolean(let flag)?: "\(flag)"
        case .array(let roles)?:
            (roles.compactMap(\.text)
                + (draft[question.member.replacing(bytesOf: ".roles", with: ".alternateFor")]?.items ?? [])
                .compactMap { $0.text.map { "alternate \($0)" } }).joined(separator: ", ")
        default: nil
        }
    }

    /// All members that may be given beforehand, for a name that is none.
    var knownMembers: [String] {
        let plan = PlanQuestion.ofPlan.map(\.member) + ["tool.sha256"]
        let people = draft.names.flatMap { name in PlanQuestion.ofPerson.map { "\(name).\($0.member)" } }
        let media = draft.media.compactMap { $0["label"]?.text }
        return plan + people + media.flatMap { label in PlanQuestion.ofMedium.map { "\(label).\($0.member)" } }
    }
}
