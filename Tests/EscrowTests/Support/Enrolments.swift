// SPDX-License-Identifier: Apache-2.0

import SystemPackage

@testable import Custody
@testable import Encoding
@testable import Escrow

/// An officer's challenge to a new custodian and its answer, as files in a folder, to be attacked there.
struct EnrolmentScene {
    static let asked: Timestamp = "2026-11-20T12:00:00Z"
    static let answered: Timestamp = "2026-11-21T12:00:00Z"
    static let expires: Timestamp = "2026-12-04T12:00:00Z"

    let folder: TemporaryFolder
    let frank: Somebody
    let olga: Somebody
    let trust: EnrolmentTrust

    init() throws {
        folder = try TemporaryFolder()
        frank = try Somebody("frank")
        olga = try Somebody("olga")
        trust = EnrolmentTrust(officers: [olga.officer])
        try folder.write("frank.card", frank.card.bytes)
    }

    /// A challenge, as it is drawn.
    func challenge(
        to card: Card? = nil,
        by officer: Signer? = nil,
        at time: Timestamp = asked,
        until end: Timestamp = expires
    ) throws -> EnrolmentChallenge {
        try EnrolmentChallenge(to: card ?? frank.card, by: officer ?? olga.officer, at: time, until: end)
    }

    /// The answer that frank's program gives, whatever else is wrong.
    func answer(
        to challenge: EnrolmentChallenge,
        of card: Card? = nil,
        at time: Timestamp = answered
    ) throws -> EnrolmentAnswer {
        let hash = try frank.identity.answer(toEnrolment: challenge.box, of: card ?? frank.card)
        return EnrolmentAnswer(hash, to: challenge, digest: SHA256Digest(of: challenge.encoded()), at: time)
    }

    /// Writes a document under its own name, with a signature.
    @discardableResult
    func write<Document: EnrolmentDocument>(
        _ document: Document,
        signedBy signer: Somebody?,
        for format: DocumentFormat = Document.format
    ) throws -> String {
        let bytes = document.encoded()
        let name = Document.fileName(of: document.custodian, SHA256Digest(of: bytes))
        try folder.write(name, bytes)
        if let signer {
            try folder.write("\(name).\(signer.name).sig", signer.sign(bytes, format).signature.armored)
        }
        return name
    }

    /// A challenge and its answer, both as they should be.
    @discardableResult
    func enrol() throws -> (challenge: String, answer: String) {
        let challenge = try challenge()
        return (try write(challenge, signedBy: olga), try write(try answer(to: challenge), signedBy: frank))
    }

    func files() throws -> EnrolmentFiles { try EnrolmentFiles(in: FilePath(folder.path)) }

    func state(
        of card: Card? = nil,
        trusting other: EnrolmentTrust? = nil,
        now: Timestamp = World.now
    ) throws -> Enrolment.State {
        Enrolment.state(of: card ?? frank.card, in: try files(), trusting: other ?? trust, now: now)
    }

    /// What the path of a file is in an error.
    func path(_ name: String) -> String { folder(name).string }
}
