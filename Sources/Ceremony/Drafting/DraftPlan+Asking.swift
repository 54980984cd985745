// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files

// A question is asked until its answer can stand in the plan.
extension DraftPlan {
    /// Has a member said, unless it is known already.
    ///
    /// - Parameter isAskedAgain: Whether somebody is asked also when it is known.
    func ask(_ question: PlanQuestion, isAskedAgain: Bool = false) throws {
        if let text = given.removeValue(forKey: question.member) {
            draft = try changed(question, text)
            return try keep()
        }
        let known = shown(question)
        guard known == nil || isAskedAgain else {
            return
        }
        if known == nil, let text = question.proposal.taken(isAnybodyThere: console != nil) {
            draft = question.put(try question.value(of: text) { $0 }, into: draft)
            return try keep()
        }
        guard console != nil else {
            if known == nil, !question.isOptional {
                missing.append(question.member)
            }
            return
        }
        try ask(question, known ?? question.proposal.text ?? "", isKnown: known != nil)
    }

    private func ask(_ question: PlanQuestion, _ proposal: String, isKnown: Bool) throws {
        let none = question.isOptional ? (proposal.isEmpty ? " [none]" : " [\(proposal); - for none]") : ""
        let hint = question.isOptional || proposal.isEmpty ? none : " [\(proposal)]"
        while true {
            let typed = try line(question.words + hint)
            if typed == nil, isKnown {
                return
            }
            guard typed != nil || !proposal.isEmpty || question.isOptional else {
                continue
            }
            do {
                let text = typed ?? (proposal.isEmpty ? PlanQuestion.nothing : proposal)
                draft = try changed(question, text, isTyped: typed != nil)
            } catch {
                console?.report(error)
                continue
            }
            return try keep()
        }
    }

    /// The draft with an answer.
    ///
    /// - Parameter isTyped: Whether a path in it starts where one is; what is proposed starts where the plan is.
    /// - Throws: Why a plan with it would be refused.
    private func changed(_ question: PlanQuestion, _ text: String, isTyped: Bool = true) throws -> PlanDraft {
        var changed = draft
        if text == PlanQuestion.nothing {
            changed[question.member] = PlanDraft.leftOut
        } else {
            changed = question.put(
                try question.value(of: text) { isTyped ? try relative($0) : $0 },
                into: changed
            )
        }
        try check(question, in: changed)
        if let name = question.member.rest(before: ".site") {
            changed.moveMedia(of: name, from: draft[question.member], to: changed[question.member])
        }
        return changed
    }

    /// What the draft has for a member, as somebody would type it; empty where it was left out.
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

    /// One of some words.
    func choice(_ prompt: String, _ words: [String]) throws -> String {
        while true {
            if let typed = try line(prompt), words.contains(typed) {
                return typed
            }
        }
    }
}
