// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Encoding
import Escrow
import Files
import KeyStores
import SystemPackage

struct BackupCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "backup",
        operands: "<escrow> --from <store> [<options>]",
        abstract: "Escrow a CA's key; run again after every renewal.",
        discussion: """
            For a first escrow, --policy, --officers and --card say who restores and who approves. If the escrow \
            exists, the certificate and key are compared with it. Then there is nothing to do, or a certificate to \
            add, or a new epoch to make.
            """,
        examples: [
            "ca-escrow backup acme.escrow --from openssl-ca:/root/ca --policy '3 of all' \\\n    --officers '2 of (olga, omar)' --card cards -i olga.identity",
            "ca-escrow backup acme.escrow --from openssl-ca:/root/ca -i olga.identity",
        ]
    )

    @Argument(help: .of("escrow", "The escrow's directory.")) var escrow: String
    @Option(help: .of("store", "Where the CA keeps its key and certificate.")) var from: String?
    @Option(help: .of("policy", "Who restores: '3 of (alice, bob, carol, dave, erin)'.")) var policy: String?
    @Option(help: .of("policy", "Who approves: '2 of (olga, omar, otto)'.")) var officers: String?
    @Option(help: .of("file", "A card, an officer's .pub file, or a directory of them; may be repeated.")) var card:
        [String] = []
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var signers: SignersOptions
    @Option(help: .of("path", "Where the PKCS#12 file goes: a file or a directory (default: beside the escrow)."))
    var pkcs12: String?
    @Flag(help: "Keep the CA's database, too: one archive without keys, beside the PKCS#12 file.") var withState = false
    @Flag(help: "Leave the CA's database out, although the previous epoch has it.") var withoutState = false
    @Option(help: "A title for people to read; it decides nothing.") var title: String?
    @Flag(help: "A test CA's key: files and reports say that it is a rehearsal. Without --from, a test CA is made.")
    var rehearsal = false
    @Option(help: .of("number", "Iterations of the PKCS#12 file's key derivation, up to 300000.")) var iterations: Int?
    @Option(
        help: .of("why", "Why a new epoch is made although none is due: scheduled, custodian-change, after-restore.")
    )
    var occasion: String?
    @OptionGroup var clock: TimeOption
    @OptionGroup var report: ReportOption

    func validate() throws {
        if let iterations, !(1...PKCS12Writer.iterationLimit).contains(iterations) {
            throw ValidationError("--iterations \(iterations): from 1 to \(PKCS12Writer.iterationLimit)")
        }
        if let occasion, givenOccasion == nil {
            let words = Backup.givenOccasions.map(\.rawValue).enumerated(with: "or")
            throw ValidationError("--occasion \(occasion): \(words)")
        }
        if withState, withoutState {
            throw ValidationError("--with-state and --without-state exclude one another")
        }
        try TextRule.validate(title, of: "--title")
    }

    func run() throws {
        let source = try source()
        let now = try clock.time()
        let officer = try acting.one()
        var files = try PassphraseFiles(acting.passphraseFile)
        let people = officer.map { [$0.name.description] } ?? []
        try files.check(askable: people + (isThrowaway ? [] : [StoreRole.source.option]))
        var act = Backup(of: source, in: FilePath(escrow), now: now)
        act.officer = officer
        act.occasion = givenOccasion
        act.isRehearsing = rehearsal
        act.isWithState = withState
        act.isWithoutState = withoutState
        act.wishes = try wishes()
        let terminal = Terminal(files)
        if try act.isFirst() {
            try first(act, source, terminal).announce(escrow: escrow, source)
        } else {
            act.anchor = try signers.anchor()
            try again(act, source, terminal).announce(escrow: escrow, source)
        }
    }

    // MARK: What the options say

    /// Whether a CA is made for this rehearsal, and thrown away.
    private var isThrowaway: Bool { rehearsal && from == nil }

    private func source() throws -> Backup.Source {
        guard !isThrowaway else {
            return .testCA
        }
        let name = try from ?? Question.needed("Where the CA keeps its key and certificate", else: "--from STORE")
        return .store(try KeyStore(parsing: name, environment: .ofProcess), named: name)
    }

    /// What ``occasion`` says, when it is one that a person may give: the others follow from the store.
    private var givenOccasion: Occasion? {
        occasion.flatMap(Occasion.init(rawValue:)).flatMap { Backup.givenOccasions.contains($0) ? $0 : nil }
    }

    private func wishes() throws -> Backup.Wishes {
        var wishes = Backup.Wishes()
        wishes.people = card.isEmpty ? nil : try PeopleGiven(at: card.map { FilePath($0) })
        wishes.officers = try officers.map { try PolicyText(officers: $0) }
        wishes.policy = try policy.map { try PolicyText($0) }
        wishes.title = title
        wishes.iterationCount = iterations
        wishes.pkcs12 = pkcs12.map { FilePath($0) }
        return wishes
    }

    /// What a first escrow needs, asked for where there is somebody to ask.
    private func completed(_ given: Backup.Wishes) throws -> Backup.Wishes {
        guard Question.isPossible else {
            return given
        }
        var wishes = given
        if wishes.people == nil {
            let files = try Question.needed("Cards: a directory, or files with a blank between", else: "--card FILE")
            wishes.people = try PeopleGiven(at: files.words(between: " ").map { FilePath($0) })
        }
        if wishes.officers == nil {
            let question = "Who approves, such as '2 of (olga, omar, otto)'"
            wishes.officers = try PolicyText(officers: try Question.needed(question, else: "--officers POLICY"))
        }
        if wishes.policy == nil {
            let question = "Who restores, such as '3 of all'"
            wishes.policy = try PolicyText(try Question.needed(question, else: "--policy POLICY"))
        }
        return wishes
    }

    // MARK: The act

    private func first(_ act: Backup, _ source: Backup.Source, _ terminal: Terminal) throws -> Backup.Done {
        let first = try terminal.attend { try act.first(attended: $0) }
        let planned = try first.planned(try completed(act.wishes))
        let exported = try terminal.attend { try planned.exported(attended: $0) }
        try terminal.checkAsked(for: source)
        return try terminal.attend(exported) { try $0.made(attended: $1) }
    }

    private func again(_ act: Backup, _ source: Backup.Source, _ terminal: Terminal) throws -> Backup.Done {
        let again = try terminal.attend { try act.again(attended: $0) }
        let exported = try terminal.attend(again) { try $0.exported(attended: $1) }
        try terminal.checkAsked(for: source)
        return try terminal.attend(exported) { try $0.done(attended: $1) }
    }
}

extension Terminal {
    fileprivate func checkAsked(for source: Backup.Source) throws {
        if case .store(let store, _) = source {
            try checkAsked(for: store, as: .source)
        }
    }
}

extension PolicyText {
    /// Who approves, as `--officers` says it.
    ///
    /// - Throws: ``Diagnostic``
    init(officers text: String) throws {
        do {
            try self.init(approval: text)
        } catch {
            throw Diagnostic("--officers: \(error)", hint: "it is written '2 of (olga, omar, otto)'", .usage)
        }
    }
}
