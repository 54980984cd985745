// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow
import Files
import SystemPackage
import Testing

@testable import Ceremony
@testable import Custody
@testable import Encoding

@Suite("Plans that are made")
struct DraftPlanTests {
    private let room: Room
    private let planner: Planner

    init() throws {
        room = try Room(SamplePlan.few)
        planner = Planner(in: room.folder)
    }

    private var out: FilePath { planner.out }

    private var given: [String: String] { planner.given }

    private func draft(
        _ given: [String: String],
        to path: FilePath? = nil,
        like old: FilePath? = nil,
        on console: Answers? = nil
    ) throws -> DraftPlan {
        try planner.draft(given, to: path, like: old, on: console)
    }

    private func text(_ path: FilePath) throws -> String {
        String(decoding: try Files.read(path, limit: Plan.byteLimit), as: UTF8.self)
    }

    @Test("where everything is given, nobody is asked, and every digest is filled in")
    func everythingGiven() throws {
        let files = try draft(given).run()
        #expect(files.plan.people.count == 11)
        #expect(files.plan.standby.description == "2027-03-08T09:00:00Z")
        #expect(files.plan.tool == SamplePlan.digest)
        #expect(files.plan.authority.sha256 == SHA256Digest(of: files.certificate.der))
        #expect(files.missingDigests.isEmpty)
        #expect(!files.hasErrors)
        // The keepers' PKCS#12 files, and two media for each share.
        #expect(
            files.plan.media.map { "\($0.label) \($0.content.rawValue) \($0.holder) \($0.site)" } == [
                "USB-01 pkcs12 kurt kurtville", "USB-02 pkcs12 vera veraville", "USB-03 share alice aliceville",
                "USB-04 share alice aliceville", "USB-05 share bob bobville", "USB-06 share bob bobville",
                "USB-07 share carol carolville", "USB-08 share carol carolville",
            ]
        )
    }

    @Test("the text has its members in order, what fits on a line on one, and paths from its folder")
    func layout() throws {
        _ = try draft(given.merging(["note": "the first"]) { $1 }).run()
        let lines = try text(out).split(separator: "\n").map(String.init)
        #expect(
            lines[0...6] == [
                "{", #"  "format": "ca-escrow/v1/plan","#, #"  "kind": "backup","#,
                #"  "title": "Escrow of the Acme Root CA","#, #"  "date": "2027-03-01T09:00:00Z","#,
                #"  "standby": "2027-03-08T09:00:00Z","#, #"  "place": "Lyon, room 2","#,
            ]
        )
        #expect(lines.contains(#"    "certificate": "ca/cacert.pem","#))
        #expect(lines.contains(#"      "roles": ["custodian"],"#))
        #expect(
            lines.contains(
                #"    {"label": "USB-01", "content": "pkcs12", "holder": "kurt", "site": "kurtville"},"#
            )
        )
        #expect(lines.suffix(2) == [#"  "note": "the first""#, "}"])
        #expect(lines.allSatisfy { $0.count <= 90 })
    }

    @Test("without a terminal all that is missing is named at once, and nothing is written")
    func missing() throws {
        var some = given
        for member in ["title", "place", "bob.site", "mick.roles"] {
            some[member] = nil
        }
        #expect(throws: DraftError.missing(["title", "place", "bob.site", "mick.roles"])) { try draft(some).run() }
        #expect(try Files.kind(of: out) == nil)
    }

    @Test("what no plan has, and what a member cannot be, is refused by its name")
    func refused() throws {
        let refusals: [(member: String, text: String, words: String)] = [
            ("bob.stie", "x", "bob.stie: no member of this plan: did you mean bob.site?"),
            ("colour", "red", "colour: no member of this plan"),
            ("kind", "wedding", "kind: must be one of backup, restore, drill"),
            ("date", "tomorrow", "date: must be a time such as 2027-03-01 09:00, in UTC"),
            (
                "bob.roles", "custodian, alternate keeper",
                "bob.roles: must be of administrator, operator, witness, auditor, officer, custodian, keeper, or "
                    + "'alternate operator', with commas between"
            ),
            (
                "bob.site", "a\u{1b}b",
                "bob.site: must have 1 to 500 characters, none invisible and no control character"
            ),
        ]
        for (member, text, words) in refusals {
            let error = #expect(throws: DraftError.self) { try draft(given.merging([member: text]) { $1 }).run() }
            #expect(error?.description == words)
        }
        #expect(throws: FileError.exists(path: "\(room.folder)/plan.json")) {
            try draft(given, to: room.folder.appending("plan.json"))
        }
        #expect(throws: DraftError.self) { try draft(given, to: room.folder.appending("plan.txt")) }
    }

    @Test("somebody is asked for what no file says; a slip is asked for again, and the review changes a member")
    func asked() throws {
        var some = given
        for member in ["title", "date", "bob.site", "wanda.roles", "mick.roles"] {
            some[member] = nil
        }
        let answers = Answers([
            ("Title", "Escrow"), ("When it begins", "tomorrow"), ("When it begins", "2027-03-01 09:00"),
            ("bob: site", "Nice"), ("wanda: roles", "witness, alternate operator"), ("mick: roles", "administrator"),
            ("What should be changed?", "title"), ("Title [Escrow]", "Escrow of the Acme Root CA"),
            ("What should be changed?", "titel"), ("What should be changed?", ""), ("What should be changed?", "y"),
        ])
        let files = try draft(some, on: answers).run()
        #expect(files.plan.title == "Escrow of the Acme Root CA")
        #expect(files.plan.participant("bob")?.site == "Nice")
        #expect(files.plan.participant("wanda")?.alternateFor == [.operator])
        #expect(
            answers.reported == [
                "date: must be a time such as 2027-03-01 09:00, in UTC",
                "titel: no member of this plan: did you mean title?",
            ]
        )
        #expect(answers.questions.contains("When it is held instead, if it cannot be held then [2027-03-08T09:00:00Z]"))
    }

    @Test("a plan that cannot be is not written: what is wrong is said, and changed")
    func faulty() throws {
        let answers = Answers([
            ("What should be changed?", "y"), ("What should be changed?", "oscar.roles"), ("oscar: roles", "operator"),
            ("What should be changed?", "y"),
        ])
        let files = try draft(given.merging(["oscar.roles": "auditor"]) { $1 }, on: answers).run()
        let refusal = ["error: people: no operator", "No plan can be written before what is wrong is changed."]
        #expect(Array(answers.said[1...2]) == refusal)
        #expect(
            answers.questions.first { $0.hasPrefix("What") }
                == "What should be changed? (for example: title, or bob.site; ? says what else)"
        )
        #expect(files.plan.people(with: .operator).map(\.name) == ["oscar"])
    }

    @Test("the plan of the last ceremony is the start of the next: dates are new, notes stay")
    func like() throws {
        _ = try draft(given.merging(["bob.note": "comes by train"]) { $1 }).run()
        let next = room.folder.appending("next.plan.json")
        #expect(throws: DraftError.missing(["date"])) { try draft([:], to: next, like: out).run() }
        let files = try draft(["date": "2028-03-01 09:00"], to: next, like: out).run()
        #expect(files.plan.standby.description == "2028-03-08T09:00:00Z")
        let old = try text(out).replacing("2027-03-0", with: "2028-03-0")
        #expect(try text(next) == old)
    }

    @Test("a card that is another one than last time is taken only after somebody has compared it")
    func anotherCard() throws {
        _ = try draft(given).run()
        try room.move("bob.card", to: "bob.card.before")
        try room.move("bob.identity", to: "bob.identity.before")
        let act = CreateIdentity("bob", try CardDetails(), in: room.folder, isWithoutPassphrase: true)
        let digest = try act.run(attended: room).card.digest
        let next = room.folder.appending("next.plan.json")
        let dates = ["date": "2028-03-01 09:00"]
        let error = #expect(throws: DraftError.self) { try draft(dates, to: next, like: out).run() }
        guard case .anotherCard("bob", _, digest)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let answers = Answers([("over a second channel", "no")])
        #expect(throws: DraftError.stopped) { try draft(dates, to: next, like: out, on: answers).run() }
        #expect(try Files.kind(of: next) == nil)
        Files.withdraw(FilePath("\(next).draft"))
        let files = try draft(dates.merging(["bob.sha256": "\(digest)"]) { $1 }, to: next, like: out).run()
        #expect(files.plan.participant("bob")?.sha256 == digest)
    }

    @Test("a drill and a restore start from the backup's plan, which says nothing of why and where to")
    func openings() throws {
        _ = try draft(given).run()
        let date = ["date": "2028-03-01 09:00"]
        func next(_ kind: String, _ given: [String: String]) throws -> Plan {
            let given = given.merging(date) { $1 }.merging(["kind": kind]) { $1 }
            return try draft(given, to: room.folder.appending("\(kind).plan.json"), like: out).run().plan
        }
        #expect(throws: DraftError.missing(["escrow.purpose"])) { try next("drill", [:]) }
        #expect(throws: DraftError.missing(["escrow.store", "escrow.purpose"])) { try next("restore", [:]) }
        let drill = try next("drill", ["escrow.purpose": "yearly drill"])
        #expect(drill.kind == .drill && drill.escrow.store == nil && drill.escrow.purpose == "yearly drill")
        let wanted = ["escrow.purpose": "the machine burned", "escrow.store": "openssl-ca:new"]
        let restore = try next("restore", wanted)
        #expect(restore.kind == .restore && restore.escrow.store == "openssl-ca:new")
        #expect(restore.escrow.purpose == "the machine burned" && restore.escrow.occasion == nil)
        #expect([drill, restore].allSatisfy { $0.people.count == 11 && $0.media.count == 8 })
    }

    @Test("of an escrow that is there, the manifest says who restores and who approves")
    func manifest() throws {
        try room.hold()
        var some = given
        some.merge(["kind": "drill", "escrow.purpose": "yearly drill"]) { $1 }
        for member in ["escrow.policy", "escrow.officers", "escrow.store"] {
            some[member] = nil
        }
        let plan = try draft(some).run().plan
        #expect(try plan.escrow.policy == PolicyText("2 of (alice, bob, carol)"))
        #expect(try plan.escrow.officers == PolicyText("2 of (olga, omar)"))
    }

    @Test("a plan in another directory names its files from there")
    func elsewhere() throws {
        let folder = room.folder.appending("2028")
        try Files.makeDirectory(folder, permissions: .publicDirectory)
        _ = try draft(given).run()
        let next = folder.appending("backup.plan.json")
        let files = try draft(["date": "2028-03-01 09:00"], to: next, like: out).run()
        #expect(files.plan.authority.certificate == "../ca/cacert.pem")
        #expect(files.plan.participant("bob")?.card == "../bob.card")
    }
}
