// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
import Files
import SecretSharing
package import SystemPackage

/// What an auditor brings from outside the escrow.
package struct AuditInput: Sendable {
    /// Whom to believe; without it the verdict is `NOT ANCHORED`.
    package var anchor: Anchor?
    /// The certificate that the escrow should be for.
    package var certificate: CertificateTrust?
    /// The PKCS#12 file or its directory; the escrow's parent when not given.
    package var pkcs12: FilePath?
    /// Whether the PKCS#12 file's absence is meant.
    package var isWithoutPKCS12: Bool
    /// Now, as the caller says it.
    package var time: Timestamp
    /// Another epoch than the one in force.
    package var epoch: Int?

    package init(
        anchor: Anchor?, certificate: CertificateTrust?, pkcs12: FilePath?, isWithoutPKCS12: Bool, time: Timestamp,
        epoch: Int?
    ) {
        self.anchor = anchor
        self.certificate = certificate
        self.pkcs12 = pkcs12
        self.isWithoutPKCS12 = isWithoutPKCS12
        self.time = time
        self.epoch = epoch
    }
}

/// Every check of an escrow that needs no secret, made and noted.
package struct Audit: Sendable {
    package let escrow: FilePath
    /// The epoch that the report is about: the one in force, the newest, or the one asked for.
    package private(set) var subject: EpochApproval?
    /// Officers of the subject whom the anchor admits.
    package private(set) var trusted: [Officer] = []
    package private(set) var added: [FiledCertificate] = []

    private let input: AuditInput
    private var findings: [AuditCheck: [String]] = [:]
    private var unchecked: [AuditCheck: AuditOutcome] = [:]

    /// Audits one escrow.
    ///
    /// - Throws: ``EscrowError`` only when there is no escrow to read; all else is a finding.
    package init(of path: FilePath, with input: AuditInput) throws(EscrowError) {
        let directory = try EscrowDirectory(at: path)
        escrow = directory.path
        self.input = input
        checkLayout(of: directory)
        checkEpochs(of: directory)
        let approvals = checkChain(of: directory)
        checkSubject(among: approvals, in: directory)
    }

    /// How each check ended, in order.
    package var outcomes: [(check: AuditCheck, outcome: AuditOutcome)] {
        AuditCheck.allCases.map { check in
            if let found = findings[check] {
                return (check, .fail(found))
            }
            return (check, unchecked[check] ?? .pass)
        }
    }

    package var verdict: AuditVerdict {
        guard findings.isEmpty else {
            return .failed
        }
        let waiting = outcomes.filter { if case .notChecked = $0.outcome { true } else { false } }.map(\.check)
        if waiting.contains(.anchor) {
            return .notAnchored
        }
        if waiting.contains(.receipts) {
            return .incomplete
        }
        guard waiting.isEmpty else {
            return .notFullyChecked
        }
        return input.isWithoutPKCS12 ? .soundWithoutPKCS12 : .sound
    }

    // MARK: What lies there

    private mutating func checkLayout(of directory: EscrowDirectory) {
        let ignored = [".git"]
        for name in directory.strays where !ignored.contains(name) {
            note(.layout, "\(name): belongs to no escrow")
        }
        for name in directory.leftovers {
            note(.layout, "\(name): left half made by an interrupted run: remove it")
        }
        for epoch in directory.epochs {
            let isFirst = epoch.number == 1
            let names = (try? Files.names(in: epoch.path)) ?? []
            for name in names where !EpochDirectory.knows(name, isFirst: isFirst) {
                note(.layout, "\(epoch.name)/\(name): belongs to no epoch")
            }
        }
    }

    // MARK: Every epoch by itself

    private mutating func checkEpochs(of directory: EscrowDirectory) {
        for epoch in directory.epochs {
            let document: EpochDocument
            do throws(EscrowError) {
                document = try epoch.document.get()
            } catch {
                note(error.auditCheck, error.description)
                continue
            }
            checkReadme(of: document, in: directory.path)
            checkCards(of: document)
            checkRecords(of: document)
            let latest = input.time.secondsSinceEpoch + 300
            if document.manifest.created.secondsSinceEpoch > latest {
                note(.clock, "\(epoch.name): made \(document.manifest.created), which is still to come")
            }
        }
        // A manifest that cannot be read leaves the rest of its epoch unseen.
        if findings.keys.contains(where: { [.manifest, .people, .policy, .commitments, .shares].contains($0) }) {
            for check in [AuditCheck.people, .cards, .policy, .commitments, .shares, .readme, .signatures] {
                unchecked[check] = .notChecked("a manifest is refused")
            }
        }
    }

    private mutating func checkReadme(of document: EpochDocument, in escrow: FilePath) {
        let directory = document.manifest.epoch == 1 ? escrow : document.path
        let path = directory.appending(EscrowDirectory.readmeName)
        do throws(FileError) {
            let found = try Files.read(path, limit: ByteLimit.document)
            if found != Readme.text(of: document.manifest, digest: document.digest) {
                note(.readme, "\(path): is not what the manifest makes it")
            }
        } catch {
            note(.readme, "\(error)")
        }
    }

    private mutating func checkCards(of document: EpochDocument) {
        let directory = document.path.appending(EpochDocument.cardsName)
        let expected = Set(document.manifest.people.map { "\($0.name).json" })
        for name in (try? Files.names(in: directory)) ?? [] where !expected.contains(name) {
            note(.cards, "\(directory.appending(name)): no custodian's card")
        }
        for person in document.manifest.people {
            let path = document.cardPath(of: person.name)
            do {
                let bytes = try Files.read(path, limit: ByteLimit.document)
                guard SHA256Digest(of: bytes) == person.card else {
                    note(.cards, "\(path): not the card that the manifest names")
                    continue
                }
                if Person(try Card(canonical: bytes)) != person {
                    note(.cards, "\(path): other keys than the manifest's")
                }
            } catch let error as FileError {
                note(.cards, "\(error)")
            } catch {
                note(.cards, "\(path): \(error)")
            }
        }
    }

    private mutating func checkRecords(of document: EpochDocument) {
        do throws(EscrowError) {
            let added = try document.addedCertificates()
            for fault in added.flatMap(\.signatures.faults) {
                note(.records, fault.description)
            }
            self.added += added
            try RestoreRecord.checkAll(of: document)
        } catch {
            note(.records, error.description)
        }
    }

    // MARK: The epochs together

    private mutating func checkChain(of directory: EscrowDirectory) -> [EpochApproval] {
        do throws(EscrowError) {
            let approvals = try directory.approvals()
            for fault in approvals.flatMap(\.faults) {
                note(.signatures, fault.description)
            }
            if approvals.count == 1 {
                unchecked[.succession] = .notApplicable("there is one epoch")
            }
            for (previous, next) in zip(approvals, approvals.dropFirst()) {
                checkSuccession(from: previous, to: next)
            }
            return approvals
        } catch {
            if directory.epochs.allSatisfy({ (try? $0.document.get()) != nil }) {
                note(.chain, error.description)
            } else {
                unchecked[.chain] = .notChecked("a manifest is refused")
            }
            unchecked[.succession] = .notChecked("the epochs are no chain")
            return []
        }
    }

    private mutating func checkSuccession(from previous: EpochApproval, to next: EpochApproval) {
        let (old, new) = (previous.document.manifest, next.document.manifest)
        if !next.follows {
            note(.succession, "epoch \(new.epoch): not approved by the officers of epoch \(old.epoch)")
        }
        if (old.set == new.set) != (old.sharing.secret == new.sharing.secret) {
            note(.succession, "epoch \(new.epoch): the set stays exactly when the secret does")
        }
        if new.created < old.created {
            note(.succession, "epoch \(new.epoch): made before epoch \(old.epoch)")
        }
    }

    private mutating func checkSubject(among approvals: [EpochApproval], in directory: EscrowDirectory) {
        let chosen = input.epoch.map { number in approvals.first { $0.document.manifest.epoch == number } }
        guard let subject = chosen ?? (approvals.inForce ?? approvals.last) else {
            let checks: [AuditCheck] = [
                .approval, .anchor, .certificate, .validity, .key, .pkcs12, .protection, .receipts,
            ]
            for check in checks {
                unchecked[check] = .notChecked("no epoch can be read")
            }
            return
        }
        self.subject = subject
        let manifest = subject.document.manifest
        if !subject.isApproved {
            note(.approval, subject.notInForce.description)
        }
        checkAnchor(of: subject)
        checkCertificate(of: manifest)
        checkPKCS12(of: subject.document)
        unchecked[.receipts] = .notChecked("INCOMPLETE: no receipt of \(EscrowError.list(manifest.people.map(\.name)))")
    }

    private mutating func checkAnchor(of subject: EpochApproval) {
        guard let anchor = input.anchor else {
            unchecked[.anchor] = .notChecked("no --signers: anybody can have made this escrow")
            return
        }
        do throws(EscrowError) {
            trusted = try anchor.check(subject, at: escrow.string)
        } catch {
            note(.anchor, error.description)
        }
    }

    private mutating func checkCertificate(of manifest: Manifest) {
        let newest = manifest.certificate
        if let trust = input.certificate {
            let approved = added.filter(\.isApproved).map(\.record.certificate)
            if !trust.matches(manifest.certificates + approved) {
                note(
                    .certificate,
                    EscrowError.anotherCertificate(
                        path: escrow.string, subject: newest.subject, digest: SHA256Digest(of: newest.der),
                        given: trust.given
                    ).description)
            }
        } else {
            unchecked[.certificate] = .notChecked("no --certificate: it may be another CA's escrow")
        }
        if newest.notAfter < input.time.secondsSinceEpoch {
            unchecked[.validity] = .notApplicable(
                "the certificate expired on \(Timestamp(secondsSinceEpoch: max(0, newest.notAfter)))")
        }
        switch newest.keyKind {
        case .rsa(let bitCount) where bitCount < 2048: note(.key, "RSA of \(bitCount) bits: below 2048")
        case nil: note(.key, "a key that this version does not escrow")
        default: break
        }
    }

    private mutating func checkPKCS12(of document: EpochDocument) {
        let entry = document.manifest.pkcs12
        guard !input.isWithoutPKCS12 else {
            unchecked[.pkcs12] = .notApplicable("not seen: --without-pkcs12")
            unchecked[.protection] = .notApplicable("not seen: --without-pkcs12")
            return
        }
        do throws(EscrowError) {
            let bytes = try document.pkcs12(given: input.pkcs12, escrow: escrow)
            let facts: PKCS12Facts
            do {
                facts = try PKCS12Reader.facts(bytes)
            } catch {
                throw .pkcs12(path: entry.name, error)
            }
            for finding in facts.findings {
                note(.protection, "\(entry.name): \(finding)")
            }
            let listed = [entry.encryption, entry.kdf, entry.mac, "\(entry.iterationCount)"]
            let found = [facts.encryption, facts.kdf, facts.mac, "\(facts.iterations)"]
            for (listed, found) in zip(listed, found) where listed != found {
                note(.protection, "\(entry.name): \(found), where the manifest says \(listed)")
            }
        } catch {
            guard case .file(.system(_, .noSuchFileOrDirectory)) = error else {
                note(.pkcs12, error.description)
                unchecked[.protection] = .notChecked("the PKCS#12 file is refused")
                return
            }
            unchecked[.pkcs12] = .notChecked("\(error); --pkcs12 FILE, or --without-pkcs12")
            unchecked[.protection] = .notChecked("no PKCS#12 file")
        }
    }

    private mutating func note(_ check: AuditCheck, _ finding: String) {
        findings[check, default: []].append(finding)
    }
}

extension EpochDirectory {
    /// Whether a name has its place in an epoch's directory.
    static func knows(_ name: String, isFirst: Bool) -> Bool {
        let directories = [
            "cards", "receipts", "challenges", "proofs", "requests", "releases", "refusals", "records",
        ]
        return name == manifestName || directories.contains(name)
            || (name.hasPrefix(manifestName + ".") && name.hasSuffix(".sig"))
            || (name == EscrowDirectory.readmeName && !isFirst)
    }
}

extension EscrowError {
    /// The check that a manifest which cannot be read fails.
    fileprivate var auditCheck: AuditCheck {
        switch self {
        case .manifest(_, .people): .people
        case .manifest(_, .policy): .policy
        case .manifest(_, .sharing): .commitments
        case .manifest(_, .shares): .shares
        case .fileName: .chain
        default: .manifest
        }
    }
}

extension RestoreRecord {
    /// Reads every record of a restore in an epoch, and holds it against the secret's commitment.
    static func checkAll(of epoch: EpochDocument) throws(EscrowError) {
        for path in try Record.files(of: .restore, in: epoch.path) {
            let bytes = try orThrow { () throws(FileError) in try Files.read(path, limit: ByteLimit.document) }
            let record: RestoreRecord
            do {
                record = try RestoreRecord(canonical: bytes)
            } catch {
                throw .document(path: path.string, error)
            }
            let name = Record.fileName(.restore, created: record.created, bytes)
            guard path.lastComponent?.string == name else {
                throw .fileName(path: path.string, expected: name)
            }
            guard record.isProven(for: epoch) else {
                throw .escrowIsDamaged(path: path.string, finding: "its possession proof does not hold")
            }
        }
    }
}
