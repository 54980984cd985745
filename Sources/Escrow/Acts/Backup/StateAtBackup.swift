// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Files
import KeyStores
import SystemPackage

/// The state of the CA whose key is escrowed: its figures, and the archive that is made of it when it is wanted.
///
/// docs/format.md, section 4.6.
struct StateAtBackup: ~Copyable {
    /// What the manifest will say.
    let known: Known
    private var file: StagedFile?

    struct Known {
        let figures: StateFigures?
        let archive: StateCapture.Archive?

        /// Nothing when the store has none.
        func entry(named name: String) -> StateEntry? {
            guard let figures else {
                return nil
            }
            let made = archive.flatMap { archive in
                SHA256Digest(bytes: archive.sha256).map {
                    StateEntry.Archive(name: name, sha256: $0, byteCount: archive.byteCount)
                }
            }
            return StateEntry(figures: figures, archive: made)
        }
    }

    /// Counts the state, or archives it into a hidden file where the PKCS#12 file goes.
    ///
    /// A state that cannot be counted is no reason not to escrow the key: it is told.
    ///
    /// - Parameter secrets: What no archived file may hold.
    /// - Throws: ``EscrowError/state(_:)`` when an archive was asked for.
    init(
        of act: Backup,
        without secrets: WithheldSecrets,
        to destination: Destination,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        guard case .store(let store, _) = act.source else {
            known = Known(figures: nil, archive: nil)
            return
        }
        guard act.isWithState else {
            known = Known(figures: store.stateFigures(attended: attendance), archive: nil)
            return
        }
        let layout = try orThrow(store.stateLayout(), as: EscrowError.state)
        if layout.needsStandstill {
            attendance.tell(.stateNeedsStandstill(layout))
        }
        for settings in try orThrow(layout.settingsBeside(), as: EscrowError.state) {
            attendance.tell(.settingsAreNotArchived(settings))
        }
        let file = try destination.stageState()
        let (archive, figures): (StateCapture.Archive, StateFigures)
        do throws(StateError) {
            (archive, figures) = try attendance.during(.archivingState) { () throws(StateError) in
                try StateCapture.archive(layout, without: secrets, to: file)
            }
        } catch {
            throw .state(error)
        }
        if !archive.leftOut.isEmpty {
            attendance.tell(.isNotArchived(archive.leftOut))
        }
        known = Known(figures: figures, archive: archive)
        self.file = consume file
    }

    /// The archive, once.
    mutating func takeFile() -> StagedFile? { file.take() }
}

extension KeyStore {
    /// What the state that lies in the store comes to; nothing when it keeps none, or it cannot be counted.
    fileprivate func stateFigures(attended attendance: any Attendance) -> StateFigures? {
        do throws(StateError) {
            let (figures, faults) = StateFigures.read(try stateLayout())
            faults.forEach { attendance.tell(.stateIsPartlyRecorded($0)) }
            return figures
        } catch {
            if case .noState = error {
                return nil
            }
            attendance.tell(.stateIsNotRecorded(error))
            return nil
        }
    }
}
