// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import SystemPackage
import Testing

@testable import Ceremony
@testable import Custody

@Suite("A ceremony that is held")
struct LiveCeremonyTests {
    private func epoch(_ room: Room) throws -> EpochDocument {
        let chain = try EscrowDirectory(at: room.escrow).chain()
        return try chain.nextDrafts.last?.document ?? chain.approval(selected: nil).document
    }

    private func isSound(_ room: Room) throws -> Bool {
        let results = try room.results()
        return ["acts", "signatures", "coverage"].allSatisfy { results[$0] == .pass }
    }

    @Test("a backup: work has the time of its Enter; a signature that is there already is taken as made")
    func backup() throws {
        let room = try Room(.few)
        var entered = room.time
        room.happenings = [
            (
                "This is done now",
                {
                    room.time = room.time.adding(seconds: 3600)
                    entered = room.time
                }
            ),
            (
                "This is done now",
                {
                    let (epoch, olga) = (try epoch(room), try IdentityOnDisk(at: "\(room.folder)/olga.identity"))
                    let (_, signature) = try olga.sign(epoch.bytes, .manifest, attended: room)
                    let path = FiledSignature.path(of: epoch.manifestPath, by: "olga")
                    try Files.create(path, signature.armored, permissions: .publicFile)
                    throw Absence("the power is cut")
                }
            ),
        ]
        #expect(throws: CeremonyError.interrupted(step: 13, title: "olga signs the manifest")) { try room.hold() }
        #expect(try epoch(room).manifest.created > entered)
        try room.hold()
        #expect(room.said.count { $0.hasPrefix("ca-escrow sign") } == 2)
        let lines = try room.transcript().lines
        let signed = try #require(lines.last { $0.step == "sign-olga" && $0.act.word == .noted })
        #expect(String(decoding: signed.bytes, as: UTF8.self).contains("done before the interruption"))
        #expect(signed.files.map(\.direction) == [.output])
        #expect(try isSound(room))
    }

    @Test("what an act has made is looked for: that it ended well shows nothing")
    func nothingMade() throws {
        let room = try Room(.few)
        let outcome = try room.ceremony().once("receipt of bob", isMade: { false }) {
            LiveCeremony.Doing(["drill"]) { _ in }
        }
        #expect(outcome.fault == "no receipt of bob was made")
    }

    @Test("nobody's identity is another's, wherever the plan has it")
    func others() throws {
        let room = try Room(.few)
        let others = try Files.read(room.folder.appending("bob.identity"), limit: 10_000)
        try room.move("alice.identity", to: "alice.medium")
        try Files.create(room.folder.appending("alice.identity"), others, permissions: [.ownerReadWrite])
        room.answers = Array(repeating: ("alice Martin: put", "\(room.folder)/alice.medium"), count: 3)
        try room.hold()
        let fault = "\(room.folder)/alice.identity: not the identity of alice"
        #expect(room.reported == Array(repeating: fault, count: 3))
        #expect(try isSound(room))
    }
}
