// SPDX-License-Identifier: Apache-2.0

import Files
import Pages
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// Printing envelopes, each way it can end.
@Suite("Printing envelopes")
struct EnvelopeActTests {
    private let world: World

    init() throws { world = try World() }

    private func print(
        _ epoch: EpochSelector? = nil,
        only names: [Name] = [],
        to out: FilePath,
        searching path: String = "/usr/bin:/bin",
        _ script: Script = Script()
    ) throws -> PrintEnvelopes.Printed {
        let act = PrintEnvelopes(of: world.escrow, epoch, only: names, on: .a4, by: "a test", to: out)
        return try act.run(searching: path, attended: script)
    }

    @Test("a sheet for each custodian, or for those who are asked for, in the order of the policy")
    func sheets() throws {
        let script = Script()
        #expect(try print(to: world.folder("all.html"), script).custodians == ["alice", "bob", "carol"])
        #expect(script.told.isEmpty)
        #expect(try print(only: ["carol", "alice"], to: world.folder("two.html")).custodians == ["alice", "carol"])
        try world.folder.sh("mkdir pages")
        let printed = try print(to: world.folder("pages"))
        let digest = try world.document().digest.short
        #expect(printed.path == world.folder("pages/acme-envelopes-\(digest).html"))
        #expect(try Files.kind(of: printed.path) == .regular)
    }

    @Test("an epoch that is no longer in force, or not yet, is told")
    func standing() throws {
        try world.next(signedBy: ["olga"], created: World.created.adding(seconds: 60))
        let draft = Script()
        _ = try print(.number(2), to: world.folder("draft.html"), draft)
        #expect(draft.kinds == ["isNotInForce"])
        let document = try world.directory().chain().approval(.number(2)).document
        try world.folder.write(
            world.cast["omar"].sign(document.bytes).signature.armored,
            to: document.path.appending("manifest.json.omar.sig")
        )
        let old = Script()
        _ = try print(.number(1), to: world.folder("old.html"), old)
        #expect(old.kinds == ["isSuperseded"])
    }

    @Test("nobody else, nothing in the place of a file, and nothing in an escrow")
    func refused() throws {
        let path = world.folder("all.html")
        #expect(throws: EscrowError.person(.notACustodian(path: try world.document().manifestPath.string, "dave"))) {
            _ = try print(only: ["alice", "dave"], to: path)
        }
        #expect(try !print(to: path).isThere)
        #expect(try print(to: path).isThere)
        #expect(throws: EscrowError.file(.exists(path: path.string))) { _ = try print(only: ["alice"], to: path) }
        let inside = world.escrow.appending("page.html")
        #expect(throws: EscrowError.directory(.insideEscrow(path: inside.string, escrow: world.escrow.string))) {
            _ = try print(to: inside)
        }
        #expect(throws: EscrowError.code(.notFound("qrencode", package: "qrencode"))) {
            _ = try print(to: world.folder("none.html"), searching: world.folder("empty").string)
        }
        #expect(try Files.kind(of: world.folder("none.html")) == nil)
    }
}
