// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import Glibc
import SystemPackage
import Testing

@testable import Audit
@testable import Ceremony
@testable import Custody
@testable import Encoding

/// Bundles that somebody made up: who holds a true plan, its signatures and everybody's cards, and no key but their own.
@Suite("Forged ceremonies")
struct ForgedCeremonyTests {
    private static let officers: [Name] = ["olga", "omar"]

    /// A plan that its officers have signed.
    private func signedPlan(_ sample: SamplePlan = SamplePlan()) throws -> Place {
        let place = try Place(sample)
        for officer in Self.officers {
            try place.sign(officer, "plan.json", place.sample.bytes(), Plan.format)
        }
        return place
    }

    /// Puts other cards under the right names of a bundle, and lines for `ssh-keygen` that go with them.
    private func exchangeCards(in place: Place, but kept: [Name]) throws {
        for person in try place.sample.plan().people where !kept.contains(person.name) {
            let somebody = Somebody(person.name)
            place.people[person.name] = somebody
            let card = try somebody.card()
            try place.replace("plan.ceremony/cards/\(person.name).card", by: card.bytes)
        }
        let people = try PeopleGiven(at: [place.bundle.cards])
        let plan = try place.sample.plan()
        let lines = Bundle.signers(of: plan, people, try people.approval(plan.escrow.officers))
        try place.replace("plan.ceremony/officers.signers", by: lines)
    }

    /// Makes up everything that a ceremony leaves, and signs it by the keys at hand.
    private func makeUp(_ bundle: Bundle, in place: Place, _ files: PlanFiles) throws {
        let held = try HeldCeremony(place.sample, opening: try bundle.openingFiles())
        try bundle.write(held.transcript)
        _ = try bundle.write(CeremonyEvidence(of: held.plan, held.transcript))
        try bundle.write(CeremonyReport(of: held.plan, held.digest, held.script, held.transcript, files.certificate))
        for name in ["oscar", "wanda"] as [Name] {
            try place.sign(name, "plan.ceremony/transcript.jsonl", held.transcript.encoded(), Transcript.format)
        }
    }

    @Test("a forger who holds the true plan of a ceremony: a ceremony forged with a true plan fails")
    func forged() throws {
        let place = try signedPlan()
        let anchor = try place.anchor(Self.officers)
        let files = try place.files()
        let bundle = try Bundle.make(at: place.bundle.path, for: files)
        // Officers' cards stay as they are: the plan's signatures hold by these.
        try exchangeCards(in: place, but: Self.officers)
        try makeUp(bundle, in: place, files)
        let verification = try BundleVerification(of: bundle, anchor: anchor, now: place.now)
        #expect(verification.verdict == .failed)
        let results = try place.results(anchor)
        #expect(results["plan"] == .pass && results["anchor"] == .pass && results["acts"] == .pass)
        guard case .fail(let faults) = results["people"] else {
            Issue.record("nobody's card is the plan's")
            return
        }
        #expect(faults.count == 11)
        let found = try Card(canonical: try Files.read(bundle.cards.appending("wanda.card"), limit: 10_000)).digest
        let planned = try #require(place.sample.cards["wanda"])
        #expect(
            faults.contains(
                "wanda: \(bundle.cards)/wanda.card: its SHA-256 is \(found), where the plan has \(planned)"
            )
        )
        #expect(
            results["signatures"]
                == .fail(
                    ["oscar", "wanda"].map {
                        "\(bundle.transcript).\($0).sig: not by the key of somebody who signs here"
                    }
                )
        )
    }

    @Test("a ceremony forged with a true plan and everybody's true card is signed by nobody")
    func unsigned() throws {
        let place = try signedPlan()
        try place.hold(closers: [])
        let results = try place.results(try place.anchor(Self.officers))
        #expect(results["people"] == .pass)
        #expect(
            results["signatures"] == .fail(["not signed by anybody who is known here: needed are oscar, wanda"])
        )
    }

    @Test("people exchanged in the plan's cards after signing")
    func exchanged() throws {
        let place = try signedPlan()
        let before = try #require(place.sample.cards["bob"])
        let other = try Somebody("bob").card()
        try place.replace("cards/bob.card", by: other.bytes)
        let files = try place.files()
        let found = "bob: cards/bob.card: its SHA-256 is \(other.digest), where the plan has \(before)"
        let words = "line 94: custodian 2, \(found)"
        #expect(files.findings.contains(.error("another-card", words)))
        #expect(try !files.mayBeHeld(in: place.bundle))
        #expect(files.missingDigests.isEmpty)
        // A ceremony that was held by it all the same.
        try place.hold(closers: ["oscar", "wanda"])
        let kept = "bob: \(place.bundle.cards)/bob.card: its SHA-256 is \(other.digest), where the plan has \(before)"
        #expect(try place.results(try place.anchor(Self.officers))["people"] == .fail([kept]))
    }

    @Test("a folder under the name of a card is nobody's card, whatever lies in it")
    func folder() throws {
        let place = try signedPlan()
        try place.hold(closers: ["oscar", "wanda"])
        let path = "plan.ceremony/cards/oscar.card"
        let card = try Files.read(place.folder.pushing(FilePath(path)), limit: 10_000)
        try place.remove(path)
        try Files.makeDirectory(place.folder.pushing(FilePath(path)), permissions: .publicDirectory)
        try place.write("\(path)/oscar.card", card)
        try place.write("\(path)/oscar.pub", Array("\(Somebody("oscar").identity.signingKey.openSSH)\n".utf8))
        let found = "oscar: \(place.bundle.cards)/oscar.card: not one card or key of this name"
        #expect(try place.results()["people"] == .fail([found]))
    }

    @Test("a plan without digests covers nobody")
    func noDigests() throws {
        let place = try Place()
        let digest = try #require(place.sample.cards["alice"])
        let text = String(decoding: place.sample.bytes(), as: UTF8.self)
        try place.replace("plan.json", by: Array(text.replacing("\"sha256\": \"\(digest)\",\n", with: "").utf8))
        let files = try place.files()
        let missing = "alice: the plan has no SHA-256 of cards/alice.card: its signatures do not say who that is"
        let words = "line 86: custodian 1, \(missing)"
        #expect(files.findings.contains(.error("no-digest", words)))
        #expect(files.missingDigests.map(\.sha256) == [digest])
        #expect(files.missingDigests.map(\.person.name) == ["alice"])
    }

    @Test("lines for ssh-keygen that are not those of the plan's people are found")
    func lines() throws {
        let place = try signedPlan()
        try place.hold(closers: ["oscar", "wanda"])
        let line = AllowedSigners.line(
            name: "olga",
            key: Somebody("olga").identity.signingKey,
            namespaces: [Plan.format.namespace]
        )
        let bytes = try Files.read(place.bundle.signers, limit: 10_000)
        try place.replace("plan.ceremony/officers.signers", by: bytes + Array("\(line)\n".utf8))
        let fault = "\(place.bundle.signers): not the lines that the plan's people make"
        #expect(try place.results()["people"] == .fail([fault]))
    }

    @Test("one who stepped in and is in no plan is believed by --signers alone")
    func steppedIn() throws {
        let place = try signedPlan()
        try place.hold(closers: ["oscar"])
        let officers = try place.anchor(Self.officers)
        let alone = AuditOutcome.fail(["not signed by wanda: the operator and a witness must have"])
        #expect(try place.results(officers)["signatures"] == alone)
        let text = try Files.read(place.bundle.transcript, limit: 1 << 20)
        place.people["zoe"] = Somebody("zoe")
        try place.sign("zoe", "plan.ceremony/transcript.jsonl", text, Transcript.format)
        #expect(
            try place.results()["signatures"] == .notChecked("signed by zoe, in no plan and in no --signers")
        )
        #expect(
            try place.results(officers)["signatures"]
                == .notChecked("signed by zoe, in no plan and in no line of mine.signers for this")
        )
        let witnesses = try place.anchor(Self.officers + ["zoe"], for: [.manifest, Transcript.format])
        #expect(try place.results(witnesses)["signatures"] == .pass)
        // Nobody of the plan steps in for another under a second name.
        try place.remove("plan.ceremony/transcript.jsonl.zoe.sig")
        try place.sign("oscar", "plan.ceremony/transcript.jsonl", text, Transcript.format, as: "zoe")
        let fault = "\(place.bundle.transcript).zoe.sig: not by the key of somebody who signs here"
        #expect(try place.results(witnesses)["signatures"] == .fail([fault]))
    }

    @Test("officers' keys that have ended, or that --signers has otherwise, do not vouch for a plan")
    func anchors() throws {
        let place = try signedPlan()
        try place.hold(closers: ["oscar", "wanda"])
        let ended = try place.anchor(Self.officers, until: "20270301120000Z")
        #expect(
            try place.results(ended, at: place.now.adding(seconds: 86_400))["anchor"]
                == .notChecked("mine.signers: knows 0 of those who signed the plan by keys that have not ended")
        )
        place.people["omar"] = Somebody("omar")
        let other = try place.anchor(Self.officers)
        #expect(
            try place.results(other)["anchor"] == .fail(["mine.signers: another key of omar than the plan's"])
        )
    }

    @Test("a ceremony that is not closed is none")
    func open() throws {
        let place = try signedPlan()
        let (_, bundle, held) = try place.begin()
        var cut = Transcript(of: held.digest)
        for line in held.transcript.lines where line.act != .closed {
            try cut.add(line)
        }
        try bundle.write(cut)
        #expect(try place.results()["end"] == .fail(["the ceremony is not closed"]))
    }
}
