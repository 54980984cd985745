// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

/// The CA's state at a restore: compared before anybody is asked for a share, put back when the key is proven, and what
/// its absence means said in words.
final class StateAtRestore {
    /// Where the key goes: as the archive's configuration says, when that comes back too.
    let store: KeyStore
    private let escrowed: StateEntry?
    private let created: Timestamp
    private let comparison: StateComparison?
    private let restore: StateRestore?
    private var published: (written: [String], differing: [String])?

    /// Looks at the store's state, warns of what is older or missing, and prepares the archive when it is wanted.
    ///
    /// - Throws: ``StateError``, ``EscrowError`` when the state was to come back and cannot; nothing is written.
    init(
        at store: KeyStore,
        of document: EpochDocument,
        pkcs12: FilePath?,
        escrow: FilePath,
        isWanted: Bool,
        _ ownership: Ownership
    ) throws {
        escrowed = document.manifest.state
        created = document.manifest.created
        guard isWanted else {
            (self.store, restore) = (store, nil)
            comparison = Self.compare(store, escrowed?.figures)
            return
        }
        // The kind of store first: it needs no archive to be refused.
        var (place, layout) = (store, try Self.layoutIfConfigured(store))
        let archivePath = try document.statePath(given: pkcs12, escrow: escrow)
        if let archivePath, try Files.kind(of: archivePath) == nil {
            throw Diagnostic(
                "\(archivePath): No such file or directory",
                hint: "it lies beside the PKCS#12 file: --pkcs12 names another place for both",
                .noInput
            )
        }
        guard let escrowed, let archive = try document.stateArchive(given: pkcs12, escrow: escrow) else {
            throw Diagnostic(
                "\(escrow): epoch \(document.manifest.epoch) has no archive of the CA's state",
                hint: "restore without --with-state",
                .noInput
            )
        }
        guard store.location.kind == escrowed.figures.store else {
            throw StateError.anotherStore(escrowed: escrowed.figures.store, store: store.location.description)
        }
        if layout == nil || store.location.kind != StateLayout.Store.easyRSA.rawValue {
            let scratch = try TemporaryDirectory(in: ParcelFile.temporary)
            let places = try store.places(with: archive, scratch: scratch)
            (place, layout) = (places.store, places.layout)
        }
        guard let layout else {
            preconditionFailure("a store that keeps a state has a layout")
        }
        try Self.warnOfLeftovers(layout)
        let comparison = StateComparison(of: escrowed.figures, at: layout)
        restore = try StateRestore(of: archive, to: layout, comparison, ownership: ownership)
        (self.store, self.comparison) = (place, comparison)
    }

    /// Nothing when the layout cannot be told before the archive's configuration is read.
    private static func layoutIfConfigured(_ store: KeyStore) throws -> StateLayout? {
        do throws(StateError) {
            return try store.stateLayout()
        } catch {
            if case .noState = error {
                throw error
            }
            return nil
        }
    }

    private static func warnOfLeftovers(_ layout: StateLayout) throws(StateError) {
        for path in try layout.leftovers() {
            LeftoverWarning.tell(path)
        }
    }

    private static func compare(_ store: KeyStore, _ escrowed: StateFigures?) -> StateComparison? {
        guard let escrowed else {
            return nil
        }
        do throws(StateError) {
            let layout = try store.stateLayout()
            let comparison = StateComparison(of: escrowed, at: layout)
            try warnOfLeftovers(layout)
            let root = layout.root.isEmpty ? "." : layout.root.string
            if comparison.isNewer, !comparison.isHarmless {
                let parts = comparison.newerParts.joined(separator: "; ")
                Output.error("ca-escrow: \(root): newer than escrowed in part, and stays as it is: \(parts)")
            } else if comparison.isNewer {
                Output.error("ca-escrow: \(root): its state is newer than the escrowed one, and stays as it is")
            } else if comparison.isHarmless {
                Output.error("ca-escrow: \(root): its state is the one that was escrowed")
            }
            comparison.consequences.forEach(Output.warning)
            return comparison
        } catch {
            if case .noState = error {
                Output.warning("the CA's state does not come back: when escrowed, \(escrowed.words)")
            } else {
                Output.warning("the CA's state is not compared: \(error)")
            }
            return nil
        }
    }

    /// Unpacks the archive beside its place, where nobody sees it.
    func stage() throws {
        if let restore {
            try Output.whileShowing("unpacking the CA's state") { try restore.stage() }
        }
    }

    /// Puts the state back, when it was wanted; nothing is said.
    ///
    /// - Throws: ``StateError``; nothing of it is there then.
    func publish() throws(StateError) {
        published = try restore?.publish()
    }

    /// The files and folders that were put back.
    var written: [String] { published?.written ?? [] }

    /// Says what was put back, and what to do before the CA issues again.
    func tell() {
        guard let restore, let published, let escrowed else {
            let advice = comparison?.advice(hasArchive: escrowed?.archive != nil) ?? []
            advice.forEach(Output.next)
            return
        }
        for path in published.written {
            Output.line("written: \(path)")
        }
        for path in restore.kept {
            Output.line("here already: \(path)")
        }
        for path in published.differing {
            Output.warning("\(path): differs from the archive's, and stays as it is")
        }
        Output.line("the CA's state is that of \(created): \(escrowed.figures.words)")
        // What is there now: its index may say more than the manifest does.
        let comparison = StateComparison(of: escrowed.figures, at: restore.layout)
        comparison.adviceAfterRestore(since: created.description).forEach(Output.next)
    }
}
