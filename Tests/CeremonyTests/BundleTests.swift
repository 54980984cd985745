// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow
import Files
import Glibc
import SystemPackage
import Testing

@testable import Audit
@testable import Ceremony
@testable import Custody
@testable import Encoding

final class Somebody {
    let identity: Identity

    init(_ name: Name) { identity = Identity(generatingFor: name) }

    func card() throws -> Card {
        let details = try CardDetails()
        return Card.make(for: identity, details: details)
    }
}

/// A plan on disk with cards, certificate and signatures, and the bundle of a ceremony that was held by it.
final class Place {
    let folder: FilePath
    let sample: SamplePlan
    var people: [Name: Somebody] = [:]
    let now = Timestamp(secondsSinceEpoch: 1_803_891_600)

    init(_ plan: SamplePlan = SamplePlan()) throws {
        var sample = plan
        let certificate = try SampleCertificate.make()
        sample.certificate = SHA256Digest(of: certificate.der)
        var cards: [Name: [UInt8]] = [:]
        for person in try sample.plan().people {
            let somebody = Somebody(person.name)
            let card = try somebody.card()
            sample.cards[person.name.description] = card.digest
            cards[person.name] = card.bytes
            people[person.name] = somebody
        }
        self.sample = sample
        folder = FilePath("/tmp/ceremony-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))")
        for path in [folder, folder.appending("cards"), folder.appending("ca")] {
            try Files.makeDirectory(path, permissions: .publicDirectory)
        }
        try write("ca/cacert.pem", certificate.pem)
        try write("plan.json", sample.bytes())
        for (name, bytes) in cards {
            try write("cards/\(name).card", bytes)
        }
    }

    deinit {
        func remove(_ path: FilePath) {
            for name in (try? Files.names(in: path)) ?? [] { remove(path.appending(name)) }
            _ = unsafe path.withPlatformString { unsafe Glibc.remove($0) }
        }
        remove(folder)
    }

    var bundle: Bundle { Bundle(at: folder.appending("plan.ceremony")) }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Files.create(folder.appending(name), bytes, permissions: .publicFile)
    }

    func remove(_ name: String) throws {
        _ = unsafe folder.pushing(FilePath(name)).withPlatformString { unsafe Glibc.remove($0) }
    }

    func replace(_ name: String, by bytes: [UInt8]) throws {
        try remove(name)
        try write(name, bytes)
    }

    func sign(_ name: Name, _ file: String, _ bytes: [UInt8], _ format: DocumentFormat, as shown: Name? = nil) throws {
        let somebody = try #require(people[name])
        try write("\(file).\(shown ?? name).sig", somebody.identity.sign(bytes, namespace: format.namespace).armored)
    }

    func files() throws -> PlanFiles { try PlanFiles(at: folder.appending("plan.json"), now: now) }

    /// - Parameter until: When their keys end, as a line of the file says it.
    func anchor(_ names: [Name], for formats: [DocumentFormat] = [.manifest], until: String? = nil) throws -> Anchor {
        let lines = try names.map { name in
            let line = AllowedSigners.line(
                name: name,
                key: try #require(people[name]).identity.signingKey,
                namespaces: formats.map(\.namespace)
            )
            return until.map { line.replacing("\" ssh", with: "\",valid-before=\"\($0)\" ssh") } ?? line
        }
        let signers = try AllowedSigners(Array(lines.map { "\($0)\n" }.joined().utf8))
        return try Anchor(path: "mine.signers", signers: signers, required: nil)
    }

    /// Makes the bundle of a ceremony, and holds it, but writes nothing down yet.
    func begin() throws -> (files: PlanFiles, bundle: Bundle, held: HeldCeremony) {
        let files = try files()
        let bundle = try Bundle.make(at: bundle.path, for: files)
        return (files, bundle, try HeldCeremony(sample, opening: try bundle.openingFiles()))
    }

    /// Makes the bundle of a ceremony that was held, but for its escrow.
    func hold(closers: [Name]) throws {
        let (files, bundle, held) = try begin()
        try bundle.write(held.transcript)
        _ = try bundle.write(CeremonyEvidence(of: held.plan, held.transcript))
        try bundle.write(CeremonyReport(of: held.plan, held.digest, held.script, held.transcript, files.certificate))
        for name in closers {
            try sign(name, "plan.ceremony/transcript.jsonl", held.transcript.encoded(), Transcript.format)
        }
    }

    func results(_ anchor: Anchor? = nil, at time: Timestamp? = nil) throws -> [String: AuditOutcome] {
        let verification = try BundleVerification(of: bundle, anchor: anchor, now: time ?? now)
        return Dictionary(uniqueKeysWithValues: verification.results.map { ($0.name, $0.outcome) })
    }
}

@Suite("Bundles and who vouches for them")
struct BundleTests {
    @Test("plan and transcript signed by everybody, and believed from outside")
    func signed() throws {
        let place = try Place()
        for officer in ["olga", "omar"] as [Name] {
            try place.sign(officer, "plan.json", place.sample.bytes(), Plan.format)
        }
        let files = try place.files()
        #expect(files.signed.count == 2)
        #expect(!files.findings.contains { ["not-approved", "signature"].contains($0.code) })
        try place.hold(closers: ["oscar", "wanda"])
        let results = try place.results(try place.anchor(["olga", "omar"]))
        for name in [
            "chain", "end", "acts", "program", "people", "plan", "anchor", "signatures", "files", "certificate",
            "inventory",
            "evidence",
        ] {
            #expect(results[name] == .pass, "\(name)")
        }
        // Nothing shows that these custodians can unseal, and no escrow was copied.
        #expect(results["enrolment"] == .notChecked("not shown that they can unseal: alice, bob, carol, dave, erin"))
        #expect(results["escrow"] == .fail(["\(place.bundle.escrow): no copy of the escrow"]))
        #expect(results["terms"] == .notChecked("no copy of the escrow"))
        #expect(results["coverage"] == .notChecked("no copy of the escrow"))
        // Every kind of document once.
        let signers = try Files.read(place.bundle.signers, limit: 10_000)
        let plans = String(decoding: signers, as: UTF8.self).matches(of: /ca-escrow-plan-v1/)
        #expect(plans.count == 2)
        // The plan of a bundle can be checked where it lies.
        let kept = try PlanFiles(in: place.bundle, now: place.now)
        #expect(kept.signed.map(\.name) == ["olga", "omar"])
        #expect(Set(kept.findings.map(\.code)) == ["enrolment"])
    }

    @Test("what no line names lies in no bundle")
    func strays() throws {
        let place = try Place()
        try place.hold(closers: [])
        #expect(try place.results()["files"] == .pass)
        let names = ["X.pdf", "attestations/mallory.json", "cards/mallory.txt", "cards/plan.json.olga.sig", "more"]
        for name in names.dropLast() {
            try place.write("plan.ceremony/\(name)", [])
        }
        try Files.makeDirectory(place.bundle.path.appending("more"), permissions: .publicDirectory)
        let faults = names.map { "\(place.bundle.path)/\($0): nothing accounts for it" }
        #expect(try place.results()["files"] == .fail(faults))
    }

    @Test("a ceremony that went on in its last step names its program there, and no file of the bundle")
    func resumedAtEnd() throws {
        let place = try Place()
        let (_, bundle, held) = try place.begin()
        var transcript = Transcript(of: held.digest)
        for line in held.transcript.lines {
            if line.act == .closed {
                let program = [TranscriptLine.File(.input, ProgramUse.fileName, held.plan.tool)]
                try transcript.add(.resumed, step: line.step, by: line.actor, at: line.time, files: program)
            }
            try transcript.add(line)
        }
        try bundle.write(transcript)
        _ = try bundle.write(CeremonyEvidence(of: held.plan, transcript))
        let results = try place.results()
        #expect(results["files"] == .pass && results["acts"] == .pass)
    }

    @Test("acts that are none of a ceremony fail the verification")
    func skeleton() throws {
        let place = try Place()
        let (_, bundle, held) = try place.begin()
        var bare = Transcript(of: held.digest)
        for line in held.transcript.lines where [.opened, .done, .closed].contains(line.act) {
            try bare.add(line.act, step: line.step, by: line.actor, at: line.time)
        }
        try bundle.write(bare)
        guard case .fail(let faults) = try place.results()["acts"] else {
            Issue.record("nobody did anything")
            return
        }
        // Very many faults are not all named.
        #expect(faults.count == 13 && faults[12].hasPrefix("and "))
    }

    @Test("the record of an abandoned ceremony is held against its transcript, with what it left of the escrow")
    func abandoned() throws {
        let place = try Place()
        let (files, bundle, held) = try place.begin()
        var ended = Transcript(of: held.digest)
        for line in held.transcript.lines.prefix(while: { $0.step != "manifest-digest" }) {
            try ended.add(line)
        }
        let time = held.transcript.lines[0].time
        try ended.add(.began, step: "manifest-digest", by: "oscar", at: time)
        try ended.add(.exception(.decided(.abandon)), step: "manifest-digest", by: "mick", at: time)
        try ended.add(.abandoned, step: "manifest-digest", by: "mick", at: time)
        try bundle.write(ended)
        try bundle.write(CeremonyReport(of: held.plan, held.digest, held.script, ended, files.certificate))
        // What was dealt lies there as the transcript names it, in the step that made it.
        let epoch = bundle.escrow.appending("0001-deadbeef")
        for folder in [bundle.escrow, epoch] {
            try Files.makeDirectory(folder, permissions: .publicDirectory)
        }
        try place.write("plan.ceremony/escrow/0001-deadbeef/manifest.json", Array("a manifest".utf8))
        let results = try place.results()
        #expect(results["end"] == .notApplicable("abandoned at step manifest-digest"))
        for name in ["acts", "files", "evidence"] {
            #expect(results[name] == .pass, "\(name)")
        }
        try place.write("plan.ceremony/escrow/0001-deadbeef/other.json", Array("a manifest".utf8))
        let report = bundle.path.appending("report.json")
        _ = unsafe report.withPlatformString { unsafe Glibc.remove($0) }
        try place.write("plan.ceremony/report.json", [])
        let touched = try place.results()
        #expect(touched["files"] == .fail(["\(epoch)/other.json: nothing accounts for it"]))
        #expect(touched["evidence"] == .fail(["\(report): not what the transcript makes it"]))
    }

    @Test("an exception about one medium says nothing of another")
    func changedBags() throws {
        let sample = SamplePlan(kind: "drill", member: #""inventory": "earlier.json""#)
        let expected = ["USB-vera": "B-1", "USB-kurt": "B-2"]
        let earlier = try HeldCeremony(bags: ["in USB-vera": "B-1", "in USB-kurt": "B-2"])
        let inventory = Inventory(of: earlier.plan, earlier.transcript).encoded()
        let (medium, missing) = ("USB-vera", "USB-kurt")
        let place = try Place(sample)
        try place.write("earlier.json", inventory)
        let bundle = try Bundle.make(at: place.bundle.path, for: try place.files())
        let known = EarlierInventory.bags(in: inventory).merging(expected) { first, _ in first }
        var bags = known.map { ("out \($0)", expected[$0] == nil ? $1 : "B-9\($0)") }
        bags += known.map { ("in \($0.key)", "C-\($0.key)") }
        let held = try HeldCeremony(
            place.sample,
            bags: Dictionary(uniqueKeysWithValues: bags),
            expected: known,
            exceptions: ["open-bags"],
            expectation: .bag(expected[medium] ?? "", of: medium),
            isOfAttempt: true
        )
        try bundle.write(held.transcript)
        let bag = expected[missing] ?? ""
        #expect(
            try place.results()["inventory"]
                == .fail(["\(missing): bag 'B-9\(missing)', where '\(bag)' was expected, and no exception says why"]
                )
        )
    }

    @Test("officers whom nobody knows outside vouch for nothing")
    func strangers() throws {
        let place = try Place()
        try place.sign("olga", "plan.json", place.sample.bytes(), Plan.format)
        try place.sign("omar", "plan.json", place.sample.bytes(), Plan.format)
        try place.hold(closers: [])
        let results = try place.results(try place.anchor(["olga", "alice"]))
        #expect(results["anchor"] == .fail(["mine.signers: knows 1 of those who signed the plan: 2 needed"]))
        let nobody = "not signed by anybody who is known here: needed are oscar, wanda"
        #expect(results["signatures"] == .fail([nobody]))
        #expect(try place.results()["anchor"] == .notChecked("no --signers: nobody vouches for the plan"))
    }

    @Test("a signature for another kind of document, by another key, or of another plan does not count")
    func wrongSignatures() throws {
        for (format, signer, text) in [
            (DocumentFormat.manifest, "olga", ""), (Plan.format, "alice", ""), (Plan.format, "olga", "x"),
        ] as [(DocumentFormat, Name, String)] {
            let place = try Place()
            try place.sign(signer, "plan.json", place.sample.bytes() + Array(text.utf8), format, as: "olga")
            let files = try place.files()
            #expect(files.signed.isEmpty && files.hasErrors)
            #expect(files.findings.contains { $0.code == "signature" && $0.severity == .error })
        }
    }

    @Test("what two people share, whose card ends too early, and a program that is another are found")
    func cards() throws {
        let place = try Place()
        let other = SHA256Digest(of: Array("other".utf8))
        let files = try PlanFiles(at: place.folder.appending("plan.json"), now: place.now, program: other)
        #expect(
            files.findings.contains(
                .warning("another-program", "tool.sha256: \(SamplePlan.digest), where this program has \(other)")
            )
        )
        #expect(files.findings.filter { $0.code == "enrolment" }.count == 5)
        #expect(files.findings.contains(.warning("enrolment", "alice: has not shown that they can unseal")))
        let path = place.folder.appending("cards/vera.card")
        let bytes = try Files.read(path, limit: 10_000)
        let key = try Card(canonical: bytes).signingKey
        let kurt = try #require(place.sample.cards["kurt"])
        // A key is named by its wire form: the comment does not count.
        let digest = SHA256Digest(of: key.blob)
        let text = String(decoding: place.sample.bytes("cards/kurt.card", "cards/kurt.pub"), as: UTF8.self)
        try place.write("other.plan.json", Array(text.replacing("\(kurt)", with: "\(digest)").utf8))
        try place.write("cards/kurt.pub", Array("\(key.openSSH) kurt\n".utf8))
        let shared = try PlanFiles(at: place.folder.appending("other.plan.json"), now: place.now)
        #expect(shared.findings.contains(.error("one-key", "kurt and vera have one key")))
        #expect(!shared.findings.contains { PlanPeople.codes.contains($0.code) })
    }
}

extension EarlierInventory {
    /// The bags of an inventory that is one.
    fileprivate static func bags(in bytes: [UInt8]) -> [String: String] {
        (try? EarlierInventory(bytes, path: "earlier.json"))?.bags ?? [:]
    }
}
