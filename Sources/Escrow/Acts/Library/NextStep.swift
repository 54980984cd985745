// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files
package import SystemPackage

/// What somebody does next: a sentence, and a command in it that does it.
///
/// What only they know stands in capitals.
package enum NextStep {
    /// Who signs what waits in an escrow; nothing when nobody must.
    package static func sign(_ shortfalls: [Shortfall], in escrow: FilePath) -> String? {
        let open = shortfalls.filter { !$0.missing.isEmpty }
        guard let first = open.first?.missing.first else {
            return nil
        }
        let who =
            open.count > 1
            ? "\(open[0].who) of the new officers, and \(open[1].who) of the old ones" : open[0].who
        return "\(who) must sign: ca-escrow sign \(ShellWord.path(escrow.string)) -i \(first).identity"
    }

    /// Who signs next a document that officers sign to their threshold.
    package static func sign(for approval: Approval, besides officer: Name?, in escrow: FilePath) -> String? {
        let signed = approval.officers.filter { $0.name == officer }
        return Shortfall(of: signed, for: approval).flatMap { sign([$0], in: escrow) }
    }

    /// Who gets a parcel, and what they do with it: `answer`, or `sign`.
    package static func send(_ parcel: FilePath, to names: [Name], who: String? = nil, toRun verb: String) -> String {
        let file = ShellWord.path(parcel.lastComponent?.string ?? parcel.string)
        let identity = names.count == 1 ? "\(names[0])" : "NAME"
        let run = names.count == 1 ? ", who runs" : "; they run"
        return "send \(ShellWord.path(parcel.string)) to \(who ?? names.listed)\(run): "
            + "ca-escrow \(verb) \(file) -i \(identity).identity"
    }

    /// Who gets a parcel that asks nothing of anybody.
    package static func keep(_ parcel: FilePath) -> String {
        let file = ShellWord.path(parcel.lastComponent?.string ?? parcel.string)
        return "send \(ShellWord.path(parcel.string)) to whoever keeps or audits a copy; they run: "
            + "ca-escrow collect ESCROW \(file)"
    }

    /// How custodians get a request that enough officers have signed.
    package static func pack(request: SHA256Digest, of escrow: FilePath) -> String {
        "make a parcel for the custodians: ca-escrow pack \(ShellWord.path(escrow.string)) --request \(request.short)"
    }

    /// What parcels of an escrow are called after.
    static func name(of escrow: FilePath) -> String {
        (try? EscrowDirectory.place(escrow))?.stem ?? "escrow"
    }

    /// How officers end a fork.
    package static func void(_ branches: [SHA256Digest], in escrow: FilePath) -> String {
        let digests = branches.map(\.short)
        return "officers say which branch does not count, \(digests.enumerated(with: "or")): "
            + "ca-escrow void \(ShellWord.path(escrow.string)) --epoch \(digests.first ?? "DIGEST") --reason TEXT "
            + "-i NAME.identity"
    }

    /// How whoever signed a draft takes it back.
    ///
    /// - Parameter draft: The directory of the epoch.
    package static func withdraw(_ draft: FilePath, by name: Name) -> String {
        let digest = draft.lastComponent?.string.sides(of: "-")?.behind ?? "DIGEST"
        return "ca-escrow withdraw \(ShellWord.path(draft.removingLastComponent().string)) --epoch \(digest) "
            + "-i \(name).identity"
    }

    /// A first drill; whoever is named vouches for the escrow, and custodians come to the terminal.
    package static func drill(_ escrow: FilePath, of manifest: Manifest, by officer: Name?) -> String {
        "ca-escrow drill \(ShellWord.path(escrow.string))\(manifest.isRehearsal ? " --rehearsal" : "") "
            + "--certificate FILE --purpose TEXT -i \(officer?.description ?? "NAME").identity"
    }
}

extension EpochApproval {
    /// What keeps it from being approved: of its own officers, and of those before.
    package var shortfalls: [Shortfall] {
        let own = isSignedByItsOfficers ? nil : Shortfall(of: signed, for: document.manifest.approval)
        let before = isLetToFollow ? nil : previous.flatMap { Shortfall(of: signers, for: $0.manifest.approval) }
        // The same officers with the same threshold are asked once.
        return (own == before ? [own] : [own, before]).compactMap(\.self)
    }
}

/// An epoch that has just come into force: who is to hear of it.
package struct ComeIntoForce: Sendable {
    package let escrow: FilePath
    package let manifest: Manifest
    /// Officers who approve from now on, and whom an auditor's file may lack; nobody in a first epoch.
    package let newOfficers: [Signer]
    /// Officers who do not any more.
    package let formerOfficers: [Signer]
    /// An officer who has signed it, and so vouches for it.
    package let signer: Name?

    /// - Parameters:
    ///   - epoch: In force.
    ///   - escrow: As people call it.
    package init(_ epoch: EpochApproval, of directory: EscrowDirectory, at escrow: FilePath) {
        let document = epoch.document
        (self.escrow, manifest, signer) = (escrow, document.manifest, epoch.signed.first?.name)
        let officers = manifest.approval.officers
        let before = document.chain(in: directory).dropFirst().first?.manifest.approval.officers ?? officers
        newOfficers = officers.filter { !before.contains($0) }
        formerOfficers = before.filter { !officers.contains($0) }
    }

    /// Who is to hear of it, and what is due.
    package var nextSteps: [String] {
        let path = ShellWord.path(escrow.string)
        var steps = [
            "make a parcel for \(manifest.people.map(\.name).listed): ca-escrow pack \(path)"
        ]
        if !newOfficers.isEmpty {
            let names = newOfficers.map(\.name)
            steps.append(
                "auditors add \(names.listed) to their file: ca-escrow show --allowed-signers "
                    + names.map { "\($0).card" }.joined(separator: " ") + " >> officers.signers"
            )
        }
        if !formerOfficers.isEmpty {
            let names = formerOfficers.map(\.name).listed
            steps.append("auditors write an end (valid-before) to their lines of \(names)")
        }
        return steps + ["never drilled for this epoch: \(NextStep.drill(escrow, of: manifest, by: signer))"]
    }
}
