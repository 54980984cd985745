// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import SystemPackage

struct Drill: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        _superCommandName: CAEscrow.name,
        abstract: "Do all of a restore but the import, and let the recovered key sign a receipt.",
        discussion: """
            A quorum rebuilds the password, the PKCS#12 file is opened, every key is matched with its certificate, and \
            the CA's key signs the receipt; then all of it is wiped. Nothing of the key is written. It answers an \
            auditor's challenge when one is open, so that its age does not rest on its own word.
            """
    )

    @OptionGroup var opening: Opening
    @Option(help: ArgumentHelp("What the drill is for; the receipt says it.", valueName: "text")) var purpose: String?
    @Option(
        help: ArgumentHelp(
            "The auditor's challenge, by some digits of its ID (default: the only open one).",
            valueName: "id"
        )
    )
    var challenge: String?
    @Flag(help: "Compare public keys only: the CA's key signs nothing.") var noCaSignature = false

    /// How the command is written for an escrow.
    static func command(for escrow: String) -> String { "ca-escrow drill \(escrow)" }

    /// Says that an epoch which has just come into force waits for its first drill.
    static func announce(for escrow: String) {
        Output.next("\(command(for: escrow)) (never done for this epoch)")
    }

    func validate() throws {
        if let purpose, !TextRule.allows(purpose) {
            throw ValidationError("--purpose: 1 to 500 characters, no control or invisible ones")
        }
    }

    func run() throws {
        _ = try perform()
    }

    /// Does all of it, as other commands want it, too: they parse their words as this one's arguments.
    ///
    /// - Returns: The receipt's file.
    func perform() throws -> FilePath {
        let found = try opening.find()
        let document = found.document
        let challenge = try answeredChallenge(in: document, now: found.now)
        let grounds = try opening.grounds(for: found)
        let opened = try opening.open(found, on: grounds)
        let receipt = DrillReceipt(
            of: document,
            by: opened.custodians,
            for: purpose,
            isSigned: !noCaSignature,
            answering: challenge?.digest,
            request: grounds.answered?.review.request.digest,
            overrides: grounds.overrides,
            // The auditor's clock may be ahead by a little, and a receipt is never older than its challenge.
            at: max(found.now, challenge?.document.created ?? found.now),
            provenBy: opened.secret
        )
        let bytes = receipt.encoded()
        let newest = document.manifest.certificate
        let signature =
            noCaSignature ? nil : try opened.material.sign(receipt: bytes, under: newest, from: found.archivePath)
        let path = try Record.file(
            bytes,
            DrillReceipt.format,
            created: receipt.created,
            in: found.records,
            signatures: try opening.signatures(of: receipt, in: found),
            caSignature: signature
        )
        let count = receipt.content.keys.count
        Output.line("drilled: \(newest.subject): \(count == 1 ? "its key" : "\(count) keys") opened and matched")
        if signature != nil {
            let digest = SHA256Digest(of: newest.der).grouped
            Output.line("signed: by the CA's key, for the certificate with SHA-256 \(digest)")
        }
        Output.line("receipt: \(path)")
        grounds.answered?.finish()
        return path
    }

    /// The challenge that the receipt answers: the one that is named, or the only open one.
    private func answeredChallenge(in epoch: EpochDocument, now: Timestamp) throws -> Filed<Challenge>? {
        let found = try epoch.challenges(challenge, at: now)
        guard found.count <= 1 else {
            throw EscrowError.ambiguousDocument(kind: "challenge", "", found.map(\.identifier))
        }
        guard let filed = found.first else {
            Output.error("ca-escrow: no challenge is open: when this drill was, only its receipt will say")
            return nil
        }
        let (id, document) = (filed.identifier.prefix(8), filed.document)
        guard now <= document.expires else {
            throw Diagnostic(
                "challenge \(id): expired \(document.expires.forPeople) (this machine: \(now.forPeople))",
                hint: "the auditor makes a new one",
                .refused
            )
        }
        guard !document.created.isLater(than: now) else {
            throw EscrowError.clockIsWrong(newest: document.created, path: filed.path.string, now: now)
        }
        Output.error(
            "ca-escrow: for challenge \(id) of \(document.auditor.name) (\(document.auditor.key.fingerprint)), "
                + document.created.forPeople
        )
        return filed
    }
}
