// SPDX-License-Identifier: Apache-2.0

package import Audit
package import Encoding
package import Files
import SystemPackage

// What the verification of a bundle comes to, as a terminal, a JSON reader and an audit's report are told.
extension BundleVerification {
    private var attested: AttestationCount { CeremonyEvidence(of: plan, transcript).count }

    /// Facts and checks, a line each.
    package var lines: [String] {
        var lines = facts + results.map(\.line)
        if let time = stamped {
            lines.append("stamped: \(time)")
        }
        return lines
    }

    /// The verdict, and what it means, in one line.
    package var verdictLine: String { "verdict: \(verdict.rawValue): \(reason)" }

    /// What the verdict means.
    var reason: String {
        func names(_ isMeant: (AuditOutcome) -> Bool) -> String {
            results.filter { isMeant($0.outcome) }.map(\.name).joined(separator: ", ")
        }
        let failed = names { if case .fail = $0 { true } else { false } }
        let open = names { if case .notChecked = $0 { true } else { false } }
        switch verdict {
        case .failed: return "what does not hold: \(failed)"
        case .notAnchored: return "nobody from outside vouches for its plan"
        case .notFullyChecked: return "nothing failed; not checked: \(open)"
        case .abandoned: return "it ended before its end, and nothing failed"
        case .sound: return "every check was made and passed"
        }
    }

    /// What was found besides the checks, a line each.
    var facts: [String] {
        let count = transcript.exceptions.count
        var lines = ["\(transcript.lines.count) lines, \(count) \(count == 1 ? "exception" : "exceptions")"]
        if plan.isRehearsal {
            lines.append("REHEARSAL: nothing in it counts")
        }
        lines.append("attested: \(attested.text)")
        let roll = RollCall(of: plan, transcript.standing)
        lines += roll.everybody.filter { roll.absent.contains($0.name) }.map { person in
            // Whoever gave initials was there for a while.
            "\(roll.initials[person.name] == nil ? "absent" : "left"): \(person.name) (\(person.inWords))"
        }
        lines += roll.replacements.map { "\($0.role.title): \($0.to) in the place of \($0.from)" }
        lines += transcript.corrections.map { _, made in
            "line \(made.line) corrected, \(HeldStep.subject(of: made, in: transcript)): \(made.old.quoted) was meant to be "
                + made.new.quoted
        }
        if isClosed, case let names = script.notCovered, !names.isEmpty {
            lines.append("in no trial restore: \(names.listed)")
        }
        return lines
    }

    /// The members of its JSON.
    ///
    /// - Parameter path: The bundle, as the caller named it.
    package func json(at path: String) -> [String: JSONValue] {
        let members: [String: JSONValue?] = [
            "attested": attested.json,
            "bundle": .string(path.printable),
            "checks": .array(
                results.map { result in
                    .members([
                        "check": .string(result.name), "detail": result.outcome.detail.map { .string($0.printable) },
                        "outcome": .string(result.outcome.word),
                    ])
                }
            ),
            "exceptions": .integer(UInt64(transcript.exceptions.count)),
            "exitStatus": .integer(UInt64(exitStatus)),
            "ended": transcript.isEnded ? (transcript.lines.last?.time).map(JSONValue.text) : nil,
            "head": .string(transcript.head.description),
            "kind": .string(plan.kind.rawValue),
            "lines": .integer(UInt64(transcript.lines.count)),
            "opened": transcript.opened.map(JSONValue.text),
            "rehearsal": .boolean(plan.isRehearsal),
            "stamped": stamped.map(JSONValue.text),
            "title": .string(plan.title),
            "verdict": .string(verdict.rawValue),
        ]
        return members.compactMapValues(\.self)
    }

    /// What an audit's report says of the ceremony.
    ///
    /// - Parameters:
    ///   - path: The bundle, as the caller named it.
    ///   - page: Where that report goes; nothing when it is no page.
    /// - Throws: ``FileError``
    package func reported(at path: String, for page: String?) throws(FileError) -> ReportedCeremony {
        var link: String?
        if let page {
            let folder = try Files.resolved(FilePath(page)).removingLastComponent()
            link = try Files.resolved(FilePath("\(path)/\(ReportedCeremony.reportName)")).way(from: folder)
        }
        return ReportedCeremony(
            bundle: path,
            title: plan.title,
            kind: plan.kind.rawValue + (plan.isRehearsal ? ", REHEARSAL" : ""),
            opened: transcript.lines.first?.time,
            stamped: stamped,
            head: transcript.head,
            exceptionCount: transcript.exceptions.count,
            attested: attested,
            report: report,
            link: link,
            verdict: verdict.rawValue,
            exitStatus: exitStatus,
            findings: results.compactMap { result in
                switch result.outcome {
                case .pass, .notApplicable: nil
                case .fail, .notChecked: result.line
                }
            }
        )
    }
}

extension FilePath {
    /// The path that leads here from a directory; both are absolute, without `..`.
    func way(from folder: FilePath) -> String {
        let (there, here) = (Array(components), Array(folder.components))
        let shared = zip(there, here).prefix { $0 == $1 }.count
        let words = here.dropFirst(shared).map { _ in ".." } + there.dropFirst(shared).map(\.string)
        return words.isEmpty ? "." : words.joined(separator: "/")
    }
}

extension AuditOutcome {
    /// What was found, or why nothing was checked.
    var detail: String? {
        switch self {
        case .pass: nil
        case .fail(let found): found.joined(separator: "; ")
        case .notChecked(let reason), .notApplicable(let reason): reason
        }
    }
}

extension BundleVerification.Result {
    /// The check, and what holds or was found.
    fileprivate var line: String { "\(outcome.word): \(name): \(outcome.detail ?? check.meaning)" }
}
