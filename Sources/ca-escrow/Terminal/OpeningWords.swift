// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import Escrow
import SecretSharing
import SystemPackage

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
        let hint =
            (isFromAfar ? "ask \(name) for it again, or " : "") + "go on with \(names.alternatives)"
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
        Report.note([
            "caSignature": .boolean(isSigned), "certificate": .text(SHA256Digest(of: certificate.der)),
            "keys": .number(count), "receipt": .text(receipt), "subject": .text(certificate.subject),
        ])
    }
}
