// SPDX-License-Identifier: Apache-2.0

import Encoding
import KeyStores
import SystemPackage

extension ForeignFile {
    /// The one command that makes of a file what can be read, or why there is none.
    func hint(_ path: String, needed: StoreError.Needed) -> String {
        let file = ShellWord.path(path)
        switch self {
        case .jks: return Self.keytool(file, "JKS")
        case .jceks: return Self.keytool(file, "JCEKS")
        case .bks:
            return Self.keytool(file, "BKS")
                + " -providerclass org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar"
        case .pkcs7(let isPEM):
            return "openssl pkcs7\(isPEM ? "" : " -inform DER") -in \(file) -print_certs -out certificates.pem"
        case .pkcs12:
            return needed == .certificate ? Self.certificateAlone : "name it p12:\(file)"
        case .openSSHKey: return "RSA and EC, in a copy, which it rewrites: ssh-keygen -p -m PKCS8 -f COPY"
        case .tss2Key: return "no program gives it away: make the next CA key outside of the TPM, and escrow it at once"
        case .legacyNSS:
            let directory = FilePath(path).removingLastComponent()
            return Self.upgrade(directory.isEmpty ? "." : directory.string)
        case .sqlite: return "an NSS database is named nss:DIR; XCA exports a key with its certificates as PKCS #12"
        case .base64: return "umask 077; base64 -d \(file) > ca.der"
        }
    }

    static let certificateAlone = "give the certificate alone, in a file of PEM or DER"

    /// How NSS makes a database of the new kind beside one of the old.
    static func upgrade(_ directory: String) -> String {
        "NSS makes one of the new kind beside it: certutil -K -X -d \(ShellWord.of("sql:\(directory)"))"
    }

    private static func keytool(_ file: String, _ kind: String) -> String {
        "keytool -importkeystore -srckeystore \(file) -srcstoretype \(kind) -destkeystore ca.p12 -deststoretype PKCS12"
    }
}
