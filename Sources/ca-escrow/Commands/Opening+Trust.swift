// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

// What a restore or a drill believes, and why: shown before the first passphrase.
extension Opening {
    func show(_ approval: EpochApproval) {
        let manifest = approval.document.manifest
        Output.error("ca-escrow: \(escrow): the escrow of \(manifest.certificate.subject)")
        Output.error("ca-escrow:   certificate SHA-256 \(SHA256Digest(of: manifest.certificate.der).grouped)")
        Output.error("ca-escrow:   epoch \(manifest.epoch), \(manifest.created), manifest \(approval.document.digest)")
        let signed = approval.signed.map { "\($0.name) (\($0.key.fingerprint))" }
        Output.error("ca-escrow:   signed by \(signed.isEmpty ? "nobody" : signed.joined(separator: ", "))")
        Output.error("ca-escrow:   restored by \(manifest.policy.text)")
        if manifest.certificate.notAfter < Clock.now().secondsSinceEpoch {
            Output.warning("the certificate expired on \(manifest.certificate.notAfterText)")
        }
        if manifest.isRehearsal {
            Output.warning("a rehearsal: the key is a test key")
        }
    }

    func certificateTrust() throws -> CertificateTrust {
        if let trust = try certificate.trust() {
            return trust
        }
        let typed =
            try confirm
            ?? Question.text(
                "SHA-256 of the certificate that you want back, from paper or another machine",
                for: "the certificate's SHA-256",
                else: "--certificate FILE, or --confirm SHA-256"
            )
        let digits = (typed ?? "").lowercased().filter { $0 != ":" && $0 != " " }
        guard let digest = SHA256Digest(hex: digits) else {
            throw Diagnostic("the certificate's SHA-256: 64 hexadecimal digits are needed", .usage)
        }
        return .digest(digest)
    }

    func manifestTrust(
        in approval: EpochApproval,
        _ anchor: Anchor?,
        _ identities: [IdentityOnDisk],
        _ files: PassphraseFiles
    ) throws -> ManifestTrust {
        if let unverified {
            Output.warning("nobody's signature is relied on: \(unverified)")
            return .unverified(reason: unverified)
        }
        guard approval.isInForce else {
            let error = Diagnostic(approval.notInForce) ?? Diagnostic("not in force", .refused)
            throw Diagnostic(error.message, hint: "to go on all the same, recorded: --unverified REASON", .refused)
        }
        if let anchor {
            let trusted = try anchor.check(approval, at: escrow)
            try Backup.warnOfExpired(trusted, anchor, try clock.time())
            return .signers(trusted)
        }
        for identity in identities where ManifestTrust.own(identity.file.signingKey, in: approval) != nil {
            // Only opening it shows that the file's keys are its owner's.
            let key = try identity.openAndKeep(files)
            if let own = ManifestTrust.own(key, in: approval) {
                return own
            }
        }
        guard Question.isPossible else {
            throw Diagnostic(
                "\(escrow): nobody whom you know vouches for this manifest",
                hint: "--signers FILE, -i IDENTITY of an officer who signed it, or --unverified REASON",
                .refused
            )
        }
        guard
            let reason = try Question.text(
                "No officer whom you know vouches for this manifest. Reason to go on (Enter stops)",
                for: "a reason",
                else: "--unverified REASON"
            ),
            TextRule.allows(reason)
        else {
            throw Diagnostic("\(escrow): not believed: nothing was done", .refused)
        }
        return .unverified(reason: reason)
    }

    /// The rules that --override sets aside; one that stands in the way and is not named is an error.
    func overrides(
        of approval: EpochApproval,
        in directory: EscrowDirectory
    ) throws -> [RestoreRecord.Override] {
        let manifest = approval.document.manifest
        var needed: [(code: RestoreRecord.Override.Code, error: EscrowError)] = []
        // A newer epoch that cannot be read, or is not in force, is no reason to believe that there is none.
        let newest = try? directory.approvals().inForce
        if manifest.isRetired || newest?.document.manifest.isRetired == true {
            needed.append((.retired, .retired(path: escrow)))
        }
        let later = directory.epochs.map(\.number).filter { $0 > manifest.epoch }.max()
        if epoch != nil, let later, newest?.document.digest != approval.document.digest {
            needed.append((.superseded, .superseded(path: approval.document.path.string, by: later)))
        }
        // A veto is the request's, and is looked at there.
        let codes = needed.map(\.code.rawValue) + [RestoreRecord.Override.Code.veto.rawValue]
        if let idle = override.first(where: { !codes.contains($0) }) {
            throw Diagnostic("--override \(idle): there is nothing to override", .usage)
        }
        return try needed.map { code, error in
            guard let reason, override.contains(code.rawValue) else {
                throw Diagnostic(
                    "\(error)",
                    hint: "only with a reason: --override \(code.rawValue) --reason TEXT (it is recorded)",
                    .refused
                )
            }
            return RestoreRecord.Override(code: code, reason: reason)
        }
    }
}
