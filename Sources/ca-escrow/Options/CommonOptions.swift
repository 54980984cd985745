// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Encoding
import Escrow
import KeyStores
import SystemPackage

/// Who acts.
struct IdentityOptions: ParsableArguments {
    @Option(name: [.customShort("i"), .long], help: .of("file", "Your identity; may be repeated."))
    var identity: [String] = []

    @Option(
        help: .of(
            "[name=]file",
            "A file with a passphrase: NAME=FILE for a person's, from=FILE or to=FILE for a store's; may be repeated."
        )
    ) var passphraseFile: [String] = []

    /// The identity given, or the one that CA_ESCROW_IDENTITY names.
    func one() throws -> IdentityOnDisk? {
        guard identity.count <= 1 else {
            throw Diagnostic("one identity acts here: \(identity.count) are given", .usage)
        }
        let variable = StoreEnvironment.value("CA_ESCROW_IDENTITY").flatMap { $0.isEmpty ? nil : $0 }
        return try (identity.first ?? variable).map { try IdentityOnDisk(at: $0) }
    }

    /// One identity; on a terminal it is asked for.
    func oneOrAsked() throws -> IdentityOnDisk {
        if let identity = try one() {
            return identity
        }
        guard let paths = try Question.files("Your identity's file", for: "your identity's file", else: "-i FILE")
        else {
            throw Diagnostic("no identity", .usage)
        }
        return try IdentityOnDisk(at: paths.joined(separator: " "))
    }

    /// One identity, with the files of `--passphrase-file`.
    ///
    /// - Throws: ``Diagnostic``
    func oneWithFiles() throws -> (IdentityOnDisk, PassphraseFiles) {
        let person = try oneOrAsked()
        return (person, try PassphraseFiles(passphraseFile, of: person))
    }
}

/// Options of every command with which a custodian signs something.
struct CustodianOptions: ParsableArguments {
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("code", "The manifest's digest; it is needed only the first time.")) var manifest: [String] = []
    @Option(help: .of("file", "Also write what was signed into one file, to send.")) var out: String?
    @OptionGroup var clock: TimeOption

    /// Lends who acts, and the terminal.
    func attend(_ body: (IdentityOnDisk, Terminal) throws -> Void) throws {
        let (custodian, files) = try acting.oneWithFiles()
        try body(custodian, Terminal(files))
    }
}

/// Whom someone believes, from outside the escrow.
struct SignersOptions: ParsableArguments {
    @Option(help: .of("file", "The officers you believe: an allowed_signers file.")) var signers: String?

    @Option(help: .of("number", "How many of them must have signed (default: as the file says, or more than half)."))
    var require: Int?

    @Option(help: .of("file", "The time-stamping authorities that you believe: certificates in PEM.")) var tsa: String?

    func validate() throws {
        try AllowedSigners.validate(require)
        if require != nil, signers == nil {
            throw ValidationError("--require says how many of --signers: no --signers is given")
        }
    }

    /// The anchor that `--signers` names.
    ///
    /// - Parameter stampsElsewhere: Whether `--tsa` is of use without `--signers`.
    func anchor(stampsElsewhere: Bool = false) throws -> Anchor? {
        guard let signers else {
            guard tsa == nil || stampsElsewhere else {
                throw Diagnostic("--tsa is for the signatures of --signers: no --signers is given", .usage)
            }
            return nil
        }
        let allowed = try Self.read(signers)
        return try Anchor(path: signers, signers: allowed, required: require, authorities: try authorities())
    }

    /// The certificates of those whose time stamps are believed, in PEM.
    func authorities() throws -> [UInt8]? { try tsa.map { try Certificate.authorities(at: FilePath($0)) } }

    /// The people whom a file admits.
    static func read(_ signers: String) throws -> AllowedSigners {
        let allowed = try AllowedSigners(at: FilePath(signers))
        allowed.warnings.forEach { Output.warning("\(signers): \($0)") }
        return allowed
    }
}

/// Whether somebody says that it is a rehearsal: what is none is refused, and so is one where nobody says so.
struct RehearsalOption: ParsableArguments {
    @Flag(help: "This is a rehearsal: an escrow of the CA's own key is refused.") var rehearsal = false

    /// What a command for the same escrow has behind its name.
    var option: String { rehearsal ? " --rehearsal" : "" }
}

extension AllowedSigners {
    /// Holds `--require` against what readers take.
    static func validate(_ require: Int?) throws {
        if let require, !requirements.contains(require) {
            throw ValidationError("--require \(require): from 1 to \(requirements.upperBound)")
        }
    }
}

extension TextRule {
    /// Holds what an option says against it.
    ///
    /// - Throws: ``Diagnostic``, a usage error.
    static func check(_ text: String, of option: String) throws {
        guard allows(text) else {
            throw Diagnostic("\(option): \(wording)", .usage)
        }
    }

    /// Checks a text where options are read.
    static func validate(_ text: String?, of option: String) throws {
        if let text, !allows(text) {
            throw ValidationError("\(option): \(wording)")
        }
    }

    private static let wording = "1 to 500 characters, no control or invisible ones"
}

/// A moment that someone says instead of the clock.
struct TimeOption: ParsableArguments {
    @Option(help: .of("time", "The time to go by, instead of this machine's clock.")) var at: String?

    func time() throws -> Timestamp {
        try at.map { try Self.time($0, option: "--at") } ?? Timestamp.now()
    }

    /// What an option says.
    static func time(_ text: String, option: String, such example: String = "2026-03-01T12:00:00Z") throws -> Timestamp
    {
        guard let time = Timestamp(text) else {
            throw Diagnostic("\(option) \(text): not a time such as \(example)", .usage)
        }
        return time
    }
}

extension EpochSelector: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}
