// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import SystemPackage

struct Refuse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse",
        _superCommandName: CAEscrow.name,
        abstract: "Object to a request, with a reason: the restore stops unless officers override it.",
        discussion: "For custodians, and for officers."
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
    @Option(help: ArgumentHelp("The request, by some digits of its ID (default: the open one).", valueName: "id"))
    var request: String?
    @Option(help: ArgumentHelp("Why.", valueName: "text")) var reason: String?
    @OptionGroup var acting: IdentityOptions
    @Option(help: ArgumentHelp("Also write the refusal into one file to send.", valueName: "file")) var out: String?
    @OptionGroup var clock: TimeOption

    func run() throws {
        let person = try acting.oneOrAsked()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: person.file.isWithoutPassphrase ? [] : [person.name.description])
        let now = try clock.time()
        var outbox = try Outbox(out)
        let directory = try EscrowDirectory(at: FilePath(escrow))
        let epoch = try directory.approval(of: nil).document
        let key = person.file.signingKey
        let keys = [
            epoch.manifest.person(named: person.name)?.signingKey,
            epoch.manifest.approval.officer(named: person.name)?.key,
        ].compactMap(\.self)
        guard !keys.isEmpty else {
            throw Diagnostic("\(person.path): \(person.name) is neither custodian nor officer of this escrow", .refused)
        }
        guard keys.contains(key) else {
            throw EscrowError.identityIsNotThePerson(path: person.path, person.name)
        }
        try Clock.check(now, against: epoch, in: directory)
        let review = try epoch.request(request, at: now)
        guard review.isOpen(at: now) else {
            throw EscrowError.request(review.identifier, .expired(review.request.document.expires, now: now))
        }
        let reason = try reason ?? Question.needed("Why you refuse", else: "--reason TEXT")
        guard TextRule.allows(reason) else {
            throw Diagnostic("--reason: 1 to 500 characters, no control or invisible ones", .usage)
        }
        let identity = try person.open(files)
        let refusal = Refusal(by: person.name, of: review.request, because: reason, at: now)
        let signed = SignedDocument(refusal, in: epoch, by: identity)
        Output.line("\(directory.shown): request \(review.identifier.prefix(8)) is refused by \(person.name)")
        try outbox.send(signed, of: directory, as: "refusal")
        try outbox.finish(about: "a refusal by \(person.name): ca-escrow collect ESCROW FILE")
    }
}
