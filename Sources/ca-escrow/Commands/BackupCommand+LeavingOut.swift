// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow

// Nothing stays behind without a yes.
extension BackupCommand {
    /// Names every generation of the CA that would not be escrowed, and asks whether to go on without it.
    ///
    /// - Parameter answered: What is missing in the epoch before, as somebody knew when it was made: named, and not asked
    ///   about again.
    /// - Throws: ``Diagnostic`` with status 77 unless somebody says yes, here or by `--yes`.
    func confirmLeavingOut(_ material: CAMaterial, answered: GenerationGap? = nil) throws {
        let subject = material.newest.subjectName
        func own(_ certificates: [Certificate]) -> [Certificate] {
            certificates.filter { $0.isCA && $0.subjectName == subject }
        }
        let gap = GenerationGap(
            held: own(material.certificates),
            known: own(material.chain + material.leftOut.map(\.certificate))
        )
        let reasons = material.leftOut.map(\.description) + (gap.map { ["\($0)"] } ?? [])
        guard !reasons.isEmpty else {
            return
        }
        guard !material.leftOut.isEmpty || gap != answered else {
            Output.warning("\(source): \(reasons[0])")
            return
        }
        let isWindows = gap != nil || material.leftOut.contains { $0.certificate.caVersion != nil }
        guard yes || Question.isPossible else {
            throw Diagnostic(
                "\(source): \(reasons.joined(separator: "; "))",
                hint: isWindows
                    ? "Certificate Services does not start without it: run certutil -backupKey on the CA itself"
                    : "--from a store that holds all keys; --yes leaves it out: its certificate is kept, its key is not",
                .refused
            )
        }
        reasons.forEach { Output.warning("\(source): \($0)") }
        if isWindows {
            Output.warning("Certificate Services does not start without it: certutil -backupKey on the CA has them all")
        }
        let what = material.leftOut.count > 1 || (gap?.count ?? 0) > 1 ? "them" : "it"
        try Question.confirm("Leave \(what) out?", isAnswered: yes)
    }
}
