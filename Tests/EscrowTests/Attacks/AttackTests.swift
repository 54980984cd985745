// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import Testing

@testable import Escrow

/// One test for each row of the table in `docs/threat-model.md`, named after the attacker.
///
/// Each asserts the defence by its exact error, and the loss that the row's last column names. What takes the whole
/// program is in the suite of the same name in `CommandLineTests`.
@Suite("Attacks") struct AttackTests {
    let world: World
    let document: EpochDocument

    init() throws {
        world = try World()
        document = try world.document()
    }

    /// Classes of faults that implementations of threshold schemes were found to have, beside the table's rows.
    static let knownFaults = [
        "zero index", "duplicate index", "index = 0 mod q", "identity element", "y + q", "over-long commitments",
        "forged shares after Tompa and Woll", "Frozen Heart", "equivocation", "nonce reuse",
    ]

    private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardized

    /// The attackers of the table: the first cell of each row.
    private static func attackers() throws -> [String] {
        let text = try String(contentsOf: root.appending(path: "docs/threat-model.md"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("| attacker |") })
        return lines[(start + 2)...].prefix { $0.hasPrefix("| ") }.map { line in
            line.split(separator: "|")[0].trimmingCharacters(in: .whitespaces).replacing("`", with: "")
        }
    }

    /// What stands before the colon in each name of a test of this suite.
    private static func tested() throws -> [String] {
        let folders = ["EscrowTests", "CommandLineTests", "CeremonyTests"].map { "Tests/\($0)/Attacks" }
        return try folders.flatMap { folder in
            let names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
            return try names.sorted().flatMap { name in
                let source = try String(contentsOf: root.appending(path: "\(folder)/\(name)"), encoding: .utf8)
                return source.matches(of: #/@Test\(\s*"([^":]+): /#).map { String($0.output.1) }
            }
        }
    }

    @Test("every attacker of the threat model has a test of that name, and every test an attacker")
    func everyRow() throws {
        let attackers = try Self.attackers()
        #expect(attackers.count >= 28)
        let tested = Set(try Self.tested())
        #expect(attackers.filter { !tested.contains($0) } == [])
        #expect(Self.knownFaults.filter { !tested.contains($0) } == [])
        #expect(tested.subtracting(attackers + Self.knownFaults) == [])
    }
}
