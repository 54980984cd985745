// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import Escrow
import SystemPackage

// What happened, in words: results on standard output, all else on standard error.
extension Notice.Fact {
    func show() {
        switch self {
        case .begun(let work): Output.begin(work.words)
        case .ended: Output.end()
        case .disclosed: lines.forEach { $0.show() }
        case .custodian(let notice): notice.show()
        case .done(let outcome): outcome.show()
        case .backup(let notice): notice.show()
        }
    }
}

extension CustodianNotice {
    fileprivate func show() {
        switch self {
        case .acknowledgedAlready(let escrow, let time):
            Self.tell("already acknowledged, on \(time.forPeople)", "already", escrow, ["time": .text(time)])
        case .acknowledged(let escrow, let subject):
            let told = "your share of \(subject) is sound: acknowledged"
            Self.tell(told, "acknowledged", escrow, ["subject": .text(subject)])
        case .provenAlready(let escrow, let challenge):
            let told = "challenge \(challenge.prefix(8)) is already answered"
            Self.tell(told, "already", escrow, ["challenge": .text(challenge)])
        case .proven(let escrow, let subject):
            Self.tell("proven: you know your share of \(subject)", "proven", escrow, ["subject": .text(subject)])
        case .asksToRelease(let question): question.show()
        case .released(let file, let officer):
            Output.line("release: \(file)")
            Report.note(["release": .text(file), "sendTo": .text(officer)])
            Output.next("send \(file) to \(officer): only the machine of this request can open it")
        case .statementOnlyInRelease(let error, let name):
            Output.warning("\(error): the statement of \(name) is only in the release")
        case .asksToEnrol(let asked, let name): asked.show(to: name)
        case .enrolmentAnswered(let digest):
            Output.line("challenge \(digest.short): answered: you can unseal what is sealed to your card")
        case .refused(let escrow, let request, let name, let isNew):
            Output.line("\(escrow): request \(request.prefix(8)) is \(isNew ? "" : "already ")refused by \(name)")
        case .checked(let share): share.show()
        case .rekeyed(let made, let name): made.show(of: name)
        }
    }

    /// What became of one escrow of several.
    private static func tell(_ text: String, _ outcome: String, _ escrow: String, _ others: [String: JSONValue?]) {
        Output.line("\(escrow): \(text)")
        let known: [String: JSONValue?] = ["escrow": .text(escrow), "outcome": .text(outcome)]
        Report.note(.members(known.merging(others) { $1 }), in: "escrows")
    }
}

extension Notice.Outcome {
    fileprivate func show() {
        switch self {
        case .ownCardLeftOut(let path): Output.warning("\(path): left out: your own: another officer asks you")
        case .signed(let file):
            Output.line("signed: \(file)")
            Report.note(.text(file), in: "signed")
        case .signedAlready(let path, let name):
            Output.line("\(path): already signed by \(name)")
            Report.note(.text(path), in: "signedAlready")
        case .isNotInForce(let approval): Output.warning(approval.notInForce.description)
        case .isSuperseded(let document, let current):
            Output.warning(
                "\(document.path): superseded: in force is epoch \(current.manifest.epoch) (\(current.digest.short))"
            )
        case .cardIsNotOfManifest(let path):
            Output.warning("\(path): not the card of the manifest: no full name is printed")
        case .answersRequest(let review): review.showAnswered()
        case .stands(let refusal): Output.error("ca-escrow:   \(refusal)")
        case .accepted(let name, let isFromAfar):
            Output.error("ca-escrow: accepted: \(name)\(isFromAfar ? ", from afar" : "; you may take the medium out")")
            Report.note(.members(["fromAfar": .boolean(isFromAfar), "name": .text(name)]), in: "custodians")
        case .notNeeded(let name): Output.error("ca-escrow: not needed: \(name)")
        case .rejected(let rejection): rejection.diagnostic.report()
        case .noChallengeIsOpen:
            Output.error("ca-escrow: no challenge is open: only the receipt will say when this drill was held")
        case .challengeIsAhead(let filed):
            Output.warning("\(filed.path): dated ahead, \(filed.document.created): the receipt does not answer it")
        case .answersChallenge(let filed): Self.show(answered: filed)
        case .drilled(let done): done.show()
        case .requestKeyErased(let path):
            Output.line("erased: \(path)")
            Report.note(["erased": .text(path)])
            Output.next(Self.destroyReleases)
        case .requestKeyNotErased(let error):
            Output.warning("\(error): the request's key is still there: destroy it")
            Output.next(Self.destroyReleases)
        case .pinIsTypedAtToken(let subject): Output.error("ca-escrow: type the PIN at \(subject) itself")
        case .restored(let done): done.show()
        case .leftover(let path): LeftoverWarning.tell(path)
        case .stateStays(let comparison, let hasArchive):
            comparison?.advice(hasArchive: hasArchive).forEach(Output.next)
        case .stateIsBack(let state): state.show()
        case .laidOut(let place, let shown): Output.call(place, shown)
        case .leftOut(let reason): Output.warning("left out: \(reason)")
        case .filed(let kind, let path):
            Output.line("\(kind.word): \(path)")
            Report.note(.text(path), in: "\(kind.word)s")
        case .onlyInParcel(let parcel, let escrow):
            Output.warning("\(escrow): read-only: it is only in \(parcel)")
        case .parcel(let path, let command, let isNew):
            Output.line("parcel: \(path)\(isNew ? "" : ": already here")")
            Report.note(["parcel": .text(path)])
            command.map { Output.next("send it back; whoever asked runs: \($0)") }
        case .failed(let failure): Diagnostic(fact: failure.fact).report()
        }
    }

    private static let destroyReleases = "destroy the release files, and every copy of the request's key"

    private static func show(answered filed: Filed<Challenge>) {
        let (id, document) = (filed.identifier.prefix(8), filed.document)
        Report.note(["challenge": .text(filed.identifier)])
        Output.error(
            "ca-escrow: for challenge \(id) of \(document.auditor.name) (\(document.auditor.key.fingerprint)), "
                + document.created.forPeople
        )
    }
}

extension NoticeLine {
    /// - Parameter option: What helps, behind it.
    fileprivate func show(_ option: String = "") {
        isWarning ? Output.warning(text + option) : Output.error("ca-escrow: \(text)\(option)")
    }
}

extension BackupNotice {
    fileprivate func show() {
        switch self {
        case .nobodyVouches:
            lines.forEach { $0.show(": --signers FILE, or -i IDENTITY of an officer who signed it") }
        case .keysAreOnlyInEpoch(let before, _, _):
            lines.forEach { $0.show(", which --epoch \(before.epoch) restores") }
        case .made(let made, _): made.show()
        case .joined(let certificate, let escrow, let record):
            Output.line("\(escrow): added the certificate \(SHA256Digest(of: certificate.der).grouped)")
            Output.line("record: \(record)")
            let digest = SHA256Digest(of: certificate.der)
            Report.note(.members(["certificate": .text(digest), "record": .text(record)]), in: "added")
        case .passesOver(let people):
            people.forEach { Report.note(.text($0.path), in: "passedOver") }
            lines.forEach { $0.show() }
        default: lines.forEach { $0.show() }
        }
    }
}

extension FiledKind {
    fileprivate var word: String {
        switch self {
        case .receipt: "receipt"
        case .proof: "proof"
        case .refusal: "refusal"
        case .statement: "statement"
        case .override: "override"
        case .challenge(let identifier): "challenge \(identifier.prefix(8))"
        }
    }
}

extension CheckedShare {
    fileprivate func show() {
        let (document, manifest) = (approval.document, approval.document.manifest)
        let bond =
            sealedIn == manifest.epoch
            ? "bound to this manifest, and it matches the commitments"
            : "bound to epoch \(sealedIn), and it matches the commitments; this manifest stands on its signatures alone"
        Output.line("\(escrow.place): share of \(custodian) (path \(path)): sealed to you, \(bond)")
        Output.line("  \(manifest.certificate.subject), epoch \(manifest.epoch), \(manifest.policy.text)")
        if manifest.isRehearsal {
            Output.line("  REHEARSAL: a test key")
        }
        Output.line("  certificate SHA-256: \(SHA256Digest(of: manifest.certificate.der).grouped)")
        Output.line("  manifest SHA-256:    \(document.digest)")
        let known: [String: JSONValue?] = [
            "approved": .boolean(approval.isApproved), "custodian": .text(custodian), "escrow": .text(escrow.place),
            "path": .text(path), "sealedIn": .number(sealedIn), "toBeAcknowledged": .boolean(isToBeAcknowledged),
        ]
        Report.note(.members(known.merging(manifest.reported(document.digest)) { $1 }), in: "shares")
        if !approval.isApproved {
            Output.warning(approval.notInForce.description)
        } else if isToBeAcknowledged {
            Output.next(
                "compare the manifest's SHA-256 with an officer's, then: "
                    + "ca-escrow acknowledge \(ShellWord.path(escrow.typed.string)) -i \(ShellWord.path(identityPath))"
            )
        }
    }
}

extension Rekey.Made {
    fileprivate func show(of name: Name) {
        Output.line("\(escrow.place): epoch \(manifest.epoch): the share of \(name) is sealed to the new card")
        Output.line("manifest SHA-256: \(digest)")
        Output.line("epoch: \(path)")
        if !escrow.isLaidOut {
            Output.next(signers: shortfalls, of: escrow.place.string)
        }
        Output.next("then everybody acknowledges the new epoch; you with the new identity")
    }
}

extension AskedEnrolment {
    fileprivate func show(to name: Name) {
        let document = challenge.document
        let officer = document.officer
        let lines =
            [
                "\(officer.name) asks you, \(card.fullName ?? name.description), to show that you can unseal, "
                    + "before anything is sealed to you",
                "    key     \(officer.key.fingerprint)",
                "    made    \(document.created.inWords)",
                "    until   \(document.expires.inWords)",
            ] + EnrolCommand.read(card: card.digest, challenge: digest) + [
                "Nothing here shows whether this is the \(officer.name) whom you know: you have no key of the officers yet.",
                "Answering shows nothing secret: a random number is opened, and only its hash leaves, signed by you.",
                "Call \(officer.name) on a number you already had: read your card's words, and let them read the "
                    + "challenge's to you.",
            ]
        lines.forEach { Output.error($0) }
    }
}
