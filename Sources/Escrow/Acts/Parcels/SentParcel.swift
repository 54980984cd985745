// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// What a parcel has for one escrow, laid out, part by part.
final class SentParcel {
    /// The parcel's file.
    let file: FilePath
    /// Where the parts lie, by their places in an escrow.
    let root: FilePath
    /// What is filed by itself, in no order.
    let parts: [String]
    /// What is left out by what it is, whoever has made it.
    let faults: [(part: String, error: CollectError)]

    /// - Parameter name: The escrow's; a parcel of one escrow alone may call it otherwise.
    /// - Throws: ``CollectError`` when the parcel holds nothing for this escrow.
    init(_ parcel: Parcel, at file: FilePath, for name: String) throws(CollectError) {
        self.file = file
        guard !parcel.files.allSatisfy(\.isEnrolment) else {
            throw .enrolment(path: file.string)
        }
        guard !parcel.files.allSatisfy(\.isOfPlan) else {
            throw .plan(path: file.string)
        }
        let names = parcel.escrows
        guard let name = names.contains(bytesOf: name) ? name : (names.count == 1 ? names[0] : nil) else {
            throw .notInParcel(path: file.string, escrow: name, found: names)
        }
        let unpacked = try orLeaveOut(UnpackedParcel(parcel, only: name, in: UnpackedParcel.temporary, shownAs: file))
        root = unpacked.path(of: name)
        let files = parcel.files.filter { $0.escrow.isEqual(bytesOf: name) }
        let places = Set(files.map(\.path))
        var (parts, faults): ([String], [(String, CollectError)]) = ([], [])
        for part in files {
            do throws(CollectError) {
                if try !Self.isLeft(part, places, at: "\(file): \(part.path)") {
                    parts.append(part.path)
                }
            } catch {
                faults.append((part.path, error))
            }
        }
        (self.parts, self.faults) = (parts, faults)
    }

    /// Where a part lies for now.
    func path(of part: String) -> FilePath { root.appending(FilePath(part).components) }

    /// The escrow that it is by itself; nothing when no manifest is in it.
    var directory: EscrowDirectory? { EscrowDirectory.isEscrow(root) ? try? EscrowDirectory(at: root) : nil }

    /// Whether a file is not collected by itself: a manifest or README, or a signature that comes with its document.
    ///
    /// - Throws: ``CollectError`` for one that is left out by what it is, whoever has made it.
    private static func isLeft(
        _ file: Parcel.File,
        _ places: Set<String>,
        at path: String
    ) throws(CollectError) -> Bool {
        guard !file.isEnrolment else {
            throw .enrolment(path: path)
        }
        guard EscrowPlace.isKnown(file.path) else {
            throw .unknown(path: path)
        }
        if SecretFile.isRelease(file.content) {
            throw .releaseBox(path: path)
        }
        if SecretFile.isStateArchive(file.content) {
            throw .stateArchive(path: path)
        }
        let parts = file.path.words(between: "/")
        let isSignature =
            file.path.hasSuffix(bytesOf: ".sig") || SignatureStamp.signature(of: file.path) != nil
            || CASignatureFile.isName(file.path)
        if parts.count < 3, !isSignature {
            if SecretFile.reason(file.content) != nil {
                throw file.content.first == 0x30 ? .pkcs12(path: path) : .secret(path: path)
            }
            return true
        }
        guard parts.count == 3, isSignature else {
            return false
        }
        let document = file.path.sides(of: ".json.").map { "\($0.before).json" } ?? file.path
        return places.contains(document)
    }
}
