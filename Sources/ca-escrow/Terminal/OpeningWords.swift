// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import SecretSharing
import SystemPackage

extension EpochApproval {
    /// Shows what is opened, before the first passphrase.
    func show(opening escrow: FilePath, now: Timestamp) {
        let manifest = document.manifest
        Output.error("ca-escrow: \(escrow): the escrow of \(manifest.certificate.subject)")
        Output.error("ca-escrow:   certificate SHA-256 \(SHA256Digest(of: manifest.certificate.der).grouped)")
        Output.error("ca-escrow:   epoch \(manifest.epoch), \(manifest.created), manifest \(document.digest)")
        let signed = signed.map { "\($0.name) (\($0.key.fingerprint))" }
        Output.error("ca-escrow:   signed by \(signed.isEmpty ? "nobody" : signed.joined(separator: ", "))")
        Output.error("ca-escrow:   restored by \(manifest.policy.text)")
        if manifest.certificate.notAfter < now.secondsSinceEpoch {
            Output.warning("the certificate expired on \(manifest.certificate.end)")
        }
        if manifest.isRehearsal {
            Output.warning("a rehearsal: the key is a test key")
        }
    }
}

extension LeftOutCertificate {
    func show() {
        switch self {
        case .unread(let error): Output.warning("left out: \(error)")
        case .datedAhead(let path, let time): Output.warning("left out: \(path): it is dated ahead, \(time)")
        case .signedByStrangers(let count):
            Output.warning("left out: \(count) added certificate(s) that nobody whom you know signed")
        }
    }
}

extension RequestReview {
    /// Shows what is answered.
    func showAnswered() {
        let document = request.document
        Output.error("ca-escrow: request \(identifier.prefix(8)), until \(document.expires.forPeople)")
        Output.error("ca-escrow:   why \(document.purpose)")
        Output.error("ca-escrow:   where \(document.destination)")
    }
}

extension Rejection {
    /// What is wrong, and who may come instead.
    var diagnostic: Diagnostic {
        let known = Diagnostic(fact: error)
        guard isBadShare else {
            return known
        }
        let names = others.map(\.description)
        let either =
            names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        let hint =
            (isFromAfar ? "ask \(name) for it again, or " : "") + "go on with \(either)"
            + (isFromAfar ? "" : "; tell the auditor: ca-escrow audit names the file")
        return Diagnostic(known.message, hint: names.isEmpty ? known.hint : hint, .failed)
    }
}

extension Drill.Done {
    func show() {
        let count = keyCount
        Output.line("drilled: \(certificate.subject): \(count == 1 ? "its key" : "\(count) keys") opened and matched")
        if isSigned {
            let digest = SHA256Digest(of: certificate.der).grouped
            Output.line("signed: by the CA's key, for the certificate with SHA-256 \(digest)")
        }
        Output.line("receipt: \(receipt)")
    }
}
