// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
package import SystemPackage

/// An officer signs what waits for them: manifests, requests, and records that were added.
///
/// docs/format.md, sections 5.1 to 5.3. What changes is named by the officer before anything is signed.
public struct Sign {
    private let paths: [FilePath]
    private let officer: IdentityOnDisk
    private let named: [String]
    private let isConfirmed: Bool
    private let parcel: FilePath?
    private let now: Timestamp

    /// - Parameters:
    ///   - paths: Escrows, parcels of escrows, or documents in an escrow.
    ///   - named: The names of changes that were said beforehand to be meant.
    ///   - isConfirmed: Whether all changes are meant but of keys.
    ///   - parcel: Where the signatures go as one file; a free name when they go nowhere else.
    package init(
        _ paths: [FilePath],
        by officer: IdentityOnDisk,
        naming named: [String],
        isConfirmed: Bool,
        parcel: FilePath? = nil,
        now: Timestamp
    ) {
        (self.paths, self.officer, self.named) = (paths, officer, named)
        (self.isConfirmed, self.parcel, self.now) = (isConfirmed, parcel, now)
    }

    /// What waits, and may be signed in one run; nothing was asked yet.
    package struct Found {
        let act: Sign
        let officer: ActingOfficer
        let waiting: [Waiting]
        /// Documents that were named and that they have signed already.
        package let signed: [FilePath]
        let outbox: Outbox

        package var documents: [SignableDocument] { waiting.map(\.document) }
    }

    /// What came of it.
    package struct Signed: Sendable {
        /// Escrows whose newest epoch is in force with these signatures.
        package fileprivate(set) var inForce: [FilePath] = []
        package fileprivate(set) var nextSteps: [String] = []
    }

    /// A document that waits, and the escrow that it was found in.
    struct Waiting {
        let document: SignableDocument
        let escrow: NamedEscrow
    }

    package func found(attended attendance: any Attendance) throws(EscrowError) -> Found {
        let acting = try ActingOfficer(officer)
        let outbox = try Outbox(of: officer.name, to: parcel, isRepeatable: true, attended: attendance)
        var waiting: [Waiting] = []
        var signed: [FilePath] = []
        var stranger: EscrowError?
        for named in try NamedEscrow.all(at: paths, attended: attendance) {
            do throws(EscrowError) {
                waiting += try acting.documents(in: named, now: now, attended: attendance)
            } catch .trust(.signedAlready(let path, let name)) {
                attendance.tell(.signedAlready(FilePath(path), name))
                signed.append(FilePath(path))
            } catch {
                // One parcel goes to the officers of several escrows.
                guard named.isLaidOut, case .person(.notAnOfficer) = error else {
                    throw error
                }
                stranger = error
            }
        }
        if let stranger, waiting.isEmpty {
            throw stranger
        }
        let documents = waiting.map(\.document)
        for document in documents {
            let others = documents.filter(document.excludes)
            guard others.isEmpty else {
                throw .trust(.oneDraftCanBeSigned(([document] + others).map(\.path)))
            }
        }
        return Found(act: self, officer: acting, waiting: waiting, signed: signed, outbox: outbox)
    }

    /// Has the names of what changes said: keys and bytes are compared by this program, and read by people.
    ///
    /// - Throws: ``EscrowError/changes(_:)`` unless exactly those are named.
    fileprivate func confirmChanges(
        of documents: [SignableDocument],
        attended attendance: any Attendance
    ) throws(EscrowError) {
        // A name that is said once says one thing.
        let manifests = documents.filter { !$0.changes.isEmpty }
        guard manifests.count <= 1 else {
            throw .changes(.severalManifests(manifests.map(\.path)))
        }
        let changes = manifests.flatMap(\.changes)
        if let idle = named.first(where: { name in !changes.contains { $0.token == name } }) {
            throw .changes(.givenDoesNotChange(idle))
        }
        let wanted = changes.tokens(besides: named, isConfirmed: isConfirmed)
        guard !wanted.isEmpty else {
            return
        }
        // A slip of the keyboard ends nothing; Enter alone does.
        var slip: ChangeFault?
        repeat {
            slip.map { attendance.tell(.failed(EscrowFailure(.changes($0)))) }
            let typed = try orThrow(attendance.text(.changes(wanted)), as: EscrowError.absent) ?? ""
            guard !typed.isEmpty else {
                throw .changes(slip ?? .notNamed(wanted[0]))
            }
            let said = typed.words(between: " ")
            slip =
                wanted.first { !said.contains(bytesOf: $0) }.map { .notNamed($0) }
                ?? said.first { !changes.tokens.contains($0) }.map { .doesNotChange($0) }
        } while slip != nil
    }
}

extension Sign.Found {
    /// Shows what it is, has it confirmed, and signs all of it; nobody is asked where nothing waits.
    package func signed(attended attendance: any Attendance) throws(EscrowError) -> Sign.Signed {
        guard !documents.isEmpty else {
            return Sign.Signed()
        }
        if waiting.contains(where: { !$0.escrow.isLaidOut }) {
            try outbox.requireFree()
        }
        documents.forEach { attendance.tell(.waits($0)) }
        try act.confirmChanges(of: documents, attended: attendance)
        let identity = act.officer
        try attendance.confirm(.sign(count: documents.count, identity.name))
        var outbox = outbox
        for each in waiting {
            let document = each.document
            let (_, signature) = try identity.sign(document.bytes, document.format, attended: attendance)
            let (_, file) = try document.file(signature, from: identity.path)
            let isSent = each.escrow.isLaidOut
            if !isSent {
                attendance.tell(.signed(file))
            }
            if isSent || act.parcel != nil {
                let packed = Parcel.File(of: file, in: document.escrow, signature.armored)
                let digest = document.digest
                outbox.add([packed], as: "signatures", answering: digest, telling: isSent ? [.done(.signed(file))] : [])
            }
        }
        var signed = Sign.Signed()
        var officer = officer
        var escrows: [FilePath] = []
        for each in waiting where !escrows.contains(each.document.escrow) {
            let escrow = each.document.escrow
            escrows.append(escrow)
            let directory = try EscrowDirectory(at: escrow)
            if documents.contains(where: { $0.escrow == escrow && $0.format == .manifest }) {
                try officer.remember(in: directory)
            }
            guard !each.escrow.isLaidOut else {
                continue
            }
            let paths = Set(documents.filter { $0.escrow == escrow }.map(\.path))
            let chain = officer.chain(of: directory)
            if let newest = chain.inForce?.document.manifestPath, paths.contains(newest) {
                signed.inForce.append(escrow)
            }
            signed.nextSteps += try NextStep.after(signing: paths, in: chain, of: directory, at: escrow, since: nil)
        }
        try outbox.finish(about: "signatures by \(identity.name)")
        return signed
    }
}

extension Parcel.File {
    /// A file of an escrow.
    fileprivate init(of file: FilePath, in escrow: FilePath, _ content: [UInt8]) {
        var below = file
        _ = below.removePrefix(escrow)
        self.init(escrow: escrow.lastComponent?.string ?? "escrow", path: below.string, content: content)
    }
}

extension SignableDocument {
    /// The escrow that it lies in: EPOCH/manifest.json, or EPOCH/KIND/FILE.json.
    fileprivate var escrow: FilePath {
        let epoch = path.removingLastComponent()
        let parent = (format == .manifest ? epoch : epoch.removingLastComponent()).removingLastComponent()
        return parent.isEmpty ? "." : parent
    }
}
