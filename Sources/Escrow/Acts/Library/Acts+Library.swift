// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
public import Encoding
import Files
import KeyStores
public import SystemPackage

// Acts as other programs do them. Passphrases are asked for through the attendance; nothing secret is returned.

/// An epoch that a backup has made.
public struct PublishedEpoch: Equatable, Sendable {
    /// The SHA-256 of its manifest: what officers and custodians compare.
    public let digest: SHA256Digest
    /// Its directory in the escrow.
    public let directory: FilePath
    /// The PKCS#12 file, which lies outside of the escrow.
    public let keyFile: FilePath
    /// Officers who have not signed it, while it needs them.
    public let missing: [Name]

    init(_ made: Backup.Made, _ approval: EpochApproval?) {
        (digest, directory, keyFile) = (made.digest, made.path, made.pkcs12)
        missing = approval.map { $0.isApproved ? [] : $0.missing } ?? []
    }
}

extension Backup {
    /// A first backup of a CA's keys; or one with other people, of a key that an escrow which is there does not hold.
    ///
    /// - Parameters:
    ///   - store: Where the CA keeps them, such as `openssl-ca:/root/ca`.
    ///   - escrow: The escrow's directory, which may not be there yet.
    ///   - policy: Who restores, such as `3 of (alice, bob, carol, dave, erin)`.
    ///   - officers: Who approves, such as `2 of (olga, omar)`.
    ///   - cards: Cards of all of them, or directories of cards.
    ///   - officer: The identity of whoever signs it at once; without one it waits for all officers.
    ///   - now: The time to go by.
    /// - Throws: ``EscrowFailure``
    public init(
        of store: String,
        into escrow: FilePath,
        policy: String,
        officers: String,
        cards: [FilePath],
        by officer: FilePath?,
        at now: Timestamp
    ) throws(EscrowFailure) {
        let source = try failing { () throws(EscrowError) in try KeyStore(named: store) }
        self.init(of: .store(source, named: store), in: escrow, now: now)
        wishes = try failing { () throws(EscrowError) in
            var wishes = Wishes()
            wishes.policy = try orThrow(PolicyText(policy), as: EscrowError.policy)
            wishes.officers = try orThrow(PolicyText(approval: officers), as: EscrowError.policy)
            wishes.people = try PeopleGiven(at: cards)
            return wishes
        }
        self.officer = try failing { () throws(EscrowError) in try Self.identity(at: officer) }
    }

    /// A backup after a renewal: of whatever the store holds, and an escrow that is there does not.
    ///
    /// People and policy stay.
    ///
    /// - Parameters:
    ///   - store: Where the CA keeps its keys.
    ///   - escrow: The escrow's directory.
    ///   - officer: The identity of whoever signs it at once; without one it waits for all officers.
    ///   - anchor: Whom one believes; without it an officer must have signed the escrow who acts now.
    ///   - now: The time to go by.
    /// - Throws: ``EscrowFailure``
    public init(
        of store: String,
        renewing escrow: FilePath,
        by officer: FilePath?,
        anchor: Anchor?,
        at now: Timestamp
    ) throws(EscrowFailure) {
        let source = try failing { () throws(EscrowError) in try KeyStore(named: store) }
        self.init(of: .store(source, named: store), in: escrow, now: now)
        self.anchor = anchor
        self.officer = try failing { () throws(EscrowError) in try Self.identity(at: officer) }
    }

    private static func identity(at path: FilePath?) throws(EscrowError) -> IdentityOnDisk? {
        try path.map { path throws(EscrowError) in try IdentityOnDisk(at: path.string) }
    }

    /// How a backup ended.
    @nonexhaustive public enum Outcome: Sendable {
        /// The escrow holds what the store holds.
        case nothingToDo
        /// It was put into the escrow before, and waits for these officers.
        case waits(for: [Name])
        /// Certificates of keys that are escrowed were added, and wait for these officers.
        case certificatesAdded(waitingFor: [Name])
        /// A new epoch.
        case published(PublishedEpoch)
    }

    /// Does all of it.
    ///
    /// - Throws: ``EscrowFailure``; once ``Notice/Event/published(_:)`` was told, the epoch is there all the same.
    public func run(with attendance: any Attendance) throws(EscrowFailure) -> Outcome {
        switch try failing({ () throws(EscrowError) in try run(attended: attendance) }) {
        case .nothing: .nothingToDo
        case .draftWaits(let draft, _): .waits(for: draft.missing)
        case .certificateWaits(let filed): .waits(for: filed.missing)
        case .certificatesAdded(let done): .certificatesAdded(waitingFor: done.missing)
        case .made(let made, let approval): .published(PublishedEpoch(made, approval))
        }
    }
}

extension CertificateAddition.Done {
    /// Officers who have not signed, while it needs them.
    fileprivate var missing: [Name] {
        (signer == nil ? 0 : 1) < approval.threshold ? approval.officers.map(\.name).filter { $0 != signer } : []
    }
}

extension Sign {
    /// An officer signs what waits for them in escrows.
    ///
    /// - Parameters:
    ///   - escrows: The escrows' directories.
    ///   - officer: Their identity's file.
    ///   - now: The time to go by.
    /// - Throws: ``EscrowFailure``
    public init(_ escrows: [FilePath], by officer: FilePath, at now: Timestamp) throws(EscrowFailure) {
        let identity = try failing { () throws(EscrowError) in try IdentityOnDisk(at: officer.string) }
        self.init(escrows, by: identity, naming: [], isConfirmed: false, now: now)
    }

    /// Shows through the attendance what waits, has it confirmed, and signs it.
    ///
    /// - Returns: Whether anything waited.
    /// - Throws: ``EscrowFailure``
    public func run(with attendance: any Attendance) throws(EscrowFailure) -> Bool {
        try failing { () throws(EscrowError) in
            let found = try found(attended: attendance)
            _ = try found.signed(attended: attendance)
            return !found.documents.isEmpty
        }
    }
}

extension Acknowledge {
    /// A custodian accepts the custody of shares.
    ///
    /// - Parameters:
    ///   - escrows: The escrows' directories.
    ///   - custodian: Their identity's file.
    ///   - now: The time to go by.
    /// - Throws: ``EscrowFailure``
    public init(_ escrows: [FilePath], by custodian: FilePath, at now: Timestamp) throws(EscrowFailure) {
        let identity = try failing { () throws(EscrowError) in try IdentityOnDisk(at: custodian.string) }
        self.init(escrows, by: identity, given: [], parcel: nil, now: now)
    }

    /// Opens and checks each share, and files a receipt.
    ///
    /// - Throws: ``EscrowFailure``
    public func run(with attendance: any Attendance) throws(EscrowFailure) {
        try failing { () throws(EscrowError) in try run(attended: attendance) }
    }
}

extension Prove {
    /// A custodian answers every challenge that is open.
    ///
    /// - Parameters:
    ///   - escrows: The escrows' directories.
    ///   - custodian: Their identity's file.
    ///   - now: The time to go by.
    /// - Throws: ``EscrowFailure``
    public init(_ escrows: [FilePath], by custodian: FilePath, at now: Timestamp) throws(EscrowFailure) {
        let identity = try failing { () throws(EscrowError) in try IdentityOnDisk(at: custodian.string) }
        self.init(escrows, by: identity, challenge: nil, given: [], parcel: nil, now: now)
    }

    /// Opens each share, and files a proof that shows nothing of it.
    ///
    /// - Returns: Whether there was any challenge.
    /// - Throws: ``EscrowFailure``, the first when several challenges could not be answered.
    public func run(with attendance: any Attendance) throws(EscrowFailure) -> Bool {
        let outcome = try failing { () throws(EscrowError) in try run(attended: attendance) }
        if let failure = outcome.failures.first {
            throw failure
        }
        return outcome.isAnything
    }
}

extension Restore {
    /// A restore of a CA's keys.
    ///
    /// - Parameters:
    ///   - escrow: The escrow's directory.
    ///   - store: Where they go, such as `pem:key.pem,ca.pem`.
    ///   - anchor: Whom one believes.
    ///   - certificate: The certificate that is wanted, from outside the escrow, in PEM or DER.
    ///   - now: The time to go by.
    /// - Throws: ``EscrowFailure``
    public init(
        of escrow: FilePath,
        to store: String,
        anchor: Anchor,
        certificate: FilePath,
        at now: Timestamp
    ) throws(EscrowFailure) {
        var opening = Opening(escrow, now: now)
        opening.anchor = anchor
        let wanted = try failing { () throws(EscrowError) in try Certificate.all(at: certificate)[0] }
        opening.certificate = .file(wanted, path: certificate.string)
        self.init(
            opening,
            to: try failing { () throws(EscrowError) in try KeyStore(named: store) },
            named: store,
            protection: .asked,
            ownership: .place,
            isWithState: false
        )
    }

    /// Asks for custodians one by one, writes the key, and proves it.
    ///
    /// - Returns: The record of it, in the escrow.
    /// - Throws: ``EscrowFailure``
    public func run(with attendance: any Attendance) throws(EscrowFailure) -> FilePath {
        try failing { () throws(EscrowError) in try run(attended: attendance) }.record
    }
}

extension KeyStore {
    fileprivate init(named text: String) throws(EscrowError) {
        self = try orThrow(KeyStore(parsing: text), as: EscrowError.store)
    }
}

extension Anchor {
    /// Reads the officers whom one believes from an `allowed_signers` file: docs/format.md, section 5.3.
    ///
    /// - Parameters:
    ///   - signers: The file; it never comes with the escrow.
    ///   - required: How many of them must have signed, from 1 to 1000; as the file says when not given, or more than
    ///     half of them.
    /// - Throws: ``EscrowFailure``
    public init(signers: FilePath, required: Int? = nil) throws(EscrowFailure) {
        self = try failing { () throws(EscrowError) in
            try Anchor(path: signers.string, signers: AllowedSigners(at: signers), required: required)
        }
    }

    /// What the file allows and is unwise, in words: a key that counts for every kind of document.
    public var warnings: [String] { signers.warnings.map { "\(path): \($0)" } }
}

/// Turns our error into the one that other programs see.
package func failing<Result: ~Copyable>(_ work: () throws(EscrowError) -> Result) throws(EscrowFailure) -> Result {
    do {
        return try work()
    } catch {
        throw EscrowFailure(error)
    }
}
