// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// Time stamps of officers' signatures: what they show once a key has ended, and where they lie.
@Suite("Time stamps of signatures") struct SignatureStampTests {
    let world: World
    let authority: TimeStampAuthority

    init() throws {
        // Before any stamp that this machine's clock can make, so that keys can end before and after it.
        world = try World(created: "2020-01-01T00:00:00Z")
        authority = try TimeStampAuthority()
    }

    /// What the officers' keys make of the manifest when they have ended.
    private func outcome(
        until end: Timestamp,
        now: Timestamp = "2100-01-01T00:00:00Z",
        trusting authorities: [UInt8]?
    ) throws -> AnchorOutcome {
        let anchor = try world.anchor(until: end, trusting: authorities)
        return anchor.outcome(of: try world.directory().approval(of: 1), at: "acme.escrow", now: now)
    }

    /// That neither key counts, for these reasons.
    private func notChecked(_ olga: String, _ omar: String, until end: Timestamp) -> AnchorOutcome {
        .notChecked(
            .trust(
                .keysEnded(
                    path: "acme.escrow",
                    signers: "signers",
                    [
                        EndedSignature(officer: world.cast["olga"].officer, end: end, reason: olga),
                        EndedSignature(officer: world.cast["omar"].officer, end: end, reason: omar),
                    ],
                    found: 0,
                    needed: 2
                )
            )
        )
    }

    @Test("a stamp that is older than a key's end lets its signature count, of a believed authority only")
    func older() throws {
        let end: Timestamp = "2099-01-01T00:00:00Z"
        let (none, unasked) = ("no time stamp is here", "no --tsa: nobody vouches for the time stamp")
        #expect(try outcome(until: end, trusting: authority.certificate) == notChecked(none, none, until: end))
        try world.stamp("olga", by: authority)
        #expect(try outcome(until: end, trusting: nil) == notChecked(unasked, none, until: end))
        try world.stamp("omar", by: authority)
        #expect(try outcome(until: end, trusting: nil) == notChecked(unasked, unasked, until: end))
        let officers = [world.cast["olga"].officer, world.cast["omar"].officer]
        #expect(try outcome(until: end, trusting: authority.certificate) == .anchored(by: officers))
        let unbelieved = try outcome(until: end, trusting: TimeStampAuthority().certificate)
        guard case .notChecked(.trust(.keysEnded(_, _, let ended, found: 0, needed: 2))) = unbelieved else {
            Issue.record("another authority is not believed")
            return
        }
        let words = ".sig.tsr: not by an authority that is believed: certificate verify error"
        #expect(ended.allSatisfy { $0.reason.hasSuffix(words) })
    }

    @Test("a stamp that is not older than the key's end shows nothing")
    func younger() throws {
        try world.stamp("olga", by: authority)
        let end: Timestamp = "2021-01-01T00:00:00Z"
        let place = SignatureStamp.path(of: world.signature(of: "olga"))
        let signature = try world.folder.read(world.signature(of: "olga"))
        let stamp = try TimeStamp(unverified: world.folder.read(place), over: signature)
        let time = Timestamp(secondsSinceEpoch: stamp.time)
        #expect(
            try outcome(until: end, trusting: authority.certificate)
                == notChecked("the time stamp is of \(time)", "no time stamp is here", until: end)
        )
        // The very second of the end is not older.
        #expect(
            try outcome(until: time, trusting: authority.certificate)
                == notChecked("the time stamp is of \(time)", "no time stamp is here", until: time)
        )
    }

    @Test("the stamp of another signature is none, nor one of a signature that does not hold")
    func others() throws {
        let end: Timestamp = "2099-01-01T00:00:00Z"
        try world.stamp("omar", by: authority)
        let (olga, omar) = (world.signature(of: "olga"), world.signature(of: "omar"))
        let place = SignatureStamp.path(of: olga)
        try world.folder.copy(SignatureStamp.path(of: omar), to: place)
        let other = EscrowError.stamp(
            path: place.string,
            .otherBytes(digest: SHA256Digest(of: try world.folder.read(omar)).description)
        )
        let half = try outcome(until: end, trusting: authority.certificate)
        guard case .notChecked(.trust(.keysEnded(_, _, let ended, found: 1, needed: 2))) = half else {
            Issue.record("omar's counts, olga's does not")
            return
        }
        #expect(ended.map(\.reason) == [other.description])
        let input = try world.auditInput()
        #expect(try Audit(of: world.escrow, with: input).findings(.layout) == [other.description])
    }

    @Test("a stamp has its place in an escrow, beside its signature, and nothing else hides under its name")
    func layout() throws {
        try world.stamp("olga", by: authority)
        #expect(try world.audit().failed.isEmpty)
        let stray = world.epoch.appending("manifest.json.otto.sig.tsr")
        try world.folder.copy(SignatureStamp.path(of: world.signature(of: "olga")), to: stray)
        let name = world.epoch.lastComponent?.string ?? ""
        #expect(
            try world.audit().findings(.layout)
                == ["\(name)/manifest.json.otto.sig.tsr: a time stamp of no signature here"]
        )
        try world.folder.remove(stray)
        let place = SignatureStamp.path(of: world.signature(of: "omar"))
        try world.folder.copy(world.pkcs12, to: place)
        #expect(
            try world.audit().findings(.layout) == [EscrowError.stamp(path: place.string, .notAResponse).description]
        )
        // Nor does it leave in a parcel.
        var left: [String] = []
        let packed = try world.directory().packed { left.append($0) }
        #expect(left == [EscrowError.stamp(path: place.string, .notAResponse).description])
        #expect(packed.map(\.path).filter { $0.hasSuffix(".tsr") } == ["\(name)/manifest.json.olga.sig.tsr"])
    }

    @Test("an answer is filed beside the signature that it is over, once, and nowhere else")
    func filing() throws {
        let directory = try world.directory()
        #expect(try directory.stampableSignatures().map(\.officer.name) == ["olga", "omar"])
        let answer = world.folder("answer.tsr")
        try world.folder.write(authority.stamp(world.folder.read(world.signature(of: "omar"))), to: answer)
        let stranger = try TimeStampAuthority()
        #expect(
            throws: EscrowError.self,
            performing: {
                _ = try directory.file(stamp: answer, trusting: stranger.certificate, now: "2099-01-01T00:00:00Z")
            }
        )
        let now: Timestamp = "2099-01-01T00:00:00Z"
        let first = try #require(try directory.file(stamp: answer, trusting: authority.certificate, now: now))
        #expect(first.place == SignatureStamp.path(of: world.signature(of: "omar")) && first.isNew)
        #expect(try directory.file(stamp: answer, trusting: nil, now: now)?.isNew == false)
        #expect(try directory.stampableSignatures().map(\.isStamped) == [false, true])
        // Nothing is overwritten; and what is of nothing here goes nowhere.
        try world.folder.write(authority.stamp(world.folder.read(world.signature(of: "omar"))), to: answer)
        #expect(throws: EscrowError.file(.exists(path: first.place.string))) {
            _ = try directory.file(stamp: answer, trusting: nil, now: now)
        }
        try world.folder.write(authority.stamp([1, 2, 3]), to: answer)
        #expect(try directory.file(stamp: answer, trusting: nil, now: now) == nil)
        try world.folder.write("answer.tsr", "no answer")
        #expect(throws: EscrowError.directory(.anotherFile(path: answer.string, found: .text, wanted: .timeStamp))) {
            _ = try directory.file(stamp: answer, trusting: nil, now: now)
        }
    }

    @Test("stamps travel in parcels, and are collected once their signature is here")
    func parcels() throws {
        let copy = try TemporaryFolder()
        try copy.copy(world.escrow, to: copy("acme.escrow"))
        try world.stamp("olga", by: authority)
        let parcel = Parcel(about: "all", files: try world.directory().packed())
        #expect(try Parcel(canonical: parcel.encoded()).files == parcel.files)
        // The signature comes along, and is filed first.
        let signature = copy("acme.escrow").appending(world.epoch.lastComponent!).appending("manifest.json.olga.sig")
        try copy.remove(signature)
        let directory = try EscrowDirectory(at: copy("acme.escrow"))
        var failures: [CollectError] = []
        try copy.write(parcel.encoded(), to: copy("all.parcel"))
        try Collect([copy("all.parcel")], into: copy("acme.escrow")).run(attended: Script()) { outcome in
            if case .failure(let error)? = outcome.result {
                failures.append(error)
            }
        }
        #expect(failures.isEmpty)
        let place = SignatureStamp.path(of: signature)
        #expect(try copy.read(place) == world.folder.read(SignatureStamp.path(of: world.signature(of: "olga"))))
        // By itself it is filed as well; of nothing here it is left out.
        try copy.move(place, to: copy("loose.tsr"))
        guard case .document(kind: "time stamp", place) = try directory.collect(copy("loose.tsr")) else {
            Issue.record("filed")
            return
        }
        try copy.write("loose.tsr", try authority.stamp([1]))
        #expect(throws: CollectError.stampOfNothing(path: copy("loose.tsr").string)) {
            _ = try directory.collect(copy("loose.tsr"))
        }
    }
}
