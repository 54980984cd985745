// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// What is left of a release in the escrow: a statement, and never the box.
@Suite struct ReleaseStatementTests {
    let world: World
    let document: EpochDocument
    let request: Filed<Request>
    let release: ReleaseBox

    init() throws {
        world = try World()
        document = try world.document()
        request = try world.request(to: Somebody("request"))
        release = try world.release(request, by: "alice")
    }

    private func file(_ edits: [String: String] = [:], signedBy signer: Name? = "alice") throws -> FilePath {
        let members = JSONValue.object(release.statement.members)
        let json = edits.reduce(members) { $0.setting($1.key, to: .string($1.value)) }
        return try world.file(
            ReleaseStatement.self,
            json.encoded(),
            signedBy: signer.map { [world.cast[$0]] } ?? []
        )
    }

    private func expect(_ finding: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let audit = try world.audit(time: "2026-12-20T12:00:00Z")
        #expect(audit.failed == [.releases], sourceLocation: sourceLocation)
        #expect(audit.findings(.releases) == [finding], sourceLocation: sourceLocation)
        try world.folder.remove(world.epoch.appending("releases"))
    }

    @Test("a statement answers a request that is here, in its time")
    func references() throws {
        try expect("\(try file(["request": "\(document.digest)"])): answers a request that is not here")
        for time in ["2026-12-01T11:59:59Z", "2026-12-04T12:00:01Z"] {
            try expect("\(try file(["created": time])): made outside the time of its request")
        }
        _ = try file(["created": "2026-12-04T12:00:00Z"])
        #expect(try world.audit(time: "2026-12-20T12:00:00Z").failed.isEmpty)
    }

    @Test("it is a custodian's, of their path, and signed by them")
    func who() throws {
        var path = try file(["path": "2"])
        var error = EscrowError.document(path: path.string, .wrongValue(field: "path", expected: "alice's, 1"))
        try expect(error.description)
        path = try file(["custodian": "bob", "path": "2"])
        // Named bob's, signed by alice.
        error = .directory(
            .escrowIsDamaged(
                path: "\(path).alice.sig",
                finding: "signed by someone who is not an officer of this manifest"
            )
        )
        try expect(error.description)
        path = try file(signedBy: nil)
        try expect(EscrowError.trust(.notSigned(path: path.string, "alice")).description)
        let digest = String(repeating: "ab", count: 32)
        path = try file(["manifest": digest])
        error = .document(
            path: path.string,
            .wrongValue(field: "manifest", expected: "this epoch's, \(document.digest.short)…")
        )
        try expect(error.description)
    }

    @Test("the box itself is refused wherever somebody puts it")
    func box() throws {
        let sent = world.folder("alice.release")
        try world.folder.write(release.encoded(), to: sent)
        let directory = try world.directory()
        #expect(throws: CollectError.releaseBox(path: sent.string)) { try directory.collect(sent) }
        let renamed = world.folder("harmless.json")
        try world.folder.write(release.encoded(), to: renamed)
        #expect(throws: CollectError.releaseBox(path: renamed.string)) { try directory.collect(renamed) }
        // By hand, into the escrow.
        let places: [(String, [AuditCheck])] = [
            ("alice.release", [.layout]), ("releases/alice.release", [.layout]),
            (
                "releases/alice-\(SHA256Digest(of: release.encoded()).identifier).json",
                [.layout, .releases]
            ),
        ]
        for (place, checks) in places {
            let path = world.epoch.appending(FilePath(place).components)
            try world.folder.write(release.encoded(), to: path)
            #expect(try world.audit().failed == checks, "\(place)")
            try world.folder.remove(path)
        }
    }
}
