// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Ristretto255
import SecretSharing
import SystemPackage

@testable import Audit
@testable import Escrow

/// Somebody who is no officer and no custodian: an auditor.
enum Auditors {
    private static let made = Result { try (ada: Somebody("ada"), eve: Somebody("eve")) }

    /// Whom ``World/fullInput(epoch:time:)`` admits for challenges.
    static var ada: Somebody { get throws { try made.get().ada } }
    /// Whom nobody admits for anything.
    static var eve: Somebody { get throws { try made.get().eve } }
}

/// What people do who are apart, each act as its command does it, but in this process.
extension World {
    /// The share that a custodian opens.
    func share(of name: Name, in number: Int = 1) throws -> Scalar {
        let directory = try directory()
        return try directory.epoch(number).openShare(of: cast[name].identity, at: cast[name].path, in: directory)
    }

    /// A receipt, signed, not yet filed.
    func acknowledge(_ name: Name, in number: Int = 1, at time: Timestamp = World.now) throws -> SignedDocument {
        let directory = try directory()
        return try directory.epoch(number)
            .acknowledge(by: cast[name].identity, at: cast[name].path, in: directory, now: time)
    }

    /// Files a challenge.
    func challenge(
        by auditor: Somebody? = nil,
        in number: Int = 1,
        at time: Timestamp = World.now,
        seconds: Int = 30 * 86_400
    ) throws -> Filed<Challenge> {
        let auditor = try auditor ?? Auditors.ada
        let epoch = try directory().epoch(number)
        let challenge = Challenge(by: auditor.officer, to: epoch, at: time, until: time.adding(seconds: seconds))
        return try Filed(at: SignedDocument(challenge, in: epoch, by: auditor.identity).file(), in: epoch)
    }

    /// A proof, signed, not yet filed.
    func prove(
        _ challenge: Filed<Challenge>,
        by name: Name,
        in number: Int = 1,
        at time: Timestamp = World.now
    ) throws -> SignedDocument {
        let directory = try directory()
        return try directory.epoch(number)
            .prove(challenge, by: cast[name].identity, at: cast[name].path, in: directory, now: time)
    }

    /// Files a request for three days, to a key of its own.
    func request(
        to key: Somebody,
        by officer: Name = "olga",
        signedBy signers: [Name] = ["olga", "omar"],
        in number: Int = 1,
        at time: Timestamp = World.now
    ) throws -> Filed<Request> {
        let epoch = try directory().epoch(number)
        let request = Request(
            by: officer,
            of: epoch,
            for: Request.Words(purpose: "the HSM is broken", destination: "pem:ca.key", machine: "vault-1"),
            to: key.identity.sealingKey,
            at: time,
            from: time,
            until: time.adding(seconds: 3 * 86_400)
        )
        let signatures = signers.map { cast[$0].sign(request.encoded(), .request) }
        return try Filed(at: epoch.file(request, signatures: signatures), in: epoch)
    }

    /// What a custodian sends to the restoring machine; the statement is not yet filed.
    func release(
        _ request: Filed<Request>,
        by name: Name,
        in number: Int = 1,
        at time: Timestamp = World.now
    ) throws -> ReleaseBox {
        let directory = try directory()
        return try directory.epoch(number)
            .release(for: request, by: cast[name].identity, at: cast[name].path, in: directory, now: time)
    }

    /// Files a refusal.
    @discardableResult
    func refuse(
        _ request: Filed<Request>,
        by name: Name,
        because reason: String = "nobody told me",
        at time: Timestamp = World.now
    ) throws -> Filed<Refusal> {
        let epoch = try document()
        let refusal = Refusal(by: name, of: request, because: reason, at: time)
        return try Filed(at: SignedDocument(refusal, in: epoch, by: cast[name].identity).file(), in: epoch)
    }

    /// Files an override of refusals.
    @discardableResult
    func override(
        _ refusals: [Filed<Refusal>],
        of request: Filed<Request>,
        signedBy signers: [Name],
        at time: Timestamp = World.now
    ) throws -> Filed<VetoOverride> {
        try override(files: refusals.map(\.digest), of: request, signedBy: signers, at: time)
    }

    /// The same of files, whether or not they verify.
    @discardableResult
    func override(
        files: [SHA256Digest],
        of request: Filed<Request>,
        signedBy signers: [Name],
        at time: Timestamp = World.now
    ) throws -> Filed<VetoOverride> {
        let epoch = try document()
        let override = VetoOverride(of: files, for: request, by: signers[0], because: "we told them", at: time)
        let signatures = signers.map { cast[$0].sign(override.encoded(), .override) }
        return try Filed(at: epoch.file(override, signatures: signatures), in: epoch)
    }

    /// Files a suspension.
    @discardableResult
    func suspend(
        _ name: Name,
        because cause: Suspension.Cause = .lost,
        by officer: Name = "olga",
        at time: Timestamp = World.now
    ) throws -> FilePath {
        let epoch = try document()
        let suspension = Suspension(of: name, because: cause, by: officer, in: epoch, at: time)
        return try SignedDocument(suspension, in: epoch, by: cast[officer].identity).file()
    }

    /// Files a reinstatement of somebody; the first of the signers asks for it.
    func reinstate(
        _ name: Name,
        ending digests: [SHA256Digest],
        in epoch: EpochDocument? = nil,
        signedBy signers: [Name] = ["olga", "omar"],
        at time: Timestamp = World.now
    ) throws {
        let epoch = try epoch ?? document()
        let record = Reinstatement(of: name, ending: digests, in: epoch, by: signers[0], because: "so", at: time)
        let signatures = signers.map { cast[$0].sign(record.encoded(), .reinstatement) }
        _ = try epoch.file(record, signatures: signatures)
    }

    /// Files bytes as a document of a kind, under the name that their content gives them: whatever they say.
    @discardableResult
    func file<Document: AddedDocument>(
        _: Document.Type,
        _ bytes: [UInt8],
        signedBy signers: [Somebody],
        for format: DocumentFormat = Document.format,
        in epoch: FilePath? = nil
    ) throws -> FilePath {
        let name = (try? Document(canonical: bytes))?.fileName(of: bytes)
        return try Record.file(
            bytes,
            named: name ?? "x-\(SHA256Digest(of: bytes).identifier).json",
            in: (epoch ?? self.epoch).appending(Document.directoryName),
            signatures: signers.map { $0.sign(bytes, format) }
        )
    }

    /// What an auditor brings who knows the officers, and Ada for challenges.
    func fullInput(
        officers: [Name] = ["olga", "omar"],
        epoch: Int? = nil,
        time: Timestamp = World.now
    ) throws -> AuditInput {
        let auditor = try Auditors.ada.officer
        let lines = officers.map { AllowedSigners.line(cast[$0].officer, DocumentFormat.signedByOfficers) }
        let all = lines + [AllowedSigners.line(auditor, DocumentFormat.signedByAuditors)]
        var input = try auditInput(epoch: epoch, time: time)
        input.anchor = try Anchor(path: "signers", signers: try AllowedSigners(Array(all.joined().utf8)), required: nil)
        return input
    }

    /// What such an auditor says.
    func fullAudit(epoch: Int? = nil, time: Timestamp = World.now) throws -> Audit {
        try Audit(of: escrow, with: fullInput(epoch: epoch, time: time))
    }
}

extension AllowedSigners {
    fileprivate static func line(_ officer: Signer, _ formats: [DocumentFormat]) -> String {
        line(name: officer.name, key: officer.key, namespaces: formats.map(\.namespace)) + "\n"
    }
}

extension JSONValue {
    /// The members of a document.
    var members: [String: JSONValue] {
        guard case .object(let members) = self else {
            preconditionFailure("not an object")
        }
        return members
    }

    /// The same document with a proof that holds for a share, whatever else it says.
    func proven(by share: borrowing Scalar) -> JSONValue {
        let proof = PossessionProof(of: share, over: PossessionProof.digest(of: members).bytes)
        return setting(
            "possession",
            to: .object([
                "R": .string(Hex.encode(proof.commitment.bytes)), "z": .string(Hex.encode(proof.response.bytes)),
            ])
        )
    }
}

extension World {
    /// Publishes an epoch of the same secret with other officers.
    func rotate(
        after previous: EpochDocument? = nil,
        to officers: String,
        signedBy signers: [Name],
        at time: Timestamp = World.created
    ) throws -> FilePath {
        let previous = try previous ?? directory().epoch(nil)
        let approval = try PeopleGiven(at: [cast.cards]).approval(PolicyText(officers))
        let successor = try SuccessorEpoch(after: previous, approval: approval, now: time)
        return try publish(successor, signedBy: signers.map { cast[$0] })
    }

    /// Publishes an epoch of the same secret, with these signatures of everything in it.
    func publish(_ successor: SuccessorEpoch, signedBy signers: [Somebody]) throws -> FilePath {
        let path = try successor.publish(in: escrow) { bytes, format in signers.first?.sign(bytes, format) }
        for signer in signers.dropFirst() {
            let file = FiledSignature.path(of: path.appending("manifest.json"), by: signer.name)
            try folder.write(signer.sign(successor.bytes).signature.armored, to: file)
            for record in try Record.files(in: path) {
                let signature = try signer.sign(folder.read(record), .addedCertificate).signature
                try folder.write(signature.armored, to: FiledSignature.path(of: record, by: signer.name))
            }
        }
        return path
    }
}
