// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        _superCommandName: CAEscrow.name,
        abstract: "Put the public files of escrows into one file, for mail or a stick.",
        discussion: "Never in it: PKCS#12 files, identities, releases."
    )

    @Argument(help: ArgumentHelp("Escrows.", valueName: "escrow")) var escrows: [String]
    @Option(help: ArgumentHelp("Only this request, with the manifests and cards.", valueName: "id")) var request:
        String?
    @Option(help: ArgumentHelp("Only this challenge, with the manifests and cards.", valueName: "id"))
    var challenge: String?
    @Option(help: ArgumentHelp("The parcel.", valueName: "file")) var out: String?

    func run() throws {
        let out = try out ?? Question.needed("The parcel's file", else: "--out FILE")
        guard try Files.kind(of: FilePath(out)) == nil else {
            throw FileError.exists(path: out)
        }
        var files: [Parcel.File] = []
        var names: Set<String> = []
        var about: [String] = []
        var people: Set<Name> = []
        var what = "the public files"
        for escrow in escrows {
            let directory = try EscrowDirectory(at: FilePath(escrow))
            guard names.insert(directory.name).inserted else {
                throw Diagnostic("\(escrow): a second escrow of the name \(directory.name)", .usage)
            }
            guard PKCS12Entry.isPlainFileName(directory.name) else {
                throw Diagnostic("\(escrow): a name with other characters than letters, digits, '.', '_', '-'", .usage)
            }
            files += try directory.packed(only: try documents(of: directory, &what)) { reason in
                Output.warning("left out: \(reason)")
            }
            let manifest = try directory.approval(of: nil).document.manifest
            about.append(directory.name + (manifest.isRehearsal ? " (\(Rehearsal.mark))" : ""))
            people.formUnion(manifest.people.map(\.name))
        }
        guard files.count <= Parcel.fileLimit else {
            let hint = "one escrow a parcel, or --request or --challenge ID"
            throw Diagnostic(
                "\(out): \(files.count) files: a parcel has at most \(Parcel.fileLimit)",
                hint: hint,
                .data
            )
        }
        let memberCount = Parcel.memberCount(of: files)
        guard memberCount <= Parcel.memberLimit else {
            throw Diagnostic(
                "\(out): \(memberCount) members of policies: a parcel has at most \(Parcel.memberLimit)",
                hint: "one escrow a parcel",
                .data
            )
        }
        let text =
            "\(what), of \(about.joined(separator: ", ")): ca-escrow answer FILE, or ca-escrow collect ESCROW FILE"
        let bytes = Parcel(about: TextRule.allows(text) ? text : "public files", files: files).encoded()
        guard bytes.count <= ByteLimit.parcel else {
            throw Diagnostic("\(out): \(bytes.count) bytes: a parcel has at most \(ByteLimit.parcel)", .data)
        }
        try Files.create(FilePath(out), bytes, permissions: .publicFile)
        Output.line("\(out): \(files.count) files of \(about.joined(separator: ", "))")
        let list = people.sorted().map(\.description).joined(separator: ", ")
        Output.next("send \(ShellWord.path(out)) to \(list); they run: ca-escrow answer FILE")
    }

    /// The added documents that are wanted; nothing for all of them.
    private func documents(of directory: EscrowDirectory, _ what: inout String) throws -> Set<String>? {
        guard request != nil || challenge != nil else {
            return nil
        }
        let epoch = try directory.approval(of: nil).document
        var wanted: Set<String> = []
        if let request {
            let review = try epoch.request(request, at: Clock.now())
            what = "request \(review.identifier.prefix(8)): \(review.request.document.purpose)"
            // Its digits stand in the names of whatever refuses it as well.
            wanted.insert(review.identifier)
            wanted.formUnion((review.overrides + review.openOverrides).map(\.identifier))
        }
        if let challenge {
            let challenges = try epoch.challenges(challenge, at: Clock.now()).map(\.identifier)
            what = "challenge \(challenges.map { String($0.prefix(8)) }.joined(separator: ", "))"
            wanted.formUnion(challenges)
        }
        return wanted
    }
}
