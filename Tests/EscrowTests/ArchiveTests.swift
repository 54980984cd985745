// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// Many escrows at once: each by itself, and all of them against the certificates that somebody brings.
@Suite struct ArchiveTests {
    private let world: World

    init() throws { world = try World() }

    private func audit(_ operands: [FilePath], of issues: [Acme.Issue]) throws -> ParallelAudit {
        var input = try world.auditInput(time: World.now)
        input.certificates = CertificateInventory(
            try issues.map { .file(try Acme.certificate($0), path: "\($0).crt") }
        )
        return ParallelAudit(
            of: ParallelAudit.subjects(of: operands.map(\.string)),
            with: input,
            keepsReports: true,
            text: { _ in "" },
            advance: {}
        )
    }

    @Test("an escrow is of one of the certificates, and each certificate has one")
    func inventory() throws {
        let whole = try audit([world.escrow], of: [.root])
        #expect(whole.missing.isEmpty && !whole.isOfMany)
        let lacking = try audit([world.escrow], of: [.root, .forged])
        #expect(lacking.missing.map(\.path) == ["forged.crt"] && lacking.exitStatus == 2)
        #expect(lacking.reports[0].outcomes.contains { $0.check == .certificate && $0.outcome == .pass })
        let other = try audit([world.escrow], of: [.forged, .rekeyed])
        #expect(other.missing.count == 2)
        #expect(other.reports[0].findings.contains { $0.detail.hasSuffix("of none of the 2 certificates given") })
    }

    @Test("a rehearsal is the escrow of no certificate")
    func rehearsal() throws {
        let rehearsal = try World(isRehearsal: true)
        let manifest = try rehearsal.document().manifest
        var input = try rehearsal.auditInput(time: World.now)
        let marked = CertificateTrust.file(manifest.certificate, path: "test.crt")
        input.certificates = CertificateInventory([marked, .digest(SHA256Digest(of: [1]))])
        let all = ParallelAudit(
            of: ParallelAudit.subjects(of: [rehearsal.escrow.string]),
            with: input,
            keepsReports: true,
            text: { _ in "" },
            advance: {}
        )
        #expect(all.missing.count == 2)
    }

    @Test("one that cannot be read keeps its line in the table, and silences no other")
    func table() throws {
        let none = world.folder("none.escrow")
        let all = try audit([none, world.escrow], of: [.root])
        #expect(all.unread.map(\.escrow) == [none.string] && all.isOfMany)
        let lines = all.table
        #expect(
            lines[0].hasPrefix("  verdict ") && lines[1].hasPrefix("  NOT READ ") && lines[1].hasSuffix(none.string)
        )
        #expect(lines[2].hasSuffix(world.escrow.string))
        #expect(lines.last == "2 escrows: 1 \(all.reports[0].verdict.rawValue), 1 NOT READ")
    }

    @Test("a survey tells what it cannot read, once, and looks at the rest")
    func survey() throws {
        let input = StatusInput(
            certificates: [],
            anchor: try world.auditInput().anchor,
            maximumAgeSeconds: 90 * 86_400,
            leastMargin: 0,
            time: World.now
        )
        let script = Script()
        let none = world.folder("none")
        let (report, failures) = StatusReport.survey(
            [none, world.escrow, world.escrow],
            against: input,
            attended: script
        )
        #expect(report.escrows.map(\.escrow) == [world.escrow] && report.unread.map(\.escrow) == [none])
        #expect(failures.map(\.fact) == [.file(.system(path: none.string, .noSuchFileOrDirectory))])
        #expect(script.kinds == ["failed"])
    }
}
