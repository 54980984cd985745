// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import Custody
import Encoding
import Escrow
import Files
import KeyStores
import SecretMemory
import SystemPackage

/// The terminal at which somebody sits while an act is done: options answer beforehand, the rest is asked there.
final class Terminal: Attendance {
    var files: PassphraseFiles
    /// Whether a new identity gets a passphrase of our making, which is shown once.
    private let isGenerating: Bool
    /// Why nobody answered, in words.
    private var failure: Diagnostic?
    private var reported: [Diagnostic] = []
    /// How bad the shares were that were not taken; nothing when all were.
    private var worst: ExitStatus?
    /// Stores whose passphrase or PIN was asked for.
    var asked: [StoreRole] = []

    init(_ files: PassphraseFiles, generating isGenerating: Bool = false) {
        self.files = files
        self.isGenerating = isGenerating
    }

    /// Runs an act.
    ///
    /// - Throws: What the act throws; when nobody answered, why.
    func attend<Result: ~Copyable>(
        _ act: (any Attendance) throws -> Result
    ) throws -> Result {
        do {
            return try act(self)
        } catch EscrowError.trust(.overrideWaits(let escrow, let missing)) {
            // Nothing is wrong: somebody else goes on.
            Report.note(["waitsFor": .texts(missing)])
            Output.next(
                "\(missing.map(\.description).enumerated(with: "or")) must sign it, then run this again without --override: "
                    + "ca-escrow sign \(ShellWord.path(escrow)) -i \(missing[0]).identity"
            )
            throw ExitCode(ExitStatus.notYet.rawValue)
        } catch let error as EscrowError {
            throw diagnostic(of: EscrowFailure(error))
        }
    }

    /// Runs the next stage of an act.
    func attend<Stage: ~Copyable, Result: ~Copyable>(
        _ stage: consuming Stage,
        _ act: (consuming Stage, any Attendance) throws -> Result
    ) throws -> Result {
        do {
            return try act(stage, self)
        } catch let error as EscrowError {
            throw diagnostic(of: EscrowFailure(error))
        }
    }

    /// What is said about a failure.
    func diagnostic(of failure: EscrowFailure) -> Diagnostic {
        if case .absent = failure.fact, let known = self.failure {
            return known
        }
        var diagnostic = Diagnostic(fact: failure.fact)
        if case .opening(.notEnough) = failure.fact, let worst {
            diagnostic = Diagnostic(diagnostic.message, hint: diagnostic.hint, worst)
        }
        return diagnostic.renamed
    }

    /// Ends a command of whose things some were not done, as it was told; a check that failed outranks the rest.
    func end(_ failures: [EscrowFailure]) throws {
        let all = failures.map { diagnostic(of: $0).status }
        if let worst = all.contains(.failed) ? .failed : all.last {
            throw ExitCode(worst.rawValue)
        }
    }

    // MARK: Questions

    var isAnybodyThere: Bool { Question.isPossible }

    var isAgreedBeforehand: Bool { Question.isYes }

    func identity(_ count: Int, moreOf candidates: [Name]) throws(Absence) -> FilePath? {
        let names = candidates.listed
        Output.error("ca-escrow: \(count) more needed of (\(names))")
        return try answer {
            try Question.text("Identity file (Enter stops)", for: "an identity file", else: "-i FILE")
        }.map { FilePath($0) }
    }

    func passphrase(_ wanted: WantedPassphrase) throws(Absence) -> SecretBytes? {
        switch wanted {
        case .identity(let name, let path, let attempt):
            if files.has(name.description) {
                // A file has one answer.
                return attempt == 1 ? try answer { try files.passphrase(of: name.description) } : nil
            }
            if attempt > 1 {
                let left = IdentityOnDisk.attempts + 1 - attempt
                Diagnostic(
                    "\(path): wrong passphrase for \(name) (\(left) of \(IdentityOnDisk.attempts) tries left)",
                    hint: Passphrase.keyboardHint,
                    .refused
                ).report()
            }
            return try answer { try Passphrase.ask("\(name)'s passphrase", name: name.description) }
        case .newRequestKey: return try new("the request key's new passphrase", name: AskForShares.keyName)
        case .newIdentity(let name) where isGenerating:
            return try answer { try Passphrase.generated("\(name)'s passphrase") }
        case .newIdentity(let name): return try new("\(name)'s new passphrase", name: name.description)
        case .renewedIdentity(let name):
            return try new("\(name)'s new passphrase", name: StoreRole.destination.option)
        case .store(let request, let role, let store):
            return try answer { try secret(of: request, role, store.location) }
        case .restoredKey:
            return try answer {
                try Passphrase.new(
                    "the restored key's new passphrase",
                    name: StoreRole.destination.option,
                    files: files,
                    fewest: 1,
                    rule: wanted.check
                )
            }
        }
    }

    private func new(_ what: String, name: String) throws(Absence) -> SecretBytes {
        try answer {
            try Passphrase.new(what, name: name, files: files, fewest: EscrowError.fewestPassphraseCharacters)
        }
    }

    func text(_ wanted: WantedText) throws(Absence) -> String? {
        try answer { try wanted.ask() }
    }

    func agrees(to decision: Decision) throws(Absence) -> Bool {
        guard !isAgreedBeforehand else {
            return true
        }
        let question = decision.question
        for _ in 1...3 {
            let typed = try answer {
                try Question.text("\(question) Type yes", for: "a yes to '\(question)'", else: "--yes")
            }
            switch typed?.lowercasedASCII {
            case "yes": return true
            case nil, "no", "n": return false
            default: Output.error("ca-escrow: 'yes', or 'no'")
            }
        }
        return false
    }

    private func answer<Answer: ~Copyable>(_ ask: () throws -> Answer) throws(Absence) -> Answer {
        do {
            return try ask()
        } catch {
            failure = Diagnostic(error)
            throw Absence("\(error)")
        }
    }

    // MARK: What is told

    func tell(_ notice: Notice) {
        switch notice.fact {
        case .done(.failed(let failure)):
            let diagnostic = diagnostic(of: failure)
            if !reported.contains(diagnostic) {
                diagnostic.report()
                reported.append(diagnostic)
            }
        case .done(.rejected(let rejection)):
            let diagnostic =
                if case .absent = rejection.error { diagnostic(of: EscrowFailure(rejection.error)) } else {
                    rejection.diagnostic
                }
            diagnostic.report()
            worst = worst == .failed ? worst : diagnostic.status
        default: notice.fact.show()
        }
    }
}
