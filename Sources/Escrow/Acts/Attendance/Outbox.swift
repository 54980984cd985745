// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files
package import SystemPackage

/// Signed documents on their way out of an act: into the escrow, and into a parcel when one is asked for, or when the
/// escrow came in one.
///
/// What is done is told once it cannot be lost: when its file is synced, in the escrow or in the parcel.
package struct Outbox {
    private let owner: Name
    private let out: FilePath?
    private let attendance: any Attendance
    /// Whether a parcel is there, which may be the one that is to be written.
    private let isThere: Bool
    private var files: [Parcel.File] = []
    private var isRehearsal = false
    /// What the parcel is called after: the kinds of what is in it, and the digits of what it answers first.
    private var (kinds, digits): (Set<String>, String?) = ([], nil)
    /// What is in the parcel alone: told once that is written.
    private var done: [Notice.Fact] = []

    /// - Parameters:
    ///   - owner: Who acts.
    ///   - out: Where a parcel goes; a free name when not given, and one is needed.
    ///   - isRepeatable: Whether the act makes the same parcel when it is done again: one may be there then.
    /// - Throws: ``EscrowError/file(_:)`` when something else is there, before anything is signed.
    package init(
        of owner: Name,
        to out: FilePath?,
        isRepeatable: Bool = false,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        (self.owner, self.out, self.attendance) = (owner, out, attendance)
        isThere = isRepeatable && out.map { RecognisedFile(at: $0) == .parcel } == true
        if let out, !isThere {
            try orThrow(Files.requireNothing(at: out))
        }
    }

    /// Holds what is about to be filed against the place of its parcel.
    ///
    /// - Throws: ``EscrowError/file(_:)`` when a parcel is there: it cannot have what is not made yet.
    package func requireFree() throws(EscrowError) {
        if isThere, let out {
            throw .file(.exists(path: out.string))
        }
    }

    /// Packs files that are there already.
    mutating func add(_ more: [Parcel.File]) {
        files += more
    }

    /// Packs files that go nowhere else.
    ///
    /// - Parameters:
    ///   - what: What they are, as a part of the parcel's name.
    ///   - digits: Of what they answer.
    ///   - facts: What is told once the parcel is there.
    package mutating func add(
        _ more: [Parcel.File],
        as what: String,
        answering digits: some CustomStringConvertible,
        telling facts: [Notice.Fact]
    ) {
        files += more
        kinds.insert(what)
        self.digits = self.digits ?? "\(digits)"
        done += facts
    }

    /// Packs a document that an earlier run filed: it may have been interrupted before it wrote its parcel.
    mutating func sendAgain(
        _ identifier: String,
        in epoch: EpochDocument,
        of escrow: EscrowDirectory
    ) throws(EscrowError) {
        guard out != nil, !escrow.isLaidOut else {
            return
        }
        isRehearsal = isRehearsal || epoch.manifest.isRehearsal
        files += try escrow.packed(only: [identifier]).filter { $0.path.contains(bytesOf: identifier) }
    }

    /// Files a document; where the escrow cannot be written, or came in a parcel, the parcel is enough.
    ///
    /// - Parameters:
    ///   - digits: Of what it answers.
    ///   - fact: What is told once the file is there.
    mutating func send(
        _ document: SignedDocument,
        in epoch: EpochDocument,
        of escrow: EscrowDirectory,
        as kind: FiledKind,
        answering digits: String,
        telling fact: Notice.Fact?
    ) throws(EscrowError) {
        isRehearsal = isRehearsal || epoch.manifest.isRehearsal
        let facts = [fact].compactMap(\.self)
        let packed = document.parcelFiles(of: escrow.name)
        guard !escrow.isLaidOut else {
            return add(packed, as: kind.plural, answering: digits, telling: facts)
        }
        try requireFree()
        do throws(EscrowError) {
            let file = try document.file()
            (facts + [.done(.filed(kind, file))]).forEach(attendance.tell)
            files += out == nil ? [] : packed
        } catch {
            guard case .file = error, let out, !Files.isWritable(directory: escrow.path) else {
                throw error
            }
            add(
                packed,
                as: kind.plural,
                answering: digits,
                telling: facts + [.done(.onlyInParcel(out, escrow: escrow.path))]
            )
        }
    }

    /// Writes the parcel, if there is anything for one, and tells what is in it alone.
    ///
    /// - Parameter reply: What whoever gets it runs.
    package mutating func finish(about: String, for reply: Reply = .collect) throws(EscrowError) {
        guard !files.isEmpty, out != nil || digits != nil else {
            return
        }
        let about =
            "\(isRehearsal ? "\(Rehearsal.mark): " : "")\(about): \(reply.command(with: "FILE", of: ["ESCROW"]))"
        let bytes = Parcel(about: about, files: files).encoded()
        let what = kinds.count == 1 ? kinds.first ?? "" : "answer"
        let name = FreeName(of: owner, what, answering: digits ?? "", ending: "parcel")
        let (path, isNew) = try name.create(bytes, permissions: .publicFile, or: out)
        done.forEach(attendance.tell)
        let escrows = files.filter { !$0.isEnrolment && !$0.isOfPlan }.map(\.escrow).distinctByBytes()
        let command = reply.command(with: ShellWord.path(path.lastComponent?.string ?? ""), of: escrows)
        attendance.tell(.parcel(path, reply: digits == nil ? nil : command, isNew: isNew))
    }
}

/// What whoever gets a parcel runs.
package enum Reply {
    /// Custodians do what it asks.
    case answer
    /// Officers sign what is in it.
    case sign
    /// Whoever has the escrows files it.
    case collect
    case collectPlan
    /// The officers who asked verify enrolments; the rest is filed.
    case verify([Name])

    func command(with file: String, of escrows: [String]) -> String {
        switch self {
        case .answer: "ca-escrow answer \(file) -i NAME.identity"
        case .sign: "ca-escrow sign \(file) -i NAME.identity"
        case .collect: escrows.map { "ca-escrow collect \($0) \(file)" }.joined(separator: "; ")
        case .collectPlan: "ca-escrow collect PLAN \(file)"
        case .verify(let officers):
            (["ca-escrow enrol verify \(file)" + officers.map { " -i \($0).identity" }.joined() + " --out DIR"]
                + escrows.filter { !$0.isEqual(bytesOf: "ESCROW") }.map { "ca-escrow collect \($0) \(file)" }).joined(
                    separator: "; "
                )
        }
    }
}

extension FiledKind {
    /// What several of them are called in a parcel's name.
    fileprivate var plural: String {
        switch self {
        case .receipt: "receipts"
        case .proof: "proofs"
        case .refusal: "refusals"
        case .statement: "statements"
        case .override: "overrides"
        case .challenge: "challenges"
        }
    }
}
