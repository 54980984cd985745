// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Files
import SystemPackage

/// What was read of one epoch: its directory, and with a manifest that holds all that depends on it.
struct EpochReading: Sendable {
    /// Its directory, with the manifest or why that is refused.
    let directory: EpochDirectory
    let folder: FolderReading
    /// The directories in it: those of added documents in the order of ``EpochDirectory/addedDirectories``, and `cards`.
    let folders: [String: FolderReading]
    /// What the manifest lets one look at; nothing when it is refused.
    let content: Content?

    /// What people were named in an epoch, and have added to it.
    struct Content: Sendable {
        let document: EpochDocument
        /// Its `README.txt`.
        let readme: (path: FilePath, bytes: Result<[UInt8], FileError>)
        /// What is wrong with the cards of custodians, by name.
        let cardFaults: [Name: CardFault]
        /// Certificates that were added; or the first record of one that is refused.
        let added: Result<[Filed<AddedCertificate>], EscrowError>
        let evidence: Evidence
        /// What receipts show that do not count in it.
        let receiptFindings: ReceiptFindings
    }

    /// What is wrong with a custodian's card.
    struct CardFault: Sendable {
        let description: String
        /// The error, when it only says that the card could not be read.
        let unread: EscrowError?
    }

    init(_ directory: EpochDirectory, in escrow: EscrowDirectory, _ chain: ChainReading, at now: Timestamp) {
        self.directory = directory
        folder = FolderReading(directory.path)
        var folders: [String: FolderReading] = [:]
        for name in EpochDirectory.addedDirectories {
            folders[name] = FolderReading(directory.path.appending(name)) { name in
                Clutter.isOne(name)
                    || !Files.isLeftover(name) && (name.hasSuffix(bytesOf: ".json") || name.hasSuffix(bytesOf: ".sig"))
            }
        }
        for name in EpochDirectory.reservedDirectories + [EpochDocument.cardsName] {
            folders[name] = FolderReading(directory.path.appending(name))
        }
        self.folders = folders
        content = (try? directory.document.get()).map { Content($0, in: escrow, chain, at: now) }
    }

    /// Whether there is a manifest that cannot be read; a directory without one is no epoch, whatever it is called.
    var isRefused: Bool {
        switch directory.document {
        case .success, .failure(.file(.system(_, .noSuchFileOrDirectory))): false
        case .failure: true
        }
    }

    /// What of it could not be read, by what checks depend on.
    var unread: [AuditSource: [EscrowError]] {
        var unread: [AuditSource: [EscrowError]] = [:]
        unread[.manifests] = directory.document.failures.filter(\.isUnread)
        let added = (EpochDirectory.addedDirectories + EpochDirectory.reservedDirectories).compactMap { folders[$0] }
        let cards = folders[EpochDocument.cardsName]
        unread[.places] = ([folder] + added + [cards].compactMap(\.self)).flatMap(\.unread).map { .file($0) }
        unread[.places, default: []] += stampFaults.compactMap(\.error).filter(\.isUnread)
        unread[.cards] = (cards?.unread ?? []).map { .file($0) }
        guard let content else {
            return unread
        }
        if unread[.cards]?.isEmpty ?? true {
            let people = content.document.manifest.people
            unread[.cards] = people.compactMap { content.cardFaults[$0.name]?.unread }
        }
        unread[.readmes] = content.readme.bytes.failures.filter(\.isUnread).map { .file($0) }
        for (directory, errors) in content.evidence.unread {
            if let source = AuditSource(rawValue: directory) {
                unread[source, default: []] += errors
            }
        }
        switch content.added {
        case .success(let added): unread[.records, default: []] += added.flatMap(\.signatures.faults).filter(\.isUnread)
        case .failure(let error): unread[.records, default: []] += error.isUnread ? [error] : []
        }
        return unread
    }
}

extension EpochReading.Content {
    fileprivate init(
        _ document: EpochDocument,
        in escrow: EscrowDirectory,
        _ chain: ChainReading,
        at now: Timestamp
    ) {
        self.document = document
        let path = (document.manifest.epoch == 1 ? escrow.path : document.path).appending(EscrowDirectory.readmeName)
        readme = (path, Result { () throws(FileError) in try Files.read(path, limit: ByteLimit.document) })
        cardFaults = document.manifest.people.reduce(into: [:]) { faults, person in
            faults[person.name] = EpochReading.CardFault(of: person, in: document)
        }
        added = Result { () throws(EscrowError) in try document.addedCertificates() }
        let approval = chain.epochs.approval(of: document.digest)
        let line = approval.flatMap { chain.epochs.line(to: $0) } ?? []
        let evidence = Evidence(readingWhatCanBe: document, after: line, at: now)
        self.evidence = evidence
        receiptFindings = ReceiptFindings(of: evidence, in: escrow, at: now)
    }
}

extension EpochReading.CardFault {
    /// People whose card, which they name by its digest, is signed by them and has their keys.
    private static let soundCards = PassedChecks<Person>()

    /// What is wrong with a custodian's card, or nothing.
    fileprivate init?(of person: Person, in document: EpochDocument) {
        let path = document.cardPath(of: person.name)
        do {
            let bytes = try Files.read(path, limit: ByteLimit.document)
            guard SHA256Digest(of: bytes) == person.card else {
                self.init(description: "\(path): not the card that the manifest names", unread: nil)
                return
            }
            let isSound = try Self.soundCards.contains(person) { Person(try Card(canonical: bytes)) == person }
            guard isSound else {
                self.init(description: "\(path): other keys than the manifest's", unread: nil)
                return
            }
            return nil
        } catch let error as FileError {
            self.init(description: "\(error)", unread: error.isUnread ? .file(error) : nil)
        } catch {
            self.init(description: "\(path): \(error)", unread: nil)
        }
    }
}
