// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

// The end: what people said becomes files, the transcript is closed and signed.
extension LiveCeremony {
    func close() throws {
        let evidence = CeremonyEvidence(of: plan, transcript)
        let written = try bundle.write(evidence)
        let kept = try keepArtefacts()
        try record(.noted, files: written.map { .init(.output, $0.name, $0.sha256) } + kept)
        try record(.closed)
        try bundle.write(CeremonyReport(of: plan, files.digest, script, transcript, files.certificate))
        let head = transcript.head
        CeremonyScreen.show(head, of: "the transcript's last line, its head")
        for (name, what) in [(operatorName, "operator"), (witness, "witness")] {
            try signTranscript(name, as: what)
        }
    }

    /// Signs with an identity, or says how an OpenSSH key does.
    private func signTranscript(_ name: Name, as what: String) throws {
        let path = bundle.transcript
        let file = FiledSignature.path(of: path, by: name)
        guard try Files.kind(of: file) == nil else {
            return
        }
        guard files.people.card(of: name) != nil, let identity = plan.participant(name)?.identity else {
            return Output.next(
                "\(name) must sign: ssh-keygen -Y sign -n \(Transcript.format.namespace) -f KEY < \(path) > \(file)"
            )
        }
        CeremonyScreen.say("\(fullName(of: name)), \(what): your signature on the transcript")
        let onDisk = try IdentityOnDisk(at: placed(identity))
        let officer = OpenedOfficer(try onDisk.open(try PassphraseFiles([])))
        let (_, signature) = officer.sign(transcript.encoded(), Transcript.format)
        try Files.create(file, signature.armored, permissions: .publicFile)
        Output.line("signed: \(file)")
    }
}
