// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Escrow

/// What a ceremony is to be: the one file that officers review and sign before the day.
///
/// Nothing in it is secret. *docs/format-ceremony.md, section 4.24.*
package struct Plan: Sendable {
    /// What is done with the key.
    package enum Kind: String, CaseIterable, Sendable {
        case backup
        case restore
        case drill
    }

    package let kind: Kind
    /// What people call the ceremony.
    package let title: String
    package let isRehearsal: Bool
    /// When it begins.
    package let date: Timestamp
    /// When it is held instead, if it cannot be held then.
    package let standby: Timestamp
    /// Where.
    package let place: String
    package let authority: Authority
    package let escrow: EscrowTerms
    /// The SHA-256 of the `ca-escrow` program that is to be used.
    package let tool: SHA256Digest
    package let toolNote: String?
    /// Everybody who takes part, in the order of the file.
    package let people: [Participant]
    /// The inventory of the ceremony before, which says in which bags the media are; a restore's or a drill's.
    package let inventory: String?
    /// Every medium that leaves the room, in the order of the file.
    package let media: [Medium]
    /// For people, as the notes of its parts are: nothing depends on them.
    package let note: String?

    /// The certification authority.
    package struct Authority: Sendable {
        /// The file with its certificate.
        package let certificate: String
        /// The SHA-256 of that certificate (DER).
        package let sha256: SHA256Digest
        package let note: String?
    }

    /// What is escrowed, how, and where it comes from or goes to.
    package struct EscrowTerms: Sendable {
        /// The escrow's directory.
        package let path: String
        /// Where the key comes from (backup) or goes to (restore); a drill has none.
        package let store: String?
        /// Why a backup makes a new epoch of an escrow that is there, as ``Backup/givenOccasions`` has it; a first escrow has none.
        package let occasion: Occasion?
        package let policy: PolicyText
        package let officers: PolicyText
        /// Where the PKCS#12 file goes, or is; beside the escrow when not given.
        package let pkcs12: String?
        /// Why, for a restore or a drill.
        package let purpose: String?
        package let note: String?
    }

    /// Somebody who takes part.
    package struct Participant: Sendable {
        package let name: Name
        package let fullName: String
        package let roles: [Role]
        /// Roles that they take over when nobody else is there who has them.
        package let alternateFor: [Role]
        /// Their card, or an officer's `.pub` file.
        package let card: String?
        /// Which file that is: the SHA-256 of a card, or of the wire form of an OpenSSH key; ``PlanPeople`` has the rule.
        package let sha256: SHA256Digest?
        /// Where their identity is when their medium is in: asked for when not given.
        package let identity: String?
        package let site: String
        package let organisation: String?
        /// Who their line of management ends at, as a word that is compared.
        package let line: String?
        package let note: String?
    }

    /// A medium, such as a USB stick, in its bag.
    package struct Medium: Sendable {
        package enum Content: String, CaseIterable, Sendable {
            case pkcs12
            case share
            case manifest
        }

        /// Its label, once in a plan.
        package let label: String
        package let content: Content
        package let holder: Name
        package let site: String
        package let serial: String?
        package let note: String?
    }

    /// Whether a ceremony that was opened then is one of the day, or of the standby day: at most 12 hours away, since the
    /// plan does not say in which part of the world the day begins.
    package func isOnTime(_ opened: Timestamp) -> Bool {
        [date, standby].contains { Self.isOneDay($0, opened) }
    }

    /// Whether it is the standby day, and not the planned one.
    func isStandby(_ now: Timestamp) -> Bool { Self.isOneDay(standby, now) && !Self.isOneDay(date, now) }

    private static func isOneDay(_ one: Timestamp, _ other: Timestamp) -> Bool {
        abs(one.secondsSinceEpoch - other.secondsSinceEpoch) <= 12 * 3600
    }

    /// Whether it is a rehearsal whose CA is made on the day: no plan can know its certificate.
    package var makesCA: Bool { isRehearsal && kind == .backup && escrow.store == nil }

    /// Those with a role, in the order of the file.
    package func people(with role: Role) -> [Participant] { people.filter { $0.roles.contains(role) } }

    /// Those who may have to sign the transcript: the operator, every witness, and their alternates.
    package var closers: [Participant] {
        people.filter { !Set($0.roles + $0.alternateFor).isDisjoint(with: [.operator, .witness]) }
    }

    package func participant(_ name: Name) -> Participant? { people.first { $0.name == name } }
}
