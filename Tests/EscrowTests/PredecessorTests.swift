// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import Foundation
import SystemPackage
import Testing

@testable import Escrow

/// An epoch that is asked for by its number, when the one before it is missing or another.
@Suite("The epoch before")
struct PredecessorTests {
    @Test("without its predecessor an epoch is read, and not in force")
    func missing() throws {
        let approval = try approval { _ in }
        #expect(approval.isSignedByItsOfficers)
        #expect(!approval.isLetToFollow)
        #expect(!approval.isApproved)
    }

    @Test("a forged predecessor lets nothing follow")
    func forged() throws {
        let approval = try approval { escrow in
            let text = String(decoding: try ExampleEscrow.epoch(0).document.bytes, as: UTF8.self)
            let bytes = Array(text.replacing("\"rehearsal\": true", with: "\"rehearsal\": false").utf8)
            let epoch = escrow.appending(EpochDirectory.name(of: 1, SHA256Digest(of: bytes)))
            try Files.makeDirectory(epoch, permissions: .publicDirectory)
            try Files.create(epoch.appending("manifest.json"), bytes, permissions: .publicFile)
        }
        #expect(approval.isSignedByItsOfficers)
        #expect(!approval.isApproved)
    }

    @Test("with its predecessor it is in force")
    func present() throws {
        let approval = try ExampleEscrow.directory().approval(of: 2)
        #expect(approval.isApproved)
    }

    /// Epoch 2 of the example, asked for by its number in an escrow where it lies with something else.
    private func approval(beside prepare: (FilePath) throws -> Void) throws -> EpochApproval {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending("escrow-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        let epoch = try ExampleEscrow.epoch(1).document.path
        let name = try #require(epoch.lastComponent)
        try FileManager.default.copyItem(atPath: epoch.string, toPath: folder.appending(name).string)
        try prepare(folder)
        return try EscrowDirectory(at: folder).approval(of: 2)
    }
}
