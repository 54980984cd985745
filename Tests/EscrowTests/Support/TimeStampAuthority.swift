// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage

@testable import Escrow

/// A time-stamp authority of `openssl ts`, whose clock is this machine's.
struct TimeStampAuthority {
    private let folder: TemporaryFolder
    /// Its CA's certificate, in PEM.
    let certificate: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            "tsa.cnf",
            """
            [tsa]
            default_tsa = here
            [here]
            serial = serial
            signer_cert = tsa.pem
            signer_key = tsa.key
            signer_digest = sha256
            default_policy = 1.2.3.4
            digests = sha256
            [certificate]
            extendedKeyUsage = critical,timeStamping
            """
        )
        try folder.write("serial", "01\n")
        try folder.sh(
            """
            openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -subj /CN=TSA-CA -days 36500
            openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=TSA
            openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile tsa.cnf \
                -extensions certificate -out tsa.pem -days 36500
            """
        )
        certificate = try folder.read("ca.pem")
    }

    /// Its answer to a query over bytes.
    func stamp(_ bytes: [UInt8]) throws -> [UInt8] {
        try folder.write("data", bytes)
        try folder.sh(
            """
            openssl ts -query -data data -sha256 -cert -out query
            openssl ts -reply -config tsa.cnf -queryfile query -out reply
            """
        )
        return try folder.read("reply")
    }
}

extension World {
    /// The file of an officer's signature of the first manifest.
    func signature(of officer: Name) -> FilePath { epoch.appending("manifest.json.\(officer).sig") }

    /// Puts a time stamp of now beside an officer's signature.
    func stamp(_ officer: Name, by authority: TimeStampAuthority) throws {
        let signature = signature(of: officer)
        try folder.write(authority.stamp(folder.read(signature)), to: SignatureStamp.path(of: signature))
    }

    /// An anchor in which the keys of all these officers have ended.
    func anchor(
        of names: [Name] = ["olga", "omar"],
        until end: Timestamp,
        trusting authorities: [UInt8]?
    ) throws -> Anchor {
        // As lines write it: 20210101Z, in digits.
        let digits = String(decoding: end.description.utf8.filter { (0x30...0x39).contains($0) }, as: UTF8.self)
        let lines = names.map { "\($0) valid-before=\"\(digits)Z\" \(cast[$0].officer.key.openSSH)\n" }
        let signers = try AllowedSigners(Array(lines.joined().utf8))
        return try Anchor(path: "signers", signers: signers, required: nil, authorities: authorities)
    }
}
