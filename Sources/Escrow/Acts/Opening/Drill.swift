// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Encoding
import KeyStores
package import SystemPackage

/// All of a restore but the import; the recovered key signs a receipt: docs/format.md, section 4.22.
package struct Drill {
    private let opening: Opening
    private let purpose: String?
    private let challenge: String?
    private let isSigned: Bool

    /// - Parameters:
    ///   - purpose: What the drill is for; the receipt says it.
    ///   - challenge: The first digits of the auditor's challenge; the only open one when not given.
    ///   - isSigned: Whether the CA's key signs the receipt, or public keys are compared only.
    package init(_ opening: Opening, for purpose: String?, answering challenge: String?, isSigned: Bool) {
        (self.opening, self.purpose, self.challenge, self.isSigned) = (opening, purpose, challenge, isSigned)
    }

    /// What was drilled.
    package struct Done: Sendable {
        package let receipt: FilePath
        package let certificate: Certificate
        package let keyCount: Int
        package let isSigned: Bool
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> Done {
        try TextRule.check(purpose, field: "purpose", of: opening.escrow.string)
        let found = try opening.found(attended: attendance)
        let document = found.document
        let challenge = try answeredChallenge(in: document, now: found.now, attended: attendance)
        let trusted = try found.trusted(attended: attendance)
        let opened = try trusted.opened(attended: attendance)
        let receipt = DrillReceipt(
            of: document,
            by: opened.custodians,
            for: purpose,
            isSigned: isSigned,
            answering: challenge?.digest,
            request: trusted.answered?.review.request.digest,
            overrides: trusted.overrides,
            // The auditor's clock may be ahead by a little, and a receipt is never older than its challenge.
            at: max(found.now, challenge?.document.created ?? found.now),
            provenBy: opened.secret
        )
        let bytes = receipt.encoded()
        let newest = document.manifest.certificate
        let signature =
            isSigned
            ? try opened.material.sign(receipt: bytes, under: newest, from: found.pkcs12.path.string) : nil
        let path = try Record.file(
            bytes,
            DrillReceipt.format,
            created: receipt.created,
            in: found.records,
            signatures: try found.signatures(of: receipt, attended: attendance),
            caSignature: signature
        )
        let done = Done(
            receipt: path,
            certificate: newest,
            keyCount: receipt.keys.count,
            isSigned: signature != nil
        )
        attendance.tell(.drilled(done))
        trusted.answered?.eraseKey(attended: attendance)
        return done
    }

    /// The challenge that the receipt answers: the one that is named, or the only open one.
    private func answeredChallenge(
        in epoch: EpochDocument,
        now: Timestamp,
        attended attendance: any Attendance
    ) throws(EscrowError) -> Filed<Challenge>? {
        let found = try epoch.challenges(challenge, at: now)
        guard found.count <= 1 else {
            throw .directory(.ambiguousDocument(kind: "challenge", "", found.map(\.identifier)))
        }
        guard let filed = found.first else {
            attendance.tell(.noChallengeIsOpen)
            return nil
        }
        try filed.checkNotExpired(at: now)
        guard !ClockRule.isAhead(filed.document.created, of: now) else {
            attendance.tell(.challengeIsAhead(filed))
            return nil
        }
        attendance.tell(.answersChallenge(filed))
        return filed
    }
}

extension CAMaterial {
    /// Has the CA's key sign a drill's receipt, after every key has signed for its own certificate.
    ///
    /// What is signed is the CA statement about the receipt: docs/format.md, section 3.9. All of it happens in memory.
    ///
    /// - Parameters:
    ///   - receipt: The canonical bytes.
    ///   - certificate: The one that the receipt names.
    ///   - path: Of the PKCS#12 file, for errors.
    /// - Returns: The signature.
    /// - Throws: ``OpeningFault/keysDoNotMatchManifest(path:)`` when a key does not sign for its certificate.
    package func sign(
        receipt: [UInt8],
        under certificate: Certificate,
        from path: String
    ) throws(EscrowError) -> [UInt8] {
        guard let newest = generations.first(where: { $0.certificates.contains(certificate) }),
            generations.allSatisfy(KeyProof.holds)
        else {
            throw .opening(.keysDoNotMatchManifest(path: path))
        }
        let statement = CASignatureFile.statement(of: "drill", about: receipt)
        guard let signature = try? newest.key.sign(statement: statement),
            certificate.verify(signature: signature, over: statement)
        else {
            throw .opening(.keysDoNotMatchManifest(path: path))
        }
        return signature
    }
}
