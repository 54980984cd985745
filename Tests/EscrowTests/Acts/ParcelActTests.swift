// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// Parcels on their way out and in.
@Suite("Parcels")
struct ParcelActTests {
    private let world: World

    init() throws { world = try World() }

    private var parcel: FilePath { world.folder("out.parcel") }

    private func pack(_ escrows: [FilePath]? = nil, request: String? = nil) throws -> Pack.Packed {
        try Pack(escrows ?? [world.escrow], only: request, nil, to: parcel, now: World.now).run(attended: Script())
    }

    private func collect(_ files: [FilePath], into world: World) throws -> [Collect.Outcome] {
        var outcomes: [Collect.Outcome] = []
        try Collect(files, into: world.escrow).run(attended: Script()) { outcomes.append($0) }
        return outcomes
    }

    @Test("the public files of an escrow are packed, for those who have a share")
    func packed() throws {
        let packed = try pack()
        let sent = try Parcel(at: parcel)
        #expect(packed.fileCount == sent.files.count)
        let (path, name) = (ShellWord.path(parcel.string), ShellWord.path(parcel.lastComponent?.string ?? ""))
        let next = "send \(path) to alice, bob, carol; they run: ca-escrow answer \(name) -i NAME.identity"
        #expect(packed.nextSteps == [next])
        #expect(sent.about.hasPrefix("the public files, of "))
        // The same is there already; another one, or anything else, is not overwritten.
        #expect(!packed.isThere)
        #expect(try pack().isThere)
        try world.folder.write("x.parcel", "mine")
        let other = Pack([world.escrow], only: nil, nil, to: world.folder("x.parcel"), now: World.now)
        #expect(throws: EscrowError.file(.exists(path: world.folder("x.parcel").string))) {
            _ = try other.run(attended: Script())
        }
    }

    @Test("nothing is packed twice under one name, nor of a request that is not there")
    func refused() throws {
        let name = try world.directory().name
        let second = EscrowError.parcel(path: world.escrow.string, .secondOfTheName(name))
        #expect(throws: second) { _ = try pack([world.escrow, world.escrow]) }
        #expect(throws: EscrowError.self) { _ = try pack(request: "12345678") }
        let odd = world.folder("an escrow")
        try world.folder.copy(world.escrow, to: odd)
        #expect(throws: EscrowError.parcel(path: odd.string, .unusualName)) { _ = try pack([odd]) }
        #expect(try Files.kind(of: parcel) == nil)
    }

    @Test("what is new is filed, and the rest is here already; one bad file keeps no good one out")
    func collected() throws {
        _ = try pack()
        let copy = try world.copy()
        let signature = "manifest.json.olga.sig"
        try copy.folder.remove(copy.epoch.appending(signature))
        let absent = world.folder("absent.parcel")
        let outcomes = try collect([absent, parcel], into: copy)
        #expect(outcomes.map(\.file) == [parcel, absent])
        guard case .success(.signature(let officer, _))? = outcomes[0].result,
            case .failure(.escrow(.file))? = outcomes[1].result
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(officer.name == "olga")
        #expect(outcomes[0].part?.hasSuffix(signature) == true)
        let again = try collect([parcel], into: copy)
        #expect(again.map(\.file) == [parcel] && again[0].result == nil)
    }

    @Test("what is read aloud is a digest, an escrow's manifest or a file; or it is nothing")
    func readAloud() throws {
        let document = try world.document()
        guard case .epoch(let approval)? = try ReadAloud(world.escrow.string),
            case .digest(let typed)? = try ReadAloud("\(document.digest)"),
            case .file(let count, let digest)? = try ReadAloud(document.manifestPath.string)
        else {
            Issue.record("something else is read aloud")
            return
        }
        #expect(approval.document.digest == document.digest)
        #expect(typed == document.digest)
        #expect(digest == document.digest)
        #expect(count == document.bytes.count)
        #expect(try ReadAloud("ba7816bf8f01cfea") == nil)
        #expect(throws: EscrowError.file(.system(path: "2026", .noSuchFileOrDirectory))) { _ = try ReadAloud("2026") }
    }
}
