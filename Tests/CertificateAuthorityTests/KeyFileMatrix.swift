// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import SecretMemory

/// What becomes of a key under every cipher and key derivation of OpenSSL's default and legacy provider, in every form of
/// file that `openssl` writes.
struct KeyFileMatrix {
    /// One file's, or several alike.
    struct Row: Equatable {
        let form: Form
        let protection: String
        var keys: [String]
        let right: String
        let wrong: String
        let none: String

        /// As the table has it.
        var line: String {
            "| \(form.rawValue) | \(protection) | \(keys.joined(separator: ", ")) | \(right) | \(wrong) | \(none) |"
        }

        /// Whether `openssl` writes it for some keys of the kind alone: key wrapping without padding takes whole blocks of
        /// eight bytes, and an RSA key's length differs by a few bytes from key to key.
        fileprivate var isByChance: Bool { protection.hasSuffix("-WRAP") || protection.hasSuffix("-WRAP-INV") }

        fileprivate func isLike(_ other: Row) -> Bool {
            (form, protection) == (other.form, other.protection)
                && (right, wrong, none) == (other.right, other.wrong, other.none)
        }
    }

    enum Form: String, CaseIterable {
        case traditional = "PEM, older form"
        case pkcs8 = "PKCS#8"
        case pkcs12 = "PKCS#12"
    }

    static let keys: [(name: String, sample: Sample)] = [("RSA", .rsa2048), ("P-256", .p256), ("Ed25519", .ed25519)]

    let rows: [Row]

    /// Has `openssl` write every file that it can, and reads each with the right passphrase, a wrong one and none.
    ///
    /// - Parameter step: 1 for all of its ciphers and digests, n for every n-th.
    init(step: Int) throws {
        let folder = try TemporaryFolder()
        for (name, sample) in Self.keys {
            try folder.write("\(name).pem", sample.pem)
            try folder.write("\(name).crt", sample.certificate.pem)
        }
        func sample(_ names: [String]) -> [String] { stride(from: 0, to: names.count, by: step).map { names[$0] } }
        let ciphers = sample(try Self.names("-cipher-algorithms", folder))
        let digests = sample(try Self.names("-digest-algorithms", folder))
        try folder.write("scrypt.py", Self.scryptProgram)
        try folder.write("make.sh", Self.script(ciphers: ciphers, digests: digests))
        try folder.sh("sh make.sh")
        var rows: [Row] = []
        for form in Form.allCases {
            for protection in try String(decoding: folder.read("order"), as: UTF8.self).split(separator: "\n") {
                for (name, sample) in Self.keys {
                    let file = "\(form)@\(protection)@\(name)"
                    guard FileManager.default.fileExists(atPath: folder(file)) else {
                        continue
                    }
                    let row = try Self.row(form, String(protection), name, sample, folder.read(file))
                    if let last = rows.last, last.isLike(row) {
                        rows[rows.count - 1].keys.append(name)
                    } else {
                        rows.append(row)
                    }
                }
            }
        }
        self.rows = rows
    }

    /// The table in docs/stores/files.md.
    var table: String {
        var lines = [
            "| form | under | keys | right passphrase | wrong passphrase | no passphrase |",
            "|---|---|---|---|---|---|",
        ]
        lines += rows.filter { !$0.isByChance }.map(\.line)
        return lines.joined(separator: "\n")
    }

    private static func row(
        _ form: Form,
        _ protection: String,
        _ name: String,
        _ sample: Sample,
        _ file: [UInt8]
    ) throws -> Row {
        let (open, openWithout) = form == .pkcs12 ? (openPKCS12, openPKCS12) : (openKey, openKey)
        let der = try sample.der
        return Row(
            form: form,
            protection: protection,
            keys: [name],
            right: outcome(der) { try open(file, "right") },
            wrong: outcome(der) { try open(file, "wrong") },
            none: outcome(der) { try openWithout(file, nil) }
        )
    }

    private static func outcome(_ der: [UInt8], _ open: () throws -> [UInt8]?) -> String {
        do {
            guard let found = try open() else {
                return "\(KeyError.encrypted)"
            }
            return found == der ? "opened" : "ANOTHER KEY"
        } catch {
            return "\(error)"
        }
    }

    private static func openKey(_ file: [UInt8], _ passphrase: String?) throws -> [UInt8]? {
        let text = secret(file)
        guard let passphrase else {
            return try FoundBytes(PrivateKey(pem: text)).der
        }
        let right = secret(passphrase)
        return try FoundBytes(PrivateKey(pem: text, passphrase: right)).der
    }

    private static func openPKCS12(_ file: [UInt8], _ passphrase: String?) throws -> [UInt8]? {
        guard let passphrase else {
            return try PKCS12Reader.readWithoutPassword(file).map {
                try CertificateAuthorityTests.keys(of: $0.generations)[0]
            }
        }
        let right = secret(passphrase)
        return try CertificateAuthorityTests.keys(of: PKCS12Reader.read(file, password: right).generations)[0]
    }

    private static let providers = "-provider default -provider legacy"

    /// What `openssl list` calls algorithms: of several names the one with a mode.
    private static func names(_ what: String, _ folder: TemporaryFolder) throws -> [String] {
        var names: Set<String> = []
        for line in try folder.sh("openssl list \(what) \(providers)").split(separator: "\n") {
            guard let end = line.range(of: " @ ")?.lowerBound else {
                continue
            }
            let all = line[..<end].split { " {},".contains($0) }.map(String.init)
            let words = all.filter { !$0.contains { $0 == "." } }
            if let name = words.first(where: { $0.contains("CBC") }) ?? words.first {
                names.insert(name)
            }
        }
        return names.sorted()
    }

    /// Makes a file for every form, protection and key; what `openssl` refuses is not there afterwards.
    private static func script(ciphers: [String], digests: [String]) -> String {
        let names = keys.map(\.name).joined(separator: " ")
        return """
            P='\(providers)'
            keep() { echo "$1" >> order; }
            # FORM PROTECTION KEY COMMAND…
            make() {
                file="$1@$2@$3"; shift 3
                "$@" -out file.out >/dev/null 2>&1 && test -s file.out && mv file.out "$file" && return
                rm -f file.out; return 1
            }
            old() {
                make traditional "$1" RSA openssl rsa $P -in RSA.pem -traditional "-$1" -passout pass:right &&
                    make traditional "$1" P-256 openssl ec $P -in P-256.pem "-$1" -passout pass:right
            }
            pkcs8() {
                for key in \(names); do
                    make pkcs8 "$1" $key openssl pkcs8 $P -topk8 -in $key.pem -iter 1 -passout pass:right $2 \
                        || return
                done
            }
            pkcs12() {
                for key in \(names); do
                    make pkcs12 "$1" $key openssl pkcs12 $P -export -inkey $key.pem -in $key.crt -iter 1 \
                        -passout pass:right $2 || return
                done
            }
            for cipher in \(ciphers.joined(separator: " ")); do
                keep $cipher
                old $cipher
                pkcs8 $cipher "-v2 $cipher"
                pkcs12 $cipher "-keypbe $cipher -certpbe $cipher"
            done
            for scheme in PBE-MD2-DES PBE-MD5-DES PBE-SHA1-DES PBE-MD2-RC2-64 PBE-MD5-RC2-64 PBE-SHA1-RC2-64 \
                PBE-SHA1-RC4-128 PBE-SHA1-RC4-40 PBE-SHA1-3DES PBE-SHA1-2DES PBE-SHA1-RC2-128 PBE-SHA1-RC2-40; do
                keep $scheme
                pkcs8 $scheme "-v1 $scheme"
                pkcs12 $scheme "-keypbe $scheme -certpbe $scheme"
            done
            for function in MD5 SHA1 SHA224 SHA256 SHA384 SHA512 SHA512-224 SHA512-256 SM3 GOST; do
                keep "PBKDF2 with hmacWith$function"
                pkcs8 "PBKDF2 with hmacWith$function" "-v2 aes-256-cbc -v2prf hmacWith$function"
            done
            for cost in "1024 8 1" "16384 8 1"; do
                set -- $cost
                keep "scrypt N=$1 r=$2 p=$3"
                pkcs8 "scrypt N=$1 r=$2 p=$3" "-scrypt -scrypt_N $1 -scrypt_r $2 -scrypt_p $3"
            done
            # openssl itself stops at 32 MiB; N·r·p is at most 2²² here.
            for cost in "32768 8 1" "65536 8 2" "524288 8 1" "1048576 8 1"; do
                set -- $cost
                keep "scrypt N=$1 r=$2 p=$3"
                for key in \(names); do
                    openssl pkcs8 -topk8 -nocrypt -in $key.pem -outform DER -out key.der &&
                        python3 scrypt.py key.der $1 $2 $3 > "pkcs8@scrypt N=$1 r=$2 p=$3@$key"
                done
            done
            for digest in \(digests.joined(separator: " ")); do
                keep "MAC by $digest"
                pkcs12 "MAC by $digest" "-macalg $digest"
            done
            keep "no MAC"
            pkcs12 "no MAC" "-nomac -keypbe aes-256-cbc -certpbe aes-256-cbc"
            """
    }

    /// Encrypts PKCS#8 under scrypt at any cost; what is refused before anything is derived gets no key of its own.
    static let scryptProgram = """
        import os, sys
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
        plain, n, r, p = open(sys.argv[1], "rb").read(), *map(int, sys.argv[2:5])
        def der(tag, *parts):
            content = b"".join(parts)
            size = len(content).to_bytes(2, "big")
            return bytes([tag]) + (bytes([0x82]) + size if len(content) > 127 else size[1:]) + content
        def number(value):
            return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))
        salt, iv, pad = os.urandom(16), os.urandom(16), 16 - len(plain) % 16
        isPossible = n * r * p <= 1 << 22
        key = Scrypt(salt, 32, n, r, p).derive(b"right") if isPossible else bytes(32)
        encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
        scrypt = der(0x30, der(6, bytes.fromhex("2b06010401da47040b")), der(0x30, der(4, salt), *map(number, (n, r, p))))
        aes = der(0x30, der(6, bytes.fromhex("60864801650304012a")), der(4, iv))
        pbes2 = der(0x30, der(6, bytes.fromhex("2a864886f70d01050d")), der(0x30, scrypt, aes))
        encrypted = encryptor.update(plain + bytes([pad] * pad)) + encryptor.finalize()
        sys.stdout.buffer.write(der(0x30, pbes2, der(4, encrypted)))
        """
}
