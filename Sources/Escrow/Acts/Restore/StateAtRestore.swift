// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Files
import KeyStores
import SystemPackage

/// The CA's state at a restore: compared before anybody is asked for a share, and put back when the key is proven.
///
/// docs/format.md, section 4.6.
struct StateAtRestore {
    /// Where the key goes: as the archive's configuration says, when that comes back too.
    let store: KeyStore
    private let escrowed: StateEntry?
    private let created: Timestamp
    private let comparison: StateComparison?
    private let restore: StateRestore?

    typealias Published = (written: [String], differing: [String])

    /// Looks at the store's state, tells what is older or missing, and prepares the archive when it is wanted.
    ///
    /// - Throws: ``EscrowError`` when the state was to come back and cannot; nothing is written.
    init(of found: Opening.Found, by act: Restore, attended attendance: any Attendance) throws(EscrowError) {
        let manifest = found.document.manifest
        (escrowed, created) = (manifest.state, manifest.created)
        guard act.isWithState else {
            (store, restore) = (act.store, nil)
            comparison = act.store.comparison(with: manifest.state?.figures, attended: attendance)
            return
        }
        // The kind of store first: it needs no archive to be refused.
        let configured = try act.store.layoutIfConfigured()
        let archive = try found.archivedState()
        guard let figures = escrowed?.figures else {
            preconditionFailure("an archive has figures")
        }
        do throws(StateError) {
            let place = try act.store.place(of: archive, for: figures, configured)
            for path in try place.layout.leftovers() {
                attendance.tell(.leftover(path))
            }
            let comparison = StateComparison(of: figures, at: place.layout)
            restore = try StateRestore(of: archive, to: place.layout, comparison, ownership: act.ownership)
            (store, self.comparison) = (place.store, comparison)
        } catch {
            throw .state(error)
        }
    }

    /// Unpacks the archive beside its place, where nobody sees it.
    func stage(attended attendance: any Attendance) throws(EscrowError) {
        guard let restore else {
            return
        }
        try orThrow(
            attendance.during(.unpackingState) { () throws(StateError) in try restore.stage() },
            as: EscrowError.state
        )
    }

    /// Puts the state back, when it was wanted.
    func publish() -> Result<Published?, StateError> {
        Result { () throws(StateError) in try restore?.publish() }
    }

    /// What has become of the state.
    func notice(of published: Published?) -> Notice.Outcome {
        guard let restore, let published, let escrowed else {
            return .stateStays(comparison, hasArchive: escrowed?.archive != nil)
        }
        return .stateIsBack(
            Restore.State(
                written: published.written,
                kept: restore.kept,
                skipped: restore.skipped,
                differing: published.differing,
                created: created,
                figures: escrowed.figures,
                comparison: StateComparison(of: escrowed.figures, at: restore.layout)
            )
        )
    }
}

extension Opening.Found {
    /// The archive of the CA's state, held against the manifest's digest.
    ///
    /// - Throws: ``OpeningFault/noStateArchive(path:)``, ``OpeningFault/stateIsNotArchived(path:epoch:)``
    fileprivate func archivedState() throws(EscrowError) -> StateArchive {
        let escrow = directory.path
        if let path = try document.statePath(given: act.pkcs12, escrow: escrow),
            try orThrow(Files.kind(of: path)) == nil
        {
            throw .opening(.noStateArchive(path: path.string))
        }
        guard let archive = try document.stateArchive(given: act.pkcs12, escrow: escrow) else {
            throw .opening(.stateIsNotArchived(path: escrow.string, epoch: document.manifest.epoch))
        }
        return archive
    }
}

extension KeyStore {
    /// Nothing when the layout cannot be told before the archive's configuration is read.
    ///
    /// - Throws: ``EscrowError/state(_:)`` when such a store keeps no state.
    fileprivate func layoutIfConfigured() throws(EscrowError) -> StateLayout? {
        do throws(StateError) {
            return try stateLayout()
        } catch {
            if case .noState = error {
                throw .state(error)
            }
            return nil
        }
    }

    /// Where key and state go when they come back together.
    ///
    /// - Parameter configured: What the store's own configuration says.
    fileprivate func place(
        of archive: borrowing StateArchive,
        for figures: StateFigures,
        _ configured: StateLayout?
    ) throws(StateError) -> (store: KeyStore, layout: StateLayout) {
        guard location.kind == figures.store else {
            throw .anotherStore(escrowed: figures.store, store: location.description)
        }
        if let configured, location.kind == StateLayout.Store.easyRSA.rawValue {
            return (self, configured)
        }
        let scratch = try rethrowing(as: StateError.file, TemporaryDirectory(in: UnpackedParcel.temporary))
        return try places(with: archive, scratch: scratch)
    }

    /// Compares what is there with what was escrowed, and tells how it stands.
    fileprivate func comparison(
        with escrowed: StateFigures?,
        attended attendance: any Attendance
    ) -> StateComparison? {
        guard let escrowed else {
            return nil
        }
        do throws(StateError) {
            let layout = try stateLayout()
            let comparison = StateComparison(of: escrowed, at: layout)
            for path in try layout.leftovers() {
                attendance.tell(.leftover(path))
            }
            attendance.tell(.stateCompared(comparison, place: layout.root.isEmpty ? "." : layout.root))
            return comparison
        } catch {
            if case .noState = error {
                attendance.tell(.stateDoesNotComeBack(escrowed))
            } else {
                attendance.tell(.stateIsNotCompared(error))
            }
            return nil
        }
    }
}
