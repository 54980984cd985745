// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Testing

@testable import Ceremony

@Suite("Everything that is wrong with a plan")
struct PlanFaultTests {
    @Test("is named at once, in the order of the lines, in words of the plan")
    func all() throws {
        let text = SamplePlan().json.replacing("\"place\"", with: "\"palce\"")
            .replacing("\"standby\": \"2027-03-08T09:00:00Z\"", with: "\"standby\": 8")
            .replacing("\"officers\": \"2 of (olga, omar)\"", with: "\"officers\": \"2 off\"")
            .replacing("\"fullName\": \"bob Martin\"", with: "\"fullname\": \"\"")
            .replacing("\"holder\": \"vera\"", with: "\"holder\": \"Vera\"")
        let error = #expect(throws: PlanError.self) { try Plan(json: Array(text.utf8)) }
        guard case .faults(let faults)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let number = { (words: String) in (lines.firstIndex { $0.contains(words) } ?? -1) + 1 }
        let capital = "Vera"
        let holder = #expect(throws: NameError.self) { try Name(capital) }?.description ?? ""
        let bob = number("\"fullname\"")
        #expect(
            faults.map(\.description) == [
                "line 6: standby: wrong type: needed is a string",
                "line 7: palce: unknown member: did you mean place?",
                "line \(number("2 off")): escrow.officers: policy: column 3: 'off', where 'of' is expected",
                // What is wrong with the value of a misspelt member is told of the member that was meant.
                "line \(bob - 2): custodian 2, bob: fullName: wrong value: needed is 1 to 500 characters, none invisible and "
                    + "no control character",
                "line \(bob): custodian 2, bob: fullname: unknown member: did you mean fullName?",
                "line \(number("\"Vera\"")): medium 1, USB-vera: holder: \(holder)",
            ]
        )
    }

    @Test("a person is called by the role and its number, by the number alone where no role can be read")
    func subjects() throws {
        let words = { (old: String, new: String) in
            let error = #expect(throws: PlanError.self) { try SamplePlan().plan(old, new) }
            guard case .faults(let faults)? = error else {
                return [String]()
            }
            return faults.map(\.subject)
        }
        #expect(words(#""name": "erin""#, #""name": "erin", "age": 7"#) == ["custodian 5, erin"])
        #expect(words(#""name": "omar""#, #""name": "omar", "age": 7"#) == ["officer 2, omar"])
        #expect(words(#""name": "omar""#, #""name": "O M""#) == ["officer 2"])
        #expect(words(#"["custodian"]"#, #"["guard"]"#) == ["person 9, alice"])
    }
}
