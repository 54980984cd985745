// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Audit
import Ceremony
import CertificateAuthority
import Custody
import Encoding
import Escrow
import Files
import SystemPackage

struct ShowCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "show",
        operands: "<path> ... [<options>]",
        abstract: "Say in words what a file or an escrow is.",
        discussion: "Only the form is verified: 'ca-escrow audit' says what can be believed.",
        examples: [
            "ca-escrow show acme.escrow", "ca-escrow show --allowed-signers olga.card omar.card > officers.signers",
        ]
    )

    @Argument(help: .of("path", "Escrows, documents, plans, cards, identities, parcels, .pub files, signatures."))
    var paths: [String]
    @Flag(help: "Print lines for an allowed_signers file, from cards and .pub files.") var allowedSigners = false
    @Flag(help: "With --allowed-signers: the lines are for auditors, who sign challenges.") var auditors = false
    @Option(help: .of("number", "With --allowed-signers: how many of the file's officers must have signed."))
    var require: Int?
    @OptionGroup var report: ReportOption

    func validate() throws {
        if auditors, !allowedSigners {
            throw ValidationError("--auditors belongs to --allowed-signers")
        }
        guard require == nil || allowedSigners && !auditors else {
            throw ValidationError("--require belongs to --allowed-signers of officers")
        }
        try AllowedSigners.validate(require)
    }

    func run() throws {
        // The people first: without all of them there is no line that counts them.
        let people = allowedSigners ? try paths.map(signersLine) : []
        let lines = (require.map { [AllowedSigners.line(requiring: $0)] } ?? []) + people
        lines.forEach(Output.line)
        Report.note(["allowedSigners": .texts(lines)])
        for path in paths where !allowedSigners {
            try self.lines(path).forEach(Output.line)
        }
    }

    private func signersLine(_ path: String) throws -> String {
        let people = try PeopleGiven(at: [FilePath(path)])
        guard let officer = people.officers.first, people.officers.count == 1 else {
            throw RecognisedFile.document(DocumentFormat.card.kind).refusing(FilePath(path))
        }
        return AllowedSigners.line(
            name: officer.name,
            key: officer.key,
            namespaces: (auditors ? DocumentFormat.signedByAuditors : DocumentFormat.signedByOfficers).map(\.namespace)
        )
    }

    /// What a path is, for programs.
    private func note(_ path: String, _ kind: String, _ facts: [String: JSONValue?]) {
        Report.note(.members(facts.merging(["kind": .text(kind), "path": .text(path)]) { $1 }), in: "shown")
    }

    private func lines(_ path: String) throws -> [String] {
        let file = FilePath(path)
        guard try Files.kind(of: file) != .directory else {
            return try escrow(file)
        }
        let bytes = try Files.read(file, limit: ByteLimit.parcel)
        if Parcel.isParcel(bytes) {
            return parcel(try Parcel(at: file), path)
        }
        let start = String(decoding: bytes.prefix(64), as: UTF8.self)
        if start.hasPrefix(bytesOf: "-----BEGIN SSH SIGNATURE-----") {
            return try signature(bytes, path)
        }
        if Bundle.isPlan(file) {
            return try plan(bytes, path)
        }
        if file.extension == "pub" {
            let people = try PeopleGiven(at: [file])
            return people.officers.map { officer in
                note(path, "public-key", ["key": .text(officer.key.fingerprint), "name": .text(officer.name)])
                return "\(path): an OpenSSH public key of \(officer.name): \(officer.key.fingerprint)"
            }
        }
        let isOurs = bytes.first == UInt8(ascii: "{") && bytes.contains(bytesOf: "\"ca-escrow/")
        guard isOurs || start.hasPrefix(bytesOf: "\u{feff}") else {
            throw RecognisedFile.shown.refusing(file)
        }
        return try document(bytes, path)
    }

    private func plan(_ bytes: [UInt8], _ path: String) throws -> [String] {
        let review = try PlanOption.naming(path) { try PlanReview(of: Plan(json: bytes)) }
        note(path, "plan", ["sha256": .text(SHA256Digest(of: bytes)), "title": .text(review.plan.title)])
        return ["\(path): a ceremony's plan, unverified"] + review.lines(SHA256Digest(of: bytes))
    }

    private func document(_ bytes: [UInt8], _ path: String) throws -> [String] {
        switch try KnownDocument(bytes, at: path) {
        case .manifest(let manifest):
            note(path, "manifest", manifest.shown(SHA256Digest(of: bytes)))
            return ["\(path): a manifest, unverified"] + manifest.lines(SHA256Digest(of: bytes))
        case .card(let card): return words(card, path)
        case .identity(let identity):
            let hasPassphrase = JSONValue.boolean(!identity.isWithoutPassphrase)
            let key = JSONValue.text(identity.signingKey.fingerprint)
            note(path, "identity", ["key": key, "name": .text(identity.name), "passphrase": hasPassphrase])
            return [
                "\(path): the identity of \(identity.name)",
                "  signing key   \(identity.signingKey.fingerprint)",
                "  passphrase    \(identity.opensWith)",
            ]
        case .release(let release):
            return ["\(path): a release: it is for the restoring machine, and lies in no escrow"]
                + lines(release.statement.members, path, "release")
        case .other(let format, let members):
            return ["\(path): a document of the kind \(format.kind), unverified"] + lines(members, path, format.kind)
        }
    }

    /// The members of a document, a line each, but for its format.
    private func lines(_ members: [String: JSONValue], _ path: String, _ kind: String) -> [String] {
        let rows = rows(members)
        let known = rows.map { JSONValue.members(["name": .text($0.name), "value": .text($0.text)]) }
        note(path, kind, ["members": .array(known)])
        return rows.map { "  \($0.name)\(String(repeating: " ", count: max(1, 14 - $0.name.count)))\($0.text)" }
    }

    private func rows(
        _ members: [String: JSONValue],
        inside prefix: String = ""
    ) -> [(name: String, text: String)] {
        members.sorted { $0.key < $1.key }.flatMap { key, value -> [(name: String, text: String)] in
            let name = prefix + key
            switch value {
            case .string(let text): return key == "format" ? [] : [(name, text)]
            case .integer(let number): return [(name, "\(number)")]
            case .boolean(let flag): return [(name, "\(flag)")]
            case .array(let items): return items.flatMap { rows([key: $0], inside: prefix) }
            case .object(let inner): return rows(inner, inside: name + ".")
            }
        }
    }

    private func parcel(_ parcel: Parcel, _ path: String) -> [String] {
        let files = parcel.files.map { "\($0.escrow)/\($0.path)" }
        note(path, "parcel", ["about": .text(parcel.about), "files": .texts(files)])
        return ["\(path): a parcel, unverified: \(parcel.about)"] + files.map { "  \($0)" }
    }

    private func escrow(_ path: FilePath) throws -> [String] {
        let directory = try EscrowDirectory(at: path)
        var (lines, epochs): ([String], [JSONValue]) = ([], [])
        let chain = directory.chain()
        for approval in chain.all.reversed() {
            let document = approval.document
            let state = approval.isApproved ? "signatures of its officers suffice" : "a draft, not in force"
            lines.append("\(document.path): epoch \(document.manifest.epoch), \(state); unverified: audit tells more")
            let filed = try document.addedCertificates()
            let approved = filed.filter(\.isApproved).map(\.document.certificate)
            lines += document.manifest.lines(document.digest, added: approved)
            let signed = approval.signed.map { "\($0.name) (\($0.key.fingerprint))" }
            lines.append("  signed by     \(signed.isEmpty ? "nobody" : signed.joined(separator: ", "))")
            for filed in filed {
                let digest = SHA256Digest(of: filed.document.certificate.der).grouped
                lines.append("  added         SHA-256 \(digest), \(filed.isApproved ? "approved" : "not approved yet")")
            }
            let added = filed.map { filed in
                let digest = JSONValue.text(SHA256Digest(of: filed.document.certificate.der))
                return JSONValue.members(["approved": .boolean(filed.isApproved), "certificate": digest])
            }
            let standing: [String: JSONValue?] = [
                "added": .array(added), "approved": .boolean(approval.isApproved),
                "directory": .text(document.path), "signed": .texts(approval.signed.map(\.name)),
            ]
            epochs.append(.members(standing.merging(document.manifest.shown(document.digest)) { $1 }))
        }
        let unread = chain.unread.map { JSONValue.text("\(path.appending($0.name)): \($0.error)") }
        note(path.string, "escrow", ["epochs": .array(epochs), "unread": .array(unread)])
        lines += chain.unread.map { "\(path.appending($0.name)): no epoch that can be read: \($0.error)" }
        if let error = chain.disputeError {
            lines.append("\(error)")
        }
        return lines + directory.leftovers.map { "\(path.appending($0)): left half-made: remove it" }
    }

    private func words(_ card: Card, _ path: String) -> [String] {
        var lines = [
            "\(path): the card of \(card.name), signed with its own key",
            "  card SHA-256  \(card.digest)",
            "  signing key   \(card.signingKey.fingerprint)",
        ]
        var members: [String: JSONValue?] = [
            "key": .text(card.signingKey.fingerprint), "name": .text(card.name), "sha256": .text(card.digest),
        ]
        let texts = [
            ("full name", "fullName", card.fullName), ("organisation", "organisation", card.organisation),
            ("site", "site", card.site), ("contact", "contact", card.contact),
            ("valid until", "validUntil", card.validUntil?.description),
        ]
        for case (let name, let member, let text?) in texts {
            lines.append("  \(name)\(String(repeating: " ", count: 14 - name.utf8.count))\(text)")
            members[member] = .text(text)
        }
        note(path, "card", members)
        return lines
    }

    private func signature(_ bytes: [UInt8], _ path: String) throws -> [String] {
        do {
            let signature = try SSHSignature(armored: bytes)
            let key = JSONValue.text(signature.signer.fingerprint)
            note(path, "signature", ["key": key, "namespace": .text(signature.namespace)])
            return [
                "\(path): an SSH signature, unverified",
                "  made with     \(signature.signer.fingerprint)",
                "  namespace     \(signature.namespace.quoted)",
            ]
        } catch {
            throw Diagnostic("\(path): \(error)", .data)
        }
    }
}
