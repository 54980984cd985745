// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// An escrow that somebody named: its directory, or what a parcel holds of one, laid out.
///
/// What an act files in one that was laid out goes with it: it is sent back in a parcel, and lies nowhere else.
package struct NamedEscrow: Sendable {
    /// Where it lies.
    package let place: FilePath
    /// What its owner typed: the directory, or the parcel.
    package let typed: FilePath
    /// The name in the parcel; nothing for a directory.
    private let name: String?

    /// A directory, as it is.
    package init(at path: FilePath) {
        (place, typed, name) = (path, path, nil)
    }

    private init(_ name: String, in parcel: UnpackedParcel, at path: FilePath) {
        (place, typed, self.name) = (parcel.path(of: name), path, name)
    }

    /// Whether it came in a parcel.
    package var isLaidOut: Bool { name != nil }

    /// Reads it.
    ///
    /// - Throws: What ``EscrowDirectory/init(at:shownAs:)`` throws.
    package func directory() throws(EscrowError) -> EscrowDirectory {
        try EscrowDirectory(at: place, shownAs: name)
    }

    /// What paths name: escrows, and all of them that a parcel holds.
    ///
    /// - Throws: ``EscrowError/parcel(path:_:)`` for a parcel without any, and why one cannot be read.
    package static func all(
        at paths: [FilePath],
        attended attendance: any Attendance
    ) throws(EscrowError) -> [NamedEscrow] {
        var found: [NamedEscrow] = []
        for path in paths {
            guard let parcel = try Parcel(ifAt: path) else {
                found.append(NamedEscrow(at: path))
                continue
            }
            let escrows = try all(in: parcel, at: path, attended: attendance)
            guard !escrows.isEmpty else {
                throw .parcel(path: path.string, .noEscrow)
            }
            found += escrows
        }
        return found
    }

    /// The one that a path names.
    ///
    /// - Throws: As ``all(at:attended:)``, and for a parcel of several.
    package static func one(at path: FilePath, attended attendance: any Attendance) throws(EscrowError) -> NamedEscrow {
        let found = try all(at: [path], attended: attendance)
        guard found.count == 1 else {
            throw .parcel(path: path.string, .severalEscrows(found.compactMap(\.name)))
        }
        return found[0]
    }

    /// The escrows of a parcel that has their manifests, laid out.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package static func all(
        in parcel: Parcel,
        at path: FilePath,
        attended attendance: any Attendance
    ) throws(EscrowError) -> [NamedEscrow] {
        let laidOut = try UnpackedParcel(parcel, in: UnpackedParcel.temporary, shownAs: path)
        let found = parcel.escrows.map { NamedEscrow($0, in: laidOut, at: path) }
            .filter { EscrowDirectory.isEscrow($0.place) }
        if !found.isEmpty {
            // One for all of them: whatever is said later is looked through for each.
            attendance.tell(.laidOut("\(laidOut.place)/", shown: ""))
        }
        return found
    }
}
