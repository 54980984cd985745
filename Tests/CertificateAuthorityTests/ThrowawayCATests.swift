// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Testing

/// A CA for one rehearsal, as openssl sees it.
@Suite struct ThrowawayCATests {
    init() throws {
        try OpenSSL.start()
    }

    @Test("openssl verifies its certificate, as a CA's and for its 30 days alone")
    func certificate() throws {
        let folder = try TemporaryFolder()
        let start = 1_800_000_000
        let material = try ThrowawayCA.make(commonName: "REHEARSAL, it \"is\" = ü", at: start)
        try folder.write("ca.crt", material.newest.pem)
        let verify = "openssl verify -x509_strict -check_ss_sig -CAfile ca.crt"
        for time in [start, start + 30 * 86_400 - 1] {
            try folder.sh("\(verify) -attime \(time) ca.crt")
        }
        for time in [start - 1, start + 30 * 86_400] {
            try folder.sh("! \(verify) -attime \(time) ca.crt")
        }
        let text = try folder.sh("openssl x509 -in ca.crt -noout -text")
        for part in ["CA:TRUE", "Certificate Sign, CRL Sign", "secp384r1", "ecdsa-with-SHA384", "Version: 3"] {
            #expect(text.contains(part))
        }
        #expect(material.newest.subject == #"CN=REHEARSAL\, it \"is\" = ü"#)
    }

    @Test("two have nothing in common, and a name that is too long is an error")
    func fresh() throws {
        let (one, two) = (try ThrowawayCA.make(commonName: "a", at: 1), try ThrowawayCA.make(commonName: "a", at: 1))
        #expect(one.newest.spki != two.newest.spki && one.newest.serial != two.newest.serial)
        for name in [String(repeating: "x", count: 65), ""] {
            #expect(throws: KeyError.self) { _ = try ThrowawayCA.make(commonName: name, at: 1) }
        }
    }
}
