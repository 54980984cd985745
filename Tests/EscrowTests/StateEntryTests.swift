// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// The manifest's member `state`, and the archive that it names.
@Suite struct StateEntryTests {
    static let digest = JSONValue.string(String(repeating: "ab", count: 32))
    static let index = JSONValue.object([
        "revoked": .integer(1), "rows": .integer(3), "serials": digest, "sha256": digest,
    ])
    static let archive = JSONValue.object(["name": .string("x-state.tar"), "sha256": digest, "size": .integer(1024)])
    static let whole = JSONValue.object([
        "archive": archive, "crlNumber": .string("0a"), "index": index, "serial": .string("1003"),
        "store": .string("openssl-ca"),
    ])

    private func reading(_ path: String, as value: JSONValue?) throws {
        try SampleManifest.reading("state", as: Self.whole.setting(path, to: value))
    }

    @Test("what is written reads back to the same bytes, each optional member absent or there")
    func roundTrip() throws {
        for absent in ["archive", "crlNumber", "index", "serial"] {
            #expect(throws: Never.self, "\(absent)") { try reading(absent, as: nil) }
        }
        let bytes = try SampleManifest.first.setting("state", to: Self.whole).encoded()
        let manifest = try Manifest(canonical: bytes)
        #expect(manifest.encoded() == bytes)
        #expect(
            manifest.state?.figures.words
                == "openssl-ca: 3 certificates (1 revoked), next serial 1003, next CRL number 0a"
        )
        // It belongs to the head, which every box carries.
        let without = try Manifest(canonical: try SampleManifest.first.encoded())
        #expect(manifest.headDigest != without.headDigest)
    }

    @Test("a kind of store that is not known is no reason to refuse the key")
    func unknownStore() {
        #expect(throws: Never.self) { try reading("store", as: .string("dogtag-11")) }
    }

    @Test(
        "values that a member may not hold are refused by name",
        arguments: [
            ("store", "OpenSSL", "a kind of store such as openssl-ca"),
            ("store", "", "a kind of store such as openssl-ca"),
            ("serial", "10 03", "1 to 64 hexadecimal digits"), ("serial", "", "1 to 64 hexadecimal digits"),
            ("crlNumber", String(repeating: "1", count: 65), "1 to 64 hexadecimal digits"),
            ("archive.name", "../x.tar", "a plain file name of letters, digits, '.', '_' and '-'"),
            ("archive.sha256", "ab", "64 lower-case hexadecimal digits"),
            ("index.serials", "AB", "64 lower-case hexadecimal digits"),
        ]
    )
    func wrong(_ path: String, _ value: String, _ expected: String) {
        #expect(throws: ManifestError.document(.wrongValue(field: "state.\(path)", expected: expected))) {
            try reading(path, as: .string(value))
        }
    }

    @Test("counts that cannot be, members that are missing or not listed")
    func others() {
        #expect(
            throws: ManifestError.document(
                .wrongValue(field: "state.index.revoked", expected: "an integer from 0 to 3")
            )
        ) {
            try reading("index.revoked", as: .integer(4))
        }
        let limit = "an integer from 1 to 4294967296"
        for size in [0, (4 << 30) + 1] as [UInt64] {
            #expect(throws: ManifestError.document(.wrongValue(field: "state.archive.size", expected: limit))) {
                try reading("archive.size", as: .integer(size))
            }
        }
        for path in ["store", "archive.name", "archive.sha256", "archive.size", "index.rows", "index.sha256"] {
            #expect(throws: ManifestError.document(.missing(field: "state.\(path)"))) { try reading(path, as: nil) }
        }
        for path in ["more", "archive.more", "index.more"] {
            #expect(throws: ManifestError.document(.unknown(field: "state.\(path)"))) {
                try reading(path, as: .string("x"))
            }
        }
        #expect(throws: ManifestError.document(.wrongType(field: "state", expected: "an object"))) {
            try SampleManifest.reading("state", as: .string("x"))
        }
    }

    @Test("an archive inside of an escrow is a finding, whatever its name")
    func inside() throws {
        let world = try World()
        let block = [UInt8](repeating: 0, count: 257) + Array("ustar\u{0}00".utf8) + [UInt8](repeating: 0, count: 247)
        let place = world.epoch.appending("receipts/alice-\(String(repeating: "0", count: 32)).json")
        try world.folder.write(block, to: place)
        try world.folder.write(block, to: world.escrow.appending("state.tar"))
        let audit = try Audit(of: world.escrow, with: world.fullInput(time: World.now))
        guard case .fail(let found) = audit.outcome(.layout) else {
            Issue.record("the check 'layout' has not failed")
            return
        }
        #expect(found.contains("\(place): an archive of a CA's state: it lies beside the PKCS#12 file"))
        #expect(found.contains { $0.contains("state.tar") })
        let loose = world.folder("loose.json")
        try world.folder.write(block, to: loose)
        #expect(throws: CollectError.stateArchive(path: loose.string)) { try world.directory().collect(loose) }
    }
}
