// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Encoding
import Escrow
import SystemPackage

struct StampCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "stamp",
        operands: "<escrow> ... [<options>]",
        abstract: "Have signatures time-stamped (RFC 3161), so that they still count when a key is no longer valid.",
        discussion: """
            Without --reply, it writes a query for every manifest signature that has no time stamp; with --reply, it \
            files each answer beside the signature that it stamps.
            """,
        examples: ["ca-escrow stamp acme.escrow", "ca-escrow stamp acme.escrow --reply omar.tsr --tsa tsa.pem"]
    )

    @Argument(help: .of("escrow", "Escrows.")) var escrows: [String]
    @Option(help: .of("file", "An authority's answer; may be repeated.")) var reply: [String] = []
    @Option(help: .of("file", "The time-stamping authorities that you believe: certificates in PEM.")) var tsa: String?
    @Option(help: .of("dir", "Where the queries go (default: here).")) var out: String?

    func validate() throws {
        if tsa != nil, reply.isEmpty {
            throw ValidationError("--tsa belongs to --reply")
        }
        if out != nil, !reply.isEmpty {
            throw ValidationError("--out is where queries go: with --reply there are none")
        }
    }

    func run() throws {
        let directories = try escrows.map { try EscrowDirectory(at: FilePath($0)) }
        if reply.isEmpty {
            try zip(escrows, directories).forEach(ask)
        } else {
            let authorities = try tsa.map { try Certificate.authorities(at: FilePath($0)) }
            try reply.forEach { try file($0, in: directories, trusting: authorities) }
        }
    }

    private func ask(_ escrow: String, _ directory: EscrowDirectory) throws {
        let (count, queries) = try directory.writeQueries(in: out.map { FilePath($0) })
        guard !queries.isEmpty else {
            let state = count == 0 ? "no officer has signed" : "every signature has its time stamp"
            Output.line("\(escrow): \(state)")
            return
        }
        for (query, answer) in queries {
            Output.line("query: \(query)")
            Output.next(
                "curl -H 'Content-Type: application/timestamp-query' --data-binary @\(ShellWord.path(query.string)) TSA-URL "
                    + "> \(ShellWord.path(answer.string))"
            )
        }
        Output.next("then: ca-escrow stamp \(ShellWord.path(escrow)) --reply FILE --tsa FILE")
    }

    private func file(_ reply: String, in directories: [EscrowDirectory], trusting authorities: [UInt8]?) throws {
        for directory in directories {
            guard
                let filed = try directory.file(stamp: FilePath(reply), trusting: authorities, now: Timestamp.now())
            else {
                continue
            }
            Output.line("\(reply): \(filed.isNew ? "filed" : "already here"): \(filed.place), of \(filed.time)")
            if authorities == nil {
                Output.warning("\(reply): nobody vouches for it: --tsa FILE names whom you believe")
            }
            return
        }
        throw Diagnostic("\(reply): a time stamp of no signature of a manifest here", .failed)
    }
}
