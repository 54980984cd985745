// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

extension EnvelopeCommand {
    /// What a scan says about an envelope.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say whose envelope was scanned, and whether it is in force; nothing is opened.",
            discussion: """
                Ends with 0 when every code is right, with 1 when one is superseded, with 2 when one is damaged, another \
                escrow's or somebody else's, and with 65 when there is none. The escrow is taken as it lies there: \
                'ca-escrow audit' says whether it can be believed. Pictures need 'zbarimg'.
                """
        )

        @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
        @Argument(
            help: ArgumentHelp(
                "Pictures (PNG, JPEG), or what a hand-held scanner typed: a text file, or '-' to type it now.",
                valueName: "scan"
            )
        )
        var scans: [String] = []
        @Option(help: ArgumentHelp("Who handed it over.", valueName: "name")) var custodian: String?
        @Flag(help: "The findings as JSON.") var json = false

        func run() throws {
            let directory = try EscrowDirectory(at: FilePath(escrow))
            let check = try EnvelopeCheck(of: directory, heldBy: try custodian.map { try Name($0) })
            var findings: [(scan: String, finding: EnvelopeFinding)] = []
            var unread: [(scan: String, diagnostic: Diagnostic)] = []
            for scan in scans {
                do {
                    findings += try check.judge(Self.codes(in: scan)).map { (scan, $0) }
                } catch {
                    guard let diagnostic = Diagnostic(error) else {
                        throw error
                    }
                    diagnostic.report()
                    unread.append((scan, diagnostic))
                }
            }
            let status = Self.status(of: findings.map(\.finding), unread.map(\.diagnostic))
            if json {
                let members: [String: JSONValue?] = [
                    "escrow": .string(escrow.printable),
                    "exitStatus": .integer(UInt64(status)),
                    "findings": Self.list(findings.map { $0.finding.json(scan: $0.scan) }),
                    "format": .string("ca-escrow/v1/envelope-check"),
                    "inForce": check.inForce.map { .string($0.digest.description) },
                    "unread": Self.list(
                        unread.map { scan, diagnostic in
                            .object([
                                "error": .string(diagnostic.message.printable),
                                "scan": .string(scan.printable),
                            ])
                        }
                    ),
                ]
                Output.bytes(JSONValue.object(members.compactMapValues { $0 }).encoded())
            } else {
                for (scan, finding) in findings {
                    Output.line("\(scan): \(finding.description)")
                }
            }
            try ExitStatus.end(status)
        }

        /// The worst of all: what failed weighs more than what could not be read, and that more than what is not in force.
        ///
        /// Bags carry codes of their makers: beside one of ours in the same command, they do not count.
        private static func status(of findings: [EnvelopeFinding], _ unread: [Diagnostic]) -> Int32 {
            let verdicts = Set(findings.map(\.verdict))
            if !verdicts.isDisjoint(with: [.anotherEscrow, .wrongHolder, .damaged]) {
                return ExitStatus.failed.rawValue
            }
            if let first = unread.first {
                return first.status.rawValue
            }
            if !verdicts.isDisjoint(with: [.superseded, .notInForce]) {
                return ExitStatus.notYet.rawValue
            }
            return verdicts.contains(.right) ? ExitStatus.done.rawValue : ExitStatus.data.rawValue
        }

        private static func list(_ items: [JSONValue]) -> JSONValue? { items.isEmpty ? nil : .array(items) }

        /// The codes in a picture, or the lines of a text.
        private static func codes(in scan: String) throws -> [String] {
            let bytes =
                scan == "-"
                ? try Files.readStream(.standardInput, named: "-", limit: pictureLimit)
                : try Files.read(FilePath(scan), limit: pictureLimit, followingLinks: true)
            if let format = PictureFormat(of: bytes) {
                return try CodeProgram.zbarimg().codes(in: bytes, format, named: scan)
            }
            guard bytes.count <= textLimit, bytes.allSatisfy({ (0x20...0x7e).contains($0) || blanks.contains($0) })
            else {
                throw Diagnostic(
                    "\(scan): neither a PNG or JPEG picture nor the text of a code",
                    hint: "save other pictures, and scans in PDF, as PNG or JPEG",
                    .data
                )
            }
            let lines = String(decoding: bytes, as: UTF8.self).unicodeScalars.split(
                whereSeparator: \.properties.isWhitespace
            )
            .map { String($0) }
            guard !lines.isEmpty else {
                throw Diagnostic("\(scan): no code: the text is empty", .data)
            }
            return lines
        }

        /// In bytes.
        private static let pictureLimit = 64 << 20
        private static let textLimit = 64 << 10
        private static let blanks = Array("\t\r\n".utf8)
    }
}
