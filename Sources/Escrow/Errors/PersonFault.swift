// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding

/// Why somebody, their card or their identity cannot take the place that they are given.
package indirect enum PersonFault: Error, Equatable {
    case noNewPassphrase
    case passphraseIsShort(characterCount: Int)
    case identityNotMade(String)
    case noPassphrase(path: String, Name)
    case sameOfficers
    case noOfficer(Name, given: [Name])
    case noCard(Name, given: [Name])
    case twoCards(Name, String, String)
    case sshKeyCannotUnseal(path: String, Name)
    case cardExpired(path: String, Name, Timestamp)
    case notACardOf(path: String, Name)
    case sealedToThisCard(path: String)
    case isOfficerToo(path: String, Signer)
    case cardIsAnother(path: String, Name)
    case keyAppearsTwice(Name, Name)
    case nobodyGiven
    case notAnOfficer(path: String, Name)
    case notACustodian(path: String, Name)
    case neitherCustodianNorOfficer(path: String, Name)
    case identityIsNotThePerson(path: String, Name)
    case notSuspended(path: String, Name)
    case suspended(Name, since: Timestamp, because: String, path: String)
}

extension PersonFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noNewPassphrase: "no new passphrase"
        case .passphraseIsShort(let count):
            "passphrase: \(count) characters: at least \(EscrowError.fewestPassphraseCharacters)"
        case .identityNotMade(let reason): reason
        case .noPassphrase(let path, let name): "\(path): no passphrase for \(name)"
        case .sameOfficers: "the same officers as now: nothing to do"
        case .noOfficer(let name, let given):
            "officers: '\(name)' has neither a card nor a .pub file (given: \(given.isEmpty ? "none" : given.listed))"
        case .noCard(let name, let given):
            "policy: '\(name)' has no card (cards given: \(given.isEmpty ? "none" : given.listed))"
        case .twoCards(let name, let first, let second): "\(second): a second card of '\(name)': the first is \(first)"
        case .sshKeyCannotUnseal(let path, let name):
            "\(path): an OpenSSH key can sign but not unseal: \(name) can be an officer, not a custodian"
        case .cardExpired(let path, let name, let time): "\(path): the card of \(name) expired on \(time)"
        case .notACardOf(let path, let name): "\(path): not a card of \(name)"
        case .sealedToThisCard(let path): "\(path): your share is already sealed to this card"
        case .isOfficerToo(let path, let officer):
            "\(path): \(officer.name) is an officer too (\(officer.key.fingerprint)): one name has one signing key"
        case .cardIsAnother(let path, let name): "\(path): not the card of \(name) that the manifest names"
        case .keyAppearsTwice(let first, let second): "the cards of '\(first)' and '\(second)' hold one key"
        case .nobodyGiven: "policy: 'all' stands for the cards given that are not an officer's: there are none"
        case .notAnOfficer(let path, let name): "\(path): \(name) is not an officer of this manifest"
        case .notACustodian(let path, let name): "\(path): \(name) is not a custodian of this escrow"
        case .neitherCustodianNorOfficer(let path, let name):
            "\(path): \(name) is neither custodian nor officer of this escrow"
        case .identityIsNotThePerson(let path, let name):
            "\(path): the keys are not those of \(name) in the manifest: another identity of the same name"
        case .notSuspended(let path, let name): "\(path): \(name) is not suspended"
        case .suspended(let name, let since, let why, let path):
            "\(name) has been suspended since \(since.forPeople) (\(why)) and gets no share: \(path)"
        }
    }
}
