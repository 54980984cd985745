// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Renewals with the same and with a new key: which certificate is which generation's, and what stays behind.
@Suite("Generations")
struct GenerationTests {
    let folder: TemporaryFolder

    /// Two keys, `old.pem` and `new.pem`, and what issues certificates of any date.
    init() throws {
        folder = try TemporaryFolder()
        try folder.write("old.pem", Sample.p256.pem)
        try folder.write("new.pem", Sample.p384.pem)
        try folder.write("index.txt", "")
    }

    /// Issues a certificate for a key, signed by the same or another.
    private func issue(
        _ key: String,
        by signer: String? = nil,
        from year: Int,
        until end: Int = 2040,
        subject: String = "Acme Issuing CA",
        issuer: String? = nil,
        extensions: String = ""
    ) throws -> Certificate {
        try folder.write(
            "ca.cnf",
            """
            [ca]
            default_ca = x
            [x]
            database = index.txt
            new_certs_dir = .
            rand_serial = yes
            policy = any
            default_md = sha256
            unique_subject = no
            x509_extensions = v3
            [any]
            commonName = supplied
            [v3]
            basicConstraints = critical,CA:TRUE
            \(extensions)
            [req]
            distinguished_name = dn
            [dn]
            """
        )
        let signer = signer ?? key
        try folder.sh(
            """
            openssl req -x509 -new -config ca.cnf -key \(signer).pem -subj '/CN=\(issuer ?? subject)' -out issuer.crt
            openssl req -new -config ca.cnf -key \(key).pem -subj '/CN=\(subject)' -out x.csr
            openssl ca -config ca.cnf -batch -notext -keyfile \(signer).pem -cert issuer.crt -in x.csr \
            -startdate \(year)0101000000Z -enddate \(end)0101000000Z -out x.crt
            """
        )
        return try Certificate(pem: folder.read("x.crt"))
    }

    private func version(_ number: Int) -> String { "1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:\(number)" }

    private func previous(_ certificate: Certificate) -> String {
        "1.3.6.1.4.1.311.21.2 = ASN1:FORMAT:HEX,OCT:\(OpenSSL.hex(certificate.sha1))"
    }

    private func key(_ sample: Sample) throws -> FoundKey { FoundKey(try sample.key()) }

    // MARK: What Certificate Services writes

    @Test("real certificates say which generation they are, and name none before them")
    func realCertificates() throws {
        let xramp = try Certificate(pem: Array(RealCertificate.xramp.utf8))
        #expect(xramp.caVersion == CAVersion(certificateIndex: 1, keyIndex: 0))
        #expect(xramp.previousCAHash == nil)
        #expect(OpenSSL.hex(xramp.sha1) == "b80186d1eb9c86a54104cf3054f34c52b7e558c6")
        let microsoft = try Certificate(pem: Array(RealCertificate.microsoftECC.utf8))
        #expect(microsoft.caVersion == CAVersion(certificateIndex: 0, keyIndex: 0))
        #expect(microsoft.previousCAHash == nil)
        #expect(!xramp.isKeyRollover && !microsoft.isKeyRollover)
        #expect(GenerationGap(held: [microsoft], known: []) == nil)
        let gap = try #require(GenerationGap(held: [xramp], known: []))
        #expect(gap.missing == [] && gap.certificatesMissing == [0])
        #expect(
            gap.description == "the certificate of generation 0 is missing, not its key: "
                + "the newest certificate of Certificate Services is generation 1"
        )
    }

    @Test("the hash of the certificate before is 20 bytes in an OCTET STRING, once")
    func previousCAHash() throws {
        let first = try issue("old", from: 2020)
        let second = try issue("old", from: 2022, extensions: previous(first))
        #expect(first.previousCAHash == nil && second.previousCAHash == first.sha1)
        let hex = OpenSSL.hex(first.sha1)
        for value in [
            "ASN1:FORMAT:HEX,OCT:\(hex)00", "ASN1:FORMAT:HEX,OCT:\(hex.dropLast(2))", "DER:0414\(hex)00",
            "DER:0415\(hex)", "DER:048114\(hex)", "DER:0314\(hex)", "DER:\(hex)", "DER:0400", "ASN1:NULL",
        ] {
            let other = try issue("old", from: 2022, extensions: "1.3.6.1.4.1.311.21.2 = \(value)")
            #expect(other.previousCAHash == nil, "\(value)")
        }
    }

    @Test("a certificate that a later one names, and that is not here, is missing")
    func unknownPredecessor() throws {
        let first = try issue("old", from: 2020, extensions: version(0))
        let twin = try issue("old", from: 2020, until: 2041, extensions: version(0))
        let second = try issue("old", from: 2022, extensions: version(1) + "\n" + previous(first))
        #expect(GenerationGap(held: [second, first], known: []) == nil)
        #expect(GenerationGap(held: [second], known: [first]) == nil)
        // The index is there, and it is another certificate.
        let gap = try #require(GenerationGap(held: [second, twin], known: []))
        #expect(gap.missing == [] && gap.certificatesMissing == [])
        #expect(gap.unknownPredecessors == [OpenSSL.hex(first.sha1)] && gap.count == 1)
        let words =
            "the certificate with SHA-1 \(OpenSSL.hex(first.sha1)) is missing, "
            + "which a later one names as the one before it"
        #expect(gap.description == words)
        // Without its index too; named twice is missing once.
        let third = try issue("new", from: 2024, extensions: previous(first))
        let stripped = try issue("old", from: 2022, extensions: previous(first))
        #expect(GenerationGap(held: [third, stripped], known: [])?.unknownPredecessors == [OpenSSL.hex(first.sha1)])
        #expect(GenerationGap(held: [third, stripped], known: [])?.description == words)
        // What an index says is not said again.
        #expect(GenerationGap(held: [second], known: [])?.unknownPredecessors == [])
        #expect(GenerationGap(held: [second], known: [])?.certificatesMissing == [0])
    }

    // MARK: Order

    @Test("of one beginning, the index of Certificate Services decides, then the end")
    func order() throws {
        let first = try issue("old", from: 2020, until: 2042, extensions: version(0))
        let second = try issue("old", from: 2020, until: 2040, extensions: version(1))
        let third = try issue("new", from: 2024, extensions: version(131_074))
        for permutation in [[first, second, third], [second, third, first], [third, first, second]] {
            #expect(permutation.newestFirst() == [third, second, first])
            let material = try CAMaterial(keys: [key(.p256), key(.p384)], certificates: permutation)
            #expect(material.generations.map(\.newest) == [third, second] && material.newest == third)
            #expect(material.certificates == [third, second, first])
        }
        let (short, long) = (try issue("old", from: 2020, until: 2030), try issue("old", from: 2020, until: 2031))
        #expect([short, long].newestFirst() == [long, short] && [long, short].newestFirst() == [long, short])
    }

    @Test("a certificate that passes trust from key to key is its key's, and never the one that counts")
    func rollover() throws {
        let old = try issue("old", from: 2020)
        let new = try issue("new", from: 2024)
        // RFC 4210: the old key signed by the new one, and the other way round, both later than the roots.
        let oldWithNew = try issue("old", by: "new", from: 2025)
        let newWithOld = try issue("new", by: "old", from: 2025)
        #expect(oldWithNew.isSelfIssued && oldWithNew.isKeyRollover && newWithOld.isKeyRollover)
        #expect(!old.isKeyRollover && !new.isKeyRollover)
        let all = [oldWithNew, newWithOld, old, new]
        let material = try CAMaterial(keys: [key(.p256), key(.p384)], certificates: all)
        #expect(material.leftOut == [] && material.chain == [])
        #expect(material.newest == new && material.generations.map(\.newest) == [new, old])
        #expect(material.generations.map { Set($0.certificates) } == [[newWithOld, new], [oldWithNew, old]])
        #expect(all.current == new && [oldWithNew].current == oldWithNew && [Certificate]().current == nil)
        // Without the old key its two certificates are one generation that stays behind.
        let less = try CAMaterial(keys: [key(.p384)], certificates: all)
        #expect(less.leftOut == [LeftOutGeneration(oldWithNew, .noKey)])
        #expect(Set(less.chain) == [old, oldWithNew])
    }

    // MARK: What stays behind

    @Test("a certificate of the same subject without its key is named, and kept in the chain")
    func leftOut() throws {
        let old1 = try issue("old", from: 2020)
        let old2 = try issue("old", from: 2022)
        let new = try issue("new", from: 2024)
        let root = try issue("old", from: 2019, subject: "Acme Root CA")
        let material = try CAMaterial(keys: [key(.p384)], certificates: [new, old1, root, old2])
        #expect(material.leftOut == [LeftOutGeneration(old2, .noKey)])
        #expect(material.chain == [old1, root, old2])
        #expect(
            material.leftOut[0].description
                == "the key of 'CN=Acme Issuing CA', serial \(old2.serial), is not in the store"
        )
        // Nor is it named twice where the store has said more.
        let said = LeftOutGeneration(old2, .notExtractable)
        let token = try CAMaterial(keys: [key(.p384)], certificates: [new, old1, old2], leavingOut: [said])
        #expect(token.leftOut == [said] && token.chain == [old1, old2])
        let whole = try CAMaterial(keys: [key(.p384), key(.p256)], certificates: [new, old1, root, old2])
        // The issuer has the old key as well: it is no certificate of this authority, and matches a key.
        #expect(whole.leftOut == [] && whole.chain == [])
        #expect(whole.newest == new)
    }

    @Test("a cross-certificate of another issuer for the same key is its generation's")
    func crossCertificate() throws {
        let own = try issue("old", from: 2020)
        let cross = try issue("old", by: "new", from: 2021, issuer: "Bridge CA")
        #expect(!cross.isSelfIssued && !cross.isKeyRollover)
        let material = try CAMaterial(keys: [key(.p256)], certificates: [own, cross])
        #expect(material.generations.count == 1 && material.certificates == [cross, own])
        // Later than the root's own certificate, and still not the one that a restore puts first.
        #expect(material.newest == own && [cross, own].current == own && [cross].current == cross)
        let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
        let restored = try store.restore(material, "horse")
        #expect(restored.places.written == ["c.pem", "c-older.pem", "k.pem"].map { folder($0) })
        #expect(try Certificate.all(pem: folder.read("c.pem")) == [own])
        #expect(try Certificate.all(pem: folder.read("c-older.pem")) == [cross])
        #expect(try store.export(Prompter("horse")).newest == own)
        // Of an authority under a root, what another issuer gave it last does count.
        let (first, second) = try (
            issue("old", by: "new", from: 2022, issuer: "Root CA"),
            issue("old", by: "new", from: 2023, issuer: "Bridge CA")
        )
        #expect([first, second].current == second)
        #expect(material.leftOut == [] && material.chain == [])
    }
}
