// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import SystemPackage

// What happened, in words: results on standard output, all else on standard error.
extension Notice.Fact {
    func show() {
        switch self {
        case .begun(let work): Output.begin(work.words)
        case .ended: Output.end()
        case .isWithoutPassphrase(let path, let name):
            Output.warning("\(path): without a passphrase: whoever has the file is \(name)")
        case .isRehearsal(let escrow): Output.error("ca-escrow: \(escrow): A REHEARSAL: its key is a test key")
        case .custody(let question): question.show()
        case .acknowledgedAlready(let escrow, let time):
            Output.line("\(escrow): acknowledged already, on \(time.forPeople)")
        case .acknowledged(let escrow, let subject):
            Output.line("\(escrow): your share of \(subject) is sound: acknowledged")
        case .asks(let escrow, let challenge, let subject):
            let (document, name) = (challenge.document, challenge.document.auditor.name)
            Output.error("ca-escrow: \(escrow): \(name) (\(document.auditor.key.fingerprint)) asks")
            Output.error("ca-escrow:   to prove that you know your share of \(subject), without showing it")
            Output.error(
                "ca-escrow:   challenge \(challenge.identifier.prefix(8)), \(document.created.forPeople) until "
                    + document.expires.forPeople
            )
        case .provenAlready(let escrow, let challenge):
            Output.line("\(escrow): challenge \(challenge.prefix(8)) is answered already")
        case .proven(let escrow, let subject): Output.line("\(escrow): proven: you know your share of \(subject)")
        case .asksToRelease(let question): question.show()
        case .released(let file, let officer):
            Output.line("release: \(file)")
            Output.next("send \(file) to \(officer): only the machine of this request can open it")
        case .statementOnlyInRelease(let error, let name):
            Output.warning("\(error): the statement of \(name) is only in the release")
        case .asksToEnrol(let asked, let name): asked.show(to: name)
        case .enrolmentAnswered(let digest):
            Output.line("challenge \(digest.short): answered: you can unseal what is sealed to your card")
        case .refused(let escrow, let request, let name):
            Output.line("\(escrow): request \(request.prefix(8)) is refused by \(name)")
        case .checked(let share): share.show()
        case .newCard(let escrow, let card): Output.error("ca-escrow: \(escrow): card SHA-256 \(card.digest)")
        case .rekeyed(let made, let name): made.show(of: name)
        case .ownCardLeftOut(let path): Output.warning("\(path): left out: your own: another officer asks you")
        case .waits(let document): document.show()
        case .signed(let file): Output.line("signed: \(file)")
        case .notSigned(let fault): Output.warning("not signed: \(fault)")
        case .endsSuspensions(let suspensions):
            for suspension in suspensions {
                Output.error(
                    "ca-escrow: ends: \(suspension.because.rawValue), \(suspension.created.forPeople), "
                        + "by \(suspension.officer)"
                )
            }
        case .changesOfficers(let escrow, let before, let after):
            Output.error("ca-escrow: \(escrow): approved by \(after.text), where it was \(before.text)")
            for officer in after.officers where !before.officers.contains(officer) {
                Output.error("ca-escrow:   officer \(officer.name) is new: \(officer.key.fingerprint)")
            }
        case .fork(let kept, let void):
            kept.show("stays")
            void.show("does not count")
        case .withdraws(let withdrawal): withdrawal.show()
        case .isNotInForce(let approval): Output.warning(approval.notInForce.description)
        case .isSuperseded(let document, let current):
            Output.warning(
                "\(document.path): superseded: in force is epoch \(current.manifest.epoch) (\(current.digest.short))"
            )
        case .cardIsNotOfManifest(let path):
            Output.warning("\(path): not the card of the manifest: no full name is printed")
        case .opens(let approval, let escrow, let now): approval.show(opening: escrow, now: now)
        case .draftIsNotOpened(let draft): Output.warning("a draft is not restored: \(draft.notInForce)")
        case .certificateLeftOut(let why): why.show()
        case .stranger(let name, let signers): Output.warning(EscrowError.stranger(name, signers: signers))
        case .keyHasEnded(let name, let signers):
            Output.warning("\(signers): the key of \(name) is not valid any more")
        case .nobodyIsReliedOn(let reason): Output.warning("nobody's signature is relied on: \(reason)")
        case .answersRequest(let review): review.showAnswered()
        case .stands(let refusal): Output.error("ca-escrow:   \(refusal)")
        case .releasedBySuspended(let path, let record):
            Output.warning("\(path): \(record.custodian) is suspended: \(record.because.rawValue)")
        case .accepted(let name, let isFromAfar):
            Output.error("ca-escrow: accepted: \(name)\(isFromAfar ? ", from afar" : "; the medium may be taken out")")
        case .notNeeded(let name): Output.error("ca-escrow: not needed: \(name)")
        case .rejected(let rejection): rejection.diagnostic.report()
        case .noChallengeIsOpen:
            Output.error("ca-escrow: no challenge is open: when this drill was, only its receipt will say")
        case .challengeIsAhead(let filed):
            Output.warning("\(filed.path): dated ahead, \(filed.document.created): the receipt does not answer it")
        case .answersChallenge(let filed):
            let (id, document) = (filed.identifier.prefix(8), filed.document)
            Output.error(
                "ca-escrow: for challenge \(id) of \(document.auditor.name) (\(document.auditor.key.fingerprint)), "
                    + document.created.forPeople
            )
        case .drilled(let done): done.show()
        case .requestKeyErased(let path):
            Output.line("erased: \(path)")
            Output.next("destroy the release files, and every copy of the request's key")
        case .requestKeyNotErased(let error):
            Output.warning("\(error): the request's key is still there: destroy it")
            Output.next("destroy the release files, and every copy of the request's key")
        case .backup(let notice): notice.show()
        case .recognised(let how): Output.error("ca-escrow: \(how)")
        case .pinIsTypedAtToken(let subject): Output.error("ca-escrow: type the PIN at \(subject) itself")
        case .notTakenByWindows(let certificate):
            Output.warning(
                "\(certificate.subject): Windows has no provider that holds a key of this kind: "
                    + (certificate.keyKind?.description ?? "")
            )
        case .restored(let done): done.show()
        case .leftover(let path): LeftoverWarning.tell(path)
        case .stateCompared(let comparison, let place): comparison.show(at: place)
        case .stateDoesNotComeBack(let figures):
            Output.warning("the CA's state does not come back: when escrowed, \(figures.words)")
        case .stateIsNotCompared(let error): Output.warning("the CA's state is not compared: \(error)")
        case .stateStays(let comparison, let hasArchive):
            comparison?.advice(hasArchive: hasArchive).forEach(Output.next)
        case .stateIsBack(let state): state.show()
        case .laidOut(let place, let shown): Output.call(place, shown)
        case .leftOut(let reason): Output.warning("left out: \(reason)")
        case .filed(let kind, let path): Output.line("\(kind.word): \(path)")
        case .onlyInParcel(let parcel, let escrow):
            Output.warning("\(escrow): read-only: it is only in \(parcel)")
        case .parcel(let path, let command):
            Output.line("parcel: \(path)")
            command.map { Output.next("send it back; whoever asked runs: \($0)") }
        case .failed(let failure): Diagnostic(fact: failure.fact).report()
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

extension CustodyQuestion {
    /// Shows whose key it is, who restores, who has signed, and what is new.
    fileprivate func show() {
        let manifest = approval.document.manifest
        Output.error("ca-escrow: \(escrow): the escrow of \(manifest.certificate.subject)")
        Output.error("ca-escrow:   epoch \(manifest.epoch), \(manifest.policy.text)")
        approval.showSigners()
        if let last {
            Output.error("ca-escrow:   you acted on epoch \(last.epoch); since then:")
            changes.forEach { Output.error("ca-escrow:   CHANGES \($0.token): \($0.text)") }
        } else if isFirst {
            Output.error("ca-escrow:   it is the first time that you act on it")
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
        if let first = missing.first {
            let list = missing.map(\.description).joined(separator: ", ")
            let sign = "ca-escrow sign \(escrow.isLaidOut ? "FILE" : ShellWord.path(escrow.place.string))"
            Output.next("\(manifest.approval.threshold) of \(list) must sign: \(sign) -i \(first).identity")
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
