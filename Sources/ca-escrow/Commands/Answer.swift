// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

struct Answer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Do what a parcel asks of you, and write the file to send back.",
        discussion: """
            All that a custodian needs besides 'identity create': it acknowledges a new share, answers challenges, and \
            releases a share to a request, after showing who asks what and why.
            """
    )

    @Argument(help: ArgumentHelp("Parcels.", valueName: "file")) var files: [String]
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
    @OptionGroup var clock: TimeOption

    func run() throws {
        let acts = try CustodianActs(try acting.oneOrAsked(), passphraseFiles: acting.passphraseFile)
        let now = try clock.time()
        let parcels = try files.map { try ParcelFile.read($0).parcel }
        var outbox = try Outbox(out ?? "\(acts.name).parcel", isFiling: false)
        var isAsked = false
        for parcel in parcels {
            let unpacked = try UnpackedParcel(parcel, in: ParcelFile.temporary)
            for name in parcel.escrows where EscrowDirectory.isEscrow(unpacked.path(of: name)) {
                let directory = try EscrowDirectory(at: unpacked.path(of: name), shownAs: name)
                isAsked = try answer(directory, acts, now, &outbox) || isAsked
            }
            _ = consume unpacked
        }
        guard isAsked else {
            Output.line("nothing is asked of \(acts.name)")
            return
        }
        try outbox.finish(about: "answers of \(acts.name): ca-escrow collect ESCROW FILE")
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
        if let request = try directory.approvals().inForce?.document.requests().last {
            try acts.checkAcknowledged(request.epoch, in: directory, for: request.identifier)
        }
        let epoch = try acts.epoch(in: directory, given: manifest, now: now)
        let evidence = try Evidence(of: epoch)
        var isAsked = false
        if !acts.hasSeen(epoch) || evidence.suspension(of: acts.name) != nil {
            isAsked = true
            try Question.confirm("\(directory.name): acknowledge your share?", isAnswered: yes)
            try Acknowledge.acknowledge(epoch, in: directory, by: acts, now: now, into: &outbox)
        }
        if try !epoch.challenges(nil, at: now).isEmpty {
            isAsked = true
            try Question.confirm("\(directory.name): prove that you know your share?", isAnswered: yes)
            _ = try Prove.prove(epoch, nil, in: directory, by: acts, now: now, into: &outbox)
        }
        let requests = try epoch.requests()
        let open = requests.filter { $0.isOpen(at: now) }
        if open.isEmpty, let late = requests.last {
            try late.check(at: now)
        }
        for review in open {
            isAsked = true
            let name = open.count == 1 ? "\(acts.name)" : "\(acts.name)-\(review.identifier.prefix(8))"
            _ = try Release.release(
                epoch,
                review,
                in: directory,
                by: acts,
                confirmed: confirm,
                now: now,
                to: FilePath("\(name).release")
            )
        }
        return isAsked
    }
}
