// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// Whose new files and directories are, and who gets into such directories.
///
/// What root makes in somebody's directory belongs to its owner: root may read everything, and the software that the
/// files are for may not. Everything is given away while it is open and before it has its name, so that nothing of the
/// wrong owner is ever found there, and no link is followed.
package enum Ownership: Equatable, Sendable {
    /// Of whoever makes them.
    case maker
    /// Of the owner and the group of the directory that they are put into, when root makes them; else as ``maker``.
    case place
    /// Of somebody who was named.
    case given(Owner)

    /// What is meant by a name: nothing means ``place``.
    ///
    /// - Parameter name: `USER[:GROUP]`, names or numbers.
    /// - Throws: ``OwnerError``
    package init(named name: String?) throws(OwnerError) {
        guard let name else {
            self = .place
            return
        }
        let owner = try Owner(parsing: name)
        guard owner.isWithinReach else {
            throw .notRoot(owner)
        }
        self = .given(owner)
    }

    /// Who gets what is made in a directory; `nil` for whoever makes it.
    func owner(in folder: OpenedFolder) throws(FileError) -> Owner? {
        switch self {
        case .maker: nil
        case .place: Owner.running.isRoot ? try folder.owner() : nil
        case .given(let owner): owner
        }
    }

    /// What a directory that is made in another lets people do: nothing that the other does not let them do.
    func permissions(_ wanted: FilePermissions, in folder: OpenedFolder) throws(FileError) -> FilePermissions {
        guard self != .maker else {
            return wanted
        }
        return wanted.intersection(try folder.permissions()).union(.ownerReadWriteExecute)
    }

    /// Shows that what is made in a directory can be given to its owner to be: makes a file, gives it away, removes it.
    ///
    /// - Throws: ``FileError``
    package func probe(_ directory: FilePath) throws(FileError) {
        let folder = try OpenedFolder(directory)
        guard let owner = try owner(in: folder), owner != .running else {
            return
        }
        let name = Files.partialName(for: "probe", in: directory)
        try SignalShield.during { () throws(FileError) in
            defer { folder.unlink(name) }
            try folder.withNewFile(name, shownAs: folder.path) { (file) throws(FileError) in
                try owner.take(file, shownAs: folder.path)
            }
        }
    }
}
