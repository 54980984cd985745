// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

// The CA's state, which a backup counts, and archives when it is told to.
extension BackupCommand {
    /// Refuses `--with-state` for a store that keeps none, before anything is asked for.
    func checkState(of store: KeyStore) throws {
        if withState {
            _ = try store.stateLayout()
        }
    }
}

/// The state of the CA whose key is being escrowed: its figures, and the archive that is being made of it.
final class BackedUpState {
    private let figures: StateFigures?
    private let archive: StateCapture.Archive?
    private var file: StagedFile?

    /// Counts the state, or archives it into a hidden file where the PKCS#12 file goes.
    ///
    /// A state that cannot be counted is no reason not to escrow the key: a warning says so.
    ///
    /// - Throws: ``StateError`` when an archive was asked for.
    init(of store: KeyStore?, isArchived: Bool, without secrets: WithheldSecrets, to destination: Destination) throws {
        guard let store, isArchived else {
            archive = nil
            file = nil
            figures = store.flatMap(Self.figures)
            return
        }
        let layout = try store.stateLayout()
        if layout.needsStandstill {
            Output.warning("\(layout.root): the database is only whole when \(layout.store.rawValue) is stopped")
        }
        for path in try layout.settingsBeside() {
            Output.warning("not archived: \(path): it lies beside the pki: keep a copy of it")
        }
        let file = try destination.stageState()
        let (archive, figures) = try Output.whileShowing("archiving the CA's state") {
            try StateCapture.archive(layout, without: secrets, to: file)
        }
        archive.leftOut.forEach { Output.warning("not archived: \($0)") }
        (self.archive, self.figures) = (archive, figures)
        self.file = consume file
    }

    private static func figures(of store: KeyStore) -> StateFigures? {
        do throws(StateError) {
            let (figures, faults) = StateFigures.read(try store.stateLayout())
            for fault in faults {
                Output.warning("not recorded of the CA's state: \(fault)")
            }
            return figures
        } catch {
            if case .noState = error {
                return nil
            }
            Output.warning("the CA's state is not recorded: \(error)")
            return nil
        }
    }

    /// What the manifest says of it; nothing when the store has none.
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

    /// The archive, once.
    func takeFile() -> StagedFile? { file.take() }
}
