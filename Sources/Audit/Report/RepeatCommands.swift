// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Escrow
import Files
import SecretSharing
import SystemPackage

/// The lines for a shell that repeat the checks of one epoch with `sha256sum`, `openssl` and `ssh-keygen` alone.
///
/// Each line stands for itself, runs where the audit ran, and ends with a status other than 0 when its check fails.
struct RepeatCommands: Sendable {
    private let escrow: String
    /// The auditor's file; nothing when none was given.
    private let signers: String?
    private let digests: [(path: String, digest: SHA256Digest)]
    /// Where the CA's certificate is in the manifest's list, counted from 1.
    private let position: Int
    private let fingerprint: SHA256Digest
    /// The auditor's file of a certificate, and the document that holds what is in it.
    private let given: (path: String, document: String)?
    private let signatures: [Signature]
    private let drills: [Drill]

    /// A receipt that the CA's key has signed.
    private struct Drill: Sendable {
        let receipt: String
        /// Of the certificate that it names, counted from 1, in the manifest's list.
        let position: Int
        let keyKind: KeyKind
    }

    private struct Signature: Sendable {
        /// Below the escrow.
        let document: String
        let format: DocumentFormat
        let created: Timestamp
        let signer: Signer
        /// Whether the auditor's file admits the signer; else the key is the one that the escrow names.
        let isAdmitted: Bool
    }

    init(for subject: EpochApproval, in audit: Audit) {
        let (document, manifest) = (subject.document, subject.document.manifest)
        escrow = audit.escrow.string
        signers = audit.input.anchor?.path
        let cards = manifest.people.map { (document.cardPath(of: $0.name).string, $0.card) }
        var files = [(document.manifestPath.string, document.digest)] + cards
        if !audit.input.isWithoutPKCS12,
            let path = try? document.pkcs12Path(given: audit.input.pkcs12, escrow: audit.escrow)
        {
            files.append((path.string, manifest.pkcs12.sha256))
        }
        if !audit.input.isWithoutPKCS12, let archive = manifest.state?.archive,
            let path = try? document.statePath(given: audit.input.pkcs12, escrow: audit.escrow)
        {
            files.append((path.string, archive.sha256))
        }
        digests = files
        let wanted =
            audit.reading.authorities.min().map { audit.input.certificates.all[$0] }
            ?? audit.input.certificates.all.first
        if case .file(let certificate, let path)? = wanted {
            let filed = audit.added.first { $0.isApproved && $0.document.certificate == certificate }
            let isListed = manifest.certificates.contains(certificate)
            given = (path, (isListed ? document.manifestPath : filed?.path ?? document.manifestPath).string)
        } else {
            given = nil
        }
        position = 1 + (manifest.certificates.firstIndex(of: manifest.certificate) ?? 0)
        fingerprint = SHA256Digest(of: manifest.certificate.der)
        signatures = Self.signatures(of: subject, in: audit)
        drills = (audit.evidence[document.digest]?.drills.documents ?? []).compactMap { filed in
            guard let certificate = filed.document.caSigner(in: manifest), let kind = certificate.keyKind,
                let index = manifest.certificates.firstIndex(of: certificate)
            else {
                return nil
            }
            return Drill(receipt: filed.path.string, position: 1 + index, keyKind: kind)
        }
    }

    private static func signatures(of subject: EpochApproval, in audit: Audit) -> [Signature] {
        let document = subject.document
        func all(
            of path: FilePath,
            _ format: DocumentFormat,
            _ created: Timestamp,
            by signers: [Signer]
        ) -> [Signature] {
            let admitted = audit.input.anchor?.trusted(among: signers, for: format, at: created) ?? []
            return signers.map { signer in
                Signature(
                    document: path.string,
                    format: format,
                    created: created,
                    signer: signer,
                    isAdmitted: admitted.contains(signer)
                )
            }
        }
        func all<Document: AddedDocument>(of filed: [Filed<Document>]) -> [Signature] {
            filed.flatMap { all(of: $0.path, Document.format, $0.document.created, by: $0.signatures.signed) }
        }
        var found = all(of: document.manifestPath, .manifest, document.manifest.created, by: subject.signed)
        for filed in audit.added {
            found += all(of: filed.path, .addedCertificate, filed.document.created, by: filed.signatures.signed)
        }
        guard let evidence = audit.evidence[document.digest] else {
            return found
        }
        found += all(of: evidence.receipts.documents)
        found += all(of: evidence.challenges.documents)
        found += all(of: evidence.proofs.proofs.map(\.proof))
        found += all(of: evidence.requests.map(\.request))
        found += all(of: evidence.releases.documents)
        found += all(of: evidence.refusals.documents)
        found += all(of: evidence.overrides.documents)
        found += all(of: evidence.suspensions.documents)
        return found + all(of: evidence.restores.documents) + all(of: evidence.drills.documents)
    }

    /// The lines, with comments that start with `#`.
    var lines: [String] {
        var lines = ["# Digests: of the manifest, as in its directory's name, and of what it names."]
        lines += digests.map(Self.line)
        lines.append("# The CA's certificate in the manifest; its SHA-256 must be \(fingerprint.grouped).")
        lines.append("\(certificate(at: position)) -noout -subject -fingerprint -sha256 -dates")
        if let given {
            lines.append("# The auditor's certificate; the second line prints 1 when it is in the escrow.")
            lines.append("openssl x509 -in \(ShellWord.path(given.path)) -noout -subject -fingerprint -sha256 -dates")
            lines.append(
                "openssl x509 -in \(ShellWord.path(given.path)) -outform DER | base64 -w0 | "
                    + "grep -c -F -f - \(ShellWord.path(given.document))"
            )
        }
        var kind: String?
        for signature in signatures {
            if signature.format.kind != kind {
                lines.append("# Signatures of kind '\(signature.format.kind)'.")
                kind = signature.format.kind
            }
            lines.append(line(signature))
        }
        if !drills.isEmpty {
            lines.append("# Signatures of drills' receipts by the CA's key.")
            lines += drills.map(line)
        }
        return lines
    }

    /// Writes one certificate of the manifest, as `openssl x509` does.
    private func certificate(at position: Int) -> String {
        let pick = #"sed -n '/^  "certificates": \[$/,/^  \]/s/^    "\(.*\)"\(,\{0,1\}\)$/\1/p'"#
        return "\(pick) \(ShellWord.path(digests[0].path)) | sed -n \(position)p | base64 -d | openssl x509 -inform DER"
    }

    private func line(_ drill: Drill) -> String {
        let (receipt, signature) = (ShellWord.path(drill.receipt), ShellWord.path("\(drill.receipt).casig"))
        let text = #"printf 'ca-escrow/v1/ca-key-statement\ndrill\n%s\n' "$(sha256sum < \#(receipt) | cut -c1-64)""#
        return "(t=$(mktemp) && \(text) > $t && openssl pkeyutl -verify -rawin\(drill.keyKind.opensslOptions) -certin "
            + "-inkey <(\(certificate(at: drill.position))) -in $t -sigfile \(signature); s=$?; rm -f $t; exit $s)"
    }

    private static func line(_ path: String, _ digest: SHA256Digest) -> String {
        // sha256sum has a form of its own for names with a backslash or a line's end.
        guard path.unicodeScalars.allSatisfy({ $0.isShown && $0 != "\\" }) else {
            return "test \"$(sha256sum < \(ShellWord.path(path)))\" = '\(digest)  -'"
        }
        return "sha256sum --check --strict <<< \(ShellWord.of("\(digest)  \(path)"))"
    }

    private func line(_ signature: Signature) -> String {
        let document = signature.document
        let time = signature.created.compact.replacing(bytesOf: "T", with: "")
        let key = "\(signature.signer.name) \(signature.signer.key.openSSH)"
        let file = signature.isAdmitted ? signers.map(ShellWord.path) : nil
        return "ssh-keygen -Y verify -f \(file ?? "<(echo '\(key)')") -I \(signature.signer.name) "
            + "-n \(signature.format.namespace) -Overify-time=\(time) "
            + "-s \(ShellWord.path("\(document).\(signature.signer.name).sig")) < \(ShellWord.path(document))"
    }
}

extension KeyKind {
    /// What `openssl pkeyutl` must be told besides: docs/format.md, section 3.9.
    fileprivate var opensslOptions: String {
        switch self {
        case .rsa: " -digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32"
        case .ec: " -digest sha256"
        case .ed25519, .ed448: ""
        }
    }
}
