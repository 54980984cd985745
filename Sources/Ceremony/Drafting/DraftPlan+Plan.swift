// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow
import Files
import SystemPackage

// What the ceremony is, and of which escrow.
extension DraftPlan {
    func drawPlan() throws {
        for entry in PlanQuestion.ofPlan {
            if entry.member == "escrow.officers" {
                try meetPeople()
            }
            if isWanted(entry), entry.isAsked || given[entry.member] != nil {
                let isOpen = draft[entry.member] == nil
                try ask(entry.question(proposal(for: entry.member)))
                if entry.member == "kind", isOpen, let old = before["kind"], old != kind.rawValue {
                    forgetWhatFits()
                }
            }
        }
    }

    var kind: Plan.Kind { draft["kind"]?.text.flatMap(Plan.Kind.init) ?? .backup }

    /// What an earlier plan of another kind says of the key does not hold.
    func forgetWhatFits() {
        for member in ["escrow.store", "escrow.occasion", "escrow.purpose", "inventory"] {
            draft[member] = nil
        }
    }

    /// Whether a plan of this kind has the member.
    private func isWanted(_ entry: PlanQuestion.Entry) -> Bool {
        switch entry.member {
        case "escrow.store":
            // A rehearsal may make a CA of its own.
            kind != .drill && (draft["rehearsal"] != .boolean(true) || given[entry.member] != nil || kind == .restore)
        case "escrow.occasion": kind == .backup && escrowIsThere && draft["escrow.store"] != nil
        case "escrow.purpose", "inventory": kind != .backup
        // Nobody is asked where it is while it lies beside the escrow.
        case "escrow.pkcs12": given[entry.member] != nil || (kind != .backup && !isKeyFileBeside)
        // A week after the date, which is to be said first.
        case "standby": !missing.contains(bytesOf: "date")
        default: true
        }
    }

    /// What is found out for a member, or usual.
    func proposal(for member: String) -> PlanQuestion.Proposal {
        if let old = before[member], kind.rawValue == before["kind"] || member != "inventory" {
            return .rule(old)
        }
        switch member {
        case "standby":
            let date = draft["date"]?.text.flatMap { Timestamp($0) }
            return date.map { .rule("\($0.adding(seconds: 7 * 86_400))") } ?? .none
        case "kind": return .usual(Plan.Kind.backup.rawValue)
        case "escrow.policy": return manifest.map { .known($0.policy.text) } ?? .usual("3 of all")
        case "escrow.officers": return manifest.map { .known($0.approval.text) } ?? usualOfficers
        default: return .none
        }
    }

    /// Most of those who sign with an OpenSSH key: they can be nothing else.
    private var usualOfficers: PlanQuestion.Proposal {
        let names = people.openSSHSigners.sorted().filter { people.card(of: $0) == nil }
        return names.isEmpty
            ? .none : .usual("\(names.count / 2 + 1) of (\(names.listed))")
    }

    // MARK: The escrow

    private var escrow: FilePath? { draft["escrow.path"]?.text.map { folder.pushing(FilePath($0)) } }

    private var escrowIsThere: Bool { escrow.map { (try? Files.kind(of: $0)) != nil } ?? false }

    /// Whether the key file lies where it is looked for without a word, or nobody knows its name yet.
    private var isKeyFileBeside: Bool {
        guard let manifest, let folder = escrow?.removingLastComponent() else {
            return true
        }
        return (try? Files.kind(of: folder.appending(manifest.pkcs12.name))) != nil
    }

    /// That of the epoch in force, of an escrow that is there; what is wrong with one, the review says.
    private var manifest: Manifest? {
        escrow.flatMap { try? EscrowDirectory(at: $0).approval(of: nil).document.manifest }
    }

    // MARK: Files

    func certificate(at path: String) throws -> Certificate {
        do {
            return try Certificate(at: folder.pushing(FilePath(path)))
        } catch let error as CertificateError {
            throw DraftError.fault(PlanFault(.certificate(error)))
        }
    }

    /// A path that was typed from where one is, from the plan's folder.
    func relative(_ path: String) throws -> String { try Files.absolute(FilePath(path)).way(from: folder) }

    /// The plan of the last ceremony, with its paths from where the new one lies, and without its dates.
    ///
    /// - Returns: The draft, and what somebody is to confirm, by its member.
    static func draft(like path: FilePath, in folder: FilePath) throws -> (PlanDraft, before: [String: String]) {
        let bytes = try Files.read(path, limit: Plan.byteLimit, followingLinks: true)
        let json: JSONValue
        do {
            _ = try Plan(json: bytes)
            json = try JSONValue(anyLayout: bytes)
        } catch let error as PlanError {
            throw DraftError.plan(path, error)
        }
        var draft = PlanDraft(json)
        draft["date"] = nil
        draft["standby"] = nil
        // What it left out of people is left out.
        for name in draft.names {
            for entry in PlanQuestion.ofPerson where entry.isAsked && draft["\(name).\(entry.member)"] == nil {
                draft["\(name).\(entry.member)"] = PlanDraft.leftOut
            }
        }
        let old = try Files.absolute(path.removingLastComponent())
        let people = draft.names.flatMap { ["\($0).card", "\($0).identity"] }
        if old != folder {
            for member in ["ca.certificate", "escrow.path", "escrow.pkcs12", "inventory"] + people {
                draft[member] = draft[member]?.text.map {
                    .string(
                        FilePath($0).isAbsolute
                            ? $0 : old.pushing(FilePath($0)).lexicallyNormalized().way(from: folder)
                    )
                }
            }
        }
        var before: [String: String] = [:]
        for member in PlanQuestion.ofPlan.filter(\.isAskedAgain).map(\.member) {
            before[member] = draft[member]?.text
            draft[member] = nil
        }
        return (draft, before)
    }
}
