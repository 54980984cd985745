// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Private keys never get into an archive, in whatever form and wherever they lie.
@Suite struct StateKeyTests {
    let scene: StateScene

    /// How a key gets to `ca/newcerts/x`, and what is said of it.
    static let forms: [(String, String)] = [
        ("cp k.pem X", "PEM"),
        ("cat k.pem ca/newcerts/1000.pem > t; cp t X", "PEM"),
        ("(cat ca/newcerts/1000.pem; head -c 300000 /dev/zero; cat k.pem) > X", "PEM"),
        // Across the end of a piece.
        ("(head -c 262134 /dev/zero; cat k.pem) > X", "PEM"),
        ("openssl pkey -in k.pem -traditional -out X", "PEM"),
        ("openssl pkcs8 -topk8 -in k.pem -passout pass:x -out X", "PEM"),
        ("openssl genrsa -traditional -aes128 -passout pass:x -out X 2048 2>/dev/null", "PEM"),
        ("iconv -f ASCII -t UTF-16LE k.pem > X", "PEM in UTF-16"),
        ("iconv -f ASCII -t UTF-16BE k.pem > X", "PEM in UTF-16"),
        ("ssh-keygen -q -t ed25519 -N '' -f s && cp s X", "PEM"),
        ("printf -- '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\\n' > X", "SSH2"),
        ("printf 'PuTTY-User-Key-File-3: ssh-ed25519\\n' > X", "PuTTY"),
        ("openssl pkey -in k.pem -outform DER -out X", "DER"),
        ("openssl ec -in k.pem -outform DER -out X 2>/dev/null", "DER"),
        ("openssl genrsa 2048 2>/dev/null | openssl rsa -traditional -outform DER -out X 2>/dev/null", "DER"),
        ("openssl genpkey -algorithm ed25519 -outform DER -out X", "DER"),
        ("openssl pkcs8 -topk8 -in k.pem -passout pass:x -outform DER -out X", "encrypted DER"),
        ("openssl pkcs8 -topk8 -in k.pem -passout pass:x -v1 PBE-SHA1-3DES -outform DER -out X", "encrypted DER"),
        (
            "openssl req -x509 -key k.pem -subj /CN=x -out c.pem && "
                + "openssl pkcs12 -export -inkey k.pem -in c.pem -passout pass:x -out X", "PKCS#12"
        ),
        ("printf '\\376\\355\\376\\355\\0\\0\\0\\2' > X", "a Java key store"),
        ("iconv -f ASCII -t UTF-32LE k.pem > X", "PEM in UTF-32"),
        ("sed 's/^/    /' k.pem > t; (echo 'key: |'; cat t) > X", "PEM"),
        ("printf 'KEY=\"%s\"\n' \"$(cat k.pem)\" > X", "PEM"),
        ("sed -z 's/.*/{\"key\":\"&\"}/; s/\\n/\\\\n/g' k.pem > X", "PEM in a setting"),
        ("printf 'KEY=\"%s\"\n' \"$(awk '{printf \"%s\\\\n\", $0}' k.pem)\" > X", "PEM in a setting"),
        ("printf 'data:\n  tls.key: %s\n' \"$(base64 -w0 k.pem)\" > X", "PEM in base64"),
        ("base64 k.pem > X", "PEM in base64"),
        ("openssl pkey -in k.pem -outform DER | base64 > X", "DER in base64"),
        ("openssl pkey -in k.pem -outform DER | base64 -w0 | tr '+/' '-_' | tr -d = > X", "DER in base64"),
        ("openssl pkey -in k.pem -outform DER | od -An -tx1 -v > X", "DER in hexadecimal digits"),
        ("(echo; openssl pkey -in k.pem -outform DER) > X", "DER"),
        ("(printf '\\357\\273\\277'; cat k.pem) > X", "PEM"),
        ("openssl pkey -in k.pem -noout -text > X", "OpenSSL's text"),
        ("openssl genrsa 2048 2>/dev/null | openssl pkey -noout -text > X", "OpenSSL's text"),
        ("head -3 k.pem > t; (cat ca/newcerts/1000.pem; cat t) > X", "PEM"),
        (
            "openssl genrsa -out r.pem 2048 2>/dev/null; openssl rsa -in r.pem -outform PVK -pvk-none -out X 2>/dev/null",
            "PVK"
        ),
        (
            "openssl genrsa -out r.pem 2048 2>/dev/null; openssl rsa -in r.pem -outform MSBLOB -out X 2>/dev/null",
            "MSBLOB"
        ),
        ("printf 'RSA2\\0\\10\\0\\0\\3\\0\\0\\0' > X", "MSBLOB"),
        ("mkdir n; certutil -N -d sql:n --empty-password; cp n/key4.db X", "an NSS database"),
        ("(printf '\\0\\6\\25\\141'; head -c 9000 /dev/zero; echo global-salt) > X", "an NSS database"),
        (
            "(echo '-----BEGIN PGP PRIVATE KEY BLOCK-----'; echo; head -c 90 /dev/zero | base64; "
                + "echo '-----END PGP PRIVATE KEY BLOCK-----') > X", "PGP"
        ),
        ("printf '\\225\\3\\230\\4\\140\\0\\0\\0\\1\\10\\0' > X", "PGP"),
        (
            "(echo '#'; echo '# 2048 bit OpenVPN static key'; echo '-----BEGIN OpenVPN Static key V1-----'; "
                + "head -c 64 /dev/zero | od -An -tx1 -v | tr -d ' '; echo '-----END OpenVPN Static key V1-----') > X",
            "OpenVPN"
        ),
        (
            "(echo '-----BEGIN OpenVPN tls-crypt-v2 server key-----'; head -c 96 /dev/zero | base64; "
                + "echo '-----END OpenVPN tls-crypt-v2 server key-----') > X", "OpenVPN"
        ),
        ("(echo '# created'; echo AGE-SECRET-KEY-1$(printf 'Q%.0s' $(seq 58))) > X", "age"),
        ("printf '{\"format\": \"ca-escrow/v1/identity\", \"kdf\": {\"algorithm\": \"none\"}}' > X", "an identity"),
        ("printf '{\"kty\": \"OKP\", \"d\": \"AAAA\"}' > X", "JWK"),
        ("printf '<RSAKeyValue><Modulus>x</Modulus><D>x</D></RSAKeyValue>' > X", "XML"),
    ]

    /// What a stranger may have a CA write, and what is no key in other ways.
    static let harmless = [
        "printf 'CN=PRIVATE KEY-----\n-----BEGIN PRIVATE KEY-----\n' > t; (echo x; cat t) > X",
        "(echo x; echo 'mailto:-----BEGIN PRIVATE KEY-----MIIBAAAAAAAAAAAAAAAAAAAA-----END PRIVATE KEY-----') > X",
        "(echo x; printf 'CN=PuTTY-User-Key-File-3: x\nPuTTY-User-Key-File-3: x\n') > X",
        "(printf 'x\\0-----BEGIN PRIVATE KEY-----\\n\\0\\1\\2'; head -c 300000 /dev/urandom; echo '-----END PRIVATE KEY-----') > X",
        "(echo x; for i in 1 2 3; do echo '-----BEGIN PRIVATE KEY-----'; done; echo '-----END PRIVATE KEY-----') > X",
        "(echo CN=AGE-SECRET-KEY-1$(printf 'Q%.0s' $(seq 58)); echo AGE-SECRET-KEY-1) > X",
        "(echo 'CN=Private-Key: (256 bit)'; echo priv:) > X",
        "printf 'RSA2 is a format\n' > X",
        "echo x | openssl ts -query -data /dev/stdin -out X",
        "openssl pkey -in k.pem -pubout | base64 > X",
        "printf '{\"kty\": \"OKP\", \"x\": \"AAAA\"}' > X",
        "openssl pkey -in k.pem -pubout -text -out X",
    ]

    init() throws {
        scene = try StateScene()
        try scene.folder.sh(
            "openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out k.pem"
        )
    }

    @Test("a key in newcerts is left out and named, whatever its form", arguments: forms)
    func leftOut(_ command: String, _ kind: String) throws {
        try scene.folder.sh(command.replacing("X", with: "ca/newcerts/x"))
        let left = try scene.capture().archive.leftOut
        let path = FilePath(scene.folder("ca/newcerts/x"))
        #expect(left == [StateCapture.LeftOut(path: path, reason: .privateKey(kind: kind))])
        #expect(try scene.folder.sh("tar -tf state.tar | grep -c newcerts/x || true") == "0\n")
    }

    @Test("a key in a file without which the CA does not go on is refused by name", arguments: forms.prefix(2))
    func refused(_ command: String, _ kind: String) throws {
        try scene.folder.sh(command.replacing("X", with: "x") + "; cat x >> ca/index.txt.attr")
        #expect(throws: StateError.privateKey(path: scene.folder("ca/index.txt.attr"), kind: kind)) {
            try scene.capture()
        }
        #expect(try scene.folder.sh("find . -name '*.tar' -o -name '.*.partial'") == "")
    }

    @Test(
        "what is public and looks a little like one is archived",
        arguments: [
            "openssl req -x509 -key k.pem -subj '/CN=PRIVATE KEY Ltd' -out X",
            "openssl req -x509 -key k.pem -subj /CN=x -outform DER -out X",
            "openssl req -new -key k.pem -subj /CN=x -outform DER -out X",
            "openssl pkey -in k.pem -pubout -outform DER -out X",
            "openssl genrsa 4096 2>/dev/null | openssl rsa -pubout -outform DER -out X 2>/dev/null",
            "openssl req -x509 -key k.pem -subj /CN=x -text -addext 'keyUsage=critical,keyCertSign' -out X",
        ]
    )
    func accepted(_ command: String) throws {
        try scene.folder.sh(command.replacing("X", with: "ca/newcerts/x"))
        try scene.capture()
        try scene.folder.sh("tar -xOf state.tar newcerts/x | cmp - ca/newcerts/x")
    }

    @Test("marks alone are no keys", arguments: harmless)
    func marks(_ command: String) throws {
        try scene.folder.sh(command.replacing("X", with: "ca/newcerts/x"))
        #expect(try scene.capture().archive.leftOut == [])
        try scene.folder.sh("tar -xOf state.tar newcerts/x | cmp - ca/newcerts/x")
    }

    @Test("a subject that somebody chose stops no backup")
    func subjects() throws {
        try scene.index(
            ["-----BEGIN PRIVATE KEY-----", "PuTTY-User-Key-File-3: x", "EASYRSA_PASSIN=pass:x", "pin-value=1"].map {
                "V\t301231000000Z\t\t1001\tunknown\t/CN=\($0)"
            }
        )
        #expect(try scene.capture().archive.leftOut == [])
    }

    @Test(
        "what is compressed is left out",
        arguments: [
            "gzip -c k.pem > X", "bzip2 -c k.pem > X", "xz -c k.pem > X", "tar -cf X k.pem",
            "python3 -m zipfile -c X k.pem", "printf '\\50\\265\\57\\375\\0' > X",
            "openssl pkey -in k.pem -outform DER -out d; ar rc X d",
        ]
    )
    func compressed(_ command: String) throws {
        try scene.folder.sh(command.replacing("X", with: "ca/newcerts/x"))
        let path = FilePath(scene.folder("ca/newcerts/x"))
        #expect(try scene.capture().archive.leftOut == [StateCapture.LeftOut(path: path, reason: .compressed)])
    }

    @Test("a database of which a file is left out is refused", arguments: ["cp k.pem X", "ln -s /etc X", "mkfifo X"])
    func incomplete(_ command: String) throws {
        try scene.folder.sh(
            "mkdir ca/db; echo badger > ca/db/MANIFEST; " + command.replacing("X", with: "ca/db/1.vlog")
        )
        let error = try #require(throws: StateError.self) {
            try scene.capture(StateLayout.stepCA(root: scene.root))
        }
        let path = scene.folder("ca/db/1.vlog")
        let why: [StateCapture.LeftOut.Reason] = [.symbolicLink, .notAFile]
        #expect(
            error == .privateKey(path: path, kind: "PEM") || why.contains { error == .incomplete(path: path, why: $0) }
        )
        // What strangers send is in it, as it came; and what is compressed is the database's own.
        try scene.folder.sh(
            "rm ca/db/1.vlog; printf 'x mailto:PRIVATE KEY-----@evil\n' > ca/db/1.vlog; gzip -c k.pem > ca/db/2.sst"
        )
        try scene.capture(StateLayout.stepCA(root: scene.root))
    }

    @Test("a CA with keys in odd places: none of them is in its archive, nor half of one")
    func oddPlaces() throws {
        for name in ["private/cakey.pem", "ca.key", "certs/leaf.pem", "backup/old.key", "index.txt.old", ".rnd.key"] {
            try scene.folder.sh(
                "mkdir -p $(dirname 'ca/\(name)') && openssl genpkey -algorithm ed25519 -out 'ca/\(name)' "
                    + "&& openssl pkey -in 'ca/\(name)' -outform DER | tail -c 32 >> secrets"
            )
        }
        try scene.capture()
        let archive = try scene.folder.read("state.tar")
        let secrets = try scene.folder.read("secrets")
        #expect(secrets.count == 6 * 32)
        for start in stride(from: 0, to: secrets.count, by: 16) {
            #expect(!archive.contains(secrets[start..<(start + 16)]))
        }
        #expect(try scene.folder.sh("grep -c 'PRIVATE KEY' state.tar || true") == "0\n")
    }
}
