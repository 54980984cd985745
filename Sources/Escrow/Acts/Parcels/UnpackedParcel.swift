// SPDX-License-Identifier: Apache-2.0

import Files
import Synchronization
package import SystemPackage

/// A parcel's files laid out in a private directory, where they are read as escrows; gone when the process ends, and with
/// it whatever was filed there.
///
/// Not with the value: an optimized program ends that at its last use, and paths into the directory are in use longer.
package struct UnpackedParcel: Sendable {
    /// Where parcels are laid out for reading: public files only, removed afterwards.
    package static let temporary = FilePath("/tmp")

    /// Where the escrows lie.
    let place: FilePath

    /// Keeps a directory until the end of the process, which removes it.
    private final class Kept: Sendable {
        private static let all = Mutex<[Kept]>([])
        private let directory: TemporaryDirectory

        private init(_ directory: consuming TemporaryDirectory) { self.directory = directory }

        static func keep(_ directory: consuming TemporaryDirectory) {
            let kept = Kept(directory)
            all.withLock { $0.append(kept) }
        }
    }

    /// Lays the files out.
    ///
    /// - Parameters:
    ///   - escrow: The only one whose files are wanted; all of them when not given.
    ///   - parent: A directory for temporary files.
    ///   - shown: What errors call the parcel.
    /// - Throws: ``EscrowError/file(_:)``
    package init(
        _ parcel: Parcel,
        only escrow: String? = nil,
        in parent: FilePath,
        shownAs shown: FilePath = "the parcel"
    ) throws(EscrowError) {
        do throws(FileError) {
            let directory = try TemporaryDirectory(in: parent)
            var made: Set<FilePath> = []
            for file in parcel.files
            where (EscrowPlace.isKnown(file.path) || file.isOfPlan)
                && file.escrow.isEqual(bytesOf: escrow ?? file.escrow)
            {
                let shown = FilePath("\(shown): \(file.path)")
                let path = FilePath(file.escrow).appending(FilePath(file.path).components)
                var parent = FilePath()
                for component in path.components.dropLast() {
                    parent.append(component)
                    if made.insert(parent).inserted {
                        try directory.makeDirectory(parent, shownAs: shown)
                    }
                }
                try directory.write(file.content, to: path, shownAs: shown)
            }
            place = directory.path
            Kept.keep(directory)
        } catch {
            throw .file(error)
        }
    }

    /// Where an escrow of the parcel lies.
    package func path(of escrow: String) -> FilePath { place.appending(escrow) }
}
