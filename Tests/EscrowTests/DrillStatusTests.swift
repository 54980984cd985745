// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// When the next drill is due.
@Suite struct DrillStatusTests {
    private static let day = 86_400
    let world: World

    init() throws {
        world = try World()
        try world.acknowledge(by: ["alice", "bob", "carol"], at: World.now)
    }

    private func report(days: Int?, at time: Timestamp = World.now, knowsAuditor: Bool = true) throws -> StatusReport {
        let full = try world.fullInput(time: time)
        let input = StatusInput(
            certificates: [],
            anchor: knowsAuditor ? full.anchor : nil,
            maximumAgeSeconds: 10_000 * Self.day,
            maximumDrillAgeSeconds: days.map { $0 * Self.day },
            leastMargin: 1,
            time: time
        )
        return StatusReport(of: [try Audit(of: world.escrow, with: input.auditInput)], unread: [], against: input)
    }

    private func dues(days: Int?, at time: Timestamp = World.now, knowsAuditor: Bool = true) throws -> [Due] {
        try #require(try report(days: days, at: time, knowsAuditor: knowsAuditor).escrows.first).dues
    }

    @Test("an escrow that was never drilled is due only when somebody asks")
    func never() throws {
        #expect(try dues(days: nil).isEmpty)
        #expect(try dues(days: 365) == [.drill(last: nil)])
        let report = try report(days: 365)
        #expect(report.exitStatus == 1)
        #expect(report.escrows[0].dues.map(\.code) == ["drill-due"] && !report.escrows[0].isBackupDue)
        #expect(report.lines(of: report.escrows[0]).last == "  drill       never done for this epoch")
        #expect(report.metrics.contains("\nca_escrow_last_drill_timestamp_seconds{escrow=\"\(world.escrow)\"} 0\n"))
        #expect(report.metrics.contains("\nca_escrow_due{escrow=\"\(world.escrow)\",kind=\"drill-due\"} 1\n"))
        let json = try #require(report.json(exitStatus: 1)["escrows"]?.items.first)
        #expect(json["drilled"] == .boolean(false) && json["lastDrill"] == nil)
    }

    @Test("the last drill is good for so many days, and grows stale by the second")
    func age() throws {
        try world.drill()
        let end = World.now.adding(seconds: 365 * Self.day)
        #expect(try dues(days: 365, at: end).isEmpty)
        #expect(try dues(days: 365, at: end.adding(seconds: 1)) == [.drill(last: World.now)])
        #expect(try dues(days: nil, at: end.adding(seconds: 1)).isEmpty)
        let report = try report(days: 365)
        #expect(report.escrows[0].standing?.next == Staleness(time: end, subject: .drill))
        let line = report.lines(of: report.escrows[0])[0]
        #expect(line.contains("; drilled today; margin 1; next stale: the last drill, "))
        let metric = "ca_escrow_last_drill_timestamp_seconds{escrow=\"\(world.escrow)\"}"
        #expect(report.metrics.contains("\n\(metric) \(World.now.secondsSinceEpoch)\n"))
        let json = report.json(exitStatus: 0)
        #expect(json["maximumDrillAgeSeconds"] == .integer(UInt64(365 * Self.day)))
        #expect(
            json["escrows"]?.items.first?["lastDrill"]
                == .object([
                    "caSignature": .boolean(true), "challenged": .boolean(false),
                    "custodians": .array([.string("alice"), .string("bob")]), "time": .string("\(World.now)"),
                ])
        )
        // Without the option it is no date to wait for.
        #expect(try self.report(days: nil).escrows[0].standing?.next?.subject != .drill)
    }

    @Test("an answered challenge decides the age for whoever knows the auditor")
    func challenged() throws {
        let challenge = try world.challenge(seconds: 100 * Self.day)
        let later = World.now.adding(seconds: 50 * Self.day)
        try world.drill(answering: challenge.digest, at: later)
        let time = World.now.adding(seconds: 366 * Self.day)
        #expect(try dues(days: 365, at: time) == [.drill(last: World.now)])
        let unasked = Due.notAnchored("no --signers: anybody could have made this escrow")
        #expect(try dues(days: 365, at: time, knowsAuditor: false) == [unasked])
    }

    @Test("a drill does not make the escrow used, and one of an epoch before does not count")
    func epochs() throws {
        try world.drill()
        #expect(try dues(days: 365).isEmpty)
        _ = try world.rotate(to: "2 of (olga, omar, otto)", signedBy: ["olga", "omar", "otto"], at: World.now)
        #expect(try dues(days: 365).contains(.drill(last: nil)))
        #expect(try !dues(days: 365).contains { if case .used = $0 { true } else { false } })
    }

    @Test("a forged receipt is a failure and no drill")
    func forged() throws {
        let (receipt, _) = try world.makeDrill()
        try world.file(receipt.encoded(), [0x30, 0])
        let status = try #require(try report(days: 365).escrows.first)
        #expect(status.failures.map(\.check) == [.records])
        #expect(status.dues == [.drill(last: nil)])
    }
}
