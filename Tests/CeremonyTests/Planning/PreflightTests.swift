// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import SystemPackage
import Testing

@testable import Ceremony
@testable import Custody
@testable import Encoding

@Suite("The machine before the day")
struct PreflightTests {
    private let room: Room
    private let plan: PlanFiles

    init() throws {
        room = try Room(SamplePlan.few)
        plan = try PlanFiles(at: room.folder.appending("plan.json"), now: room.time)
    }

    private func preflight(
        machine: [MachineItem] = [],
        freeBytes: UInt64? = 1 << 30,
        terminal: (columns: Int, lines: Int)? = (80, 24),
        printer: String? = "Office",
        now: Timestamp? = nil
    ) -> Preflight {
        Preflight(
            of: plan,
            machine: machine,
            freeBytes: freeBytes,
            terminal: terminal,
            printer: printer,
            now: now ?? plan.plan.date
        )
    }

    private func red(_ preflight: Preflight) -> [String] {
        preflight.items.filter { !$0.isPassed }.map { "\($0.expected): \($0.found)" }
    }

    /// Nobody has enrolled in this room.
    private static let enrolment = "all custodians have shown that they can unseal: "

    @Test("each red item says what is there in its place")
    func items() throws {
        let always = red(preflight())
        #expect(always.count == 1 && always[0].hasPrefix(Self.enrolment))
        let cases: [(Preflight, String)] = [
            (preflight(freeBytes: 1 << 20), "256 MiB are free where the plan is: 1 MiB are free"),
            (preflight(freeBytes: nil), "256 MiB are free where the plan is: the file system does not say"),
            (
                preflight(terminal: (79, 24)),
                "the terminal has 80 columns and 24 lines: it has 79 columns and 24 lines"
            ),
            (preflight(terminal: nil), "the terminal has 80 columns and 24 lines: there is no terminal"),
            (
                preflight(now: plan.plan.standby.adding(seconds: 86_401)),
                "the clock is between the certificate's first day and the standby date: the clock says "
                    + plan.plan.standby.adding(seconds: 86_401).forPeople
            ),
        ]
        for (preflight, words) in cases {
            #expect(red(preflight).filter { !$0.hasPrefix(Self.enrolment) } == [words])
            #expect(preflight.exitStatus == 2)
            #expect(preflight.items.allSatisfy { !$0.remedy.isEmpty })
        }
    }

    @Test("a printer is nobody's condition")
    func printer() throws {
        let item = try #require(preflight(printer: nil).items.first { "\($0.expected)" == "a printer is there" })
        #expect(!item.isPassed && item.isOptional)
        let lines = preflight(printer: nil).lines
        #expect(lines.contains("NONE  a printer is there"))
    }

    @Test("swap and tracing are read from the kernel; one without Yama is red, with a remedy of its own")
    func kernel() throws {
        let root = room.folder.appending("root")
        let yama = root.pushing("proc/sys/kernel/yama")
        var folder = room.folder
        for part in ["root", "proc", "sys", "kernel"] {
            folder.append(part)
            try Files.makeDirectory(folder, permissions: .publicDirectory)
        }
        let heading = "Filename\tType\tSize\tUsed\tPriority\n"
        let swaps = root.pushing("proc/swaps")
        try Files.create(swaps, Array(heading.utf8), permissions: .publicFile)
        let without = MachineFacts.read(from: root)
        #expect(without.map(\.isPassed) == [true, false])
        #expect(without[1].found == "this kernel has no Yama, and no ptrace_scope")
        #expect(without[1].remedy.hasPrefix("boot with lsm=yama"))
        try Files.makeDirectory(yama, permissions: .publicDirectory)
        try room.move("root/proc/swaps", to: "root/before")
        try Files.create(swaps, Array("\(heading)/dev/dm-1 partition\t1\t0\t-2\n".utf8), permissions: .publicFile)
        try Files.create(yama.appending("ptrace_scope"), Array("0\n".utf8), permissions: .publicFile)
        let with = MachineFacts.read(from: root)
        #expect(with.map(\.found) == ["swap is in use: /dev/dm-1", "ptrace_scope is 0"])
        #expect(with.map(\.isPassed) == [false, false])
        #expect(with[1].remedy == "sysctl kernel.yama.ptrace_scope=1")
    }

    @Test("the ceremony at its opening looks at nothing that is not looked at beforehand")
    func same() throws {
        let beforehand = Preflight(of: plan, now: plan.plan.date).items.map(\.expected)
        let opening = MachineItem.all(SelfCheck.run(), SelfCheck.programDigest(), for: plan.plan).map(\.expected)
        #expect(Array(beforehand.prefix(opening.count)) == opening)
    }
}
