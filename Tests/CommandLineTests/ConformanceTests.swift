// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `Fixtures/vectors/conformance`: the requirements of docs/format.md, section 11, as cases that every implementation can run.
@Suite("The conformance cases", .serialized)
struct ConformanceTests {
    /// What there is of the index.
    private struct Index: Decodable {
        struct Case: Decodable {
            struct Expected: Decodable {
                let outcome: String
            }

            let `case`: String
            let requirements: [String]
            let expected: Expected
        }

        /// Why no case reaches it, by requirement.
        let notReached: [String: String]
        /// Why there is no case in which something is refused, by requirement.
        let oneSided: [String: String]
        let cases: [Case]
    }

    private static let folder = Checkout.root.appending(path: "Fixtures/vectors/conformance")

    /// The requirements by their numbers, as the specification lists them.
    private func requirements() throws -> [String] {
        let text = try String(contentsOf: Checkout.root.appending(path: "docs/format.md"), encoding: .utf8)
        return text.matches(of: /\n\| ([DRCAW]-[0-9]+) \|/).map { String($0.1) }
    }

    @Test("every numbered requirement has a case that is accepted and one that is not, or a reason why not")
    func requirementsAreReached() throws {
        let index = try JSONDecoder().decode(
            Index.self,
            from: Data(contentsOf: Self.folder.appending(path: "index.json"))
        )
        var outcomes: [String: Set<String>] = [:]
        for one in index.cases {
            for requirement in one.requirements {
                outcomes[requirement, default: []].insert(one.expected.outcome)
            }
        }
        let requirements = try requirements()
        #expect(requirements.count == 166)
        #expect(Set(outcomes.keys).isSubset(of: requirements), "a case of no requirement")
        #expect(Set(index.cases.map(\.case)).count == index.cases.count && index.cases.count >= 150)
        let unreached = requirements.filter { outcomes[$0] == nil }
        #expect(unreached.sorted() == index.notReached.keys.sorted())
        let reached = requirements.filter { outcomes[$0] != nil }
        let refusedAlone = reached.filter { outcomes[$0]?.contains("accept") == false }
        #expect(refusedAlone.isEmpty)
        let oneSided = reached.filter { outcomes[$0] == ["accept"] }
        #expect(oneSided.sorted() == index.oneSided.keys.sorted())
    }

    @Test("the generator makes the same bytes again")
    func generator() throws {
        try withTemporaryFolder { folder in
            let again = "conformance.py . && diff -r -x README.md . \(Self.folder.path())"
            let differences = try Shell(folder: folder).run(again, limit: 600)
            #expect(differences == "")
        }
    }

    @Test("the program, the second auditor and the second restorer see in each what is expected")
    func agreement() throws {
        try withTemporaryFolder { folder in
            let asked = TestRun.isWhole ? (options: "", answers: 1779) : (options: "--sample", answers: 1123)
            let command = "unprivileged.sh conform.py \(asked.options)"
            let found = try Shell(folder: folder).run(command, isNormalised: false, limit: 900)
            #expect(found == "951 cases, \(asked.answers) answers, 0 otherwise than expected\n")
        }
    }
}
