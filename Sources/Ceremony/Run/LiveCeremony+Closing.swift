// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Escrow
import Files
import SystemPackage

// The end: what people said becomes files, the transcript is closed and signed.
extension LiveCeremony {
    func close() throws {
        let written = try bundle.write(CeremonyEvidence(of: plan, transcript, after: files.earlier))
        let kept = try keepArtefacts()
        if !held.lines.contains(where: { $0.act == .kept }) {
            try record(.kept, files: written + kept)
        }
        try record(.closed)
    }

    /// Copies the escrow and writes the audit's report, before the transcript names them and ends.
    ///
    /// - Returns: What the bundle holds now, by name and digest.
    private func keepArtefacts() throws -> [TranscriptLine.File] {
        let escrow = try bundle.keepEscrow(at: escrowPath)
        let input = Bundle.auditInput(of: plan, files.certificate, anchor: try anchor(), at: now())
        let report = try Audit(of: bundle.escrow, with: input).report
        let audit = AuditDocument([report], unread: [], exitStatus: report.verdict.exitStatus)
        let page = try bundle.keepOnce("audit.html") {
            ReportPage(of: audit, with: input, by: "ca-escrow \(version)").pieces.flatMap { $0 }
        }
        let document = try bundle.keepOnce("audit.json") {
            var bytes: [UInt8] = []
            audit.write { bytes += $0 }
            return bytes
        }
        return escrow + [page, document]
    }

    /// Those who sign the transcript.
    private var signers: [(name: Name, what: String)] {
        [Role.operator, .witness].flatMap { role in roll.holders(of: role).map { ($0, role.title) } }
    }

    /// Whether nothing is left to be done after the transcript's last line.
    func isFinished() throws -> Bool {
        for name in ["report.json", "report.html"] where try Files.kind(of: bundle.path.appending(name)) == nil {
            return false
        }
        return try signers.allSatisfy { try Files.kind(of: signatureFile(of: $0.name)) != nil }
    }

    /// Writes the report of an ended ceremony, and has operator and witness sign its transcript.
    func finish() throws {
        if transcript.lines.last?.act == .abandoned, hasDealt {
            // Shares exist: what was dealt is part of the record, although nobody approved it.
            _ = try bundle.keepEscrow(at: escrowPath)
        }
        let report = CeremonyReport(of: plan, files.digest, script, transcript, files.certificate, after: files.earlier)
        try bundle.write(report)
        for (name, what) in signers where try Files.kind(of: signatureFile(of: name)) == nil {
            screen.show(transcript.head, of: "the transcript's last line, its head")
            screen.say("\(fullName(of: name)), \(what): your signature on the transcript")
            while true {
                do {
                    let signature = try signature(of: name)
                    try Files.create(signatureFile(of: name), signature.armored, permissions: .publicFile)
                    screen.say("signed: \(signatureFile(of: name))")
                    break
                } catch  where error as? CeremonyError != interruption {
                    screen.report(error)
                    _ = try line("Enter tries again [stop]")
                }
            }
        }
    }

    /// Whether a manifest was made in this ceremony, and is still there.
    private var hasDealt: Bool {
        let made = transcript.lines.flatMap(\.files).filter { $0.direction == .output }
        return made.contains { EscrowArtefact.manifest.isNamed(by: $0.name) } && EscrowDirectory.isEscrow(escrowPath)
    }

    private func signatureFile(of name: Name) -> FilePath { FiledSignature.path(of: bundle.transcript, by: name) }

    /// Signs with an identity; or takes what somebody has signed elsewhere with an OpenSSH key.
    private func signature(of name: Name) throws -> SSHSignature {
        let bytes = transcript.encoded()
        guard files.people.card(of: name) != nil else {
            return try outsideSignature(of: name, bytes)
        }
        // No exception can be raised any more.
        return try sign(bytes, as: name, with: identity(of: name) { try line("\(takingMediumOut($0)) [stop]") })
    }

    private func sign(_ bytes: [UInt8], as name: Name, with identity: IdentityOnDisk) throws -> SSHSignature {
        guard identity.name == name else {
            throw CeremonyError.notIdentity(path: identity.path, of: name)
        }
        return try screen.attend { room in
            try identity.sign(bytes, Transcript.format, attended: room).signature
        }
    }

    private func outsideSignature(of name: Name, _ bytes: [UInt8]) throws -> SSHSignature {
        screen.show(command: [
            "ssh-keygen", "-Y", "sign", "-n", Transcript.format.namespace, "-f", "KEY",
            "<", ShellWord.path(bundle.transcript.string), ">", "\(name).sig",
        ])
        let isGuest = plan.participant(name) == nil
        let prompt = isGuest ? "the signature's file, or your identity's" : "the signature's file"
        let path = try line("\(takingMediumOut(prompt)) [stop]") ?? ""
        if isGuest, RecognisedFile(at: FilePath(path)) == .document(DocumentFormat.identity.kind) {
            return try sign(bytes, as: name, with: IdentityOnDisk(at: path))
        }
        let armored = try Files.read(FilePath(path), limit: ByteLimit.signature, followingLinks: true)
        do {
            let signature = try SSHSignature(armored: armored)
            // Whoever is in no plan is known by nothing here, and by the verifier's own file there.
            let isKnown = files.people.officers.contains(Signer(name: name, key: signature.signer))
            guard isKnown || isGuest else {
                throw CeremonyError.notMadeWithKey(path: path, of: name)
            }
            try signature.verify(bytes, namespace: Transcript.format.namespace)
            return signature
        } catch let error as SignatureError {
            throw CeremonyError.signature(path: path, error)
        }
    }
}
