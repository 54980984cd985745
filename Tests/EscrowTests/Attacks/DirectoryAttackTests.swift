// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SecretSharing
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// What somebody who may write into the escrow's directory lays there, takes away, or merges in from another copy.
@Suite("What is laid into an escrow's directory") struct DirectoryAttackTests {
    let world: World
    let document: EpochDocument

    init() throws {
        world = try World()
        document = try world.document()
    }

    /// Puts a whole escrow of other people into this one.
    private func layStranger() throws -> FilePath {
        let other = try World()
        let path = world.escrow.appending(try #require(other.epoch.lastComponent))
        try world.folder.copy(other.epoch, to: path)
        return path
    }

    @Test("records of a stranger's epoch that cannot be read keep nobody from the one that is meant")
    func unreadableVoids() throws {
        let path = try layStranger()
        try world.folder.write([0x78], to: path.appending(Record.directoryName))
        let chain = try world.directory().chain { $0.document.digest == document.digest }
        #expect(chain.inForce?.document.digest == document.digest)
        #expect(try world.directory().chain().approval(.digest(prefix: "\(document.digest)")).isApproved)
    }

    @Test("an epoch whose predecessor was taken away is not signed as a first one")
    func orphan() throws {
        let mallory = try Somebody("mallory")
        let approval = try Approval(threshold: 2, of: [world.cast["omar"].officer, mallory.officer])
        let successor = try SuccessorEpoch(after: document, approval: approval, now: World.now)
        _ = try world.publish(successor, signedBy: [world.cast["omar"]])
        #expect(try SignableDocument.all(in: world.directory()).map(\.format) == [.manifest, .manifest])
        try world.folder.move(world.epoch, to: world.folder("hidden"))
        #expect(try SignableDocument.all(in: world.directory()).isEmpty)
    }

    @Test("of two first epochs that wait, nobody signs both")
    func twoBeginnings() throws {
        let path = try layStranger()
        for epoch in [path, world.epoch] {
            try world.folder.remove(epoch.appending("manifest.json.omar.sig"))
        }
        let waiting = try SignableDocument.all(in: world.directory())
        #expect(waiting.count == 2 && waiting[0].excludes(waiting[1]) && waiting[1].excludes(waiting[0]))
        #expect(!waiting[0].excludes(waiting[0]))
    }

    @Test("a signature that is taken away from an epoch in the middle is a finding, and drafts are named")
    func takenSignature() throws {
        let middle = try world.rotate(to: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"])
        let last = try world.rotate(to: "2 of (olga, omar)", signedBy: ["olga", "omar", "otto"])
        #expect(try world.audit(signers: ["olga", "omar", "otto"]).failed.isEmpty)
        try world.folder.remove(middle.appending("manifest.json.otto.sig"))
        let audit = try world.audit(signers: ["olga", "omar", "otto"])
        #expect(audit.findings(.chain) == ["\(last): it follows an epoch that is not approved"])
        let drafts = audit.report.drafts.map { $0.prefix(13) }
        #expect(drafts == [middle, last].compactMap { $0.lastComponent?.string[...] })
    }

    @Test("a branch that officers have voided is not called approved, and a draft that is asked for neither")
    func voidedBranch() throws {
        let kept = try world.rotate(to: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"])
        let other = try world.rotate(after: document, to: "1 of (omar)", signedBy: ["olga", "omar"])
        let documents = try world.directory().documents
        let (stays, branch) = (documents.first { $0.path == kept }, documents.first { $0.path == other })
        let record = VoidRecord(
            heading: Heading(in: try #require(stays), at: World.now),
            branch: try #require(branch).digest,
            officer: "olga",
            reason: "a mistake"
        )
        try stays?.file(record, signatures: ["olga", "otto"].map { world.cast[$0].sign(record.encoded(), .void) })
        var input = try world.auditInput()
        input.epoch = .digest(prefix: "\(try #require(branch).digest)")
        let audit = try Audit(of: world.escrow, with: input)
        #expect(audit.outcome(.approval) == .fail(["\(other): of a branch that does not count"]))
        // A draft is no approved epoch, whatever is in force.
        let draft = try world.rotate(to: "2 of (olga, omar)", signedBy: ["olga"])
        let waiting = try #require(try world.directory().documents.first { $0.path == draft })
        input.epoch = .digest(prefix: "\(waiting.digest)")
        #expect(try Audit(of: world.escrow, with: input).failed.contains(.approval))
    }

    @Test("a reinstatement in a later epoch settles a share that somebody suspended was given")
    func lateReinstatement() throws {
        let path = try world.suspend("alice", because: .left, at: World.created)
        try world.next()
        let renewed = try world.directory().epoch(2)
        #expect(try world.audit().outcome(.succession)?.word == "NOT CHECKED")
        let digest = SHA256Digest(of: try world.folder.read(path))
        try world.reinstate("alice", ending: [digest], in: renewed)
        #expect(try world.audit().outcome(.succession) == .pass)
    }

    @Test("former officers take nobody back after others came")
    func formerOfficersReinstate() throws {
        let path = try world.suspend("alice", because: .stolen, at: World.created)
        _ = try world.rotate(to: "1 of (otto)", signedBy: ["olga", "omar", "otto"])
        let rotated = try world.directory().epoch(2)
        let digest = SHA256Digest(of: try world.folder.read(path))
        try world.reinstate("alice", ending: [digest], at: rotated.manifest.created.adding(seconds: 1))
        #expect(try Evidence(of: rotated, in: world.directory()).suspended == ["alice"])
        // While they were officers they could.
        try world.reinstate("alice", ending: [digest], at: rotated.manifest.created)
        #expect(try Evidence(of: rotated, in: world.directory()).suspended == [])
    }

    @Test("nobody signs a request that is dated ahead")
    func datedAhead() throws {
        let later = World.now.adding(seconds: 301)
        let request = try world.request(to: Somebody("r"), signedBy: ["olga"], at: later)
        let waiting = try SignableDocument.all(in: world.directory()).first { $0.path == request.path }
        let key = world.cast["omar"].officer.key
        let refusal = EscrowError.trust(.clockIsWrong(newest: later, path: request.path.string, now: World.now))
        #expect(waiting?.notAsked(of: key) == refusal)
    }

    @Test("a name like an epoch's makes no escrow of a directory")
    func nameAlone() throws {
        let place = world.folder("elsewhere")
        try world.folder.write([], to: place.appending("0001-aaaaaaaa"))
        try world.folder.write([], to: place.appending("0002-aaaaaaaa").appending("x"))
        #expect(!EscrowDirectory.isEscrow(place))
        try EscrowDirectory.refuseInside(place.appending("k.pem"), as: "k.pem")
        #expect(throws: EscrowError.directory(.insideEscrow(path: "k.pem", escrow: world.escrow.string))) {
            try EscrowDirectory.refuseInside(world.epoch.appending("k.pem"), as: "k.pem")
        }
    }

    @Test("a file with the name of a draft's key file and other bytes is not moved away with the draft")
    func otherKeyFile() throws {
        let new = try NewEpoch.make(of: Acme.material(), after: document, cast: world.cast)
        try world.publish(new, signedBy: [world.cast["olga"]])
        func moved() throws -> [FilePath] {
            let (directory, olga) = (try world.directory(), world.cast["olga"].officer)
            return try Withdrawal(of: nil, in: directory, directory.chain(), by: olga, pkcs12: nil).moves.map(\.from)
        }
        let draft = try #require(try world.directory().documents.last)
        let keyFile = world.folder(draft.manifest.pkcs12.name)
        #expect(try moved() == [draft.path, keyFile])
        try world.folder.write([0x78], to: keyFile)
        #expect(try moved() == [draft.path])
    }

    @Test("nothing is computed of a stranger's epoch, however many officers of its own have signed it")
    func arithmetic() throws {
        _ = try layStranger()
        let directory = try world.directory()
        let chain = directory.chain { $0.document.digest == document.digest }
        let computed = chain.all.filter(\.document.manifest.sharing.isComputed).map(\.document.digest)
        #expect(computed == [document.digest])
    }
}
