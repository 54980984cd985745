// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Synchronization

/// A command that tells programs what it tells people.
protocol ReportingCommand: ParsableCommand {
    var report: ReportOption { get }
    /// What its document is called: `NAME-report`, the last part of its format.
    static var reportName: String { get }
}

extension ReportingCommand {
    static var reportName: String { configuration.commandName ?? "" }
}

struct ReportOption: ParsableArguments {
    @Flag(help: "The result as JSON.") var json = false
}

/// What a command with `--json` found and did: one document on standard output at its end, in the place of all lines.
///
/// Members are noted beside the words that say the same. Without `--json` they go nowhere: docs/format.md, section 10.
enum Report {
    private static let members = Mutex<[String: JSONValue]?>(nil)

    static var isWanted: Bool { members.withLock { $0 != nil } }

    /// Takes notes from now on, if the command was told to.
    static func begin(_ command: any ParsableCommand) {
        if let command = command as? any ReportingCommand, command.report.json {
            let format = "ca-escrow/v1/\(type(of: command).reportName)-report"
            members.withLock { $0 = ["format": .string(format)] }
        }
    }

    /// Members of the document; nothing is said of those without a value.
    static func note(_ new: [String: JSONValue?]) {
        members.withLock { $0?.merge(new.compactMapValues(\.?.shown)) { $1 } }
    }

    /// One thing more in a list of the document.
    static func note(_ item: JSONValue, in list: String) {
        members.withLock { members in
            let items = if case .array(let items)? = members?[list] { items } else { [JSONValue]() }
            members?[list] = item.shown.map { .array(items + [$0]) }
        }
    }

    /// Writes the document; nothing when none is wanted.
    static func end(_ status: Int32) {
        note(["exitStatus": .number(status)])
        if let members = members.withLock({ $0 }) {
            Output.bytes(JSONValue.object(members).encoded())
        }
    }
}

extension JSONValue {
    static func text(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }

    static func texts(_ values: [some CustomStringConvertible]) -> JSONValue {
        .array(values.map { .string($0.description) })
    }

    static func number(_ value: some BinaryInteger) -> JSONValue { .integer(UInt64(value)) }

    /// An object; nothing is said of members without a value.
    static func members(_ members: [String: JSONValue?]) -> JSONValue { .object(members.compactMapValues { $0 }) }

    /// The same as a document may hold it: what could not be shown on a terminal is escaped, and what is empty is left out.
    fileprivate var shown: JSONValue? {
        switch self {
        case .string(let text): return .string(Output.renamed(text).harmless)
        case .integer, .boolean: return self
        case .array(let items):
            let shown = items.compactMap(\.shown)
            return shown.isEmpty ? nil : .array(shown)
        case .object(let members):
            let shown = members.compactMapValues(\.shown)
            return shown.isEmpty ? nil : .object(shown)
        }
    }
}
