// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import KeyStores
import SystemPackage

// What must be known before somebody agrees, in words: the terminal shows them, and so do other programs.
extension Notice.Fact {
    /// Nothing for what only says how far something is, what has come of it, or is told where other programs do not get.
    package var lines: [NoticeLine] {
        switch self {
        case .disclosed(let disclosure): disclosure.lines
        case .backup(let notice): notice.lines
        case .begun, .ended, .custodian, .done: []
        }
    }
}

extension Notice.Disclosure {
    package var lines: [NoticeLine] {
        switch self {
        case .isWithoutPassphrase(let path, let name):
            [.warning("\(path): without a passphrase: whoever has the file is \(name)")]
        case .isRehearsal(let escrow): [.line("\(escrow): A REHEARSAL: its key is a test key")]
        case .custody(let question): question.noticeLines
        case .asks(let escrow, let challenge, let subject): challenge.noticeLines(in: escrow, about: subject)
        case .makesCopy(let approval, let escrow, let parcel): approval.noticeLines(copying: parcel, to: escrow)
        case .asksOfAll(let review): review.noticeLines
        case .newCard(let escrow, let card): [.line("\(escrow): card SHA-256 \(card.digest)")]
        case .waits(let document): document.noticeLines
        case .plan(let path, let lines, let odd):
            [.line("\(path)")] + lines.map { .line($0) } + odd.map { .warning($0) }
        case .notSigned(let fault): [.warning("not signed: \(fault)")]
        case .endsSuspensions(let suspensions):
            suspensions.map { .line("ends: \($0.because.rawValue), \($0.created.forPeople), by \($0.officer)") }
        case .changesOfficers(let escrow, let before, let after): after.noticeLines(of: escrow, insteadOf: before)
        case .fork(let kept, let void): kept.noticeLines("stays") + void.noticeLines("does not count")
        case .withdraws(let withdrawal): withdrawal.noticeLines
        case .opens(let approval, let escrow, let now): approval.noticeLines(opening: escrow, now: now)
        case .draftIsNotOpened(let draft): [.warning("a draft is not restored: \(draft.notInForce)")]
        case .certificateLeftOut(let why): [.warning("left out: \(why)")]
        case .stranger(let name, let signers): [.warning(EscrowError.stranger(name, signers: signers))]
        case .keyHasEnded(let name, let signers): [.warning("\(signers): the key of \(name) is no longer valid")]
        case .nobodyIsReliedOn(let reason): [.warning("nobody's signature is relied on: \(reason)")]
        case .releasedBySuspended(let path, let record):
            [.warning("\(path): \(record.custodian) is suspended: \(record.because.rawValue)")]
        case .notTakenByWindows(let certificate):
            [
                .warning(
                    "\(certificate.subject): Windows has no provider that holds a key of this kind: "
                        + (certificate.keyKind?.description ?? "")
                )
            ]
        case .recognised(let how): [.line(how)]
        case .stateCompared(let comparison, let place): comparison.noticeLines(at: place)
        case .stateDoesNotComeBack(let figures):
            [.warning("the CA's state does not come back: when escrowed, \(figures.words)")]
        case .stateIsNotCompared(let error): [.warning("the CA's state is not compared: \(error)")]
        }
    }
}

// MARK: The parts

extension CustodyQuestion {
    /// Whose key it is, who restores, who has signed, and what is new; without the digest, which is compared with what
    /// somebody else says.
    fileprivate var noticeLines: [NoticeLine] {
        let manifest = approval.document.manifest
        let start: [NoticeLine] =
            .lines(
                "\(escrow): the escrow of \(manifest.certificate.subject)",
                "  epoch \(manifest.epoch), \(manifest.policy.text)"
            ) + approval.signerLines
        guard let last else {
            return start + (isFirst ? [.line("  you have not acted on it before")] : [])
        }
        return start + [.line("  you acted on epoch \(last.epoch); since then:")]
            + changes.map { .line("  CHANGES \($0.token): \($0.text)") }
    }
}

extension Filed<Challenge> {
    fileprivate func noticeLines(in escrow: String, about subject: String) -> [NoticeLine] {
        let auditor = document.auditor
        return .lines(
            "\(escrow): \(auditor.name) (\(auditor.key.fingerprint)) asks",
            "  to prove that you know your share of \(subject), without showing it",
            "  challenge \(identifier.prefix(8)), \(document.created.forPeople) until \(document.expires.forPeople)"
        )
    }
}

extension SignableDocument {
    /// What is about to be signed.
    fileprivate var noticeLines: [NoticeLine] {
        [.line("\(path)"), .line("  \(title)")] + details.map { .line("  \($0)") }
            + changes.map { .line("  CHANGES \($0.token): \($0.text)") } + [.line("  SHA-256 \(digest)")]
    }
}

extension Approval {
    fileprivate func noticeLines(of escrow: FilePath, insteadOf before: Approval) -> [NoticeLine] {
        [.line("\(escrow): approved by \(text), where it was \(before.text)")]
            + officers.filter { !before.officers.contains($0) }.map {
                .line("  officer \($0.name) is new: \($0.key.fingerprint)")
            }
    }
}

extension RequestReview {
    fileprivate var noticeLines: [NoticeLine] {
        let what = "request \(identifier.prefix(8)): \(request.document.officer) asks for shares of "
        return [.line(what + "\(epoch.manifest.certificate.subject)")]
            + SignableDocument.details(of: self).map { .line("  \($0)") }
            + [.line("  \(SignableDocument.signedSoFar(request.signatures.signed))")]
    }
}

extension EpochApproval {
    /// An end of a branch, and who signed it.
    fileprivate func noticeLines(_ title: String) -> [NoticeLine] {
        let manifest = document.manifest
        return .lines(
            "\(title): epoch \(manifest.epoch), \(document.digest)",
            "  \(manifest.created.forPeople), restored by \(manifest.policy.text)"
        ) + signerLines
    }

    /// Who has signed it, a line each.
    fileprivate var signerLines: [NoticeLine] {
        signers.map { .line("  signed by \($0.name) (\($0.key.fingerprint))") }
    }

    /// What a copy is made of, at the moment of first trust.
    fileprivate func noticeLines(copying parcel: FilePath, to escrow: FilePath) -> [NoticeLine] {
        let manifest = document.manifest
        return .lines(
            "\(escrow): to be made of \(parcel): the escrow of \(manifest.certificate.subject)",
            "  certificate SHA-256 \(SHA256Digest(of: manifest.certificate.der).grouped)",
            "  epoch \(manifest.epoch), \(manifest.created.forPeople)",
            "  restored by \(manifest.policy.text)",
            "  approved by \(manifest.approval.text)"
        ) + signerLines + [.line("  manifest SHA-256 \(document.digest)")]
            + (manifest.isRehearsal ? [.warning("a rehearsal: the key is a test key")] : []) + [
                .warning(
                    "anybody could have made it: compare the manifest's SHA-256 with an officer's, on a number that you know"
                )
            ]
    }

    /// What is opened, before the first passphrase.
    fileprivate func noticeLines(opening escrow: FilePath, now: Timestamp) -> [NoticeLine] {
        let manifest = document.manifest
        let signed = signed.map { "\($0.name) (\($0.key.fingerprint))" }
        var lines: [NoticeLine] = .lines(
            "\(escrow): the escrow of \(manifest.certificate.subject)",
            "  certificate SHA-256 \(SHA256Digest(of: manifest.certificate.der).grouped)",
            "  epoch \(manifest.epoch), \(manifest.created), manifest \(document.digest)",
            "  signed by \(signed.isEmpty ? "nobody" : signed.joined(separator: ", "))",
            "  restored by \(manifest.policy.text)"
        )
        if manifest.certificate.notAfter < now.secondsSinceEpoch {
            lines.append(.warning("the certificate expired on \(manifest.certificate.end)"))
        }
        if manifest.isRehearsal {
            lines.append(.warning("a rehearsal: the key is a test key"))
        }
        return lines
    }
}

extension Withdrawal {
    /// The draft, and what goes where.
    fileprivate var noticeLines: [NoticeLine] {
        let document = draft.document
        let manifest = document.manifest
        let signers = draft.signers.map(\.name.description)
        let changes = draft.previous.map { ManifestChange.all(from: $0.manifest, to: manifest) } ?? []
        return .lines(
            "\(document.path): a draft, epoch \(manifest.epoch), \(manifest.occasion.rawValue)",
            "  made \(manifest.created.forPeople), SHA-256 \(document.digest)",
            "  signed by \(signers.isEmpty ? "nobody" : signers.joined(separator: ", "))"
        ) + changes.map { .line("  would change \($0.token): \($0.text)") }
            + moves.map { .line("  \($0.0) goes to \($0.1)") }
    }
}

extension StateComparison {
    /// How the state that is there stands against the escrowed one.
    fileprivate func noticeLines(at root: FilePath) -> [NoticeLine] {
        let standing: String? =
            if isNewer, !isHarmless {
                "\(root): newer than escrowed in part, and stays as it is: \(newerParts.joined(separator: "; "))"
            } else if isNewer {
                "\(root): its state is newer than the escrowed one, and stays as it is"
            } else if isHarmless {
                "\(root): its state is the one that was escrowed"
            } else {
                nil
            }
        return (standing.map { [.line($0)] } ?? []) + consequences.map { .warning($0) }
    }
}

extension LeftOutCertificate: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unread(let error): "\(error)"
        case .datedAhead(let path, let time): "\(path): it is dated ahead, \(time)"
        case .signedByStrangers(let count):
            "\(count) added \(count == 1 ? "certificate" : "certificates") signed by nobody whom you know"
        }
    }
}
