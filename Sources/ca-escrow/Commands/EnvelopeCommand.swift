// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import Glibc
import SecretSharing
import SystemPackage

struct EnvelopeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "envelope",
        abstract: "Print sheets for the bags that shares are kept in, and check what comes back.",
        subcommands: [Print.self, Check.self]
    )

    /// A page to print, a sheet a custodian.
    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "print",
            abstract: "Write a page with a sheet for each custodian: digests, the sealed share as a code, a label.",
            discussion: "A sealed share is public: without its custodian's identity it opens nothing. Needs 'qrencode'."
        )

        @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow: String
        @Option(
            help: ArgumentHelp(
                "The page, or a directory for it (default: NAME-envelopes-DIGEST.html, here).",
                valueName: "file|dir"
            )
        )
        var out: String?
        @Option(help: "The paper: a4 or letter.") var paper: EnvelopePaper = .a4
        @Option(help: ArgumentHelp("Only this custodian; may be repeated.", valueName: "name"))
        var custodian: [String] = []
        @Option(help: ArgumentHelp("Another epoch than the one in force.", valueName: "number|digest")) var epoch:
            EpochSelector?

        func run() throws {
            let directory = try EscrowDirectory(at: FilePath(escrow))
            let approval = try directory.approval(of: epoch)
            let document = approval.document
            let names = try names(of: document)
            let stem = directory.path.lastComponent?.stem ?? directory.name
            let place = try place(for: "\(stem)-envelopes-\(document.digest.short).html")
            try warn(of: approval, in: directory)
            let qrencode = try CodeProgram.qrencode(in: EnvelopeCommand.searchPath)
            let sheets = try names.map { name in
                try sheet(of: name, in: document, qrencode)
            }
            let page = EnvelopePage(
                of: directory,
                document,
                sheets: sheets,
                on: paper,
                by: "ca-escrow \(Version.text)"
            )
            try Files.create(place, page.bytes, permissions: .publicFile)
            let list = names.map(\.description).joined(separator: ", ")
            Output.line("\(place): epoch \(document.manifest.epoch), for \(list)")
            Output.next("print it in full size (100 %), then: ca-escrow envelope check \(ShellWord.path(escrow)) SCAN")
        }

        /// Those who are asked for, in the order of the policy.
        private func names(of document: EpochDocument) throws -> [Name] {
            let wanted = try custodian.map { try Name($0) }
            for name in wanted where document.manifest.person(named: name) == nil {
                throw EscrowError.notACustodian(path: document.manifestPath.string, name)
            }
            return document.manifest.policy.leaves.map(\.custodian).filter { wanted.isEmpty || wanted.contains($0) }
        }

        /// Where the page goes; never into an escrow, and never in the place of another file.
        private func place(for name: String) throws -> FilePath {
            var place = FilePath(out ?? name)
            if out != nil, try Files.kind(of: place) == .directory {
                place.append(name)
            }
            guard try Files.kind(of: place) == nil else {
                throw FileError.exists(path: place.string)
            }
            try EscrowDirectory.refuseInside(place, as: place.string)
            return place
        }

        private func warn(of approval: EpochApproval, in directory: EscrowDirectory) throws {
            guard approval.isApproved else {
                return Output.warning(approval.notInForce.description)
            }
            let current = try directory.approval(of: nil).document
            if current.digest != approval.document.digest {
                Output.warning(
                    "\(approval.document.path): superseded: in force is epoch \(current.manifest.epoch) "
                        + "(\(current.digest.short))"
                )
            }
        }

        private func sheet(
            of name: Name,
            in document: EpochDocument,
            _ qrencode: CodeProgram
        ) throws -> EnvelopePage.Sheet {
            guard let share = EnvelopeCode(.share, for: name, of: document),
                let label = EnvelopeCode(.label, for: name, of: document)
            else {
                preconditionFailure("every leaf has a share")
            }
            let card = document.card(of: name)
            if card == nil {
                Output.warning("\(document.cardPath(of: name)): not the card of the manifest: no full name is printed")
            }
            return EnvelopePage.Sheet(
                card: card,
                code: share,
                share: try qrencode.symbol(of: share.payload),
                label: try qrencode.symbol(of: label.payload)
            )
        }
    }
}

extension EnvelopeCommand {
    /// Where programs are looked for.
    static var searchPath: String { unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "" }
}

extension EnvelopePaper: ExpressibleByArgument {}
