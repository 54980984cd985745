// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// Whoever has escrows puts their public files into one parcel, for mail or a stick.
package struct Pack {
    private let escrows: [FilePath]
    private let request: String?
    private let challenge: String?
    private let given: FilePath?
    private let now: Timestamp

    /// - Parameters:
    ///   - request: Only this request, with the manifests and cards.
    ///   - challenge: Only this challenge, likewise.
    ///   - place: A new file; one that is called after the escrow and what is in it when not given.
    package init(
        _ escrows: [FilePath],
        only request: String?,
        _ challenge: String?,
        to place: FilePath?,
        now: Timestamp
    ) {
        (self.escrows, self.request, self.challenge) = (escrows, request, challenge)
        (given, self.now) = (place, now)
    }

    /// What went into the parcel.
    package struct Packed: Sendable {
        package fileprivate(set) var fileCount = 0
        /// The escrows' names; a rehearsal is called one.
        package fileprivate(set) var escrows: [String] = []
        /// The escrows in a line: how many, when they are many.
        package var list: String { escrows.count > 6 ? "\(escrows.count) escrows" : escrows.joined(separator: ", ") }
        package fileprivate(set) var place: FilePath = ""
        /// Whether the same parcel was there already.
        package fileprivate(set) var isThere = false
        /// Officers who have still to sign something in it.
        fileprivate var signers: [Name] = []
        /// Who is asked for something in one of the others.
        fileprivate var people: Set<Name> = []

        /// Who gets it, and what they do with it.
        package var nextSteps: [String] {
            let people = people.sorted()
            let steps =
                (signers.isEmpty ? [] : [NextStep.send(place, to: signers, toRun: "sign")])
                + (people.isEmpty ? [] : [NextStep.send(place, to: people, toRun: "answer")])
            return steps.isEmpty ? [NextStep.keep(place)] : steps
        }
    }

    /// - Throws: ``EscrowError/file(_:)`` when the parcel is there already, ``EscrowError/parcel(path:_:)``, and what is
    ///   wrong with an escrow.
    package func run(attended attendance: any Attendance) throws(EscrowError) -> Packed {
        var packed = Packed()
        var (files, names): ([Parcel.File], Set<String>) = ([], [])
        var what = "the public files"
        for escrow in escrows {
            let directory = try EscrowDirectory(at: escrow)
            guard names.insert(directory.name).inserted else {
                throw .parcel(path: escrow.string, .secondOfTheName(directory.name))
            }
            guard PKCS12Entry.isPlainFileName(directory.name) else {
                throw .parcel(path: escrow.string, .unusualName)
            }
            files += try directory.packed(only: try documents(of: directory, &what)) { reason in
                attendance.tell(.leftOut(reason))
            }
            let chain = directory.chain()
            let manifest = try chain.approval(selected: nil).document.manifest
            packed.escrows.append(directory.name + (manifest.isRehearsal ? " (\(Rehearsal.mark))" : ""))
            let signers = try signers(in: chain)
            packed.signers += signers.filter { !packed.signers.contains($0) }
            packed.people.formUnion(signers.isEmpty ? try custodiansAsked(in: chain, of: directory) : [])
        }
        packed.place = given ?? escrows[0]
        let bytes = try parcel(of: files, about: "\(what), of \(packed.list)", at: packed.place)
        packed.place = given ?? name(for: bytes)
        packed.isThere = try !FreeName.create(packed.place, bytes, permissions: .publicFile)
        packed.fileCount = files.count
        return packed
    }

    /// `acme-all-3fa9.parcel`, `acme-request-0da5-3fa9.parcel`: another parcel has another name.
    private func name(for bytes: [UInt8]) -> FilePath {
        let what = request.map { "request-\($0.prefix(8))" } ?? challenge.map { "challenge-\($0.prefix(8))" } ?? "all"
        let escrow = escrows.count == 1 ? NextStep.name(of: escrows[0]) : "escrows"
        return FilePath("\(escrow)-\(what)-\("\(SHA256Digest(of: bytes))".prefix(4)).parcel")
    }

    /// Officers who have still to sign an epoch or a request that goes along: what waits for them is of no use to custodians.
    private func signers(in chain: EpochChain) throws(EscrowError) -> [Name] {
        var shortfalls = request == nil && challenge == nil ? chain.waitingDrafts.flatMap(\.shortfalls) : []
        if let epoch = chain.inForce?.document, challenge == nil {
            let reviews: [RequestReview] =
                if let request { [try epoch.request(request, at: now)] } else { try epoch.requests() }
            shortfalls += reviews.filter { $0.isOpen(at: now) }
                .flatMap { [$0.request.signatures] + $0.openOverrides.map(\.signatures) }
                .compactMap { Shortfall(of: $0.signed, for: epoch.manifest.approval) }
        }
        return shortfalls.flatMap(\.missing).reduce(into: []) { $0 += $0.contains($1) ? [] : [$1] }
    }

    /// Custodians who have something to acknowledge, to prove or to release.
    private func custodiansAsked(in chain: EpochChain, of directory: EscrowDirectory) throws(EscrowError) -> [Name] {
        guard let epoch = chain.inForce?.document else {
            return []
        }
        let evidence = try Evidence(of: epoch, in: directory, at: now)
        let requests = evidence.requests.filter { $0.isOpen(at: now) && $0.isUnanswered(in: evidence) }
        let challenges = try epoch.challenges(nil, at: now)
        let isComplete = requests.isEmpty && challenges.isEmpty
        return isComplete ? evidence.withoutReceipt : epoch.manifest.people.map(\.name)
    }

    private func parcel(of files: [Parcel.File], about what: String, at place: FilePath) throws(EscrowError) -> [UInt8]
    {
        guard files.count <= ParcelFault.fileLimit else {
            throw .parcel(path: place.string, .files(files.count))
        }
        let memberCount = Parcel.memberCount(of: files)
        guard memberCount <= ParcelFault.memberLimit else {
            throw .parcel(path: place.string, .members(memberCount))
        }
        let text = "\(what): ca-escrow answer FILE, or ca-escrow collect ESCROW FILE"
        let bytes = Parcel(about: TextRule.allows(text) ? text : "public files", files: files).encoded()
        guard bytes.count <= ByteLimit.parcel else {
            throw .parcel(path: place.string, .bytes(bytes.count))
        }
        return bytes
    }

    /// The added documents that are wanted; nothing for all of them.
    private func documents(of directory: EscrowDirectory, _ what: inout String) throws(EscrowError) -> Set<String>? {
        guard request != nil || challenge != nil else {
            return nil
        }
        let epoch = try directory.approval(of: nil).document
        var wanted: Set<String> = []
        if let request {
            let review = try epoch.request(request, at: now)
            what = "request \(review.identifier.prefix(8)): \(review.request.document.purpose)"
            // Its digits stand in the names of whatever refuses it as well.
            wanted.insert(review.identifier)
            wanted.formUnion((review.overrides + review.openOverrides).map(\.identifier))
        }
        if let challenge {
            let challenges = try epoch.challenges(challenge, at: now).map(\.identifier)
            what = "challenge \(challenges.map { String($0.prefix(8)) }.joined(separator: ", "))"
            wanted.formUnion(challenges)
        }
        return wanted
    }
}
