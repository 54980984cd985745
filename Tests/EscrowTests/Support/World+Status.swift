// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import SecretSharing
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

// What makes something due, and what is said of it.
extension World {
    /// Everything of the escrow that officers who trust these would be told.
    func report(
        of certificates: [Acme.Issue] = [.root],
        besides others: [Acme.Issue] = [],
        at time: Timestamp = World.now,
        days: Int = 90,
        leastMargin: Int = 1,
        trusting signers: [Name]? = ["olga", "omar"]
    ) throws -> StatusReport {
        let input = StatusInput(
            certificates: try certificates.map {
                WatchedCertificate(
                    try Acme.certificate($0),
                    others: try others.map { try Acme.certificate($0) },
                    from: "\($0.rawValue).crt"
                )
            },
            anchor: try signers.map { names in
                let officers = names.map { cast[$0].officer }
                let lines = officers.map { officer in
                    AllowedSigners.line(
                        name: officer.name,
                        key: officer.key,
                        namespaces: (DocumentFormat.signedByOfficers + DocumentFormat.signedByAuditors).map(\.namespace)
                    ) + "\n"
                }
                return try Anchor(
                    path: "signers",
                    signers: AllowedSigners(Array(lines.joined().utf8)),
                    required: nil
                )
            },
            maximumAgeSeconds: days * StatusTests.day,
            leastMargin: leastMargin,
            time: time
        )
        return StatusReport(of: [try Audit(of: escrow, with: input.auditInput)], unread: [], against: input)
    }

    func status(
        of certificates: [Acme.Issue] = [.root],
        besides others: [Acme.Issue] = [],
        at time: Timestamp = World.now,
        days: Int = 90,
        leastMargin: Int = 1,
        trusting signers: [Name]? = ["olga", "omar"]
    ) throws -> EscrowStatus {
        let report = try report(
            of: certificates,
            besides: others,
            at: time,
            days: days,
            leastMargin: leastMargin,
            trusting: signers
        )
        return try #require(report.escrows.first)
    }

    /// Receipts of these people for epoch 1.
    func acknowledge(
        _ names: [Name] = ["alice", "bob", "carol"],
        at time: Timestamp = StatusTests.acknowledged
    ) throws {
        let (document, directory) = (try document(), try directory())
        for name in names {
            let share = try document.openShare(of: cast[name].identity, at: cast[name].path, in: directory)
            // What is noncopyable does not go through a macro.
            let made = Receipt(of: name, in: document, at: time, provenBy: share)
            let receipt = try #require(made)
            try document.file(receipt, signatures: [cast[name].sign(receipt.encoded(), .receipt)])
        }
    }

    /// A challenge by olga, and proofs of these people.
    func prove(_ names: [Name], asked: Timestamp, at time: Timestamp) throws {
        let (document, directory) = (try document(), try directory())
        let challenge = Challenge(
            by: cast["olga"].officer,
            to: document,
            at: asked,
            until: asked.adding(seconds: 60 * StatusTests.day)
        )
        let path = try document.file(challenge, signatures: [cast["olga"].sign(challenge.encoded(), .challenge)])
        let filed = try Filed<Challenge>(at: path, in: document)
        for name in names {
            let share = try document.openShare(of: cast[name].identity, at: cast[name].path, in: directory)
            let made = Proof(by: name, to: filed, in: document, at: time, provenBy: share)
            let proof = try #require(made)
            try document.file(proof, signatures: [cast[name].sign(proof.encoded(), .proof)])
        }
    }

    func suspend(_ name: Name, at time: Timestamp) throws {
        let document = try document()
        let record = Suspension(of: name, because: .lost, by: "olga", in: document, at: time)
        try document.file(record, signatures: [cast["olga"].sign(record.encoded(), .suspension)])
    }

    /// An open request; its ID.
    func request(until expires: Timestamp) throws -> String {
        let document = try document()
        let request = Request(
            by: "olga",
            of: document,
            for: Request.Words(purpose: "test", destination: "here", machine: "ca2"),
            to: try Somebody("request").card.sealingKey,
            at: World.now,
            from: World.now,
            until: expires
        )
        let path = try document.file(request, signatures: [cast["olga"].sign(request.encoded(), .request)])
        return try Filed<Request>(at: path, in: document).identifier
    }

    @discardableResult
    func add(_ issue: Acme.Issue, signedBy signers: [Name]) throws -> FilePath {
        let certificate = try Acme.certificate(issue)
        let record = AddedCertificate(certificate: certificate, created: World.created, to: try document())
        _ = try Record.file(
            record.encoded(),
            .addedCertificate,
            created: World.created,
            in: epoch.appending("records"),
            signatures: signers.map { cast[$0].sign(record.encoded(), .addedCertificate) }
        )
        return epoch.appending("records")
    }
}

/// Certificates as Microsoft Certificate Services issues them to itself.
enum Windows {
    static func key() throws -> [UInt8] {
        let folder = try TemporaryFolder()
        try folder.sh("openssl genpkey \(SampleCA.p256.rawValue) -out key.pem")
        return try folder.read("key.pem")
    }

    /// Of a generation in which the key was new.
    static func certificate(_ key: [UInt8], version: Int) throws -> Certificate {
        let folder = try TemporaryFolder()
        try folder.write("key.pem", key)
        try folder.sh(
            """
            openssl req -x509 -new -key key.pem -subj '/CN=Acme Issuing CA' -days 3650 \
            -addext 1.3.6.1.4.1.311.21.1=ASN1:INTEGER:\(version << 16 | version) -out ca.crt
            """
        )
        return try Certificate(pem: folder.read("ca.crt"))
    }

    static func generation(_ key: [UInt8], _ certificate: Certificate) throws -> KeyGeneration {
        let pem = secret(key)
        return try KeyGeneration(key: PrivateKey(pem: pem), certificates: [certificate])
    }
}
