// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
package import SystemPackage

/// Cards, enrolment challenges, answers and their signatures, from folders, files and parcels: nothing in it is believed.
package struct EnrolmentFiles: Sendable {
    /// A well-formed document under the name that its content gives it.
    package struct Found<Document: EnrolmentDocument>: Sendable {
        /// As the caller named it, or its parcel.
        package let path: String
        package let name: String
        package let bytes: [UInt8]
        package let document: Document

        package var digest: SHA256Digest { SHA256Digest(of: bytes) }
    }

    /// A card, and the file that it is from.
    package struct FoundCard: Sendable {
        package let card: Card
        package let path: String
    }

    /// Each once, in the order of reading.
    package private(set) var cards: [FoundCard] = []
    package private(set) var challenges: [Found<EnrolmentChallenge>] = []
    package private(set) var answers: [Found<EnrolmentAnswer>] = []
    /// Files that are not what their names say.
    package private(set) var faults: [EscrowError] = []
    /// Signature files, by their own names: made of content, so equal names are equal documents.
    private var signatures: [String: (path: String, bytes: [UInt8])] = [:]

    /// Nothing yet.
    package init() {}

    /// Reads a folder of cards, such as `cards/`; other files in it are passed over.
    ///
    /// - Throws: ``EscrowError/file(_:)`` when it cannot be listed.
    package init(in folder: FilePath) throws(EscrowError) {
        try read(folder)
    }

    /// Reads a folder, or one file, and the signatures beside that.
    ///
    /// - Throws: ``EscrowError`` for a file; what is wrong in a folder is a fault.
    package mutating func read(_ path: FilePath) throws(EscrowError) {
        let kind = try orThrow(Files.kind(of: path))
        guard kind != nil else {
            throw .file(.system(path: path.string, .noSuchFileOrDirectory))
        }
        if kind == .directory {
            for name in try orThrow(Clutter.namesBesides(in: path))
            where EnrolmentPlace.isKnown(name) || name.hasSuffix(bytesOf: ".card") {
                readFault(path.appending(name), name)
            }
            return
        }
        let name = path.lastComponent?.string ?? ""
        guard EnrolmentPlace.isKnown(name) || name.hasSuffix(bytesOf: ".card") else {
            let kinds = [DocumentFormat.card, .enrolmentChallenge, .enrolment].map { RecognisedFile.document($0.kind) }
            let error = EscrowError.enrolment(path: path.string, .unknownFile)
            let isOne = RecognisedFile(at: path).map(kinds.contains) == true
            throw isOne ? error : RecognisedFile.enrolment.explaining(error, at: path)
        }
        try add(Self.content(of: path), named: name, shownAs: path.string)
        for signature in try FiledSignature.all(of: path) {
            if let name = signature.path.lastComponent?.string, EnrolmentPlace.isKnown(name) {
                readFault(signature.path, name)
            }
        }
    }

    /// Takes what a parcel holds of enrolments.
    ///
    /// - Parameter shown: What errors call the parcel.
    package mutating func add(_ parcel: Parcel, shownAs shown: String) {
        for file in parcel.files where file.isEnrolment {
            note { (files) throws(EscrowError) in
                try files.add(file.content, named: file.path, shownAs: "\(shown): \(file.path)")
            }
        }
    }

    private mutating func readFault(_ path: FilePath, _ name: String) {
        note { (files) throws(EscrowError) in
            try files.add(Self.content(of: path), named: name, shownAs: path.string)
        }
    }

    private mutating func note(_ work: (inout EnrolmentFiles) throws(EscrowError) -> Void) {
        do throws(EscrowError) {
            try work(&self)
        } catch {
            faults.append(error)
        }
    }

    private static func content(of path: FilePath) throws(EscrowError) -> [UInt8] {
        try orThrow(Files.read(path, limit: ByteLimit.document))
    }

    private mutating func add(_ bytes: [UInt8], named name: String, shownAs path: String) throws(EscrowError) {
        if name.hasSuffix(bytesOf: ".sig") {
            signatures[name] = (path, bytes)
        } else if name.hasSuffix(bytesOf: EnrolmentChallenge.fileNameEnd) {
            try Self.add(bytes, named: name, at: path, to: &challenges)
        } else if name.hasSuffix(bytesOf: EnrolmentAnswer.fileNameEnd) {
            try Self.add(bytes, named: name, at: path, to: &answers)
        } else {
            let card = try orThrow(Card(canonical: bytes)) { .card(path: path, $0) }
            if !cards.contains(where: { $0.card == card }) {
                cards.append(FoundCard(card: card, path: path))
            }
        }
    }

    private static func add<Document: EnrolmentDocument>(
        _ bytes: [UInt8],
        named name: String,
        at path: String,
        to found: inout [Found<Document>]
    ) throws(EscrowError) {
        let document = try orThrow(Document(canonical: bytes)) { .document(path: path, $0) }
        let expected = Document.fileName(of: document.custodian, SHA256Digest(of: bytes))
        guard name == expected else {
            throw .directory(.fileName(path: path, expected: expected))
        }
        if !found.contains(where: { $0.name == name }) {
            found.append(Found(path: path, name: name, bytes: bytes, document: document))
        }
    }
}

extension EnrolmentFiles {
    /// The signature of somebody beside a document, once it verifies with exactly their key.
    ///
    /// - Throws: ``TrustFault/notSigned(path:_:)``, ``EscrowError/signature(path:_:)``
    func signature<Document>(
        of found: Found<Document>,
        by signer: Signer
    ) throws(EscrowError) -> (name: String, bytes: [UInt8]) {
        let name = "\(found.name).\(signer.name).sig"
        guard let (path, bytes) = signatures[name] else {
            throw .trust(.notSigned(path: found.path, signer.name))
        }
        let namespace = Document.format.namespace
        try orThrow(SSHSignature(armored: bytes).verify(found.bytes, namespace: namespace, by: signer.key)) {
            .signature(path: path, $0)
        }
        return (name, bytes)
    }

    /// Every card whose enrolment is proven, with what shows it.
    package func proofs(
        trusting trust: EnrolmentTrust,
        now: Timestamp
    ) -> [(card: Card, path: String, proof: Enrolment.Proof)] {
        cards.flatMap { found in
            answers.filter { $0.document.custodian == found.card.name }.compactMap { answer in
                (try? Enrolment.Proof(answer, of: found.card, in: self, trusting: trust, now: now))
                    .map { (found.card, found.path, $0) }
            }
        }
    }

    /// Answers about cards that are not among these.
    package var answersWithoutCard: [Found<EnrolmentAnswer>] {
        answers.filter { answer in !cards.contains { $0.card.name == answer.document.custodian } }
    }

    /// The card of a digest.
    func card(_ digest: SHA256Digest) -> FoundCard? { cards.first { $0.card.digest == digest } }

    /// The challenge of a digest.
    func challenge(_ digest: SHA256Digest) -> Found<EnrolmentChallenge>? { challenges.first { $0.digest == digest } }
}

/// The names that files of enrolments have, in a parcel and beside cards: docs/format.md, section 4.23.
package enum EnrolmentPlace {
    /// What stands in a parcel for the escrow that there is not yet.
    package static let parcelName = "enrolment"

    /// Whether a name is one of them: `NAME.card`, `NAME-DIGEST32.enrolment.json`, its challenge, a signature of either.
    package static func isKnown(_ name: String) -> Bool {
        if let person = name.rest(before: ".card") {
            return EscrowPlace.isName(person)
        }
        guard let signed = name.rest(before: ".sig") else {
            return isDocument(name)
        }
        return ends.contains { end in
            guard let (document, signer) = signed.sides(of: "\(end).") else {
                return false
            }
            return isDocument(document + end) && EscrowPlace.isName(signer)
        }
    }

    private static let ends = [EnrolmentChallenge.fileNameEnd, EnrolmentAnswer.fileNameEnd]

    private static func isDocument(_ name: String) -> Bool {
        ends.contains { end in
            let parts = name.rest(before: end)?.parts(between: "-") ?? []
            guard parts.count > 1 else {
                return false
            }
            return EscrowPlace.isName(parts.dropLast().joined(separator: "-"))
                && Hex.decode(parts[parts.count - 1])?.count == 16
        }
    }
}

extension Parcel.File {
    /// A file of an enrolment: of no escrow.
    init(enrolment name: String, _ content: [UInt8]) {
        self.init(escrow: EnrolmentPlace.parcelName, path: name, content: content)
    }

    /// Whether it is one: its place is none that an escrow has.
    package var isEnrolment: Bool { escrow.isEqual(bytesOf: EnrolmentPlace.parcelName) && EnrolmentPlace.isKnown(path) }
}
