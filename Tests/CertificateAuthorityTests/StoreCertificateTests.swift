// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import KeyStores
import SystemPackage
import Testing

/// Reading the certificate of a store whose key is away.
@Suite("A store's certificate")
struct StoreCertificateTests {
    let folder: TemporaryFolder
    let newest: Certificate

    init() throws {
        folder = try TemporaryFolder()
        newest = try Renewed.certificate("old2")
        try folder.write("old1.crt", Renewed.certificate("old1").pem)
        try folder.write("old2.crt", newest.pem)
        try folder.write("both.crt", Renewed.certificate("old1").pem + newest.pem + Renewed.certificate("root").pem)
        try folder.write("old2.der", newest.der)
    }

    @Test(
        "it is read from a file or store, the newest of the first authority in it",
        arguments: ["old2.crt", "old2.der", "both.crt", "pem:/nowhere,DIR/old1.crt,DIR/old2.crt"]
    )
    func read(source: String) throws {
        let source = source.contains(":") ? source.replacing("DIR", with: folder.path) : folder(source)
        #expect(try KeyStore.authority(at: source).current == newest)
    }

    @Test("of a directory of openssl ca too, with or without configuration")
    func opensslCA() throws {
        try folder.sh("mkdir -p ca/private; cp old2.crt ca/cacert.pem")
        #expect(try KeyStore.authority(at: "openssl-ca:\(folder("ca"))").current == newest)
        let configuration = "[ca]\ndefault_ca = x\n[x]\nprivate_key = away\ncertificate = cacert.pem\n"
        try folder.write("ca/openssl.cnf", configuration)
        #expect(try KeyStore.authority(at: folder("ca")).current == newest)
        #expect(try KeyStore.authority(at: folder("ca/openssl.cnf")).current == newest)
    }

    @Test("what openssl ca, easy-rsa and step-ca issue under is the first certificate of their file")
    func firstOfFile() throws {
        let old = try Renewed.certificate("old1")
        try folder.sh("mkdir -p ca/private vpn/pki/private step/secrets step/certs; cp both.crt ca/cacert.pem")
        try folder.sh("cp both.crt vpn/pki/ca.crt; cp both.crt step/certs/intermediate_ca.crt")
        for store in ["openssl-ca:DIR/ca", "easy-rsa:DIR/vpn", "step-ca:DIR/step#intermediate"] {
            let found = try KeyStore.authority(at: store.replacing("DIR", with: folder.path))
            #expect(found.current == old && found.others == [newest])
        }
        let bundle = try KeyStore.authority(at: folder("both.crt"))
        #expect(bundle.current == newest && bundle.others == [old])
    }

    @Test("what is no authority's, is not there or is under a password is refused")
    func refused() throws {
        try folder.write("key.pem", Sample.p256.pem)
        #expect(throws: StoreError.certificate(path: folder("key.pem"), .none)) {
            try KeyStore.authority(at: folder("key.pem")).current
        }
        try folder.sh("openssl req -x509 -new -key key.pem -subj /CN=x -addext basicConstraints=CA:FALSE -out leaf.crt")
        #expect(throws: StoreError.notACA(path: folder("leaf.crt"), subject: "CN=x")) {
            try KeyStore.authority(at: folder("leaf.crt")).current
        }
        #expect(throws: StoreError.file(.system(path: folder("no.crt"), .noSuchFileOrDirectory))) {
            try KeyStore.authority(at: folder("no.crt")).current
        }
        try folder.sh("openssl pkcs12 -export -nokeys -in old2.crt -passout pass:x -out c.p12")
        for store in [folder("c.p12"), "p12:\(folder("c.p12"))"] {
            #expect(throws: StoreError.certificatesAreEncrypted(path: folder("c.p12"))) {
                try KeyStore.authority(at: store).current
            }
        }
    }
}
