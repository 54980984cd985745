// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import Encoding
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
    private static let members = Mutex<[String: JSONValue]>([:])
    /// By itself: a command without `--json` makes no dictionary, which would cost it a tenth of its start.
    private static let wanted = Atomic(false)

    static var isWanted: Bool { wanted.load(ordering: .relaxed) }

    /// Takes notes from now on, if the command was told to.
    static func begin(_ command: any ParsableCommand) {
        if let command = command as? any ReportingCommand, command.report.json {
            let format = "ca-escrow/v1/\(type(of: command).reportName)-report"
            members.withLock { $0 = ["format": .string(format)] }
            wanted.store(true, ordering: .relaxed)
        }
    }

    /// Members of the document; nothing is said of those without a value.
    static func note(_ new: @autoclosure () -> [String: JSONValue?]) {
        guard isWanted else {
            return
        }
        let shown = new().compactMapValues(\.?.shown)
        members.withLock { $0.merge(shown) { $1 } }
    }

    /// One thing more in a list of the document.
    static func note(_ item: @autoclosure () -> JSONValue, in list: String) {
        guard isWanted, let shown = item().shown else {
            return
        }
        members.withLock { members in
            let items = if case .array(let items)? = members[list] { items } else { [JSONValue]() }
            members[list] = .array(items + [shown])
        }
    }

    /// Writes the document; nothing when none is wanted.
    static func end(_ status: Int32) {
        guard isWanted else {
            return
        }
        note(["exitStatus": .number(status)])
        Output.bytes(JSONValue.object(members.withLock { $0 }).encoded())
    }
}

extension JSONValue {
    /// The value as a document may hold it: what a terminal could not show is escaped, and what is empty is left out.
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
