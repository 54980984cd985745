// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

/// What the verification of a bundle comes to, as a terminal, a JSON reader and an audit's report are told.
struct CeremonySummary {
    private let verification: BundleVerification
    private let path: String

    init(_ verification: BundleVerification, at path: String) {
        self.verification = verification
        self.path = path
    }

    private var transcript: Transcript { verification.transcript }

    private var attested: AttestationCount { CeremonyEvidence(of: verification.plan, transcript).count }

    /// Facts and checks, a line each.
    var lines: [String] {
        let count = transcript.exceptions.count
        var lines = ["\(transcript.lines.count) lines, \(count) \(count == 1 ? "exception" : "exceptions")"]
        if verification.plan.isRehearsal {
            lines.append("REHEARSAL: nothing in it counts")
        }
        lines.append("attested: \(attested.text)")
        lines += verification.results.map {
            "\($0.outcome.word): \($0.name)\($0.outcome.detail.map { ": \($0)" } ?? "")"
        }
        if let time = verification.stamped {
            lines.append("stamped: \(time)")
        }
        return lines
    }

    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "attested": attested.json,
            "bundle": .string(path.printable),
            "checks": .array(
                verification.results.map { result in
                    var members: [String: JSONValue] = [
                        "check": .string(result.name), "outcome": .string(result.outcome.word),
                    ]
                    members["detail"] = result.outcome.detail.map { .string($0.printable) }
                    return .object(members)
                }
            ),
            "exceptions": .integer(UInt64(transcript.exceptions.count)),
            "exitStatus": .integer(UInt64(verification.exitStatus)),
            "head": .string(transcript.head.description),
            "kind": .string(verification.plan.kind.rawValue),
            "lines": .integer(UInt64(transcript.lines.count)),
            "rehearsal": .boolean(verification.plan.isRehearsal),
            "title": .string(verification.plan.title),
            "verdict": .string(verification.verdict.rawValue),
        ]
        members["opened"] = transcript.lines.first.map { .string($0.time.description) }
        members["ended"] = transcript.isEnded ? transcript.lines.last.map { .string($0.time.description) } : nil
        members["stamped"] = verification.stamped.map { .string($0.description) }
        return members
    }

    /// The same for an audit's report.
    ///
    /// - Parameter page: Where that report goes; nothing when it is no page.
    func reported(for page: String?) throws -> ReportedCeremony {
        let link = try page.map { try Self.way(from: $0, to: "\(path)/\(ReportedCeremony.reportName)") }
        return ReportedCeremony(
            bundle: path,
            title: verification.plan.title,
            kind: verification.plan.kind.rawValue + (verification.plan.isRehearsal ? ", REHEARSAL" : ""),
            opened: transcript.lines.first?.time,
            head: transcript.head,
            exceptionCount: transcript.exceptions.count,
            attested: attested,
            report: verification.report,
            link: link,
            verdict: verification.verdict.rawValue,
            exitStatus: verification.exitStatus,
            findings: verification.results.compactMap { result in
                switch result.outcome {
                case .pass, .notApplicable: nil
                case .fail, .notChecked:
                    "\(result.outcome.word): \(result.name)\(result.outcome.detail.map { ": \($0)" } ?? "")"
                }
            }
        )
    }

    /// The path that leads from a page to a file, both of them named from here.
    private static func way(from page: String, to file: String) throws -> String {
        let start = try Files.resolved(FilePath(page)).removingLastComponent().components.map(\.string)
        let end = try Files.resolved(FilePath(file)).components.map(\.string)
        let common = zip(start, end).prefix { $0 == $1 }.count
        return (start.dropFirst(common).map { _ in ".." } + end.dropFirst(common)).joined(separator: "/")
    }
}

extension AuditOutcome {
    /// What was found, or why nothing was checked.
    fileprivate var detail: String? {
        switch self {
        case .pass: nil
        case .fail(let found): found.joined(separator: "; ")
        case .notChecked(let reason), .notApplicable(let reason): reason
        }
    }
}

extension JSONValue {
    /// An object of two dictionaries without a key in common.
    static func object(_ members: [String: JSONValue], _ others: [String: JSONValue]) -> JSONValue {
        .object(members.merging(others) { first, _ in first })
    }
}
