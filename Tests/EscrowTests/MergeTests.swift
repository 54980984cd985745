// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// Copies of an escrow that grew apart: equal names are equal bytes, so they merge by copying.
@Suite struct MergeTests {
    /// Two copies in which different people have acted, and one document that is in both.
    private struct Apart {
        let original: World
        let left: World
        let right: World

        init(_ copy: (World, String) throws -> World) throws {
            original = try World(officers: "2 of (olga, omar, otto)")
            let request = try original.request(to: Somebody("request"), signedBy: ["olga"])
            let challenge = try original.challenge()
            left = try copy(original, "left")
            right = try copy(original, "right")
            let alices = try original.acknowledge("alice")
            // Left: alice acknowledges and proves, omar signs the request, bob refuses it.
            try Self.file(alices, in: left)
            try Self.file(original.prove(challenge, by: "alice"), in: left)
            try Self.sign(request, by: "omar", in: left)
            let refusal = Refusal(by: "bob", of: request, because: "why now?", at: World.now)
            try left.file(Refusal.self, refusal.encoded(), signedBy: [original.cast["bob"]])
            // Right: alice's receipt came by another way as well, bob and carol act, otto signs, dave is unknown.
            try Self.file(alices, in: right)
            for name in ["bob", "carol"] as [Name] {
                try Self.file(original.acknowledge(name), in: right)
                try Self.file(original.prove(challenge, by: name), in: right)
            }
            try Self.sign(request, by: "otto", in: right)
            let suspension = Suspension(
                of: "carol",
                because: .unreachable,
                by: "olga",
                in: try right.document(),
                at: World.now
            )
            try right.file(Suspension.self, suspension.encoded(), signedBy: [original.cast["olga"]])
        }

        private static func file(_ document: SignedDocument, in world: World) throws {
            for file in document.parcelFiles(of: "acme.escrow") {
                try world.folder.write(file.content, to: world.escrow.appending(FilePath(file.path).components))
            }
        }

        private static func sign(_ request: Filed<Request>, by name: Name, in world: World) throws {
            let place = world.epoch.appending("requests").appending(request.path.lastComponent!)
            let signature = world.cast[name].sign(request.bytes, .request).signature
            try world.folder.write(signature.armored, to: FiledSignature.path(of: place, by: name))
        }

        /// Everything that either did is there, and counts.
        func expectMerged(_ world: World) throws {
            for apart in [left, right] {
                #expect(try apart.fullAudit().failed.isEmpty)
                #expect(try apart.fullAudit().verdict != .sound)
            }
            #expect(try world.fullAudit().verdict == .sound)
            let evidence = try Evidence(of: world.document(), in: world.directory())
            #expect(evidence.withoutReceipt == [] && evidence.proofs.proofs.count == 3)
            #expect(evidence.requests.map(\.signed) == [["olga", "omar", "otto"]])
            #expect(evidence.requests[0].standingRefusals(at: World.now).map(\.name.who) == ["bob"])
            #expect(evidence.suspended == ["carol"])
        }
    }

    @Test("two git clones merge without conflict, in either direction")
    func git() throws {
        let folder = try TemporaryFolder()
        let git = "git -c user.name=x -c user.email=x@example.org -c init.defaultBranch=main -c commit.gpgsign=false"
        let apart = try Apart { original, name in
            let repository = original.folder("acme.escrow").string
            if name == "left" {
                try folder.sh("cd \(repository) && \(git) init -q && \(git) add -A && \(git) commit -qm one")
            }
            try folder.sh("mkdir \(name) && \(git) clone -q \(repository) \(name)/acme.escrow")
            let world = try World(original, at: folder("\(name)/acme.escrow"), in: folder)
            try folder.copy(original.pkcs12, to: world.pkcs12)
            return world
        }
        for name in ["left", "right"] {
            try folder.sh("cd \(name)/acme.escrow && \(git) add -A && \(git) commit -qm \(name)")
        }
        try folder.sh("cp -a left/acme.escrow left-before && cp -a right/acme.escrow right-before")
        try folder.sh("cd left/acme.escrow && \(git) pull -q --no-rebase --no-edit ../../right-before main")
        let merged = try folder.sh("cd left/acme.escrow && \(git) status --porcelain")
        #expect(merged == "")
        let left = try World(apart.original, at: folder("left/acme.escrow"), in: folder)
        #expect(try left.fullAudit().verdict == .sound)
        try folder.sh("cd right/acme.escrow && \(git) pull -q --no-rebase --no-edit ../../left-before main")
        #expect(try folder.sh("diff -r --exclude=.git left/acme.escrow right/acme.escrow") == "")
        try folder.sh("rm -r left/acme.escrow right/acme.escrow")
        try folder.sh("mv left-before left/acme.escrow && mv right-before right/acme.escrow")
        try folder.sh("mkdir merged && cp -a left/acme.escrow merged && cp left/*.p12 merged")
        try folder.sh("cd merged/acme.escrow && \(git) pull -q --no-rebase --no-edit ../../right/acme.escrow main")
        try apart.expectMerged(World(apart.original, at: folder("merged/acme.escrow"), in: folder))
    }

    @Test("two copies merge by copying one over the other")
    func copying() throws {
        let apart = try Apart { original, _ in try original.copy() }
        let merged = try apart.left.copy()
        try merged.folder.sh("cp -rn \(apart.right.escrow)/. acme.escrow/")
        try apart.expectMerged(merged)
        let other = try apart.right.copy()
        try other.folder.sh("cp -r \(apart.left.escrow)/. acme.escrow/")
        #expect(try other.folder.sh("diff -r acme.escrow \(merged.escrow)") == "")
    }
}
