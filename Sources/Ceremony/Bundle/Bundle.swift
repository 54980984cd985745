// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
package import Encoding
import Escrow
package import Files
package import SystemPackage

/// The directory that a ceremony leaves: plan, transcript, signatures, and whatever people wrote down.
///
/// Everything in it is public. *docs/format-ceremony.md, section 4.26.*
package struct Bundle: Sendable {
    package let path: FilePath

    /// The plan, byte for byte.
    package static let planName = "plan.json"
    /// The transcript, a line an act.
    package static let transcriptName = "transcript.jsonl"
    /// The keys of those who sign, for `ssh-keygen`.
    package static let signersName = "officers.signers"
    /// The CA's certificate.
    package static let certificateName = "certificate.pem"
    /// The inventory of the ceremony before, where the plan names one.
    package static let earlierName = "earlier-inventory.json"
    /// The folder of the escrow's copy.
    package static let escrowName = "escrow"
    /// The folder of cards, keys and enrolments.
    package static let cardsName = "cards"

    /// Where the cards and keys of the people are copied to.
    package var cards: FilePath { path.appending(Self.cardsName) }

    package var plan: FilePath { path.appending(Self.planName) }
    package var transcript: FilePath { path.appending(Self.transcriptName) }
    /// A time-stamp query over the transcript.
    package var query: FilePath { path.appending("\(Self.transcriptName).tsq") }
    /// The answer to it.
    package var stamp: FilePath { path.appending("\(Self.transcriptName).tsr") }
    package var signers: FilePath { path.appending(Self.signersName) }
    package var certificate: FilePath { path.appending(Self.certificateName) }
    /// The escrow as the ceremony left it, without the PKCS#12 file.
    package var escrow: FilePath { path.appending(Self.escrowName) }

    package init(at path: FilePath) {
        self.path = path
    }

    /// Beside its plan: `backup.ceremony` of `backup.plan.json`, `plan.ceremony` of `plan.json`.
    package init(beside plan: FilePath) {
        let stem = plan.stem ?? ""
        path = plan.removingLastComponent().appending("\(stem.rest(before: ".plan") ?? stem).ceremony")
    }

    /// Where a plan's ceremony begins, or goes on: on the standby date in a bundle of its own, `backup.standby.ceremony`,
    /// unless the one of the day is still held.
    ///
    /// - Throws: ``FileError``
    package init(of files: PlanFiles, beside plan: FilePath) throws {
        let first = Bundle(beside: plan)
        let name = "\(first.path.stem ?? "").standby.ceremony"
        let standby = Bundle(at: first.path.removingLastComponent().appending(name))
        let held = try? first.readTranscript(of: files.digest).lines.last
        let isOver = try Files.kind(of: first.transcript) == nil || held?.act == .abandoned
        let isStandby = isOver && files.plan.isStandby(files.readAt)
        self = try isStandby || Files.kind(of: standby.transcript) != nil ? standby : first
    }

    /// What a plan is called, or was before a bundle kept it: `backup.plan.json` of `backup.ceremony/plan.json`.
    static func nameOfPlan(at path: FilePath) -> String {
        let name = path.lastComponent?.string ?? planName
        let folder = path.removingLastComponent().lastComponent
        guard name.isEqual(bytesOf: planName), folder?.extension == "ceremony", let stem = folder?.stem else {
            return name
        }
        return stem.isEqual(bytesOf: "plan") ? planName : "\(stem).\(planName)"
    }

    /// Whether a path is called as plans are: `plan.json`, or what ends so.
    package static func isPlan(_ path: FilePath) -> Bool {
        let name = path.lastComponent?.string ?? ""
        return name.isEqual(bytesOf: planName) || name.hasSuffix(bytesOf: ".\(planName)")
    }

    /// A bundle is of one plan, to the byte.
    ///
    /// - Throws: ``BundleError/ofAnotherPlan(path:)``, ``FileError``
    package func check(isOf files: PlanFiles) throws {
        guard try Files.kind(of: plan) == nil || Files.read(plan, limit: Plan.byteLimit) == files.bytes else {
            throw BundleError.ofAnotherPlan(path: path.string)
        }
    }

    /// Makes the directory, with the plan, its signatures, what it names, and the keys of those who sign.
    ///
    /// - Throws: ``FileError``, ``BundleError``; ``EscrowError`` when the plan's signatures cannot be listed.
    package static func make(at path: FilePath, for files: PlanFiles) throws -> Bundle {
        let bundle = Bundle(at: path)
        try Files.makeDirectory(path, permissions: .publicDirectory)
        try bundle.keep(files.bytes, at: bundle.plan)
        for officer in files.signed {
            let source = FiledSignature.path(of: files.path, by: officer.name)
            let signature = try Files.read(source, limit: ByteLimit.signature)
            try bundle.keep(signature, at: FiledSignature.path(of: bundle.plan, by: officer.name))
        }
        try Files.makeDirectory(bundle.cards, permissions: .publicDirectory)
        for person in files.plan.people {
            guard let name = cardName(of: person) else {
                continue
            }
            let source = FilePath(files.people.path(of: person.name))
            try bundle.keep(try Files.read(source, limit: ByteLimit.document), at: bundle.cards.appending(name))
        }
        // Those that come later are kept in the step that looks at them.
        if try Files.kind(of: bundle.transcript) == nil {
            for (name, bytes) in try files.enrolmentFiles() {
                try bundle.keep(bytes, at: bundle.cards.appending(name))
            }
        }
        try bundle.keep(files.certificate.pem, at: bundle.certificate)
        if let earlier = files.earlier {
            try bundle.keep(earlier.bytes, at: bundle.path.appending(earlierName))
        }
        try bundle.keep(signers(of: files.plan, files.people, files.approval), at: bundle.signers)
        return bundle
    }

    /// What the file of somebody's card or key is called in a bundle, when the plan names one.
    static func cardName(of person: Plan.Participant) -> String? {
        person.card.map { _ in "\(person.name).\(person.hasPublicKey ? "pub" : "card")" }
    }

    /// An `allowed_signers` file: officers for what they sign, operator and witnesses for the transcript alone.
    static func signers(of plan: Plan, _ people: PeopleGiven, _ approval: Approval) -> [UInt8] {
        func line(of signer: Signer, for formats: [DocumentFormat]) -> String {
            AllowedSigners.line(name: signer.name, key: signer.key, namespaces: formats.map(\.namespace)) + "\n"
        }
        let closers = plan.closers.compactMap { person in people.officers.first { $0.name == person.name } }
        let lines =
            approval.officers.map { line(of: $0, for: DocumentFormat.signedByOfficers) }
            + closers.map { line(of: $0, for: [Transcript.format]) }
        return Array(lines.joined().utf8)
    }

    /// The files that a ceremony begins with, by their names here: what its first line names.
    ///
    /// - Throws: ``FileError``
    package func openingFiles() throws -> [TranscriptLine.File] {
        var names = try Files.names(in: cards).map { "\(Self.cardsName)/\($0)" }
        names += [Self.certificateName, Self.signersName, Self.planName]
        if try Files.kind(of: path.appending(Self.earlierName)) != nil {
            names.append(Self.earlierName)
        }
        return try names.sortedByBytes().map { name in
            let bytes = try Files.read(path.appending(name), limit: ByteLimit.document)
            return TranscriptLine.File(.input, name, SHA256Digest(of: bytes))
        }
    }

    /// Writes a file that may be there already, after an interruption, with these bytes.
    ///
    /// - Parameter isResult: Whether the ceremony makes it, and does not take it from elsewhere.
    /// - Throws: ``FileError``; ``BundleError`` when it is there with others.
    package func keep(_ bytes: [UInt8], at path: FilePath, isResult: Bool = false) throws {
        guard try Files.kind(of: path) == nil else {
            guard try Files.read(path, limit: ByteLimit.pkcs12) == bytes else {
                throw isResult ? BundleError.taken(path: path.string) : .differs(path: path.string)
            }
            return
        }
        try Files.create(path, bytes, permissions: .publicFile)
    }

    /// Reads the transcript; one of which nothing is here yet is empty.
    ///
    /// - Throws: ``FileError``, ``TranscriptError``
    package func readTranscript(of plan: SHA256Digest) throws -> Transcript {
        guard try Files.kind(of: transcript) != nil else {
            return Transcript(of: plan)
        }
        return try Transcript(reading: try Files.read(transcript, limit: Transcript.byteLimit), of: plan)
    }

    /// Writes a time-stamp query over the transcript of a ceremony that is closed.
    ///
    /// - Parameter place: A new file; ``query`` when not given.
    /// - Throws: ``BundleError``, ``FileError``, ``OpenSSLError``
    package func writeQuery(to place: FilePath?) throws -> FilePath {
        let digest = SHA256Digest(of: try Files.read(plan, limit: Plan.byteLimit))
        let read: Transcript
        do {
            read = try readTranscript(of: digest)
        } catch let error as TranscriptError {
            throw BundleError.transcript(path: transcript.string, error)
        }
        guard read.isEnded else {
            throw BundleError.notClosed(path: path.string)
        }
        let place = place ?? query
        try Files.create(place, try TimeStampQuery.make(over: read.encoded()), permissions: .publicFile)
        return place
    }

    /// Puts a longer transcript in the place of the one that is its beginning.
    ///
    /// - Throws: ``FileError``
    package func write(_ transcript: Transcript) throws(FileError) {
        try Files.replace(self.transcript, with: transcript.encoded(), permissions: .publicFile)
    }
}

/// Why something does not go into a bundle.
package enum BundleError: Error, Equatable {
    /// A file is there with other bytes: what it was made of was changed since the ceremony was opened.
    case differs(path: String)
    /// Something lies where the ceremony puts what it makes.
    case taken(path: String)
    case ofAnotherPlan(path: String)
    /// The transcript is not whole.
    case transcript(path: String, TranscriptError)
    case notClosed(path: String)
    case plan(path: String, PlanError)
    /// A file would come into it that its transcript does not account for.
    case insideBundle(path: String)
}

extension BundleError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .differs(let path): "\(path): the ceremony was opened with another one: the original was changed since"
        case .ofAnotherPlan(let path): "\(path): the bundle of another plan, or this plan was changed since"
        case .transcript(let path, let error): "\(path): \(error)"
        case .plan(let path, let error): "\(path): \(error)"
        case .notClosed(let path): "\(path): the ceremony is not closed: its transcript will change"
        case .insideBundle(let path): "\(path): in the bundle, where only what the ceremony left has a place"
        case .taken(let path): "\(path): there already, and not what this ceremony makes"
        }
    }
}
