// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
package import Files
package import SystemPackage

/// Where a new epoch goes: the escrow's directory and the PKCS#12 file outside it.
package struct Destination: Sendable {
    /// The escrow's directory.
    package let escrow: FilePath
    private let pkcs12: FilePath?
    /// Whether the file's name says that it is a test key's.
    private let isRehearsal: Bool

    /// Checks, before the first secret is made, that nothing is in the way.
    ///
    /// - Parameter pkcs12: A file that is not there yet, or a directory; the escrow's parent when not given.
    ///   A file's name says whether it is a rehearsal's.
    /// - Throws: ``EscrowError/file(_:)``, ``DirectoryFault/insideEscrow(path:escrow:)``, ``DirectoryFault/fileName(path:expected:)``
    package init(escrow: FilePath, pkcs12: FilePath?, isRehearsal: Bool = false) throws(EscrowError) {
        self.escrow = try EscrowDirectory.place(escrow)
        self.pkcs12 = pkcs12
        self.isRehearsal = isRehearsal
        try EscrowDirectory.refuseInside(self.escrow.removingLastComponent(), as: escrow.string)
        guard let pkcs12 else {
            return
        }
        if try orThrow(Files.kind(of: pkcs12)) != .directory {
            try orThrow(Files.requireNothing(at: pkcs12))
            let name = pkcs12.lastComponent?.string ?? ""
            guard PKCS12Entry.isPlainFileName(name) else {
                let expected = "a file of at most 64 letters, digits, '.', '_' and '-'"
                throw .directory(.fileName(path: pkcs12.string, expected: expected))
            }
            guard name.lowercasedASCII.contains(bytesOf: Rehearsal.fileNamePart) == isRehearsal else {
                let expected =
                    isRehearsal ? "a rehearsal's, which has '\(Rehearsal.fileNamePart)' in it" : "not a rehearsal's"
                throw .directory(.fileName(path: pkcs12.string, expected: expected))
            }
        }
        try EscrowDirectory.refuseInside(pkcs12, as: pkcs12.string)
        // The escrow itself may not be there yet.
        let (file, directory) = try orThrow { () throws(FileError) in
            (try Files.resolved(pkcs12), try Files.resolved(escrow))
        }
        guard !file.starts(with: directory) else {
            throw .directory(.insideEscrow(path: pkcs12.string, escrow: escrow.string))
        }
    }

    /// What an interrupted run left beside the escrow: partial files, and PKCS#12 files of this escrow's name that no
    /// epoch here names, so that no share opens them.
    ///
    /// - Throws: ``EscrowError``
    package func leftovers(besides epochs: [EpochDocument]) throws(EscrowError) -> [FilePath] {
        let known = Set(
            epochs.flatMap { [$0.manifest.pkcs12.name, $0.manifest.state?.archive?.name ?? ""] }.map { Array($0.utf8) }
        )
        let base = escrow.stem ?? "ca"
        let name = escrow.lastComponent?.string ?? ""
        var found: [FilePath] = []
        for directory in Set([escrow.removingLastComponent(), pkcs12Path(named: "x").removingLastComponent()]) {
            let listed = directory.isEmpty ? FilePath(".") : directory
            for file in try orThrow(Files.names(in: listed)) {
                let isPartial =
                    Files.isLeftover(file) && [".\(name).", ".\(base)-"].contains { file.hasPrefix(bytesOf: $0) }
                let ending = [".p12", Self.stateEnding].first { file.hasSuffix(bytesOf: $0) }
                let rest = ending.flatMap { file.rest(after: "\(base)-")?.rest(before: $0) } ?? ""
                let digits = rest.rest(after: "\(Rehearsal.fileNamePart)-") ?? rest
                let isArchive = digits.utf8.count == 8 && Hex.decode(digits) != nil && !known.contains(Array(file.utf8))
                if isPartial || isArchive {
                    found.append(directory.appending(file))
                }
            }
        }
        return found.sorted { $0.string.precedes(bytesOf: $1.string) }
    }

    /// The PKCS#12 file's name: as the caller wants it, or the escrow's name and the set.
    package func pkcs12Name(_ set: SetIdentifier) -> String {
        if let pkcs12, (try? Files.kind(of: pkcs12)) != .directory, let name = pkcs12.lastComponent?.string {
            return name
        }
        let base = escrow.stem ?? "ca"
        let end = (isRehearsal ? "-\(Rehearsal.fileNamePart)" : "") + "-\(set.short).p12"
        return PKCS12Entry.isPlainFileName(base + end) ? base + end : "ca\(end)"
    }

    /// The name of the state's archive: the escrow's name and the set.
    package func stateName(_ set: SetIdentifier) -> String {
        let name = "\(escrow.stem ?? "ca")-\(set.short)\(Self.stateEnding)"
        return PKCS12Entry.isPlainFileName(name) ? name : "ca-\(set.short)\(Self.stateEnding)"
    }

    private static let stateEnding = "-state.tar"

    /// The directory of the PKCS#12 file, in which the state's archive lies as well.
    package var keyDirectory: FilePath { pkcs12Path(named: "x").removingLastComponent() }

    /// Begins the archive of a CA's state, whose name is known when the epoch is made.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package func stageState() throws(EscrowError) -> StagedFile {
        let (directory, name) = (keyDirectory, "\(escrow.stem ?? "ca")\(Self.stateEnding)")
        return try orThrow(StagedFile(in: directory, named: name))
    }

    /// The PKCS#12 file's place.
    package func pkcs12Path(named name: String) -> FilePath {
        guard let pkcs12 else {
            return escrow.removingLastComponent().appending(name)
        }
        return (try? Files.kind(of: pkcs12)) == .directory ? pkcs12.appending(name) : pkcs12
    }
}

extension NewEpoch {
    /// Makes the epoch visible: the PKCS#12 file first, synced, then the directory by one rename.
    ///
    /// - Parameters:
    ///   - isFirst: Whether the whole escrow is new; otherwise the epoch joins the escrow that is there.
    ///   - state: The archive that the manifest names, when it names one.
    ///   - signatures: Officers' signatures of ``bytes``.
    /// - Returns: The epoch's directory and the PKCS#12 file.
    /// - Throws: ``EscrowError/file(_:)``; nothing is left behind.
    package func publish(
        to destination: Destination,
        isFirst: Bool,
        state: consuming StagedFile? = nil,
        signatures: [(signer: Name, signature: SSHSignature)]
    ) throws(EscrowError) -> (epoch: FilePath, pkcs12: FilePath) {
        let statePath = manifest.state?.archive.map { destination.keyDirectory.appending($0.name) }
        let pkcs12Path = destination.pkcs12Path(named: manifest.pkcs12.name)
        let name = EpochDirectory.name(of: manifest.epoch, digest)
        let epoch = destination.escrow.appending(name)
        try orThrow { () throws(FileError) in
            var staged = try StagedDirectory(for: isFirst ? destination.escrow : epoch)
            let inside = isFirst ? name + "/" : ""
            if isFirst {
                try staged.makeDirectory(name)
            }
            try EpochFiles(manifest: manifest, bytes: bytes, digest: digest, cards: cards).write(
                into: &staged,
                inside: inside,
                signatures: signatures
            )
            if let statePath, let state = state.take() {
                try state.publish(as: statePath, permissions: .secretFile)
            }
            do throws(FileError) {
                try Files.create(pkcs12Path, pkcs12, permissions: .secretFile)
            } catch {
                statePath.map(Files.withdraw)
                throw error
            }
            do throws(FileError) {
                try staged.publish(permissions: .publicDirectory)
            } catch {
                // Nobody could open it: the shares went with the directory.
                Files.withdraw(pkcs12Path)
                statePath.map(Files.withdraw)
                throw error
            }
        }
        return (epoch, pkcs12Path)
    }
}
