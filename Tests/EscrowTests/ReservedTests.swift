// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// What a later edition of the format has, and this one passes over: docs/format.md, sections 3.5 and 4.9.
@Suite("What is reserved")
struct ReservedTests {
    private static let directories = ["rotations", "reshares", "acceptances"]

    @Test("a reserved directory with something in it is not judged", arguments: directories)
    func directory(name: String) throws {
        let world = try World()
        let path = world.epoch.appending(name)
        try world.folder.write([0x7b], to: path.appending("alice-1.json"))
        let audit = try world.audit()
        let reason = "\(path): of a later edition, which this version does not know"
        #expect(audit.failed.isEmpty)
        #expect(audit.outcomes.first { $0.check == .layout }?.outcome == .notChecked(reason))
    }

    @Test("an empty one, or one with what a desktop left, is passed over", arguments: directories)
    func empty(name: String) throws {
        let world = try World()
        let path = world.epoch.appending(name)
        try Files.makeDirectory(path, permissions: .publicDirectory)
        #expect(try world.audit().outcomes.first { $0.check == .layout }?.outcome == .pass)
        try world.folder.write([], to: path.appending(".DS_Store"))
        #expect(try world.audit().outcomes.first { $0.check == .layout }?.outcome == .pass)
    }

    @Test("a file of such a name, and an empty directory of any other, are findings")
    func otherwise() throws {
        let world = try World()
        try world.folder.write([], to: world.epoch.appending("rotations"))
        try Files.makeDirectory(world.epoch.appending("reshare"), permissions: .publicDirectory)
        let directory = try #require(world.epoch.lastComponent)
        #expect(
            try world.audit().findings(.layout) == [
                "\(directory)/reshare: belongs to no epoch", "\(directory)/rotations: not a directory",
            ]
        )
    }

    @Test("an endorsement, and the signature of the CA's key on it, leave the records not checked")
    func endorsement() throws {
        let world = try World()
        let name = "20261130T000000Z-endorsement-00000000000000000000000000000000.json"
        let records = world.epoch.appending("records")
        try world.folder.write([0x7b], to: records.appending(name))
        try world.folder.write([0x30], to: records.appending(name + ".casig"))
        let audit = try world.audit()
        #expect(audit.failed.isEmpty)
        let place = records.components.suffix(2).map(\.string).joined(separator: "/")
        let reason = "\(place)/\(name): of a kind that this version does not know"
        #expect(audit.outcomes.first { $0.check == .records }?.outcome == .notChecked(reason))
        try world.folder.remove(records.appending(name))
        let path = records.appending(name + ".casig")
        #expect(try world.audit().findings(.layout) == ["\(path): a signature of no document here"])
    }
}
