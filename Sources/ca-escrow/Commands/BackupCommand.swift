// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretMemory
import SecretSharing
import SystemPackage

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        _superCommandName: CAEscrow.name,
        abstract: "Escrow a CA's key; run again after every renewal.",
        discussion: """
            For a first escrow --policy, --officers and --card say who restores and who approves. For an escrow that is \
            there, the certificate and key are compared with it: nothing to do, a certificate to add, or a new epoch.
            """
    )

    @Argument(help: ArgumentHelp("The escrow's directory.", valueName: "escrow")) var escrow = ""
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
    @Flag(help: "Keep the CA's database, too: one archive beside the PKCS#12 file, without keys.") var withState = false
    @Option(help: "A title for people; it decides nothing.") var title: String?
    @Flag(help: "A test CA's key: everything is marked so. Without --from a CA is made for it.") var rehearsal = false
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
    @OptionGroup var clock: TimeOption

    func validate() throws {
        if let iterations, !(1...PKCS12Writer.iterationLimit).contains(iterations) {
            throw ValidationError("--iterations \(iterations): from 1 to \(PKCS12Writer.iterationLimit)")
        }
        if let occasion, givenOccasion == nil {
            throw ValidationError("--occasion \(occasion): scheduled, custodian-change or after-restore")
        }
        if let title, !TextRule.allows(title) {
            throw ValidationError("--title: 1 to 500 characters, no control or invisible ones")
        }
    }

    mutating func run() throws {
        guard !isThrowaway else {
            return try rehearse()
        }
        from = try from ?? Question.needed("Where the CA keeps its key and certificate", else: "--from STORE")
        let store = try KeyStore(parsing: source, environment: .ofProcess)
        if let recognised = store.recognisedAs {
            Output.error("ca-escrow: \(recognised)")
        }
        try checkState(of: store)
        let officer = try acting.one()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: (officer.map { [$0.name.description] } ?? []) + ["from"])
        let path = FilePath(escrow)
        if try Files.kind(of: path) == nil {
            try first(store, officer, files)
        } else {
            // One at a time: two at once would make two epochs of one number.
            let command = self
            try DirectoryLock.during(path) {
                try command.again(try EscrowDirectory(at: path), store, officer, files)
            }
        }
    }

    /// What ``occasion`` says, when it is one that a person may give: the others follow from the store.
    var givenOccasion: Occasion? {
        occasion.flatMap(Occasion.init(rawValue:)).flatMap {
            [.scheduled, .custodianChange, .afterRestore].contains($0) ? $0 : nil
        }
    }

    /// The store, once it is known.
    var source: String { from ?? "" }

    // MARK: A first escrow

    func first(_ store: KeyStore?, _ officer: IdentityOnDisk?, _ files: PassphraseFiles) throws {
        if occasion != nil {
            throw Diagnostic("--occasion: a first escrow has the occasion 'installation'", .usage)
        }
        let destination = try Destination(
            escrow: FilePath(escrow),
            pkcs12: pkcs12.map { FilePath($0) },
            isRehearsal: rehearsal
        )
        try warnOfLeftovers(destination, besides: [])
        let plan = try firstPlan()
        try officer?.checkMaySign(plan.approval)
        let signer = try officer.map { OpenedOfficer(try $0.open(files)) }
        let material = try material(of: store, files)
        try confirmLeavingOut(material)
        try warnOfMissingEnrolments(plan)
        try publish(
            material,
            from: store,
            plan,
            .installation,
            after: [],
            to: destination,
            signer: signer
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
            openSSHSigners: people.openSSHSigners,
            now: try clock.time()
        )
    }

    static func approval(_ text: String, _ people: PeopleGiven) throws -> Approval {
        try people.approval(try officers(text))
    }

    /// Who approves, as `--officers` says it.
    static func officers(_ text: String) throws -> PolicyText {
        do {
            return try PolicyText(text)
        } catch {
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
        return try asked(nil, question, else: option).words(between: " ").map { FilePath($0) }
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
