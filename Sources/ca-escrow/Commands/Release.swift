// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

struct Release: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        _superCommandName: CAEscrow.name,
        abstract: "Release your share to the machine of a request, sealed to this one restore.",
        discussion: """
            Shows who asks what and why, and asks for the request's words or digits, which an officer reads to you. Writes \
            NAME.release, which you send to the restoring machine, and files your signed statement in the escrow.
            """
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
    @Option(help: ArgumentHelp("The request, by some digits of its ID (default: the open one).", valueName: "id"))
    var request: String?
    @OptionGroup var acting: IdentityOptions
    @Option(help: ArgumentHelp("The manifest's digest: asked for the first time.", valueName: "code"))
    var manifest: [String] = []
    @Option(help: ArgumentHelp("The request's digest as an officer read it: digits, words.", valueName: "code"))
    var confirm: [String] = []
    @Option(help: ArgumentHelp("The release's file (default: NAME.release).", valueName: "file")) var out: String?
    @OptionGroup var rehearsing: RehearsalOption
    @OptionGroup var clock: TimeOption

    func run() throws {
        let acts = try CustodianActs(try acting.oneOrAsked(), passphraseFiles: acting.passphraseFile)
        let now = try clock.time()
        let directory = try EscrowDirectory(at: FilePath(escrow))
        let epoch = try Self.epoch(of: request, in: directory, by: acts, given: manifest, now: now)
        try rehearsing.check(epoch.manifest, at: escrow)
        let release = try Self.release(
            epoch,
            try epoch.request(request, at: now),
            in: directory,
            by: acts,
            confirmed: confirm,
            now: now,
            to: FilePath(out ?? "\(acts.name).release")
        )
        let statement = SignedDocument(statementOf: release, in: epoch)
        do throws(EscrowError) {
            Output.line("statement: \(try statement.file())")
        } catch {
            // The release carries it: the restore files it.
            Output.warning("\(error): the statement is in the release")
        }
    }

    /// The epoch in force, once the custodian has acknowledged it or types its digest.
    private static func epoch(
        of request: String?,
        in directory: EscrowDirectory,
        by acts: CustodianActs,
        given: [String],
        now: Timestamp
    ) throws -> EpochDocument {
        if let epoch = try directory.approvals().inForce?.document {
            let review = try epoch.request(request, at: now)
            try acts.checkAcknowledged(epoch, in: directory, for: review.identifier)
        }
        return try acts.epoch(in: directory, given: given, now: now)
    }

    /// Checks a request, asks, opens the share, and writes the release.
    static func release(
        _ epoch: EpochDocument,
        _ review: RequestReview,
        in directory: EscrowDirectory,
        by acts: CustodianActs,
        confirmed: [String],
        now: Timestamp,
        to place: FilePath
    ) throws -> ReleaseBox {
        try review.check(at: now)
        // An interrupted run left its release here and the rest there.
        [epoch.path, epoch.path.appending(ReleaseStatement.directoryName)].forEach(Leftovers.note)
        guard try Files.kind(of: place) == nil else {
            throw FileError.exists(path: place.string)
        }
        try EscrowDirectory.refuseInside(place, as: place.string)
        let evidence = try Evidence(of: epoch, in: directory)
        if let restore = evidence.restores.documents.first(where: { $0.document.request == review.request.digest }) {
            throw Diagnostic(
                "request \(review.identifier.prefix(8)): the key was restored on \(restore.document.created.forPeople): "
                    + "nothing is needed any more",
                .refused
            )
        }
        if let drill = evidence.drills.documents.first(where: { $0.document.request == review.request.digest }) {
            throw Diagnostic(
                "request \(review.identifier.prefix(8)): answered by a drill on \(drill.document.created.forPeople): "
                    + "nothing is needed any more",
                .refused
            )
        }
        show(review, to: acts, evidence)
        try Comparison.request(review.identifier).confirm(review.request.digest, given: confirmed)
        let release = try acts.withIdentity { identity in
            try epoch.release(for: review.request, by: identity, at: acts.custodian.path, in: directory, now: now)
        }
        try acts.remember(epoch, in: directory)
        try Files.create(place, release.encoded(), permissions: [.ownerReadWrite])
        Output.line("release: \(place)")
        Output.next("send \(place) to \(review.request.document.officer): only the machine of this request can open it")
        return release
    }

    private static func show(_ review: RequestReview, to acts: CustodianActs, _ evidence: Evidence) {
        let (request, epoch) = (review.request.document, evidence.epoch)
        let names = review.signed.map(\.description)
        let askers =
            names.dropLast().joined(separator: ", ") + (names.count > 1 ? " and " : "") + names.suffix(1).joined()
        var lines = epoch.manifest.isRehearsal ? ["THIS IS A REHEARSAL: the key is a test key."] : []
        lines += [
            "\(askers) \(names.count == 1 ? "asks" : "ask") you, \(epoch.fullName(of: acts.name)), "
                + "for your share of the key of",
            "    \(epoch.manifest.certificate.subject)",
        ]
        if let receipt = evidence.receipt(of: acts.name) {
            lines.append("    (you acknowledged it on \(receipt.document.created.dayInWords))")
        }
        lines += [
            "    why     \(request.purpose)",
            "    where   \(request.destination)",
            "    machine \(request.machine)",
            "    until   \(request.expires.inWords)",
            signed(epoch.manifest.approval.threshold) + (review.refusals.isEmpty ? " Nobody has refused." : ""),
        ]
        for filed in review.refusals {
            lines.append("\(epoch.fullName(of: filed.document.name)) has refused: '\(filed.document.reason)'")
        }
        for filed in review.overrides {
            lines.append("The officers go on all the same: '\(filed.document.reason)'")
        }
        lines += [
            "Your share is sealed to this one restore and is of no other use.",
            "Call \(names.joined(separator: " or ")) on a number you already had, not one from a message. "
                + "Let them read to you:",
            "    12 words, or 30 digits",
        ]
        lines.forEach { Output.error($0) }
    }

    /// That as many officers have signed as must.
    private static func signed(_ threshold: Int) -> String {
        switch threshold {
        case 1: "The one officer who is needed has signed."
        case 2: "Both needed officers have signed."
        default: "All \(threshold) needed officers have signed."
        }
    }
}

extension EpochDocument {
    /// What a custodian is called on their card, or else their name.
    func fullName(of name: Name) -> String {
        guard let bytes = try? Files.read(cardPath(of: name), limit: ByteLimit.document),
            SHA256Digest(of: bytes) == manifest.person(named: name)?.card
        else {
            return name.description
        }
        return (try? Card(canonical: bytes))?.fullName ?? name.description
    }
}
