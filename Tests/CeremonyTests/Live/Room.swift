// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow
import Files
import Glibc
import KeyStores
import SecretMemory
import SystemPackage

@testable import Audit
@testable import Ceremony
@testable import Custody
@testable import Encoding

/// People in a room who hold a ceremony: all is real but the terminal, at which a script answers.
///
/// The plan is a rehearsal's, so that a backup makes the CA; a drill is of the escrow that a backup has left.
final class Room {
    let folder: FilePath
    private(set) var sample: SamplePlan
    /// The machine's clock: a second goes by whenever somebody looks at it.
    var time = Timestamp(secondsSinceEpoch: 1_803_891_600)
    /// What is answered otherwise than as everybody would, each once, to the first question that has its words.
    var answers: [(words: String, reply: String)] = []
    /// What happens before the first question that has these words is answered.
    var happenings: [(words: String, what: () throws -> Void)] = []
    /// Every question, in order.
    private(set) var questions: [String] = []
    /// How many keys were pressed for all answers, Enter among them.
    private(set) var keystrokes = 0
    /// What was said, in order.
    private(set) var said: [String] = []
    private(set) var reported: [String] = []
    /// What is decided about an exception, by the title of its step; elsewhere the ceremony goes on.
    var decisions: [String: String] = [:]
    /// What stands on a medium, by its label, where that is not `S-LABEL`.
    var serials: [String: String] = [:]
    /// Numbers that bags have, in order; after them bags are numbered.
    var bagNumbers: [String] = []
    private(set) var alarms = 0
    private var title = ""
    private var shown: SHA256Digest?
    private var bags = 0

    init(_ sample: SamplePlan = SamplePlan()) throws {
        self.sample = sample
        folder = FilePath("/tmp/room-test-\(getpid())-\(UInt64.random(in: 0...UInt64.max))")
        for path in [folder, folder.appending("cards"), folder.appending("ca")] {
            try Files.makeDirectory(path, permissions: .publicDirectory)
        }
        for person in try sample.plan().people {
            let act = CreateIdentity(person.name, try CardDetails(), in: folder, isWithoutPassphrase: true)
            self.sample.cards[person.name.description] = try act.run(attended: self).card.digest
        }
        let certificate = try SampleCertificate.make()
        self.sample.certificate = SHA256Digest(of: certificate.der)
        try Files.create(folder.appending("ca/cacert.pem"), certificate.pem, permissions: .publicFile)
        try writePlan(self.sample, "plan.json")
    }

    deinit {
        func remove(_ path: FilePath) {
            for name in (try? Files.names(in: path)) ?? [] { remove(path.appending(name)) }
            _ = unsafe path.withPlatformString { unsafe Glibc.remove($0) }
        }
        remove(folder)
    }

    /// A plan with paths that hold wherever the tests run, signed by its officers.
    private func writePlan(_ sample: SamplePlan, _ file: String) throws {
        let store = sample.kind == "restore" ? "\"store\": \"openssl-ca:\(folder)/restored\"," : ""
        var text = sample.json.replacing("\"store\": \"openssl-ca:ca\",", with: store)
            .replacing("\"acme.escrow\"", with: "\"\(folder)/acme.escrow\"")
            .replacing("\"ca/cacert.pem\"", with: "\"\(folder)/ca/cacert.pem\"")
            .replacing("\"title\"", with: "\"rehearsal\": true,\n\"title\"")
        for name in sample.cards.keys {
            text = text.replacing(
                "\"cards/\(name).card\"",
                with: "\"\(folder)/\(name).card\", \"identity\": \"\(folder)/\(name).identity\""
            )
        }
        text = text.replacing(
            "\"tool\": {\n\"sha256\": \"\(SamplePlan.digest)\"",
            with: "\"tool\": {\n\"sha256\": \"\(Self.program)\""
        )
        let bytes = Array(text.utf8)
        try Files.create(folder.appending(file), bytes, permissions: .publicFile)
        for officer in ["olga", "omar"] as [Name] {
            let identity = try IdentityOnDisk(at: "\(folder)/\(officer).identity")
            let (_, signature) = try identity.sign(bytes, Plan.format, attended: self)
            try Files.create(folder.appending("\(file).\(officer).sig"), signature.armored, permissions: .publicFile)
        }
    }

    /// The program that the tests are.
    private static let program = SelfCheck.programDigest() ?? SamplePlan.digest

    var bundle: Bundle { Bundle(at: folder.appending("plan.ceremony")) }
    var escrow: FilePath { folder.appending("acme.escrow") }

    /// Holds the ceremony to its end, or goes on with it.
    func hold() throws { try ceremony().run() }

    /// Where the plan's ceremony is held now.
    func placed() throws -> FilePath {
        let plan = folder.appending("plan.json")
        return try Bundle(of: try PlanFiles(at: plan, now: time), beside: plan).path
    }

    /// The ceremony, from where it is.
    func ceremony(in place: FilePath? = nil) throws -> LiveCeremony {
        let files = try PlanFiles(at: folder.appending("plan.json"), now: time)
        let bundle = try Bundle.make(at: place ?? bundle.path, for: files)
        return try LiveCeremony(
            files,
            bundle: bundle,
            on: self,
            version: "1",
            environment: StoreEnvironment(),
            now: { [self] in
                time = time.adding(seconds: 1)
                return time
            }
        )
    }

    /// A drill or a restore of the escrow that the backup has left, by the same people.
    ///
    /// - Parameter member: A member more of its plan.
    func holdNext(_ kind: String = "drill", after member: String = "") throws {
        let newest = try EscrowDirectory(at: escrow).chain().approval(selected: nil).document
        var next = sample
        next.kind = kind
        next.member = member
        next.certificate = SHA256Digest(of: newest.manifest.certificate.der)
        for file in ["plan.json", "plan.json.olga.sig", "plan.json.omar.sig", "ca/cacert.pem", "plan.ceremony"] {
            try move(file, to: "\(file).before")
        }
        try Files.create(
            folder.appending("ca/cacert.pem"),
            newest.manifest.certificate.pem,
            permissions: .publicFile
        )
        // The PKCS#12 file comes from its medium.
        let medium = try sample.plan().media[0].label
        for name in try Files.names(in: folder.appending(medium)) where name.hasSuffix(".p12") {
            try move("\(medium)/\(name)", to: name)
        }
        try writePlan(next, "plan.json")
    }

    /// Renames a file of the folder.
    func move(_ file: String, to other: String) throws {
        let (from, to) = (folder.pushing(FilePath(file)).string, folder.pushing(FilePath(other)).string)
        guard unsafe rename(from, to) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    /// The transcript as it lies in the bundle.
    func transcript() throws -> Transcript {
        let plan = SHA256Digest(of: try Files.read(folder.appending("plan.json"), limit: Plan.byteLimit))
        return try Transcript(reading: try Files.read(bundle.transcript, limit: Transcript.byteLimit), of: plan)
    }

    /// What the bundle is worth to somebody who knows the officers.
    func results(of place: FilePath? = nil) throws -> [String: AuditOutcome] {
        let lines = try ["olga", "omar"].map { name in
            let identity = try IdentityOnDisk(at: "\(folder)/\(name).identity")
            let formats = [DocumentFormat.manifest, Plan.format]
            return AllowedSigners.line(
                name: identity.name,
                key: identity.file.signingKey,
                namespaces: formats.map(\.namespace)
            )
        }
        let signers = try AllowedSigners(Array(lines.map { "\($0)\n" }.joined().utf8))
        let anchor = try Anchor(path: "mine.signers", signers: signers, required: nil)
        let held = place.map { Bundle(at: $0) } ?? bundle
        let verification = try BundleVerification(of: held, anchor: anchor, now: time)
        return Dictionary(uniqueKeysWithValues: verification.results.map { ($0.name, $0.outcome) })
    }
}

extension Room: CeremonyScreen {
    func show(_ step: Step, of script: CeremonyScript, _ plan: Plan, _ digest: SHA256Digest) { title = step.title }
    func clear() {}
    func alarm() { alarms += 1 }
    func show(_ digest: SHA256Digest, of subject: String) { shown = digest }
    func show(command words: [String]) { said.append(words.joined(separator: " ")) }
    func say(_ text: String, first: String, rest: String) { said.append(first + text) }
    func report(_ error: any Error) { reported.append("\(error)") }

    func line(_ prompt: String) throws(Absence) -> String? {
        questions.append(prompt)
        let reply = try reply(to: prompt)
        keystrokes += (reply?.count ?? 0) + 1
        return reply
    }

    private func reply(to prompt: String) throws(Absence) -> String? {
        if let index = happenings.firstIndex(where: { prompt.contains($0.words) }) {
            let what = happenings.remove(at: index).what
            do {
                try what()
            } catch {
                throw Absence("\(error)")
            }
        }
        if let index = answers.firstIndex(where: { prompt.contains($0.words) }) {
            return answers.remove(at: index).reply
        }
        if let reply = usual(prompt) {
            return reply
        }
        guard prompt.contains("Enter") else {
            throw Absence("nobody knows an answer to: \(prompt)")
        }
        return nil
    }

    /// What everybody would answer.
    private func usual(_ prompt: String) -> String? {
        if prompt.contains("Initials of ") {
            let names = prompt.matches(of: /(?:Initials|and) of ([^,]+),/).map { String($0.output.1) }
            return names.map(Self.initials(of:)).joined(separator: " ")
        }
        if prompt.contains("Pack number") || prompt.contains("Bag number") {
            bags += 1
            return bagNumbers.isEmpty ? "B-\(bags)" : bagNumbers.removeFirst()
        }
        if let labels = prompt.firstMatch(of: /Serial number of (.*?)(?:, in this order| \()/)?.output.1 {
            return labels.split(separator: ", ").map { serials["\($0)"] ?? "S-\($0)" }.joined(separator: ", ")
        }
        if let label = prompt.firstMatch(of: /Take (\S+) out, put it in again/)?.output.1 {
            return (try? writeMedium("\(label)"))?.string
        }
        if prompt.contains("removed here") {
            for name in (try? Files.names(in: folder)) ?? [] where name.hasSuffix(".p12") {
                _ = unsafe folder.appending(name).withPlatformString { unsafe Glibc.remove($0) }
            }
            return nil
        }
        let decision = decisions[title] ?? "go on"
        let usual: [(String, String?)] = [
            ("of 8, read from the other copy", shown?.description), ("image that was started", "-"),
            ("How many were printed", "0"), ("hours and minutes", String("\(time)".dropFirst(11).prefix(5))),
            ("is not here: yes or no", "yes"), ("for good: yes or no", "yes"),
            ("is no alternate of the plan", "yes"),
            ("What was expected", "quiet"), ("What happened", "a fire alarm"), ("What is decided", "noted"),
            ("'go on'", decision), ("'again' or", decision == "go on" ? "abandon" : decision), ("GO or NO-GO", "GO"),
        ]
        return usual.first { prompt.contains($0.0) }?.1
    }

    /// A medium with all that belongs on any.
    private func writeMedium(_ label: String) throws -> FilePath {
        let medium = folder.appending(label)
        try Files.makeDirectory(medium, permissions: .publicDirectory)
        let chain = try EscrowDirectory(at: escrow).chain()
        let epoch = try chain.nextDrafts.last?.document ?? chain.approval(selected: nil).document
        for name in try Files.names(in: folder) where name.hasSuffix(".p12") {
            try put(try Files.read(folder.appending(name), limit: ByteLimit.pkcs12), medium.appending(name))
        }
        try put(epoch.bytes, medium.appending("manifest.json"))
        return medium
    }

    private func put(_ bytes: [UInt8], _ path: FilePath) throws {
        if try Files.kind(of: path) == nil {
            try Files.create(path, bytes, permissions: .publicFile)
        }
    }

    /// Of `alice Martin, custodian`: AM.
    static func initials(of name: String) -> String {
        name.split(separator: ",")[0].split(separator: " ").map { $0.prefix(1).uppercased() }.joined()
    }

    func attend<Result>(_ act: (any Attendance) throws -> Result) throws -> Result { try act(self) }
}

extension Room: Attendance {
    var isAnybodyThere: Bool { true }

    func identity(_ count: Int, moreOf candidates: [Name]) throws(Absence) -> FilePath? {
        nil
    }

    func passphrase(_ wanted: WantedPassphrase) throws(Absence) -> SecretBytes? {
        guard case .restoredKey = wanted else {
            return nil
        }
        let bytes = Array("of the restored key".utf8)
        return SecretBytes(copying: bytes.span)
    }

    func text(_ wanted: WantedText) throws(Absence) -> String? {
        questions.append("\(wanted)")
        guard case .manifestDigest = wanted else {
            return nil
        }
        return (try? EscrowDirectory(at: escrow).chain().approval(selected: nil).document.digest)?.description
    }

    func agrees(to decision: Decision) throws(Absence) -> Bool {
        questions.append("\(decision)")
        return true
    }
    func tell(_ notice: Notice) {}
}
