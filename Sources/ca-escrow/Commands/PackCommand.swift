// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Encoding
import Escrow
import SystemPackage

struct PackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "pack",
        operands: "<escrow> ... [<options>]",
        abstract: "Put the public files of escrows into one file, to send by email or on a USB stick.",
        discussion: "A parcel never holds PKCS#12 files, identities or releases.",
        examples: ["ca-escrow pack acme.escrow", "ca-escrow pack acme.escrow --request 7f3a --out acme-request.parcel"]
    )

    @Argument(help: .of("escrow", "Escrows.")) var escrows: [String]
    @Option(help: .of("id", "Only this request, with the manifests and cards.")) var request: String?
    @Option(help: .of("id", "Only this challenge, with the manifests and cards.")) var challenge: String?
    @Option(help: .of("file", "The parcel (default: named after its content).")) var out: String?

    func run() throws {
        if escrows.count == 1, Bundle.isPlan(FilePath(escrows[0])) {
            let out = try out ?? Question.needed("The parcel's file", else: "--out FILE")
            let plan = try PlanOption.read(escrows[0], at: Timestamp.now())
            Output.line("\(out): \(try plan.pack(to: FilePath(out))) files of \(escrows[0])")
            let missing = Shortfall(of: plan.signed, for: plan.approval)?.missing ?? plan.approval.officers.map(\.name)
            return Output.next(NextStep.send(FilePath(out), to: missing, toRun: "sign"))
        }
        let (paths, place) = (escrows.map { FilePath($0) }, out.map { FilePath($0) })
        let act = Pack(paths, only: request, challenge, to: place, now: Timestamp.now())
        let packed = try Terminal(PassphraseFiles([])).attend { try act.run(attended: $0) }
        let there = packed.isThere ? ": already here" : ""
        Output.line("\(packed.place): \(packed.fileCount) files of \(packed.list)\(there)")
        packed.nextSteps.forEach(Output.next)
    }
}
