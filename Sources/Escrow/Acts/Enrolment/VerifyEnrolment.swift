// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
package import SystemPackage

/// An officer, or whoever else, says of each card whether its custodian has shown that they can unseal.
///
/// docs/format.md, section 4.23. It needs no secret.
package struct VerifyEnrolment {
    private let paths: [FilePath]
    private let trust: EnrolmentTrust
    private let folder: FilePath?
    private let now: Timestamp

    /// - Parameters:
    ///   - paths: Parcels, directories, cards and enrolments.
    ///   - folder: Where what is proven is filed afterwards.
    package init(_ paths: [FilePath], trusting trust: EnrolmentTrust, into folder: FilePath?, now: Timestamp) {
        (self.paths, self.trust, self.folder, self.now) = (paths, trust, folder, now)
    }

    /// - Throws: ``DirectoryFault/notADirectory(path:)`` for the folder, ``EscrowError`` for a file that is not what it should be; what is wrong inside a folder or a parcel is a
    ///   fault of the review.
    package func run() throws(EscrowError) -> EnrolmentReview {
        if let folder, try orThrow(Files.kind(of: folder)) != .directory {
            throw .directory(.notADirectory(path: folder.string))
        }
        var found = EnrolmentFiles()
        for path in paths {
            if let parcel = try Parcel(ifAt: path) {
                found.add(parcel, shownAs: path.string)
            } else {
                try found.read(path)
            }
        }
        let review = EnrolmentReview(of: found, trusting: trust, now: now)
        guard !review.lines.isEmpty || !review.faults.isEmpty else {
            throw .enrolment(path: paths.map(\.string).joined(separator: ", "), .nothingHere)
        }
        return review
    }
}

extension EnrolmentReview {
    /// Files what shows each enrolment, and its card; nothing is overwritten.
    ///
    /// - Parameter tell: Told of each new file.
    /// - Throws: ``EscrowError/file(_:)``, ``PersonFault/twoCards(_:_:_:)``
    package func file(in folder: FilePath, _ tell: (FilePath) -> Void) throws(EscrowError) {
        for proof in found.proofs(trusting: trust, now: now) {
            for (name, bytes) in [("\(proof.card.name).card", proof.card.bytes)] + proof.proof.files {
                let place = folder.appending(name)
                let isHere = try orThrow { () throws(FileError) in
                    guard try Files.kind(of: place) != nil else {
                        try Files.create(place, bytes, permissions: .publicFile)
                        tell(place)
                        return true
                    }
                    return try Files.read(place, limit: ByteLimit.document) == bytes
                }
                guard isHere else {
                    throw name.hasSuffix(bytesOf: ".card")
                        ? .person(.twoCards(proof.card.name, place.string, proof.path))
                        : .file(.exists(path: place.string))
                }
            }
        }
    }
}
