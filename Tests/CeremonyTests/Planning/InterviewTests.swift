// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow
import Files
import KeyStores
import SystemPackage
import Testing

@testable import Ceremony
@testable import Custody
@testable import Encoding

@Suite("Interviews for a plan")
struct InterviewTests {
    private let room: Room
    private let planner: Planner
    private static let change = "What should be changed?"
    private static let write = (words: change, reply: "y")

    init() throws {
        room = try Room(SamplePlan.few)
        planner = Planner(in: room.folder)
    }

    private func draftText() throws -> String {
        String(decoding: try Files.read(planner.draftFile, limit: Plan.byteLimit), as: UTF8.self)
    }

    // MARK: The draft

    @Test("whatever ends it, what was said is kept, and the same command goes on from there", arguments: ["stop", nil])
    func kept(last: String?) throws {
        let some = planner.given(without: ["title", "place"])
        let first = Answers([("Title", "Escrow")] + (last.map { [("Where", $0)] } ?? []))
        #expect(throws: DraftError.stopped) { try planner.draft(some, on: first).run() }
        #expect(
            first.said == [
                "Answers are kept in \(planner.draftFile): type stop at any time to go on later.",
                "What was said is kept in \(planner.draftFile): the same command goes on from there.",
            ]
        )
        #expect(try Files.kind(of: planner.out) == nil)
        #expect(try draftText().contains("\"title\": \"Escrow\""))

        let second = Answers([("Go on from it?", "y"), ("Where", "Lyon"), Self.write])
        let plan = try planner.draft(some, on: second).run().plan
        #expect(plan.title == "Escrow" && plan.place == "Lyon" && plan.people.count == 11)
        #expect(second.said.first == "\(planner.draftFile) is the draft of a plan that was not finished: Escrow")
        #expect(!second.questions.contains { $0.hasPrefix("Title") })
        #expect(try Files.kind(of: planner.draftFile) == nil)
    }

    @Test("an error ends it no other way: a card that was exchanged, a file that vanished")
    func brokenOff() throws {
        let answers = Answers([("Title", "Escrow"), ("Others", "Vera!"), Self.write])
        var some = planner.given(without: ["title"])
        some["bob.colour"] = "red"
        let unknown = DraftError.unknown(member: "bob.colour", meant: nil)
        #expect(throws: unknown) { try planner.draft(some, on: answers).run() }
        #expect(answers.reported.first?.hasPrefix("Vera!: must be a short name, such as bob: ") == true)
        #expect(try draftText().contains("\"title\": \"Escrow\""))
        some["bob.colour"] = nil
        let second = Answers([("Go on from it?", "y"), Self.write])
        #expect(try planner.draft(some, on: second).run().plan.title == "Escrow")
    }

    @Test("what somebody left out is not asked for again")
    func leftOut() throws {
        let some = planner.given(without: ["omar.site"])
        let first = Answers([("omar: site", "stop")])
        #expect(throws: DraftError.stopped) { try planner.draft(some, on: first).run() }
        #expect(first.questions.contains("bob: line of management [none]"))
        let second = Answers([("Go on from it?", "y"), ("omar: site", "Nice"), Self.write])
        let plan = try planner.draft(some, on: second).run().plan
        #expect(!second.questions.contains { $0.hasPrefix("bob:") })
        #expect(second.questions.contains("omar: line of management [none]"))
        #expect(plan.participant("bob")?.line == nil && plan.participant("omar")?.site == "Nice")
    }

    @Test("a draft is replaced only when somebody says so")
    func anew() throws {
        let some = planner.given(without: ["title"])
        #expect(throws: DraftError.stopped) { try planner.draft(some, on: Answers([("Title", "stop")])).run() }
        let before = try draftText()
        #expect(throws: DraftError.draftWaits(planner.draftFile)) { try planner.draft(planner.given).run() }
        #expect(throws: DraftError.stopped) { try planner.draft(some, on: Answers([("Go on", "no")])).run() }
        #expect(try draftText() == before)
        let answers = Answers([("Go on", "new"), ("Title", "Anew"), Self.write])
        #expect(try planner.draft(some, on: answers).run().plan.title == "Anew")
    }

    @Test("another file in the draft's place is not touched", arguments: ["", "{}", "{\"format\": \"x\"}", "notes"])
    func anotherFile(content: String) throws {
        try Files.create(planner.draftFile, Array(content.utf8), permissions: .publicFile)
        #expect(throws: DraftError.notADraft(planner.draftFile)) {
            try planner.draft(planner.given, on: Answers([])).run()
        }
        #expect(try draftText() == content)
    }

    @Test("without a terminal no draft is left")
    func unattended() throws {
        _ = try planner.draft(planner.given).run()
        #expect(try Files.kind(of: planner.draftFile) == nil)
    }

    // MARK: Answers that cannot stand

    @Test("every path is looked at where it is typed, and asked for again")
    func paths() throws {
        try Files.create(room.folder.appending("notes"), Array("notes".utf8), permissions: .publicFile)
        try Files.makeDirectory(room.folder.appending("empty"), permissions: .publicDirectory)
        let some = planner.given(without: ["ca.certificate", "escrow.path"])
        let answers = Answers([
            ("certificate", "\(room.folder)/none.pem"), ("certificate", "\(room.folder)/notes"),
            ("certificate", "\(room.folder)/ca/cacert.pem"), ("Directory of the escrow", "\(room.folder)/empty"),
            ("Directory of the escrow", "\(room.folder)/acme.escrow"), ("people's cards", "\(room.folder)/none"),
            ("people's cards", "\(room.folder)/empty"), ("people's cards", "\(room.folder)"), Self.write,
        ])
        let plan = try DraftPlan(
            to: planner.out,
            cards: [],
            given: some,
            program: SamplePlan.digest,
            on: answers,
            now: Timestamp(secondsSinceEpoch: 1_803_891_600)
        ).run().plan
        #expect(plan.authority.certificate == "ca/cacert.pem" && plan.people.count == 11)
        #expect(
            answers.reported == [
                "\(room.folder)/none.pem: No such file or directory",
                "ca.certificate: no certificate in it",
                "\(room.folder)/empty: not an escrow: it holds no epoch such as 0001-3fa9c2d1",
                "\(room.folder)/none: No such file or directory",
            ]
        )
        #expect(answers.said.contains("\(room.folder)/empty: no NAME.card, no NAME.pub"))
    }

    @Test("what 'check' would refuse is refused where it is typed")
    func rules() throws {
        let members = [
            "standby", "escrow.store", "escrow.policy", "escrow.officers", "oscar.roles", "bob.roles",
            "omar.roles",
        ]
        let answers = Answers([
            ("held instead", "2027-02-01 09:00"), ("held instead", ""), ("Store", "opensl-ca:ca"),
            ("Store", "openssl-ca:ca"), ("approves", "3 of (olga, omar)"), ("approves", "2 of all"),
            ("approves", "olga, omar"), ("approves", "2 of (olga, otto)"), ("approves", "2 of (olga, omar)"),
            ("restores", "1 of all"), ("restores", "1 of (alice, bob)"), ("restores", "2 of (alice, bert)"),
            ("restores", "2 of (alice, bob, carol)"), ("oscar: roles", "custodian"), ("oscar: roles", "administrator"),
            ("oscar: roles", "operator"), Self.write,
        ])
        let plan = try planner.draft(planner.given(without: members), on: answers).run().plan
        #expect(plan.people(with: .operator).map(\.name) == ["oscar"])
        // Policy and officers say what they are: nobody is asked.
        #expect(plan.participant("bob")?.roles == [.custodian] && plan.participant("omar")?.roles == [.officer])
        #expect(
            answers.reported == [
                "standby: not later than date",
                "escrow.store: no kind of store is called 'opensl-ca': \(StoreForms.all.joined(separator: ", "))",
                "escrow.officers: 3 of 2: the threshold runs from 1 to the number of officers",
                "escrow.officers: written flat, as in '2 of (olga, omar, otto)'",
                "escrow.officers: policy: column 5: ',', where the end is expected: it is written '2 of (olga, omar)'",
                "escrow.officers: nobody called otto has a card or key here",
                "escrow.policy: one person alone could restore",
                "escrow.policy: policy: one person alone could restore: alice",
                "escrow.policy: nobody called bert has a card or key here",
                "oscar.roles: custodian cannot be among them: escrow.policy does not name oscar",
                "oscar.roles: mick is ceremony administrator already, and there is only one",
            ]
        )
    }

    @Test("nobody has a role, or a site, because somebody else has it")
    func defaults() throws {
        let members = ["escrow.policy", "alice.roles", "bob.roles", "bob.site", "mick.roles"]
        let answers = Answers([
            ("alice: roles", ""), ("alice: roles", "custodian"), ("bob: roles", "custodian"), ("bob: site", ""),
            ("bob: site", "Nice"), ("mick: roles", "administrator"), Self.write,
        ])
        let plan = try planner.draft(planner.given(without: members), on: answers).run().plan
        let asked = answers.questions.filter { $0.contains("roles") || $0.contains("site") && !$0.hasPrefix("What") }
        let roles = "roles, such as witness, alternate operator"
        #expect(
            asked == [
                "alice: \(roles)", "alice: \(roles)", "bob: \(roles)", "bob: site", "bob: site", "mick: \(roles)",
            ]
        )
        #expect(plan.participant("bob")?.site == "Nice")
    }

    @Test("one officer is enough, by name alone or as '1 of (olga)'", arguments: ["olga", "1 of (olga)"])
    func oneOfficer(text: String) throws {
        let more = ["escrow.officers": text, "omar.roles": "auditor"]
        let files = try planner.draft(planner.given.merging(more) { $1 }).run()
        #expect(files.plan.escrow.officers == (try PolicyText(approval: "olga")))
        #expect(files.approval.text == "1 of (olga)" && !files.hasErrors)
    }

    // MARK: The review

    @Test("Enter never writes: it shows the plan again")
    func enter() throws {
        let answers = Answers([(Self.change, ""), (Self.change, "x"), (Self.change, "?"), Self.write])
        _ = try planner.draft(planner.given, on: answers).run()
        #expect(answers.said.count { $0.hasPrefix("  title         ") } == 2)
        #expect(answers.questions.count { $0.hasPrefix(Self.change) } == 4)
        #expect(
            answers.questions.last == "What should be changed? (for example: title, or bob.site; "
                + "y writes the plan, Enter shows all of it, ? says what else)"
        )
        #expect(answers.reported == ["x: no member of this plan"])
    }

    @Test("media follow roles and sites; one is taken out, all are listed anew, somebody joins and leaves")
    func media() throws {
        var refused: [String] = []
        func media(_ replies: [(words: String, reply: String)]) throws -> [String] {
            let given = planner.given.merging(["escrow.policy": "2 of all"]) { $1 }
            let answers = Answers(replies.map { ($0.words.isEmpty ? Self.change : $0.words, $0.reply) } + [Self.write])
            let plan = try planner.draft(given, on: answers).run().plan
            Files.withdraw(planner.out)
            refused += answers.reported
            return plan.media.map { "\($0.label) \($0.content.rawValue) \($0.holder) \($0.site)" }
        }
        let keepers = ["USB-01 pkcs12 kurt kurtville", "USB-02 pkcs12 vera veraville"]
        let shares = ["alice", "bob", "carol"].enumerated().flatMap { index, name in
            (0...1).map { "USB-0\(3 + 2 * index + $0) share \(name) \(name)ville" }
        }
        #expect(try media([]) == keepers + shares)
        let anna = ["USB-07 share anna annaville", "USB-08 share anna annaville"]
        let roles = [
            ("", "carol.roles"), ("carol: roles", "auditor"), ("", "anna.roles"), ("anna: roles", "custodian"),
        ]
        #expect(try media(roles) == keepers + shares.prefix(4) + anna)
        let site = shares.map { $0.replacing("bobville", with: "Nice") }
        #expect(try media([("", "bob.site"), ("bob: site", "Nice")]) == keepers + site)
        #expect(
            try media([("", "- USB-01")] + roles) == [keepers[1]] + shares.prefix(4) + [
                "USB-01 share anna annaville", "USB-07 share anna annaville",
            ]
        )
        #expect(try media([("", "- USB-04")]) == keepers + shares.filter { !$0.hasPrefix("USB-04") })
        #expect(
            try media(roles + [("", "- alice"), ("", "- carol"), ("", "media")]).suffix(2) == [
                "USB-05 share bob bobville", "USB-06 share bob bobville",
            ]
        )
        let otto =
            [("", "+ otto"), ("otto: full", "Otto"), ("otto: roles", "custodian")]
            + [("otto: roles", "keeper"), ("otto: site", "Basel")]
        #expect(try media(otto) == keepers + shares + ["USB-09 pkcs12 otto Basel"])
        #expect(refused == ["otto.roles: custodian without a card or key"])
    }

    @Test("what may be left out can be taken back, what is needed cannot")
    func takenBack() throws {
        let answers = Answers([
            (Self.change, "bob.line"), ("bob: line of management [finance; - for none]", "-"), (Self.change, "title"),
            ("Title", "-"), ("Title", ""), (Self.change, "bob.roles"), ("bob: roles", "-"), ("bob: roles", ""),
            Self.write,
        ])
        let plan = try planner.draft(planner.given.merging(["bob.line": "finance"]) { $1 }, on: answers).run().plan
        #expect(plan.participant("bob")?.line == nil && plan.title == "Escrow of the Acme Root CA")
        #expect(
            answers.reported == ["title: missing", "bob.roles: custodian must be among them: escrow.policy names bob"]
        )
    }

    @Test("a date behind the standby date has that asked for again")
    func laterDate() throws {
        let answers = Answers([
            (Self.change, "date"), ("When it begins", "2027-04-01 09:00"), Self.write,
        ])
        let plan = try planner.draft(planner.given, on: answers).run().plan
        #expect(plan.date.description == "2027-04-01T09:00:00Z")
        #expect(plan.standby.description == "2027-04-08T09:00:00Z")
        #expect(answers.questions.count { $0.hasPrefix("When it is held instead") } == 2)
    }
}
