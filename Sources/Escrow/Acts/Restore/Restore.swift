// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import Files
package import KeyStores
package import SystemPackage

/// Brings a CA's key back into a store, with a quorum of custodians: docs/format.md, sections 5.3 and 5.9.
///
/// The stages are types: `Found` has been read, `Trusted` is vouched for and its store was tried, `Opened` holds the
/// key. Nobody is asked for a share before the store's PIN was right, and nothing is written before the quorum.
public struct Restore {
    let opening: Opening
    let store: KeyStore
    /// The store as somebody named it: the record says it.
    let storeName: String
    let protection: Protection
    let ownership: Ownership
    let isWithState: Bool

    /// How the key is protected where it goes.
    package enum Protection: Equatable, Sendable {
        /// By a passphrase that is asked for, or by the PIN that the store has.
        case asked
        /// As ``asked``, with a PKCS#12 file that Windows Server 2016 reads: docs/windows-ad-cs.md.
        case windows2016
        /// Not at all.
        case plain
    }

    /// - Parameters:
    ///   - store: Where the key goes.
    ///   - storeName: The store as somebody named it.
    ///   - ownership: Of the files to come.
    ///   - isWithState: Whether the archived state of the CA comes back, too.
    package init(
        _ opening: Opening,
        to store: KeyStore,
        named storeName: String,
        protection: Protection,
        ownership: Ownership,
        isWithState: Bool
    ) {
        (self.opening, self.store, self.storeName) = (opening, store, storeName)
        (self.protection, self.ownership, self.isWithState) = (protection, ownership, isWithState)
    }

    /// Does all of it.
    ///
    /// - Throws: ``EscrowError``; once ``Notice/Outcome/restored(_:)`` was told, the key is back, and the CA's state is not.
    package func run(attended attendance: any Attendance) throws(EscrowError) -> Done {
        let opened = try found(attended: attendance).trusted(attended: attendance).opened(attended: attendance)
        return try opened.restored(attended: attendance)
    }

    /// Read, and nothing lies in the way; nobody vouches for it yet.
    package struct Found {
        let act: Restore
        let opening: Opening.Found
        let state: StateAtRestore
    }

    /// Vouched for, with a store that was tried.
    package struct Trusted: ~Copyable {
        let found: Found
        let opening: Opening.Trusted
        let store: ReadyStore
    }

    /// Opened by a quorum, and erased when it is let go.
    package struct Opened: ~Copyable {
        let found: Found
        let trusted: Opening.Trusted
        let opened: Opening.Opened
        let store: ReadyStore
    }

    /// A key that is back, read back and proven; it is told, and holds nothing that could sign.
    package struct Done: Sendable {
        package let places: RestoredPlaces
        /// Of the newest certificate, which the key read back has signed for.
        package let certificate: Certificate
        package let store: KeyStore
        package let record: FilePath
        package let manifest: Manifest
        /// Files of the state that are back, too.
        package let stateFiles: [String]
        /// Of what was made; what was here already keeps its owner.
        package let ownership: Ownership
    }

    /// The state of a CA that is back.
    package struct State: Sendable {
        package let written: [String]
        package let kept: [String]
        /// Names in the archive of what comes back with the key, and is not taken from there.
        package let skipped: [String]
        /// Files that were here already, and differ from the archive's.
        package let differing: [String]
        package let created: Timestamp
        package let figures: StateFigures
        /// What is there now: its index may say more than the manifest does.
        package let comparison: StateComparison
    }
}

extension Restore {
    /// Reads everything, and looks for what lies in the way.
    package func found(attended attendance: any Attendance) throws(EscrowError) -> Found {
        if let recognised = store.recognisedAs {
            attendance.tell(.recognised(recognised))
        }
        try check()
        for place in store.location.places {
            try EscrowDirectory.refuseInside(FilePath(place), as: place)
        }
        let found = try opening.found(attended: attendance)
        let state = try StateAtRestore(of: found, by: self, attended: attendance)
        try orThrow(state.store.preflight(for: found.certificates, ownership: ownership), as: EscrowError.store)
        return Found(act: self, opening: found, state: state)
    }

    /// What such a store cannot have.
    private func check() throws(EscrowError) {
        guard TextRule.allows(storeName) else {
            throw .opening(.storeName)
        }
        guard ownership == .place || !store.keepsItsPIN else {
            throw .opening(.ownedByStore(kind: store.location.kind))
        }
        guard let path = store.location.pkcs12Path else {
            guard protection != .windows2016 else {
                throw .opening(.notPKCS12(kind: store.location.kind))
            }
            return
        }
        guard protection != .plain else {
            throw .store(.needsPassphrase(path: path))
        }
    }
}

extension Restore.Found {
    package var document: EpochDocument { opening.document }

    /// Finds out who vouches for it, and opens what is in the store already.
    package func trusted(attended attendance: any Attendance) throws(EscrowError) -> Restore.Trusted {
        let trusted = try opening.trusted(attended: attendance)
        if act.protection == .windows2016 || act.store.location.isForWindows {
            for certificate in document.manifest.certificates.strangeToWindows {
                attendance.tell(.notTakenByWindows(certificate))
            }
        }
        let store = try ReadyStore(state.store, act, for: opening.certificates, attended: attendance)
        return Restore.Trusted(found: self, opening: trusted, store: store)
    }
}

extension Restore.Trusted {
    /// Collects a quorum, and opens the PKCS#12 file with the password that it rebuilds.
    package consuming func opened(attended attendance: any Attendance) throws(EscrowError) -> Restore.Opened {
        let opened = try opening.opened(attended: attendance)
        return Restore.Opened(found: found, trusted: opening, opened: opened, store: store)
    }
}

extension Restore.Opened {
    /// Writes the key, reads it back and has it sign; files the record; then puts the state back.
    package consuming func restored(attended attendance: any Attendance) throws(EscrowError) -> Restore.Done {
        let (state, act) = (found.state, found.act)
        try state.stage(attended: attendance)
        let key = try store.restore(opened.material, ownership: act.ownership)
        try RestoredKeyProof.prove(key, store: act.storeName)
        let record = try trusted.file(recordOf: opened, to: act.storeName, attended: attendance)
        // Before anything is told: what nobody can be told is done all the same.
        let published = state.publish()
        let done = Restore.Done(
            places: key.places,
            certificate: opened.material.newest,
            store: act.store,
            record: record,
            manifest: found.document.manifest,
            stateFiles: (try? published.get())?.written ?? [],
            ownership: act.ownership
        )
        attendance.tell(.restored(done))
        trusted.answered?.eraseKey(attended: attendance)
        attendance.tell(state.notice(of: try orThrow(published.get(), as: EscrowError.state)))
        return done
    }
}

extension StoreURI {
    /// The file or the folder as it was given, of a store that is PKCS#12.
    var pkcs12Path: String? {
        switch self {
        case .p12(let path), .certutil(let path): path
        case .pem, .opensslCA, .easyRSA, .stepCA, .pkcs11, .nss: nil
        }
    }

    /// Whether certutil will import it.
    package var isForWindows: Bool {
        if case .certutil = self { true } else { false }
    }
}

extension [Certificate] {
    /// One for each key of a kind that no provider of Windows holds: docs/windows-ad-cs.md.
    fileprivate var strangeToWindows: [Certificate] {
        var keys: Set<[UInt8]> = []
        return filter { certificate in
            switch certificate.keyKind {
            case .ed25519?, .ed448?: keys.insert(certificate.spki).inserted
            case .rsa?, .ec?, nil: false
            }
        }
    }
}
