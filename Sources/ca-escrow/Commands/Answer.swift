// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

struct Answer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        _superCommandName: CAEscrow.name,
        abstract: "Do what a parcel asks of you, and write the file to send back.",
        discussion: """
            All that a custodian needs besides 'identity create': it acknowledges a new share, answers challenges, and \
            releases a share to a request, after showing who asks what and why; before that, it shows that you can unseal.
            """
    )

    @Argument(help: ArgumentHelp("Parcels.", valueName: "file")) var files: [String] = []
    @OptionGroup var acting: IdentityOptions
    @Option(help: ArgumentHelp("A manifest's digest: asked for the first time.", valueName: "code"))
    var manifest: [String] = []
    @Option(help: ArgumentHelp("A request's digest as an officer read it.", valueName: "code")) var confirm: [String] =
        []
    @Option(
        help: ArgumentHelp(
            "The answer's file (default: NAME.parcel; a release goes to NAME.release).",
            valueName: "file"
        )
    )
    var out: String?
    @Flag(help: "Answer yes to questions; comparisons are never answered so.") var yes = false
    @OptionGroup var rehearsing: RehearsalOption
    @OptionGroup var clock: TimeOption

    func run() throws {
        let acts = try CustodianActs(try acting.oneOrAsked(), passphraseFiles: acting.passphraseFile)
        let now = try clock.time()
        let parcels = try files.map { try ParcelFile.read($0).parcel }
        var outbox = try Outbox(out ?? answerName(of: acts.name), isFiling: false)
        var isAsked = false
        var enrolledBy: [Name] = []
        var worst: ExitStatus?
        for (file, parcel) in zip(files, parcels) {
            let enrolments = try answerEnrolments(in: parcel, at: file, acts, now, &outbox)
            enrolledBy += enrolments.askers
            isAsked = isAsked || enrolments.worst != nil
            worst = worst == .failed ? worst : enrolments.worst ?? worst
            let unpacked = try UnpackedParcel(parcel, in: ParcelFile.temporary)
            for name in parcel.escrows where EscrowDirectory.isEscrow(unpacked.path(of: name)) {
                let path = unpacked.path(of: name)
                do {
                    let directory = try EscrowDirectory(at: path, shownAs: name)
                    isAsked = try answer(directory, acts, now, &outbox) || isAsked
                } catch {
                    guard let diagnostic = Diagnostic(error) else {
                        throw error
                    }
                    // What was signed before is sent: the rest of the parcel may be in order as well.
                    isAsked = true
                    diagnostic.replacing("\(path)", with: name).report()
                    worst = worst == .failed ? worst : diagnostic.status
                }
            }
            _ = consume unpacked
        }
        guard isAsked || !enrolledBy.isEmpty else {
            Output.line("nothing is asked of \(acts.name)")
            return
        }
        let command = enrolledBy.isEmpty ? "ca-escrow collect ESCROW FILE" : "ca-escrow enrol verify FILE"
        try outbox.finish(about: "answers of \(acts.name): \(command)")
        if !enrolledBy.isEmpty {
            let askers = Set(enrolledBy).sorted().map(\.description).joined(separator: ", ")
            Output.next("send it to \(askers), who runs: ca-escrow enrol verify FILE")
        }
        if let worst {
            throw ExitCode(worst.rawValue)
        }
    }

    /// What the answer is called when nobody says: not what the parcel is called that it answers.
    private func answerName(of name: Name) -> String {
        let isTaken = files.contains { FilePath($0).lastComponent?.string == "\(name).parcel" }
        return isTaken ? "\(name)-answer.parcel" : "\(name).parcel"
    }

    /// - Returns: Whether anything was asked of this custodian.
    private func answer(
        _ directory: EscrowDirectory,
        _ acts: CustodianActs,
        _ now: Timestamp,
        _ outbox: inout Outbox
    ) throws -> Bool {
        guard try directory.approval(of: nil).document.manifest.person(named: acts.name) != nil else {
            return false
        }
        // A new manifest is acknowledged first, with its digest typed; a request of it is shown afterwards.
        let epoch = try acts.epoch(in: directory, given: manifest, now: now)
        let evidence = try Evidence(of: epoch, in: directory)
        var isAsked = false
        let isMissing = evidence.receipt(of: acts.name) == nil || evidence.suspension(of: acts.name) != nil
        if isMissing || !acts.hasSeen(epoch) {
            isAsked = true
            try Question.confirm("\(directory.name): acknowledge your share?", isAnswered: yes)
            try Acknowledge.acknowledge(epoch, in: directory, by: acts, now: now, into: &outbox)
        }
        if try !epoch.challenges(nil, at: now).isEmpty {
            isAsked = true
            try Question.confirm("\(directory.name): prove that you know your share?", isAnswered: yes)
            _ = try Prove.prove(epoch, nil, in: directory, by: acts, now: now, into: &outbox)
        }
        isAsked = try release(in: directory, acts, evidence, now) || isAsked
        for fault in evidence.requestFaults + evidence.challenges.faults {
            throw fault
        }
        return isAsked
    }

    /// Releases the share to requests that are open, and were not answered before.
    private func release(
        in directory: EscrowDirectory,
        _ acts: CustodianActs,
        _ evidence: Evidence,
        _ now: Timestamp
    ) throws -> Bool {
        let mine = evidence.releases.documents.filter { $0.document.custodian == acts.name }.map(\.document.request)
        let answered =
            mine + evidence.restores.documents.compactMap(\.document.request)
            + evidence.drills.documents.compactMap(\.document.request)
        let requests = evidence.requests.filter { !answered.contains($0.request.digest) }
        let open = requests.filter { $0.isOpen(at: now) }
        if open.isEmpty, let late = requests.last {
            try late.check(at: now)
        }
        if !open.isEmpty {
            try rehearsing.check(evidence.epoch.manifest, at: directory.name)
        }
        for review in open {
            let name = open.count == 1 ? "\(acts.name)" : "\(acts.name)-\(review.identifier.prefix(8))"
            _ = try Release.release(
                evidence.epoch,
                review,
                in: directory,
                by: acts,
                confirmed: confirm,
                now: now,
                to: FilePath("\(name).release")
            )
        }
        return !open.isEmpty
    }
}
