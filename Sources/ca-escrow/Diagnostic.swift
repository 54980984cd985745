// SPDX-License-Identifier: Apache-2.0

import Audit
import Ceremony
import CertificateAuthority
import Encoding
import Escrow
import Files
import KeyStores
import SecretMemory

/// An error as the terminal shows it: what happened, what to try, and the exit status.
///
/// Lines start with `ca-escrow: error:` or `ca-escrow: hint:`, with no capital and no full stop.
struct Diagnostic: Error, Equatable, CustomStringConvertible {
    let message: String
    let hint: String?
    let status: ExitStatus

    init(_ message: String, hint: String? = nil, _ status: ExitStatus) {
        self.message = message
        self.hint = hint
        self.status = status
    }

    /// - Returns: `nil` for errors that ArgumentParser words itself.
    init?(_ error: any Error) {
        switch error {
        case let error as Diagnostic: self = error
        case let error as EscrowError: self.init(fact: error)
        case let error as CollectError: self.init(error)
        case let error as StoreError: self.init(fact: RecognisedFile.explaining(error))
        case let error as StateError: self.init(error)
        case let error as FileError: self.init(error)
        case let error as BundleError: self.init("\(error)", hint: error.hint, error.status)
        case let error as DraftError: self.init("\(error)", hint: error.hint, error.isRefusal ? .refused : .usage)
        case let error as CeremonyError: self.init("\(error)", error.status)
        case let error as ProgramError: self.init(error)
        case let error as CodeProgramError: self.init(error)
        case let error as OwnerError: self.init("--owner: \(error)", error.status)
        case let error as PolicyTextError: self.init("\(error)", hint: error.hint, .usage)
        case let error as NameError: self.init("\(error)", .usage)
        case let error as HardeningError:
            self.init(
                "\(error)",
                hint: "ulimit -l 2048, LimitMEMLOCK=2M, docker --ulimit memlock=2097152",
                .system
            )
        case let error as OpenSSLError: self.init("\(error)", .system)
        default: return nil
        }
    }

    /// What happened, alone: where a record or another message says why, nobody is told what to try.
    var description: String { message }

    /// The diagnostic without a hint that names what lies in a temporary place: a command could not find it there.
    var renamed: Diagnostic {
        let hint = hint.flatMap { Output.renamed($0).isEqual(bytesOf: $0) ? $0 : nil }
        return Diagnostic(Output.renamed(message), hint: hint, status)
    }

    /// Writes the lines to standard error, and notes them for programs.
    func report() {
        let known = ["hint": hint.map(JSONValue.text), "message": .text(message), "status": .number(status.rawValue)]
        Report.note(.members(known), in: "errors")
        Output.error("ca-escrow: error: \(message)")
        if let hint {
            Output.error("ca-escrow: hint: \(hint)")
        }
    }
}
