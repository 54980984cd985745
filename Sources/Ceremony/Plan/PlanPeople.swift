// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
package import Escrow
import SystemPackage

/// The people of a plan as the plan itself names them: each by the digest of their card or key.
///
/// Signatures on a plan cover its people by these digests alone: whose file is another is nobody, whatever their name is.
/// *docs/format-ceremony.md, section 4.24.*
package struct PlanPeople: Sendable {
    /// Cards and keys of those whose file is the one that the plan names, and of nobody else.
    package let named: PeopleGiven
    /// Whoever the plan does not name so, or whose file is another or not there.
    package let findings: [PlanFinding]

    /// What is wrong between a plan and the files that it names where it lies.
    static func findings(of plan: Plan, _ people: PeopleGiven) -> [PlanFinding] {
        plan.people.compactMap { finding(about: $0, people, at: $0.card ?? "") }
    }

    /// The people whose digest a plan lacks, with the digest that their file has.
    static func missing(in plan: Plan, _ people: PeopleGiven) -> [(person: Plan.Participant, sha256: SHA256Digest)] {
        plan.people.compactMap { person in
            guard person.sha256 == nil, let digest = people.digest(of: person) else {
                return nil
            }
            return (person, digest)
        }
    }

    /// The codes of what is found here.
    package static let codes = ["no-digest", "another-card"]

    static func finding(
        about person: Plan.Participant,
        _ people: PeopleGiven,
        at path: String
    ) -> PlanFinding? {
        guard person.card != nil, let found = people.digest(of: person) else {
            return nil  // a card of another name is a finding of its own
        }
        guard let planned = person.sha256 else {
            return .error(
                "no-digest",
                person.name,
                "the plan has no SHA-256 of \(path): its signatures do not say who that is"
            )
        }
        guard found != planned else {
            return nil
        }
        return .error(
            "another-card",
            person.name,
            "\(path): its SHA-256 is \(found), where the plan has \(planned)"
        )
    }
}

extension Plan.Participant {
    /// Whether what the plan names is an OpenSSH public key, and no card.
    var hasPublicKey: Bool { card.map { FilePath($0).extension == "pub" } ?? false }
}

extension PeopleGiven {
    /// The digest by which a plan names somebody's file: the SHA-256 of a card's bytes; of an OpenSSH public key that of its
    /// wire form, which no comment in the file changes and `ssh-keygen -l` shows in base64.
    func digest(of name: Name, isPublicKey: Bool) -> SHA256Digest? {
        guard isPublicKey else {
            return card(of: name)?.digest
        }
        guard openSSHSigners.contains(name) else {
            return nil
        }
        return officers.first { $0.name == name }.map { SHA256Digest(of: $0.key.blob) }
    }

    /// Where somebody's card lies, and what shows that they can unseal.
    func folder(of name: Name) -> FilePath {
        let folder = FilePath(path(of: name)).removingLastComponent()
        return folder.isEmpty ? "." : folder
    }

    /// Whether somebody has shown that they can unseal, to an officer of the plan.
    func enrolment(of card: Card, _ approval: Approval, now: Timestamp) throws(EscrowError) -> Enrolment.State {
        try Enrolment.state(of: card, in: folder(of: card.name), officers: approval.officers, now: now)
    }

    fileprivate func digest(of person: Plan.Participant) -> SHA256Digest? {
        digest(of: person.name, isPublicKey: person.hasPublicKey)
    }

    /// Whether this is one card, or one key, of this person.
    func isOnly(_ person: Plan.Participant) -> Bool {
        let name = person.name
        return person.hasPublicKey
            ? cardNames.isEmpty && openSSHSigners == [name] : cardNames == [name] && openSSHSigners.isEmpty
    }
}
