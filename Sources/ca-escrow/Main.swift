// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Encoding
import Escrow
import Files
import Glibc
import SecretMemory

/// The command line: its words are those of the manual, its exit statuses those of ``ExitStatus``.
@main
struct CAEscrow: ParsableCommand {
    static let name = "ca-escrow"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Escrow a certification authority's private key among custodians.",
        discussion: """
            The key goes into a PKCS#12 file under a password made from a random secret. The secret is split into shares \
            that anyone can verify, each sealed to one custodian. A quorum of custodians restores the key.
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Everyone's",
                subcommands: [
                    IdentityCommand.self, ShowCommand.self, WordsCommand.self, PackCommand.self, CollectCommand.self,
                    SelfTestCommand.self,
                ]
            ),
            CommandGroup(
                name: "Custodians'",
                subcommands: [
                    AnswerCommand.self, CheckCommand.self, AcknowledgeCommand.self, ProveCommand.self,
                    ReleaseCommand.self, RefuseCommand.self, RekeyCommand.self,
                ]
            ),
            CommandGroup(
                name: "Officers'",
                subcommands: [
                    BackupCommand.self, AddCertificateCommand.self, SignCommand.self, StampCommand.self,
                    StatusCommand.self, DrillCommand.self,
                    RequestCommand.self,
                    RestoreCommand.self,
                    SuspendCommand.self, ReinstateCommand.self, WithdrawCommand.self, VoidCommand.self,
                    RotateCommand.self, EnvelopeCommand.self,
                    EnrolCommand.self,
                ]
            ),
            CommandGroup(name: "Planning", subcommands: [PolicyCommand.self, CeremonyCommand.self]),
            CommandGroup(name: "Auditors'", subcommands: [ChallengeCommand.self, AuditCommand.self]),
        ]
    )

    static func main() {
        do {
            // First of all: nothing below may crash with memory shown.
            try ProcessHardening.apply()
            try OpenSSL.start()
            var command = try parsed(Array(CommandLine.arguments.dropFirst()))
            Report.begin(command)
            defer { LeftoverWarning.tellOfOthers() }
            try command.run()
        } catch let error as ExitCode {
            end(error.rawValue)
        } catch {
            if let diagnostic = Diagnostic(error) {
                diagnostic.report()
                end(diagnostic.status.rawValue)
            }
            guard exitCode(for: error) != .success else {
                exit(withError: error)  // --help, --version
            }
            misunderstood(error).report()
            end(ExitStatus.usage.rawValue)
        }
        Report.end(ExitStatus.done.rawValue)
    }
}

extension CAEscrow {
    private static func end(_ status: Int32) -> Never {
        Report.end(status)
        Glibc.exit(status)
    }

    /// The command, once every operand that it needs is there.
    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        do {
            return try understood(declared(of: arguments))
        } catch let code as ExitCode {
            throw code
        } catch {
            guard let answer = try MissingOperand(error)?.ask() else {
                throw error
            }
            return try parsed(arguments + answer)
        }
    }

    /// What is said of a line that is not understood: of a word that is no command, which one is nearest.
    private static func misunderstood(_ error: any Error) -> Diagnostic {
        var commands = configuration.groupedSubcommands.flatMap { $0.subcommands }
        var (path, command): (String, any ParsableCommand.Type) = (name, self)
        for word in CommandLine.arguments.dropFirst() where !commands.isEmpty && word != Question.yes {
            let names = commands.compactMap { $0.configuration.commandName }
            if let next = commands.first(where: { $0.configuration.commandName?.isEqual(bytesOf: word) == true }) {
                (commands, command) = (next.configuration.subcommands, next)
                path += " \(word)"
                continue
            }
            guard !word.hasPrefix(bytesOf: "-"), word != "help" else {
                break
            }
            let hint = word.nearest(among: names).map { "did you mean '\(path) \($0)'?" }
            return Diagnostic("'\(path) \(word)': no such command", hint: hint ?? "'\(path) --help' lists them", .usage)
        }
        let said = message(for: error).words(between: "\n").first ?? "not understood"
        // ArgumentParser's own suggestion is the shortest option as often as the one that was meant.
        let option = said.rest(after: "Unknown option '")?.sides(of: "'")?.before
        let options = command.helpMessage().parts(between: " ").filter { $0.hasPrefix(bytesOf: "--") }
        let hint = option?.nearest(among: options).map { "did you mean '\($0)'?" }
        let value = said.rest(after: "The value ")?.replacing(bytesOf: " is invalid for ", with: " is not a value of ")
            .replacing(bytesOf: ". Please provide", with: ":")
        let words = option.map { "'\($0)': no such option of '\(path)'" } ?? value ?? said
        return Diagnostic(words, hint: hint ?? "'\(path) --help' says more", .usage)
    }

    /// What commands declare: no `--yes`, which all of them take, and no operand that is empty, as a variable of a shell
    /// that was not set: it counts as left out.
    private static func declared(of arguments: [String]) -> [String] {
        let end = arguments.firstIndex { $0.isEqual(bytesOf: "--") } ?? arguments.endIndex
        return arguments.indices.filter { index in
            (arguments[index] != Question.yes || index > end)
                && (!arguments[index].isEmpty || index > 0 && arguments[index - 1].hasPrefix(bytesOf: "-"))
        }.map { arguments[$0] }
    }

    /// The command that is given, with its options.
    ///
    /// ArgumentParser's tree of all commands takes longer to make than an audit: one that is named first is read by
    /// itself. Whatever is not understood, or asks for help, is then put to the tree, which has the words for it.
    private static func understood(_ arguments: [String]) throws -> any ParsableCommand {
        if arguments == ["--version"] || arguments == ["--version", "--verbose"] {
            (arguments.count == 1 ? [Version.text] : SelfCheck.versions).forEach(Output.line)
            throw ExitCode.success
        }
        let named = configuration.groupedSubcommands.lazy.flatMap(\.subcommands)
            .first { $0.configuration.commandName == arguments.first }
        if let named, named.configuration.subcommands.isEmpty,
            let command = try? named.parseAsRoot(Array(arguments.dropFirst())), type(of: command) == named
        {
            return command
        }
        return try parseAsRoot(arguments)
    }
}
