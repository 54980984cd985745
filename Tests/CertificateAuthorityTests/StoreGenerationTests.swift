// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import KeyStores
import Testing

/// Where a restore puts older keys and certificates, and how a backup finds them again.
@Suite("Generations in stores")
struct StoreGenerationTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("all generations are written, each to its place, and read again as one authority")
    func generations() throws {
        let material = try Renewed.material()
        let pem = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem"), folder("chain.pem")]))
        let restored = try pem.restore(material, "correct horse")
        #expect(
            restored.places.written
                == ["c.pem", "c-gen2.pem", "chain.pem", "k.pem", "k-gen2.pem"].map { folder($0) }
        )
        #expect(try keys(of: restored.generations) == keys(of: material.generations))
        #expect(
            try Certificate.all(pem: folder.read("chain.pem")) == [
                Renewed.certificate("old1"), Renewed.certificate("root"),
            ]
        )
        let prompter = Prompter("correct horse")
        let exported = try pem.export(prompter)
        #expect(prompter.requests.count == 1)
        #expect(try keys(of: exported.generations) == keys(of: material.generations))
        #expect(exported.certificates == material.certificates && exported.chain == material.chain)

        let layout = KeyStore(.opensslCA(path: folder("ca"), section: nil))
        let beside = try layout.restore(material, "correct horse")
        #expect(
            beside.places.written
                == [
                    "cacert.pem", "cacert-gen2.pem", "cacert-older.pem", "cacert-issuers.pem", "private/cakey.pem",
                    "private/cakey-gen2.pem",
                ].map { folder("ca/\($0)") }
        )
        #expect(beside.places.notWritten.isEmpty)
        #expect(beside.generations.flatMap(\.certificates).newestFirst() == material.certificates)
        let again = try layout.export(Prompter("correct horse"))
        #expect(try keys(of: again.generations) == keys(of: material.generations))
        #expect(again.certificates == material.certificates && again.chain == material.chain)
        let p12 = KeyStore(.certutil(folder("media")))
        let whole = try p12.restore(material, "correct horse")
        #expect(whole.places.written == [folder("media/Acme Issuing CA.p12")] && whole.places.notWritten.isEmpty)
        #expect(try keys(of: p12.export(Prompter("correct horse")).generations) == keys(of: material.generations))
    }

    @Test("a file that lies beside already stays, and what it lacks is named; all else is written")
    func beside() throws {
        let material = try Renewed.material()
        let other = try Sample.p256.certificate
        let root = try Renewed.certificate("root")
        try folder.write("c-issuers.pem", other.pem + root.pem)
        try folder.write("c-older.pem", other.pem)
        let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
        let restored = try store.restore(material, "correct horse")
        #expect(restored.places.written == ["c.pem", "c-gen2.pem", "k.pem", "k-gen2.pem"].map { folder($0) })
        #expect(restored.places.unchanged == ["c-older.pem", "c-issuers.pem"].map { folder($0) })
        #expect(try restored.places.notWritten == [Renewed.certificate("old1")])
        #expect(try Certificate.all(pem: folder.read("c-older.pem")) == [other])
        // Written whole, and a second time: all is here already.
        try folder.sh("rm *.pem")
        let first = try store.restore(material, "correct horse")
        let second = try store.restore(material, "correct horse")
        #expect(second.places.written.isEmpty && second.places.notWritten.isEmpty)
        #expect(Set(second.places.unchanged) == Set(first.places.written))
        try folder.write("c-older.pem", "junk")
        #expect(throws: StoreError.certificate(path: folder("c-older.pem"), .none)) {
            try store.export(Prompter("correct horse"))
        }
    }

    @Test("an earlier certificate of the same key stays, and the newest is named as not written")
    func earlierCertificate() throws {
        try folder.write("k.pem", Sample.p256.pem)
        try folder.sh(
            """
            for days in 10 20; do openssl req -x509 -new -key k.pem -subj '/CN=Same CA' -days $days -out $days.crt; done
            rm k.pem; cp 10.crt c.pem
            """
        )
        let old = try Certificate(pem: folder.read("10.crt"))
        let new = try Certificate(pem: folder.read("20.crt"))
        let generation = try KeyGeneration(key: Sample.p256.key(), certificates: [new, old])
        let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
        let restored = try store.restore(CAMaterial(generations: [generation], chain: []), "horse")
        #expect(restored.places.written == [folder("k.pem")] && restored.places.unchanged == [folder("c.pem")])
        #expect(restored.places.notWritten == [new])
        #expect(restored.generations[0].certificates == [old])
        #expect(try Certificate(pem: folder.read("c.pem")) == old)
    }
}
