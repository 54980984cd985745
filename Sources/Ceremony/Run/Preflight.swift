// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
package import Encoding
import Escrow
import SystemPackage

/// Everything that a machine can check before the day: what a ceremony checks at its opening, and what it needs besides.
package struct Preflight: Sendable {
    /// Of the machine and the program first, then of the room and the plan.
    package let items: [MachineItem]
    private let plan: SHA256Digest

    /// Looks at the machine that this runs on.
    package init(of plan: PlanFiles, now: Timestamp) {
        self.init(
            of: plan,
            machine: MachineItem.all(SelfCheck.run(), SelfCheck.programDigest(), for: plan.plan),
            freeBytes: MachineFacts.freeBytes(at: plan.path.removingLastComponent()),
            terminal: MachineFacts.terminal,
            printer: MachineFacts.printer,
            now: now
        )
    }

    init(
        of plan: PlanFiles,
        machine: [MachineItem],
        freeBytes: UInt64?,
        terminal: (columns: Int, lines: Int)?,
        printer: String?,
        now: Timestamp
    ) {
        let folder = plan.path.removingLastComponent()
        self.plan = plan.digest
        items =
            machine + [
                Self.clock(plan, now), Self.space(freeBytes), Self.folder(folder), Self.terminal(terminal),
                Self.printer(printer),
            ] + Self.items(of: plan)
    }

    /// 0 when all is green, 2 when something is red.
    package var exitStatus: Int32 { items.contains { !$0.isPassed && !$0.isOptional } ? 2 : 0 }

    // MARK: The room

    private static func clock(_ plan: PlanFiles, _ now: Timestamp) -> MachineItem {
        let day = 86_400
        let isPossible =
            now.secondsSinceEpoch >= plan.certificate.notBefore && now <= plan.plan.standby.adding(seconds: day)
        return MachineItem(
            expected: "the clock is between the certificate's first day and the standby date",
            isPassed: isPossible,
            found: "the clock says \(now.forPeople)",
            remedy: "date -u -s 'YYYY-MM-DD HH:MM', by a clock on the wall; then hwclock --systohc"
        )
    }

    /// What the bundle and an escrow with the state of a CA take, with room to spare.
    private static let neededBytes: UInt64 = 256 << 20

    private static func space(_ bytes: UInt64?) -> MachineItem {
        MachineItem(
            expected: "256 MiB are free where the plan is",
            isPassed: bytes.map { $0 >= neededBytes } ?? false,
            found: bytes.map { "\($0 >> 20) MiB are free" } ?? "the file system does not say",
            remedy: "make room there, or move the plan and what it names to another file system"
        )
    }

    private static func folder(_ folder: FilePath) -> MachineItem {
        MachineItem(
            expected: "the plan's directory can be written",
            isPassed: MachineFacts.isWritable(folder),
            found: "nobody may make a file there as this user",
            remedy: "copy the plan and what it names to a local disk"
        )
    }

    private static func terminal(_ size: (columns: Int, lines: Int)?) -> MachineItem {
        MachineItem(
            expected: "the terminal has 80 columns and 24 lines",
            isPassed: size.map { $0.columns >= 80 && $0.lines >= 24 } ?? false,
            found: size.map { "it has \($0.columns) columns and \($0.lines) lines" } ?? "there is no terminal",
            remedy: size == nil
                ? "run this at the console of the ceremony; over ssh use 'ssh -t'"
                : "make the window larger, or the font smaller; on a serial line: stty rows 24 cols 80"
        )
    }

    private static func printer(_ name: String?) -> MachineItem {
        MachineItem(
            expected: "a printer is there",
            isPassed: name != nil,
            found: "none that lpstat -d knows",
            remedy: "lpadmin -d NAME; or print sheet and envelopes elsewhere, before the day",
            isOptional: true
        )
    }

    // MARK: The plan

    private static func items(of plan: PlanFiles) -> [MachineItem] {
        let check = "ca-escrow ceremony check \(ShellWord.path(plan.path.string))"
        let rows: [(expected: Expectation, remedy: String, isFound: (PlanFinding) -> Bool)] = [
            ("nothing is wrong with the plan", check, { $0.severity == .error }),
            (
                "officers have signed the plan", "ca-escrow sign \(ShellWord.path(plan.path.string)) -i FILE",
                { $0.code == "not-approved" }
            ),
            (
                "all custodians have shown that they can unseal", "ca-escrow enrol challenge CARD…",
                { $0.code == "enrolment" }
            ),
            ("the plan's store is on this machine", check, { $0.code == "store" }),
            (
                "the key file is on this machine", "copy it from its medium to where it is looked for",
                { $0.code == PlanFinding.keyFileCode }
            ),
        ]
        return rows.map { expected, remedy, isFound in
            let found = plan.findings.filter(isFound).map(\.text)
            return MachineItem(
                expected: expected,
                isPassed: found.isEmpty,
                found: found.joined(separator: "; "),
                remedy: remedy
            )
        }
    }
}

extension Preflight {
    /// A line for each item; what is red, and what helps, below it.
    package var lines: [String] {
        items.flatMap { item in
            item.isPassed
                ? ["PASS  \(item.expected)"]
                : [
                    "\(item.isOptional ? "NONE" : "RED ")  \(item.expected)", "      found: \(item.found)",
                    "      remedy: \(item.remedy)",
                ]
        }
    }

    /// For programs.
    package var json: JSONValue {
        let rows = items.map { item in
            JSONValue.members([
                "check": .string(item.expected.description.printable),
                "found": item.isPassed ? nil : .string(item.found.printable),
                "remedy": item.isPassed ? nil : .string(item.remedy.printable),
                "result": .string(item.isPassed ? "pass" : item.isOptional ? "none" : "red"),
            ])
        }
        return .object([
            "exitStatus": .integer(UInt64(exitStatus)), "format": .string("ca-escrow/v1/preflight"),
            "items": .array(rows), "plan": .string(plan.description),
        ])
    }
}
