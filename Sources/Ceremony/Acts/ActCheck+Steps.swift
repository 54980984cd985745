// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

// What each step demands before it counts as done.
extension ActCheck {
    mutating func check(_ held: HeldStep) {
        for attempt in held.attempts {
            switch attempt.standing {
            case .met: break
            case .excused:
                if !held.step.canBeExcused {
                    note(attempt.line, "nothing goes on without '\(held.step.identifier)'")
                }
            case .again: note(attempt.line, "to be done again, and was not")
            case .open: note(attempt.line, "not as expected, and no exception says what was decided")
            }
        }
        guard !(held.isGivenUp && held.step.canBeExcused) else {
            return checkBoth(held)
        }
        for field in held.step.fields {
            need(held.field(field) != nil, held, "nothing is written down as \(field.quoted)")
        }
        switch held.step.act {
        case .signIn(let names): checkInitials(of: names, held)
        case .openBags: checkBags(.out, held)
        case .closeBags: checkBags(.into, held)
        case .clock: checkClock(held)
        case .selfCheck: checkSelf(held)
        case .compare(let subject): checkComparison(of: subject, held)
        case .planSignatures, .audit: need(!held.attempts.isEmpty, held, "nothing was verified")
        case .cards: checkCards(held)
        case .decide: checkDecision(held)
        case .backup: checkArtefact(.manifest, held)
        case .sign(let name): checkArtefact(.signature(name), by: name, held)
        case .drill: checkArtefact(.drill, held)
        case .acknowledge(let name): checkArtefact(.receipt(name), by: name, held)
        case .restore: checkArtefact(.restore, held)
        case .startMachine: checkDate(held)
        case .writeMedia: checkMedia(held)
        case .putAway:
            let isLeft = plan.kind == .backup && held.standing(of: .archiveIsAway) == nil
            need(!isLeft, held, "nothing shows that \(Expectation.archiveIsAway)")
        case .envelopes, .exceptions: break
        case .attest: checkAttestations(held)
        case .close:
            let isNamed = held.lines.contains { $0.act.word == .noted && !$0.files.isEmpty }
            need(isNamed, held, "no line names what the ceremony leaves")
        }
        if held.step.isInitialled {
            checkBoth(held)
        }
    }

    // MARK: People

    /// Everybody who is not absent has given initials.
    private mutating func checkInitials(of names: [Name], _ held: HeldStep) {
        let roll = roll(after: held)
        let missing = roll.present.map(\.name).filter { roll.initials[$0] == nil }
        need(missing.isEmpty, held, "no initials of \(missing.listed)")
    }

    /// Initials of the operator and of a witness.
    private mutating func checkBoth(_ held: HeldStep) {
        for role in [Role.operator, .witness] {
            let isThere = held.lines.contains { line in
                if case .initialled = line.act { roll(at: line).roles(of: line.actor).contains(role) } else { false }
            }
            need(isThere, held, "no initials of \(role == .operator ? "the operator" : "a witness")")
        }
    }

    private mutating func checkAttestations(_ held: HeldStep) {
        for person in roll(after: held).present {
            let said = held.lines.filter { $0.act.word == .noted && $0.actor == person.name }
            let isOne = if case .attested = said.first?.act { said.count == 1 } else { false }
            need(isOne, held, "no attestation of \(person.name), or more than one")
        }
    }

    /// Somebody has said GO, and enough people were there.
    private mutating func checkDecision(_ held: HeldStep) {
        guard let line = held.lines.first(where: { $0.act == .decided(.go) }) else {
            return note(held, "nobody has said GO")
        }
        if let shortage = script.shortage(of: roll(at: line)) {
            note(line, "GO with \(shortage)")
        }
    }

    /// Who was there when a step was done.
    private func roll(after held: HeldStep) -> RollCall { held.lines.last.map { roll(at: $0) } ?? RollCall(of: plan) }

    // MARK: Things

    private mutating func checkBags(_ direction: Act.Bag.Direction, _ held: HeldStep) {
        let roll = roll(after: held)
        let isHere = { [plan] (medium: Plan.Medium) in plan.kind == .backup || roll.isThere(medium.holder) }
        let labels = plan.media.map(\.label)
        var bags: [String: Int] = [:]
        var serials: [String: Int] = [:]
        for line in held.lines where line.act.word == .noted {
            let medium: String
            switch line.act {
            case .bagged(let bag):
                medium = bag.direction == direction ? bag.medium : ""
                bags[bag.medium, default: 0] += 1
            case .numbered(let serial) where direction == .out:
                medium = serial.medium
                serials[medium, default: 0] += 1
            default: medium = ""
            }
            if !labels.contains(bytesOf: medium) {
                note(line, "not the bag of a medium of the plan")
            } else if !self.roll(at: line).roles(of: line.actor).contains(.witness) {
                note(line, "a bag that no witness wrote down")
            }
        }
        for (counts, what) in [(bags, "bag"), (serials, "serial number")] where direction == .out || what == "bag" {
            let wrong = plan.media.filter { medium in
                // What an absent holder has is not in the room, unless it came before they left.
                counts[medium.label] != 1
                    && (isHere(medium) || bags[medium.label] != nil || counts[medium.label] != nil)
            }.map(\.label)
            need(wrong.isEmpty, held, "not one \(what) each of \(wrong.joined(separator: ", "))")
        }
    }

    /// The ceremony is held on a day that the plan names, or somebody decided otherwise.
    private mutating func checkDate(_ held: HeldStep) {
        guard let opened, !plan.isOnTime(opened) else {
            return
        }
        need(held.standing(of: .onTime) == .excused, held, "opened on \(opened), and no exception says why")
    }

    /// Every medium was read back, and held what a line before says was dealt.
    private mutating func checkMedia(_ held: HeldStep) {
        for medium in plan.media where held.standing(of: .readBack(medium.label)) == nil {
            note(held, "\(medium.label) was not read back")
        }
        for line in held.met {
            guard case .compared(let what, _) = line.act,
                let medium = plan.media.first(where: { what == .readBack($0.label) }), line.files.count == 1,
                line.files[0].name.isEqual(bytesOf: medium.label)
            else {
                note(line, "not what a medium of the plan holds")
                continue
            }
            if !isDealt(line.files[0].sha256, on: medium) {
                note(line, "\(medium.label): \(line.files[0].sha256.short)… was not dealt")
            }
        }
    }

    /// Whether a line of the step `backup` names what belongs on a medium: the manifest, which has the shares, or beside it
    /// the PKCS#12 file.
    private func isDealt(_ digest: SHA256Digest, on medium: Plan.Medium) -> Bool {
        dealt.contains { file in
            let isBeside = !file.name.contains(bytesOf: "/") && !file.name.isEqual(bytesOf: EscrowArtefact.readMe)
            let fits = medium.content == .pkcs12 ? isBeside : EscrowArtefact.manifest.isNamed(by: file.name)
            return fits && file.sha256 == digest
        }
    }

    private mutating func checkClock(_ held: HeldStep) {
        need(!held.attempts.isEmpty, held, "no clock was compared")
        for line in held.met {
            guard case .compared(_, let clocks?) = line.act else {
                note(line, "a comparison without both clocks")
                continue
            }
            if clocks.minutesApart > Clocks.tolerance {
                note(line, "clocks that are \(clocks.minutesApart) minutes apart")
            }
        }
    }

    private mutating func checkSelf(_ held: HeldStep) {
        let isNamed = held.lines.contains { line in
            line.act.word == .compared && line.files.contains { $0.name.isEqual(bytesOf: ProgramUse.fileName) }
        }
        need(isNamed || held.standing(of: .program(plan.tool)) == .excused, held, "no line names the program")
    }

    /// The digest that was read aloud is the one that it has to be, wherever that is known.
    private mutating func checkComparison(of subject: Step.Subject, _ held: HeldStep) {
        let known: SHA256Digest? =
            switch subject {
            case .plan: planDigest
            case .certificate: plan.authority.sha256
            // The escrow's own: held against it where the escrow is.
            case .manifest: nil
            }
        need(!held.attempts.isEmpty, held, "nothing was compared")
        for line in held.met {
            let digests = line.files.filter { $0.name.isEqual(bytesOf: subject.rawValue) }.map(\.sha256)
            if line.act.word != .compared || digests.count != 1 {
                note(line, "no comparison of the \(subject.rawValue)")
            } else if let known, digests != [known] {
                note(line, "compared with \(digests[0].short)…, where the \(subject.rawValue) has \(known.short)…")
            }
        }
    }

    private mutating func checkCards(_ held: HeldStep) {
        let custodians = plan.people(with: .custodian).map(\.name)
        for name in custodians {
            // Where nothing was attempted there is no exception either.
            need(held.standing(of: .unsealing(by: name)) != nil, held, "nothing shows that \(name) can unseal")
        }
        need(held.attempts.count > custodians.count, held, "no card was verified")
    }

    /// Something is in the escrow now, or the administrator went on without.
    private mutating func checkArtefact(
        _ artefact: EscrowArtefact,
        by actor: Name? = nil,
        _ held: HeldStep
    ) {
        let isMade = held.met.contains { actor == nil || $0.actor == actor }
        let isNamed = held.files.contains { artefact.isNamed(by: $0.name) }
        let isExcused = held.isExcused && held.step.canBeExcused
        need((isMade && isNamed) || isExcused, held, "no \(artefact.words)")
    }
}
