// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Files
import SystemPackage

// Media in the machine: one at a time, whoever's it is; and what goes on them at the end of a backup.
extension LiveCeremony {
    /// Somebody's identity, when their medium is in: where the plan says, or else asked for.
    ///
    /// - Parameter question: Asks for a line, or waits for Enter.
    func identity(of name: Name, asking question: (String) throws -> String?) throws -> IdentityOnDisk {
        let planned = plan.participant(name)?.identity
        var path = planned
        let isIn = mediumIn == name
        if isIn {
            mediumIn = nil  // whoever goes on with the same medium takes none out
        } else {
            let put = "\(fullName(of: name)): put your medium in"
            path = try planned == nil ? question("\(put), and type your identity's file") : question("\(put): Enter")
        }
        while true {
            // Enter alone stands for the file that the plan names.
            let file = path ?? planned
            do {
                if let file {
                    let identity = try identity(of: name, at: file)
                    mediumIn = name
                    return identity
                }
            } catch {
                screen.alarm()
                screen.report(error)
            }
            let other = planned.map { " (Enter: \($0))" } ?? ""
            path = try question("\(fullName(of: name)): your identity's file\(other)")
        }
    }

    /// The identity in a file, when it is the one that somebody's card is of.
    private func identity(of name: Name, at path: String) throws -> IdentityOnDisk {
        let identity = try IdentityOnDisk(at: path)
        guard identity.name == name else {
            throw CeremonyError.notIdentity(path: path, of: name)
        }
        guard identity.file.signingKey == files.people.card(of: name)?.signingKey else {
            throw CeremonyError.notOnCard(path: path, of: name)
        }
        return identity
    }

    /// Who puts a medium in next while an act is done, and which identity is on it.
    typealias Comers = (_ count: Int, _ candidates: [Name]) throws(Absence) -> FilePath?

    /// Those whose media come one after the other: these, in their order, or whoever says so.
    ///
    /// What is typed while something is done is the act's: Enter alone stops it.
    func comers(in names: [Name]?) -> Comers {
        var left = names ?? []
        return { [self] (count, candidates) throws(Absence) in
            let next =
                names == nil ? try whoComes(of: candidates, needed: count) : left.isEmpty ? nil : left.removeFirst()
            guard let name = next else {
                return nil
            }
            do {
                let found = try identity(of: name) { prompt in
                    let typed = try screen.line(takingMediumOut(prompt))?.trimmed ?? ""
                    try goOn(typed, "stopped at \(name)'s medium")
                    return typed.isEmpty ? nil : typed
                }
                return FilePath(found.path)
            } catch {
                throw Absence("\(error)")
            }
        }
    }

    /// Whoever of these says that their medium is in; nobody when Enter alone is typed.
    private func whoComes(of candidates: [Name], needed count: Int) throws(Absence) -> Name? {
        // Only those who are there have anything to give.
        let there = candidates.filter(roll.isThere)
        guard !there.isEmpty else {
            throw Absence("of those whose share is missing nobody is there")
        }
        let prompt = "\(count) more needed of (\(there.listed)). Whose medium is in: the short name (Enter stops)"
        while let typed = try screen.line(takingMediumOut(prompt))?.trimmed, !typed.isEmpty {
            try goOn(typed, "stopped")
            if let name = try? Name(typed), there.contains(name) {
                mediumIn = name  // whoever types a name says so
                return name
            }
            let isAway = (try? Name(typed)).map(candidates.contains) ?? false
            screen.say("\(typed.quoted): \(isAway ? "absent" : "none of them")")
        }
        return nil
    }

    /// Ends what is being done when somebody types `stop`.
    private func goOn(_ typed: String, _ reason: String) throws(Absence) {
        if typed == "stop" {
            isStopped = true
            throw Absence(reason)
        }
    }

    /// A question that says first which medium comes out now.
    func takingMediumOut(_ prompt: String) -> String {
        guard let name = mediumIn else {
            return prompt
        }
        mediumIn = nil
        return "Take \(name)'s medium out. \(prompt)"
    }

    /// Writes what was dealt to its media, and reads each back.
    func writeMedia() throws {
        let manifest = try epoch()
        var readBack = MediumReadBack(of: escrowPath, besides: [FilePath(archivePath), bundle.path])
        for medium in plan.media {
            let wanted = medium.content == .pkcs12 ? manifest.manifest.pkcs12.sha256 : manifest.digest
            try ensure(.readBack(medium.label), by: operatorName) { [self] in
                showWriting(of: medium, wanted)
                while true {
                    let folder = try ask("Take \(medium.label) out, put it in again, and type its directory")
                    switch readBack.find(wanted, in: FilePath(folder), of: medium.label, isRehearsal: plan.isRehearsal)
                    {
                    case .another(let why): screen.say(why)
                    case .fault(let fault):
                        screen.say(fault)
                        return Outcome(fault: fault)
                    case .found:
                        screen.say("read back: \(wanted.short)… is on it")
                        return Outcome(files: [.init(.input, medium.label, wanted)])
                    }
                }
            }
        }
    }

    private func showWriting(of medium: Plan.Medium, _ digest: SHA256Digest) {
        screen.say(
            "\(medium.label) (\(medium.content.rawValue), \(medium.holder)): SHA-256 \(digest)",
            first: "",
            rest: "  "
        )
        screen.show(command: StepCommands.write(medium.content == .pkcs12 ? archivePath : commands.escrow))
    }

    /// Where the PKCS#12 file was made.
    private var archivePath: String {
        if let path = plan.escrow.pkcs12 {
            return path
        }
        let name = (try? epoch().manifest.pkcs12.name) ?? "FILE.p12"
        return escrowPath.removingLastComponent().appending(name).string
    }

    /// Shares on paper, where they are kept so; checked by the scan of what was printed.
    func printEnvelopes() throws {
        commands.envelopes.forEach { screen.show(command: $0) }
        try enter(StepRow.envelopes, asking: "How many were printed, and right by their scan (0: none)")
    }

    /// The key goes where it belongs, and no copy of what was dealt stays here.
    func putAway() throws {
        if plan.kind == .backup {
            let path = archivePath
            try ensure(.archiveIsAway, by: operatorName) { [self] in
                screen.show(command: StepCommands.remove(path))
                try waitForEnter("It is on its media, and removed here")
                let isThere = try Files.kind(of: FilePath(path)) != nil
                return Outcome(fault: isThere ? "\(path) is there" : nil)
            }
        }
    }

    /// Fills in a field, once.
    func enter(_ field: String, asking prompt: String) throws {
        while held.field(field) == nil {
            let text = try ask(prompt)
            guard Act.Field.allows(text, in: field) else {
                screen.say(Act.Field.rule(of: field))
                continue
            }
            try record(.entered(Act.Field(name: field, text: text)))
        }
    }
}
