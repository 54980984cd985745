// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
import Escrow
package import Pages
import SecretSharing
import SystemPackage

/// The printable script of a ceremony: what a plan and its script put on paper.
package struct RunSheet: Sendable {
    package let plan: Plan
    package let script: CeremonyScript
    /// Digests that are known beforehand, by what they are of.
    let known: [Step.Subject: SHA256Digest]
    /// The subject of the CA's certificate.
    let subject: String
    let paper: Paper
    /// The numbers of the bags that media are in, by their labels, as far as they are known.
    let bags: [String: String]
    /// Officers whose signature on the plan held when this was made.
    let signed: [Name]
    private let review: PlanReview
    /// Who must sign plan and manifest, in words.
    private let officers: String
    /// The name of the plan's file.
    private let file: String
    /// Beside the plan, where the ceremony is held.
    private let bundle: Bundle

    /// The sheet of a plan that is to be held, or that a bundle keeps.
    package init(of files: PlanFiles, on paper: Paper) {
        self.init(
            of: files.review,
            known: [.plan: files.digest, .certificate: files.plan.authority.sha256],
            subject: files.certificate.subject,
            on: paper,
            bags: files.earlier?.bags ?? [:],
            officers: files.approval.text,
            signed: files.signed.map(\.name),
            at: files.path
        )
    }

    init(
        of review: PlanReview,
        known: [Step.Subject: SHA256Digest],
        subject: String,
        on paper: Paper,
        bags: [String: String],
        officers: String,
        signed: [Name],
        at path: FilePath
    ) {
        self.review = review
        plan = review.plan
        script = CeremonyScript(of: review)
        (self.known, self.subject, self.paper, self.bags) = (known, subject, paper, bags)
        (self.officers, self.signed) = (officers, signed)
        file = Bundle.nameOfPlan(at: path)
        bundle = Bundle(beside: FilePath(file))
    }

    /// How many exception sheets are printed.
    static let exceptionSheetCount = 3

    /// How many people may step in who are in no plan.
    static let guestCount = 2

    /// Name and value of what is known of the ceremony.
    var facts: [(name: String, value: String)] {
        let terms = plan.escrow
        let facts: [(name: String, value: String?)] = [
            ("kind", plan.kind.rawValue + (plan.isRehearsal ? ", REHEARSAL" : "")),
            ("begins", plan.date.forPeople),
            ("standby", plan.standby.forPeople),
            ("place", plan.place),
            ("CA", subject),
            ("certificate", "SHA-256 \(plan.authority.sha256.inOneRow)"),
            ("escrow", terms.path),
            (plan.kind == .restore ? "goes to" : "comes from", terms.store ?? "none: the key goes nowhere"),
            ("occasion", terms.occasion?.rawValue),
            ("purpose", terms.purpose),
            ("restored by", policy),
            ("officers", approval),
            ("alternates", alternates),
            ("program", "SHA-256 \(plan.tool.inOneRow)"),
            // The command that holds the ceremony.
            ("held by", "ca-escrow ceremony run \(ShellWord.path(file))"),
            ("time budget", "\(script.minutes) minutes"),
        ]
        return facts.compactMap { name, value in value.map { (name, $0) } }
    }

    private var policy: String {
        let policy = review.policy
        return "\(policy.text): at least \(policy.fewestToRestore) people; \(policy.fewestToBlock) can prevent it"
    }

    /// Who must sign, and who has signed the plan.
    private var approval: String {
        let names = signed.listed
        return "\(officers); signatures on the plan: \(names.isEmpty ? "none yet" : names)"
    }

    private var alternates: String {
        let found = plan.people.filter { !$0.alternateFor.isEmpty }.map { person in
            "\(person.inFull) for \(person.alternateFor.map(\.title).joined(separator: ", "))"
        }
        return found.isEmpty ? "none: who steps in is an exception" : found.joined(separator: "; ")
    }

    /// The digest that a step compares, when it is known beforehand.
    func digest(of step: Step) -> SHA256Digest? {
        guard case .compare(let subject) = step.act else {
            return nil
        }
        return known[subject]
    }

    /// Who acts: each role with those who have it; where a step is one person's, that person.
    func actors(of step: Step) -> String {
        step.actors.map { role in
            let people = step.person.map { [$0] } ?? plan.people(with: role).map(\.name)
            let isOfMany = [.custodian, .officer, .keeper].contains(role)
            let names = isOfMany && step.person == nil ? [] : people.compactMap { plan.participant($0)?.inFull }
            return names.isEmpty ? role.title : "\(role.title) \(names.joined(separator: ", "))"
        }
        .joined(separator: "; ")
    }

    /// Who initials a step on paper: operator and every witness, and whose step it is.
    ///
    /// The program asks for the same initials; where somebody signs, says go or attests, it asks for none.
    func signers(of step: Step) -> [String] {
        if let person = step.person {
            return ["\(person)"]
        }
        switch step.act {
        case .signIn, .decide, .attest, .close: return []
        default: break
        }
        return [Role.operator, .witness].flatMap { role in
            plan.people(with: role).map { "\(role.title) \($0.name)" }
        }
    }

    /// Operator and witnesses, as an exception's sheet names them.
    var leading: [String] {
        [Role.operator, .witness].flatMap { role in plan.people(with: role).map { "\(role.title) \($0.inFull)" } }
    }

    /// The commands that do a step's work, by the program or by hand.
    func commands(of step: Step) -> [[String]] {
        let commands = StepCommands(of: review, officers: officers, in: bundle)
        func identity(of name: Name) -> String { plan.participant(name)?.identity ?? "\(name).identity" }
        switch step.act {
        case .backup: return [words(commands.backup(isFirst: plan.escrow.occasion == nil))]
        case .sign(let name):
            let hasKey = plan.participant(name)?.hasPublicKey == true
            let manifest = "\(commands.escrow)/0001-…/manifest.json"
            return [
                hasKey ? commands.signElsewhere(manifest, by: name) : words(commands.sign(with: identity(of: name)))
            ]
        case .audit: return [words(commands.audit)]
        case .drill(let trial):
            let identities = trial.custodians.map(identity)
            return [words(commands.drill(commands.purpose(of: step), by: identities, confirming: "SHA256"))]
        case .acknowledge(let name): return [words(commands.acknowledge(with: identity(of: name)))]
        case .restore: return [words(commands.restore(confirming: "SHA256"))]
        case .writeMedia: return [StepCommands.write(commands.escrow), StepCommands.write(archive)]
        case .envelopes: return commands.envelopes
        case .putAway where plan.kind == .backup: return [StepCommands.remove(archive)]
        default: return []
        }
    }

    /// Where the PKCS#12 file is made, as far as the plan says so.
    private var archive: String { plan.escrow.pkcs12 ?? "FILE.p12" }

    private func words(_ command: [String]) -> [String] { ["ca-escrow"] + command.map(ShellWord.of) }

    /// What people agree on about secrets before the step, with room for it; no secret is written down.
    func announcement(of step: Step) -> String? {
        step.act == .restore
            ? "A new passphrase for the restored key, where its store takes one, is chosen now, and not written here. It is set by"
            : nil
    }
}

extension Step {
    /// The one person whose step it is.
    var person: Name? {
        switch act {
        case .sign(let name), .acknowledge(let name): name
        default: nil
        }
    }
}

extension Plan.Participant {
    /// Their full name, and the short one by which lines and files name them.
    var inFull: String { "\(fullName) (\(name))" }
}

extension SHA256Digest {
    /// The digest in 16 groups of 4 hexadecimal digits, four groups a row, as it is read aloud.
    package var hexRows: [String] {
        let digits = Array(description)
        return (0..<4).map { row in
            (0..<4).map { String(digits[row * 16 + $0 * 4..<row * 16 + $0 * 4 + 4]) }.joined(separator: " ")
        }
    }

    /// The digest's digits in one row, which is broken between groups.
    var inOneRow: String { hexRows.joined(separator: "  ") }

    /// All 32 words in eight numbered rows of four.
    package var wordRows: [(number: Int, words: [String])] {
        let words = ComparisonCode(of: self).allWords
        return (0..<8).map { ($0 + 1, Array(words[$0 * 4..<$0 * 4 + 4])) }
    }
}
