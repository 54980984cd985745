// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SecretSharing
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import Escrow
@testable import KeyStores

/// Files that are hostile, exchanged, photographed or printed.
extension AttackTests {
    /// The folder of an openssl CA with an index and one certificate, and what archives it.
    private func captured(_ folder: TemporaryFolder) throws -> StateCapture.Archive {
        let layout = try StateLayout.opensslCA(folder("ca"), section: nil)
        let file = try StagedFile(in: FilePath(folder.path), named: "state")
        let archive = try StateCapture.archive(layout, to: file).archive
        try file.publish(as: folder("state.tar"), permissions: [.ownerReadWrite])
        return archive
    }

    private func stateFolder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write("ca/index.txt", "V\t301231000000Z\t\t1000\tunknown\t/CN=the secret customer\n")
        try folder.write("ca/serial", "1001\n")
        try folder.write("ca/newcerts/1000.pem", "a certificate\n")
        try folder.sh("openssl genpkey -algorithm ed25519 -out key.pem")
        return folder
    }

    @Test(
        "whoever reads or replaces the archive of a CA's state: no key gets in, no other archive out; it is not encrypted"
    )
    func stateArchive() throws {
        let folder = try stateFolder()
        try folder.sh("cp key.pem ca/newcerts/leaf.pem")
        let leaf = StateCapture.LeftOut(path: folder("ca/newcerts/leaf.pem"), reason: .privateKey(kind: "PEM"))
        #expect(try captured(folder).leftOut == [leaf])
        #expect(try folder.sh("tar -tf state.tar | grep -c leaf; rm state.tar") == "0\n")
        // Nor one that nobody can look into.
        try folder.sh("gzip ca/newcerts/leaf.pem")
        let compressed = StateCapture.LeftOut(path: folder("ca/newcerts/leaf.pem.gz"), reason: .compressed)
        #expect(try captured(folder).leftOut == [compressed])
        // The loss: a key in a form that has no mark, and that everything else is there to read.
        try folder.sh("rm state.tar; openssl pkey -in key.pem -outform DER | tail -c 32 > ca/newcerts/leaf.raw")
        _ = try captured(folder)
        #expect(
            try folder.sh(
                "openssl pkey -in key.pem -outform DER | tail -c 32 > raw; tar -xOf state.tar newcerts/leaf.raw | cmp - raw"
            ) == ""
        )
        #expect(try folder.sh("tar -xOf state.tar index.txt").contains("/CN=the secret customer"))
        // Another archive is refused by its digest before anything in it is read.
        let digest = try StateArchive.digest(at: folder("state.tar")).sha256
        try folder.sh("mkdir evil && cp ca/index.txt evil && tar -cf state.tar --format=ustar -C evil index.txt")
        let found = try StateArchive.digest(at: folder("state.tar")).sha256
        let another = StateError.archiveIsAnother(
            path: folder("state.tar").string,
            expected: Hex.encode(digest),
            found: Hex.encode(found)
        )
        #expect(throws: another) { _ = try StateArchive(at: folder("state.tar"), sha256: digest) }
        // And one whose digest somebody signed still gets no path, link or kind through.
        try folder.sh("ln -s /etc/passwd evil/serial && tar -cf state.tar --format=ustar -C evil index.txt serial")
        let signed = try StateArchive.digest(at: folder("state.tar")).sha256
        let link = TarError.kind(name: "serial", what: "a symbolic link")
        #expect(throws: StateError.archive(path: folder("state.tar").string, link)) {
            let archive = try StateArchive(at: folder("state.tar"), sha256: signed)
            _ = try StateRestore(of: archive, to: StateLayout.opensslCA(folder("new"), section: nil), nil)
        }
        #expect(try folder.sh("find . -path './new*'") == "")
    }

    @Test("a clumsy or hostile file: size, depth and cost are bounded before work starts")
    func hostileFile() throws {
        let deep = Array(String(repeating: "[", count: 13).utf8)
        #expect(throws: DocumentError.tooDeep(line: 1)) { try JSONValue(canonical: deep) }
        let path = world.folder("large.json")
        try world.folder.write([UInt8](repeating: 0x20, count: 4097), to: path)
        #expect(throws: FileError.tooLarge(path: path.string, byteCount: 4097, limit: 4096)) {
            _ = try Files.read(path, limit: 4096)
        }
        #expect(throws: IdentityError.passesOutOfRange(4_294_967_295)) {
            _ = try DerivationCost(passes: 4_294_967_295, memoryByteCount: 64 << 20)
        }
        #expect(throws: IdentityError.tooMuchWork(passes: 5, memoryByteCount: 1 << 30)) {
            _ = try DerivationCost(passes: 5, memoryByteCount: 1 << 30)
        }
        #expect(throws: PKCS12Error.iterationCountOutOfRange(part: "file", found: 300_001, limit: 300_000)) {
            let password = secret("x")
            _ = try PKCS12Writer.write(Acme.material(), password: password, iterations: 300_001)
        }
        // Canonical form only: one space more is another document.
        #expect(throws: ManifestError.document(.notCanonical(line: 1))) {
            try Manifest(canonical: [0x20] + document.bytes)
        }
    }

    private func code(_ kind: EnvelopeCode.Kind, of name: Name) throws -> EnvelopeCode {
        try #require(EnvelopeCode(kind, for: name, of: document))
    }

    @Test(
        "whoever photographs an envelope, or finds one: it opens with the custodian's identity only; it tells who they are"
    )
    func photograph() throws {
        let seen = try EnvelopeCode(code(.share, of: "alice").payload)
        let box = try #require(seen.box)
        #expect(box == document.manifest.shares[0].box)
        for name in ["bob", "olga"] as [Name] {
            let header = document.headerOfFirstShare(to: world.cast[name].identity.sealingKey)
            #expect(throws: BoxError.doesNotOpen) {
                _ = try world.cast[name].identity.open(box: box, expecting: header)
            }
        }
        // The loss: name, escrow and place in the policy, for anybody who looks.
        #expect(seen.custodian == "alice" && seen.set == document.manifest.set && seen.path == "1")
    }

    @Test(
        "whoever prints an envelope of their own, or swaps two: each field is held against the manifest; a bag unscanned is lost"
    )
    func printed() throws {
        let check = try EnvelopeCheck(of: world.directory())
        let true1 = try code(.share, of: "alice").payload
        var fields = true1.split(separator: "/").map(String.init)
        fields[6] = "MALLORY"
        let body = fields.dropLast().joined(separator: "/")
        let forged = "\(body)/\(SHA256Digest(of: Array(body.utf8)).short.uppercased())"
        let findings = check.judge([forged])
        #expect(findings.map(\.verdict) == [.damaged])
        #expect(findings[0].detail == "custodian: not as the manifest of epoch 1 has it")
        let swapped = try check.judge([code(.label, of: "alice").payload, code(.share, of: "bob").payload])
        #expect(swapped.map(\.verdict) == [.wrongHolder, .wrongHolder])
        // The loss: of a true sheet over a swapped medium only the sheet is judged.
        #expect(check.judge([true1]).map(\.verdict) == [.right])
    }
}
