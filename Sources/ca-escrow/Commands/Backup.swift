// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretMemory
import SecretSharing
import SystemPackage

struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Escrow a CA's key; run again after every renewal.",
        discussion: """
            For a first escrow --policy, --officers and --card say who restores and who approves. For an escrow that is \
            there, the certificate and key are compared with it: nothing to do, a certificate to add, or a new epoch.
            """
    )

    @Argument(help: ArgumentHelp("The escrow's directory.", valueName: "escrow")) var escrow: String
    @Option(help: ArgumentHelp("Where the CA keeps its key and certificate.", valueName: "store")) var from: String?
    @Option(help: ArgumentHelp("Who restores: '3 of (alice, bob, carol, dave, erin)'.", valueName: "policy"))
    var policy: String?
    @Option(help: ArgumentHelp("Who approves: '2 of (olga, omar, otto)'.", valueName: "policy"))
    var officers: String?
    @Option(
        help: ArgumentHelp(
            "A card, an officer's .pub file, or a directory of them; may be repeated.",
            valueName: "file"
        )
    )
    var card: [String] = []
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var signers: SignersOptions
    @Option(
        help: ArgumentHelp(
            "Where the PKCS#12 file goes: a file, or a directory (default: beside the escrow).",
            valueName: "path"
        )
    )
    var pkcs12: String?
    @Option(help: "A title for people; it decides nothing.") var title: String?
    @Flag(help: "A test key: everything is marked so.") var rehearsal = false
    @Option(help: ArgumentHelp("Of the PKCS#12 file's key derivation, up to 300000.", valueName: "number"))
    var iterations: Int?
    @Option(
        help: ArgumentHelp(
            "A new epoch although the certificate is escrowed: scheduled, custodian-change, after-restore.",
            valueName: "why"
        )
    )
    var occasion: String?
    @Flag(help: "Answer yes to questions.") var yes = false

    func validate() throws {
        if let iterations, !(1...PKCS12Writer.iterationLimit).contains(iterations) {
            throw ValidationError("--iterations \(iterations): from 1 to \(PKCS12Writer.iterationLimit)")
        }
        if let occasion, !["scheduled", "custodian-change", "after-restore"].contains(occasion) {
            throw ValidationError("--occasion \(occasion): scheduled, custodian-change or after-restore")
        }
        if let title, !TextRule.allows(title) {
            throw ValidationError("--title: 1 to 500 characters, no control or invisible ones")
        }
    }

    mutating func run() throws {
        from = try from ?? Question.needed("Where the CA keeps its key and certificate", else: "--from STORE")
        let store = try KeyStore(parsing: source)
        if let recognised = store.recognisedAs {
            Output.error("ca-escrow: \(recognised)")
        }
        let officer = try acting.one()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: (officer.map { [$0.name.description] } ?? []) + ["from"])
        let path = FilePath(escrow)
        if try Files.kind(of: path) == nil {
            try first(store, officer, files)
        } else {
            try again(try EscrowDirectory(at: path), store, officer, files)
        }
    }

    /// The store, once it is known.
    private var source: String { from ?? "" }

    // MARK: A first escrow

    private func first(_ store: KeyStore, _ officer: IdentityOnDisk?, _ files: PassphraseFiles) throws {
        if occasion != nil {
            throw Diagnostic("--occasion: a first escrow has the occasion 'installation'", .usage)
        }
        let destination = try Destination(escrow: FilePath(escrow), pkcs12: pkcs12.map { FilePath($0) })
        try warnOfLeftovers(destination, besides: [])
        let plan = try firstPlan()
        try checkMaySign(officer, plan.approval)
        let signer = try officer.map { OpenedOfficer(try $0.open(files)) }
        let material = try export(store, files)
        try publish(
            material,
            plan,
            .installation,
            after: nil,
            to: destination,
            signer: signer,
            officer: officer
        )
    }

    private func firstPlan() throws -> EscrowPlan {
        let people = try PeopleGiven(
            at: try asked(card, "Cards: a directory, or files with a blank between", else: "--card FILE")
        )
        let officersText = try asked(
            officers,
            "Who approves, such as '2 of (olga, omar, otto)'",
            else: "--officers POLICY"
        )
        let policyText = try asked(policy, "Who restores, such as '3 of all'", else: "--policy POLICY")
        let approval = try Self.approval(officersText, people)
        let policy = try people.policy(try PolicyText(policyText), officers: approval)
        return try EscrowPlan(
            policy: policy,
            approval: approval,
            people: people,
            title: title,
            isRehearsal: rehearsal,
            iterationCount: iterations ?? PKCS12Writer.defaultIterations,
            now: Clock.now()
        )
    }

    private static func approval(_ text: String, _ people: PeopleGiven) throws -> Approval {
        do {
            return try people.approval(try PolicyText(text))
        } catch EscrowError.noCard(let name, let given) {
            let list = given.isEmpty ? "none" : given.map(\.description).joined(separator: ", ")
            throw Diagnostic("officers: '\(name)' has neither a card nor a .pub file (given: \(list))", .usage)
        } catch let error as PolicyTextError {
            throw Diagnostic("--officers: \(error)", hint: "it is written '2 of (olga, omar, otto)'", .usage)
        }
    }

    private func asked(_ value: String?, _ question: String, else option: String) throws -> String {
        guard value != nil || Question.isPossible else {
            throw Diagnostic("\(escrow): not there yet: a first escrow needs \(option)", .usage)
        }
        return try value ?? Question.needed(question, else: option)
    }

    private func asked(_ values: [String], _ question: String, else option: String) throws -> [FilePath] {
        guard values.isEmpty else {
            return values.map { FilePath($0) }
        }
        return try asked(nil, question, else: option).split(separator: " ").map { FilePath(String($0)) }
    }

    // MARK: An escrow that is there

    private func again(
        _ directory: EscrowDirectory,
        _ store: KeyStore,
        _ officer: IdentityOnDisk?,
        _ files: PassphraseFiles
    ) throws {
        for name in directory.leftovers {
            Output.warning("\(directory.path.appending(name)): left half made by an interrupted run: remove it")
        }
        let approvals = try directory.approvals()
        guard let newest = approvals.last else {
            throw EscrowError.notAnEscrow(path: escrow)
        }
        let epoch = newest.document
        _ = try Clock.check(Clock.now(), against: approvals.map(\.document))
        try warnOfLeftovers(
            try Destination(escrow: FilePath(escrow), pkcs12: nil),
            besides: approvals.map(\.document)
        )
        let material = try export(store, files)
        let need = try BackupNeed(of: material, in: epoch, escrow: escrow)
        if let occasion, case .nothing = need {
            try newEpoch(
                material,
                Occasion(rawValue: occasion) ?? .scheduled,
                after: newest,
                officer: officer,
                files: files
            )
            return
        }
        switch need {
        case .nothing:
            Output.line(
                "\(escrow): nothing to do: epoch \(epoch.manifest.epoch) holds \(material.newest.subject), "
                    + "SHA-256 \(SHA256Digest(of: material.newest.der).grouped)"
            )
            if !newest.isInForce {
                announce(missing: newest)
                throw ExitCode(ExitStatus.notYet.rawValue)
            }
        case .approval(let filed):
            Output.line("\(escrow): the renewed certificate was added, and waits for officers: \(filed.path)")
            announceSigners(filed.missing)
            throw ExitCode(ExitStatus.notYet.rawValue)
        case .certificate(let certificate):
            try checkTrust(in: newest, officer)
            try add(certificate, to: epoch, officer: officer, files: files)
        case .newKey:
            try newEpoch(material, .renewalNewKey, after: newest, officer: officer, files: files)
        }
    }

    /// The new shares go to the people whom the escrow names: somebody from outside must vouch for it.
    ///
    /// That is an officer of `--signers`, or whoever acts, when their own signature is on it; their keys are derived anew
    /// before anything is made.
    private func checkTrust(in newest: EpochApproval, _ officer: IdentityOnDisk?) throws {
        if let anchor = try signers.anchor() {
            _ = try anchor.check(newest, at: escrow)
            return
        }
        if let officer, ManifestTrust.own(officer.file.signingKey, in: newest) != nil {
            return
        }
        throw Diagnostic(
            "\(escrow): nobody whom you know vouches for its manifest: it says who gets the new shares",
            hint: "--signers FILE, or -i IDENTITY of an officer who signed it",
            .refused
        )
    }

    private func add(
        _ certificate: Certificate,
        to epoch: EpochDocument,
        officer: IdentityOnDisk?,
        files: PassphraseFiles
    ) throws {
        try checkMaySign(officer, epoch.manifest.approval)
        Output.error("ca-escrow: renewed with the same key: \(certificate.subject)")
        Output.error("ca-escrow: no new shares are needed: the certificate joins epoch \(epoch.manifest.epoch)")
        try Question.confirm("Add it?", isAnswered: yes)
        let record = AddedCertificate(certificate: certificate, created: Clock.now(), to: epoch)
        let bytes = record.encoded()
        var signatures: [(signer: Name, signature: SSHSignature)] = []
        if let officer {
            let identity = try officer.open(files)
            let format = DocumentFormat.addedCertificate
            signatures.append((officer.name, identity.sign(bytes, namespace: format.namespace)))
        }
        let path = try Record.file(
            bytes,
            .addedCertificate,
            created: record.created,
            in: epoch.path.appending(Record.directoryName),
            signatures: signatures
        )
        Output.line("\(escrow): added the certificate \(SHA256Digest(of: certificate.der).grouped)")
        Output.line("record: \(path)")
        let signed = signatures.map(\.signer)
        let approval = epoch.manifest.approval
        if signed.count < approval.threshold {
            announceSigners(approval.officers.map(\.name).filter { !signed.contains($0) })
        }
    }

    private func newEpoch(
        _ material: CAMaterial,
        _ occasion: Occasion,
        after newest: EpochApproval,
        officer: IdentityOnDisk?,
        files: PassphraseFiles
    ) throws {
        guard newest.isInForce else {
            throw newest.notInForce
        }
        try checkTrust(in: newest, officer)
        let epoch = newest.document
        let destination = try Destination(escrow: FilePath(escrow), pkcs12: pkcs12.map { FilePath($0) })
        let plan = try nextPlan(after: epoch)
        try checkMaySign(officer, plan.approval)
        Output.error("ca-escrow: a new epoch, \(epoch.manifest.epoch + 1): \(occasion.rawValue)")
        Output.error("ca-escrow:   \(material.newest.subject), \(material.generations.count) key(s)")
        Output.error("ca-escrow:   restored by \(plan.policy.text)")
        Output.error("ca-escrow:   approved by \(plan.approval.text)")
        let held = Set(material.generations.map { $0.key.spki })
        let left = epoch.manifest.certificates.filter { !held.contains($0.spki) }
        if !left.isEmpty {
            Output.warning(
                "\(source): does not hold the key of \(left.count) certificate(s) of epoch \(epoch.manifest.epoch): "
                    + "keep \(epoch.manifest.pkcs12.name), which --epoch \(epoch.manifest.epoch) restores"
            )
        }
        try Question.confirm("Make it?", isAnswered: yes)
        let signer = try officer.map { OpenedOfficer(try $0.open(files)) }
        try publish(material, plan, occasion, after: epoch, to: destination, signer: signer, officer: officer)
        Output.next(
            "\(epoch.manifest.pkcs12.name) still opens with its old quorum: keep or destroy it, as your policy says"
        )
    }

    /// The same policy, officers and cards, unless others are given.
    private func nextPlan(after epoch: EpochDocument) throws -> EscrowPlan {
        var people = try PeopleGiven(at: card.map { FilePath($0) })
        people.fill(from: try PeopleGiven(of: epoch))
        let approval = try officers.map { try Self.approval($0, people) } ?? epoch.manifest.approval
        let policy =
            try policy.map { try people.policy(try PolicyText($0), officers: approval) } ?? epoch.manifest.policy
        return try EscrowPlan(
            policy: policy,
            approval: approval,
            people: people,
            title: title ?? epoch.manifest.title,
            isRehearsal: rehearsal || epoch.manifest.isRehearsal,
            iterationCount: iterations ?? epoch.manifest.pkcs12.iterationCount,
            now: Clock.now()
        )
    }

    // MARK: What both do

    private func warnOfLeftovers(_ destination: Destination, besides epochs: [EpochDocument]) throws {
        for path in try destination.leftovers(besides: epochs) {
            Output.warning(
                path.extension == "p12"
                    ? "\(path): no escrow here names it: if a backup was interrupted, no share opens it: remove it"
                    : "\(path): left half made by an interrupted run: remove it"
            )
        }
    }

    private func export(_ store: KeyStore, _ files: PassphraseFiles) throws -> CAMaterial {
        let material = try StorePassphrase(of: store, files: files, name: "from").use {
            try store.export(passphrase: $0)
        }
        let newest = material.newest
        if newest.notAfter < Clock.now().secondsSinceEpoch {
            Output.warning("\(newest.subject): its certificate expired on \(newest.notAfterText)")
        }
        if case .rsa(let bitCount) = newest.keyKind, bitCount < 2048 {
            Output.warning("\(newest.subject): RSA of \(bitCount) bits: an audit finds fault with fewer than 2048")
        }
        return material
    }

    private func checkMaySign(_ officer: IdentityOnDisk?, _ approval: Approval) throws {
        guard let officer else {
            return
        }
        guard approval.officers.contains(Officer(name: officer.name, key: officer.file.signingKey)) else {
            throw EscrowError.notAnOfficer(path: officer.path, officer.name)
        }
    }

    private func publish(
        _ material: CAMaterial,
        _ plan: EscrowPlan,
        _ occasion: Occasion,
        after previous: EpochDocument?,
        to destination: Destination,
        signer: OpenedOfficer?,
        officer: IdentityOnDisk?
    ) throws {
        let new = try NewEpoch(
            of: material,
            as: plan,
            occasion: occasion,
            after: previous,
            pkcs12Name: destination.pkcs12Name,
            now: Clock.now()
        )
        var signatures: [(signer: Name, signature: SSHSignature)] = []
        if let signer {
            signatures.append(signer.sign(new.bytes, DocumentFormat.manifest))
        }
        let (epoch, pkcs12Path) = try new.publish(
            to: destination,
            isFirst: previous == nil,
            signatures: signatures
        )
        Output.line("\(escrow): escrowed \(material.newest.subject) in epoch \(new.manifest.epoch)")
        Output.line("certificate SHA-256: \(SHA256Digest(of: material.newest.der).grouped)")
        Output.line("manifest SHA-256:    \(new.digest)")
        Output.line("epoch:               \(epoch)")
        Output.line("key file:            \(pkcs12Path)")
        Output.line(
            "restored by:         \(plan.policy.text): \(plan.policy.fewestToRestore) people at least"
        )
        if let newest = try EscrowDirectory(at: FilePath(escrow)).approvals().last, !newest.isInForce {
            announceSigners(newest.missing)
        }
        Output.next("put \(new.manifest.pkcs12.name) in two places that no custodian enters")
        switch try KeyStore(parsing: source).location {
        case .p12(let path): Output.next("\(path) still opens with its old password: destroy it")
        case .certutil(let path): Output.next("the key file in \(path) still opens with its old password: destroy it")
        case .pem, .opensslCA: break
        }
    }

    private func announce(missing approval: EpochApproval) {
        announceSigners(approval.missing)
    }

    private func announceSigners(_ names: [Name]) {
        guard let first = names.first else {
            return
        }
        let who = names.map(\.description)
        let list = who.count == 1 ? who[0] : who.dropLast().joined(separator: ", ") + " or " + who[who.count - 1]
        Output.next("\(list) must sign: ca-escrow sign \(escrow) -i \(first).identity")
    }
}

/// An officer whose identity is open, in a class since a tuple or array cannot hold it.
final class OpenedOfficer {
    private let identity: Identity

    init(_ identity: consuming Identity) {
        self.identity = identity
    }

    func sign(_ bytes: [UInt8], _ format: DocumentFormat) -> (signer: Name, signature: SSHSignature) {
        (identity.name, identity.sign(bytes, namespace: format.namespace))
    }
}

extension Certificate {
    /// The end of validity, as documents write times.
    var notAfterText: String {
        "\(Timestamp(secondsSinceEpoch: max(0, min(notAfter, Timestamp.range.upperBound))))"
    }
}
