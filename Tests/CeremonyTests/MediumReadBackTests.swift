// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import Foundation
import SystemPackage
import Testing

@testable import Ceremony
@testable import Custody
@testable import Encoding

@Suite("Media that are read back")
struct MediumReadBackTests {
    private let wanted = SHA256Digest(of: Array("a manifest".utf8))

    private func inFolder(_ body: (FilePath) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "read-back-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: url) }
        try body(FilePath(url.path()))
    }

    private func medium(_ name: String, in folder: FilePath, holding text: String = "a manifest") throws -> FilePath {
        let path = folder.appending(name)
        try Files.makeDirectory(path, permissions: .publicDirectory)
        try Files.create(path.appending("manifest.json"), Array(text.utf8), permissions: .publicFile)
        return path
    }

    @Test("where it was written from, what is no folder, and a medium that was read back are asked for again")
    func another() throws {
        try inFolder { folder in
            let escrow = try medium("acme.escrow", in: folder)
            var back = MediumReadBack(of: escrow)
            let lies = "what was dealt lies there: the medium's directory is wanted"
            for (place, words) in [
                (folder, lies), (escrow, lies), (escrow.appending("."), lies),
                (folder.appending("none"), "no directory is there"),
                (escrow.appending("manifest.json"), "no directory is there"),
            ] {
                let found = back.find(wanted, in: place, of: "USB-1", isRehearsal: true)
                #expect(found == .another("\(place): \(words)"))
            }
            let stick = try medium("stick", in: folder)
            #expect(back.find(wanted, in: stick, of: "USB-1", isRehearsal: true) == .found)
            #expect(back.find(wanted, in: stick, of: "USB-1", isRehearsal: true) == .found)
            #expect(
                back.find(wanted, in: stick, of: "USB-2", isRehearsal: true)
                    == .another("\(stick): that is USB-1, which was read back before")
            )
            let second = try medium("second", in: folder)
            #expect(back.find(wanted, in: second, of: "USB-2", isRehearsal: true) == .found)
        }
    }

    @Test("another file, and this machine's own disk outside of a rehearsal, are decided about")
    func faults() throws {
        try inFolder { folder in
            var back = MediumReadBack(of: try medium("acme.escrow", in: folder))
            let other = try medium("other", in: folder, holding: "another one")
            #expect(
                back.find(wanted, in: other, of: "USB-1", isRehearsal: true)
                    == .fault("no file with SHA-256 \(wanted) is on it")
            )
            let disk = try medium("disk", in: folder)
            #expect(
                back.find(wanted, in: disk, of: "USB-1", isRehearsal: false)
                    == .fault("\(disk) is on this machine's disk, as the escrow is, and not on a medium")
            )
        }
    }
}
