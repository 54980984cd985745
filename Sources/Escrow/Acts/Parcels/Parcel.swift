// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
package import SystemPackage

/// Public files of escrows in one file, for mail or a stick: docs/format.md, section 4.21.
///
/// Nothing in it is believed: its files are read as those of an escrow are.
package struct Parcel: ShapedDocument {
    /// What it is and what to do with it, for people.
    package let about: String
    /// Ordered by escrow and path; each once.
    package let files: [File]

    /// One file of an escrow.
    package struct File: Hashable, Sendable {
        /// The name of the escrow's directory.
        package let escrow: String
        /// Below it: a place that exists in escrows.
        package let path: String
        package let content: [UInt8]

        package init(escrow: String, path: String, content: [UInt8]) {
            self.escrow = escrow
            self.path = path
            self.content = content
        }

        /// Whether it comes before another, by the bytes of escrow and path.
        func precedes(_ other: File) -> Bool {
            escrow.isEqual(bytesOf: other.escrow)
                ? path.precedes(bytesOf: other.path) : escrow.precedes(bytesOf: other.escrow)
        }
    }

    /// - Parameter files: In any order; one that stands there twice counts once.
    package init(about: String, files: [File]) {
        self.about = about
        self.files = Set(files).sorted { $0.precedes($1) }
    }

    package static let format = DocumentFormat.parcel

    package static let shape = Shape<Parcel>(
        { Parcel(about: $0, files: $1) },
        Member("about", .text, \.about),
        Member("files", .files, \.files)
    )

    /// The names of the escrows in it, ordered.
    package var escrows: [String] { files.map(\.escrow).distinctByBytes() }
}

/// What a parcel may cost its reader: docs/format.md, section 4.21.
extension Parcel {
    /// How many members the gates of all manifests have, in all escrows; nothing is computed.
    ///
    /// One that is no JSON counts nothing: its reader refuses it as soon.
    package static func memberCount(of files: [File]) -> Int {
        files.reduce(0) { count, file in
            let name = file.path.words(between: "/").last
            guard name?.utf8.elementsEqual(EpochDocument.manifestName.utf8) == true,
                let value = try? JSONValue(canonical: file.content), case .object(let manifest) = value
            else {
                return count
            }
            return count + (manifest["policy"].map(members) ?? 0)
        }
    }

    /// Those of a gate and of the gates inside it.
    private static func members(in gate: JSONValue) -> Int {
        guard case .object(let gate) = gate, case .array(let members)? = gate["members"] else {
            return 0
        }
        return members.reduce(members.count) { $0 + Self.members(in: $1) }
    }
}

extension Form where Value == [Parcel.File] {
    /// Files in order; a path that is no place of an escrow is a wrong value.
    fileprivate static var files: Form {
        list(.object(Parcel.File.shape))
            .only(where: { $0.count <= ParcelFault.fileLimit }, expected: "at most \(ParcelFault.fileLimit) files")
            .only(
                where: { Parcel.memberCount(of: $0) <= ParcelFault.memberLimit },
                expected: "at most \(ParcelFault.memberLimit) members of policies in all manifests"
            )
            .only(
                where: { files in zip(files, files.dropFirst()).allSatisfy { $0.precedes($1) } },
                expected: "order by escrow and path, each once"
            )
    }
}

extension Parcel.File {
    fileprivate static let shape = Shape<Parcel.File>(
        Self.init,
        Member("escrow", .string, \.escrow),
        Member("path", .string, \.path),
        Member("content", .base64(), \.content)
    ) { file, path throws(DocumentError) in
        guard PKCS12Entry.isPlainFileName(file.escrow) else {
            throw .wrongValue(field: "\(path).escrow", expected: "a plain name of letters, digits, '.', '_' and '-'")
        }
        guard EscrowPlace.isKnown(file.path) || file.isEnrolment || file.isOfPlan else {
            throw .wrongValue(field: "\(path).path", expected: "a place in an escrow")
        }
    }
}

/// The places that public files have in an escrow: docs/format.md, section 4.10.
package enum EscrowPlace {
    /// Whether a path below an escrow is one of them: words, names, numbers and digests only, so nothing leads elsewhere.
    package static func isKnown(_ path: String) -> Bool {
        guard !path.isEqual(bytesOf: EscrowDirectory.readmeName) else {
            return true
        }
        let parts = path.parts(between: "/")
        guard let epoch = parts.first, EpochDirectory.number(inName: epoch) != nil else {
            return false
        }
        switch parts.count {
        case 2: return isInEpoch(parts[1])
        case 3:
            return parts[1].isEqual(bytesOf: EpochDocument.cardsName)
                ? isCard(parts[2]) : isAdded(parts[2], in: parts[1])
        default: return false
        }
    }

    private static func isInEpoch(_ name: String) -> Bool {
        name.isEqual(bytesOf: EscrowDirectory.readmeName)
            || isDocumentOrSignature(SignatureStamp.signature(of: name) ?? name) {
                $0.isEqual(bytesOf: EpochDocument.manifestName)
            }
    }

    private static func isCard(_ name: String) -> Bool {
        name.rest(before: ".json").map(isName) ?? false
    }

    private static func isAdded(_ name: String, in directory: String) -> Bool {
        guard EpochDirectory.addedDirectories.contains(bytesOf: directory) else {
            return false
        }
        if directory.isEqual(bytesOf: Record.directoryName), CASignatureFile.isName(name) {
            return CASignatureFile.document(of: name).map { isAdded($0, in: directory) } ?? false
        }
        return isDocumentOrSignature(name) { document in
            guard !directory.isEqual(bytesOf: Refusal.directoryName) else {
                return RefusalName(document) != nil
            }
            let parts = document.rest(before: ".json")?.parts(between: "-") ?? []
            guard parts.count > 1, let digest = parts.last, Hex.decode(digest)?.count == 16 else {
                return false
            }
            let start = parts.dropLast()
            return directory.isEqual(bytesOf: Record.directoryName)
                ? start.count > 1 && isTime(start[0]) && isName(start.dropFirst().joined(separator: "-"))
                : isName(start.joined(separator: "-"))
        }
    }

    /// `DOCUMENT`, or `DOCUMENT.NAME.sig`.
    private static func isDocumentOrSignature(_ name: String, _ isDocument: (String) -> Bool) -> Bool {
        guard let signed = name.rest(before: ".sig") else {
            return isDocument(name)
        }
        guard let (document, signer) = signed.sides(of: ".json.") else {
            return false
        }
        return isDocument(document + ".json") && isName(signer)
    }

    static func isName(_ text: String) -> Bool { (try? Name(text)) != nil }

    /// `20260301T120000Z`.
    private static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let digitCount = bytes.count { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return bytes.count == 16 && digitCount == 14 && bytes[8] == UInt8(ascii: "T") && bytes[15] == UInt8(ascii: "Z")
    }
}

extension Parcel {
    /// Reads a parcel's file.
    ///
    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/document(path:_:)``
    package init(at path: FilePath) throws(EscrowError) {
        let wanted = RecognisedFile.parcel
        self = try wanted.read(path, limit: ByteLimit.parcel) { bytes throws(EscrowError) in
            try Self.read(bytes, at: path)
        }
    }

    /// Reads what may be another file, or a directory: nothing then.
    package init?(ifAt path: FilePath) throws(EscrowError) {
        let bytes = try orThrow(Files.kind(of: path) == .regular ? try Files.read(path, limit: ByteLimit.parcel) : [])
        guard Self.isParcel(bytes) else {
            return nil
        }
        self = try Self.read(bytes, at: path)
    }

    /// Whether bytes look like a parcel: they are read as one then.
    package static func isParcel(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "{\n  \"about\": ".utf8) }

    private static func read(_ bytes: [UInt8], at path: FilePath) throws(EscrowError) -> Parcel {
        try orThrow(Parcel(canonical: bytes)) { .document(path: path.string, $0) }
    }
}

extension SignedDocument {
    /// The document and its signature as they travel.
    package func parcelFiles(of escrow: String) -> [Parcel.File] {
        let epoch = epoch.lastComponent?.string ?? ""
        let place = "\(epoch)/\(directoryName)/\(name)"
        return [
            Parcel.File(escrow: escrow, path: place, content: bytes),
            Parcel.File(escrow: escrow, path: "\(place).\(signer).sig", content: signature.armored),
        ]
    }
}

/// The places that a ceremony's plan has in a parcel, and what it names: docs/format.md, section 4.21.
package enum PlanPlace {
    /// What stands in the place of an escrow's name.
    package static let parcelName = "plan"
    /// The plan itself.
    package static let planName = "plan.json"

    /// Whether a path is one of them: as in a ceremony's bundle, and without what a ceremony makes.
    package static func isKnown(_ path: String) -> Bool {
        let parts = path.parts(between: "/")
        if parts.count == 2, parts[0].isEqual(bytesOf: EpochDocument.cardsName) {
            return EnrolmentPlace.isKnown(parts[1]) || isNamed(parts[1], before: ".pub")
        }
        return [planName, "certificate.pem", "earlier-inventory.json"].contains(bytesOf: path)
            || path.rest(after: planName + ".").map { isNamed($0, before: ".sig") } ?? false
    }

    private static func isNamed(_ name: String, before ending: String) -> Bool {
        name.rest(before: ending).map(EscrowPlace.isName) ?? false
    }
}

extension Parcel.File {
    /// A file of a ceremony's plan: of no escrow.
    package init(plan path: String, _ content: [UInt8]) {
        self.init(escrow: PlanPlace.parcelName, path: path, content: content)
    }

    package var isOfPlan: Bool { escrow.isEqual(bytesOf: PlanPlace.parcelName) && PlanPlace.isKnown(path) }
}
