// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import SecretMemory
import SystemPackage
import Testing

@testable import Ceremony
@testable import Custody
@testable import Encoding

/// Whoever agrees to everything, and keeps what was shown before.
private final class Reader: Attendance {
    var shown: [String] = []
    var shownBefore: [String]?
    let isAnybodyThere = true

    func identity(_ count: Int, moreOf candidates: [Name]) throws(Absence) -> FilePath? { nil }
    func passphrase(_ wanted: WantedPassphrase) throws(Absence) -> SecretBytes? { nil }
    func text(_ wanted: WantedText) throws(Absence) -> String? { nil }
    func agrees(to decision: Decision) throws(Absence) -> Bool {
        shownBefore = shown
        return true
    }

    func tell(_ notice: Notice) {
        if case .shown(let lines)? = notice.event {
            shown += lines.map(\.text)
        }
    }
}

@Suite("An officer signs a plan")
struct SignPlanTests {
    private func olga(in place: Place) throws -> IdentityOnDisk {
        let somebody = try #require(place.people["olga"])
        try place.write("olga.identity", somebody.identity.sealed(passphrase: nil, cost: .minimum).encoded())
        return try IdentityOnDisk(at: place.folder.appending("olga.identity").string)
    }

    @Test("it is shown with its digest before the yes")
    func shown() throws {
        let place = try Place()
        let files = try place.files()
        let reader = Reader()
        let signed = try SignPlan(files, by: olga(in: place)).run(attended: reader)
        #expect(reader.shownBefore?.first == files.path.string)
        #expect(reader.shownBefore?.contains("  plan      \(files.digest)") == true)
        #expect(try Files.kind(of: signed.file) != nil && signed.shortfall?.missing == ["omar"])
    }

    @Test("signed again, it is the same signature, and nobody is asked")
    func twice() throws {
        let place = try Place()
        let olga = try olga(in: place)
        let first = try SignPlan(try place.files(), by: olga).run(attended: Reader())
        let bytes = try Files.read(first.file, limit: ByteLimit.signature)
        let reader = Reader()
        let second = try SignPlan(try place.files(), by: olga).run(attended: reader)
        #expect(second.file == first.file && second.shortfall?.missing == ["omar"] && reader.shownBefore == nil)
        #expect(try Files.read(second.file, limit: ByteLimit.signature) == bytes)
    }

    @Test("one with errors is signed by nobody")
    func errors() throws {
        let place = try Place()
        // A file that is called a signature of omar's, and is alice's.
        try place.sign("alice", "plan.json", place.sample.bytes(), Plan.format, as: "omar")
        let files = try place.files()
        #expect(throws: CeremonyError.planHasErrors(path: files.path.string)) {
            _ = try SignPlan(files, by: olga(in: place))
        }
    }
}
