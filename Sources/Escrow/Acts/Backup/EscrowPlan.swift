// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
package import Encoding
package import SecretSharing

/// What the officers decide before an epoch is made: who restores, who approves, and how it is called.
package struct EscrowPlan: Sendable {
    package let policy: Policy<Name>
    package let approval: Approval
    /// The custodians' cards, ordered by name.
    package let cards: [Card]
    /// Where the cards are from.
    package let people: PeopleGiven
    package let title: String?
    package let isRehearsal: Bool
    /// Of the PKCS#12 file's key derivation; its password is random, so the count adds nothing.
    package let iterationCount: Int
    /// Officers who will sign with `ssh-keygen`, as far as is known.
    package let openSSHSigners: Set<Name>

    /// Holds cards against the policy.
    ///
    /// - Parameters:
    ///   - cards: At least the custodians'; others are left out.
    ///   - now: When a card must still be valid.
    /// - Throws: ``PersonFault/noCard(_:given:)``, ``PersonFault/cardExpired(path:_:_:)``,
    ///   ``PersonFault/keyAppearsTwice(_:_:)``, or for a card of an OpenSSH key
    ///   ``PersonFault/sshKeyCannotUnseal(path:_:)``
    package init(
        policy: Policy<Name>,
        approval: Approval,
        people: PeopleGiven,
        title: String?,
        isRehearsal: Bool,
        iterationCount: Int = PKCS12Writer.defaultIterations,
        openSSHSigners: Set<Name> = [],
        now: Timestamp
    ) throws(EscrowError) {
        try TextRule.check(title, field: "title", of: "manifest.json")
        var cards: [Card] = []
        var owners: [[UInt8]: Name] = [:]
        for name in policy.leaves.map(\.custodian).sorted() {
            guard let card = people.card(of: name) else {
                if let file = people.publicKeyFile(of: name) {
                    throw .person(.sshKeyCannotUnseal(path: file, name))
                }
                throw .person(.noCard(name, given: people.cardNames))
            }
            if let end = card.validUntil, end <= now {
                throw .person(.cardExpired(path: people.path(of: name), name, end))
            }
            for key in [card.sealingKey, card.signingKey.blob] {
                if let other = owners.updateValue(name, forKey: key) {
                    throw .person(.keyAppearsTwice(other, name))
                }
            }
            cards.append(card)
        }
        self.policy = policy
        self.approval = approval
        self.cards = cards
        self.people = people
        self.title = title
        self.isRehearsal = isRehearsal
        self.iterationCount = iterationCount
        self.openSSHSigners = openSSHSigners
    }
}
