// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
import SystemPackage

/// Signed documents on their way out of an act: into the escrow, and into a parcel when one is asked for.
struct Outbox {
    private let parcelPath: FilePath?
    private let isFiling: Bool
    private let attendance: any Attendance
    private var files: [Parcel.File] = []
    private var isRehearsal = false

    /// - Parameters:
    ///   - parcel: Where a parcel of them goes.
    ///   - isFiling: Whether documents go into the escrow as well.
    /// - Throws: ``EscrowError/file(_:)`` when something is there, before anything is signed.
    init(
        _ parcel: FilePath?,
        isFiling: Bool = true,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        self.isFiling = isFiling
        self.attendance = attendance
        parcelPath = parcel
        if let parcel, try orThrow({ () throws(FileError) in try Files.kind(of: parcel) }) != nil {
            throw .file(.exists(path: parcel.string))
        }
    }

    /// Packs files that are there already.
    mutating func add(_ more: [Parcel.File]) {
        files += more
    }

    /// Packs a document that an earlier run filed: it may have been interrupted before it wrote its parcel.
    mutating func sendAgain(
        _ identifier: String,
        in epoch: EpochDocument,
        of escrow: EscrowDirectory
    ) throws(EscrowError) {
        guard parcelPath != nil, isFiling else {
            return
        }
        isRehearsal = isRehearsal || epoch.manifest.isRehearsal
        files += try escrow.packed(only: [identifier]).filter { $0.path.contains(bytesOf: identifier) }
    }

    /// Files a document; where the escrow cannot be written, the parcel is enough.
    ///
    /// - Parameter done: What is told once the file is there.
    mutating func send(
        _ document: SignedDocument,
        in epoch: EpochDocument,
        of escrow: EscrowDirectory,
        as kind: FiledKind,
        telling done: Notice.Fact?
    ) throws(EscrowError) {
        files += document.parcelFiles(of: escrow.name)
        isRehearsal = isRehearsal || epoch.manifest.isRehearsal
        guard isFiling else {
            done.map(attendance.tell)
            return
        }
        do throws(EscrowError) {
            let file = try document.file()
            done.map(attendance.tell)
            attendance.tell(.filed(kind, file))
        } catch {
            guard case .file = error, let parcelPath, !Files.isWritable(directory: escrow.path) else {
                throw error
            }
            done.map(attendance.tell)
            attendance.tell(.onlyInParcel(parcelPath, escrow: escrow.path))
        }
    }

    /// Writes the parcel.
    func finish(about: String) throws(EscrowError) {
        guard let parcelPath, !files.isEmpty else {
            return
        }
        let about = isRehearsal ? "\(Rehearsal.mark): \(about)" : about
        let bytes = Parcel(about: about, files: files).encoded()
        try orThrow { () throws(FileError) in try Files.create(parcelPath, bytes, permissions: .publicFile) }
        attendance.tell(.parcel(parcelPath))
    }
}
