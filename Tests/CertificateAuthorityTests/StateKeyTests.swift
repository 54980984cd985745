// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import CertificateAuthority

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
