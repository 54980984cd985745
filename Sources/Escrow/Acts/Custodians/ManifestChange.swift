// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding

/// One thing that an epoch changes, as officers see it before they sign: docs/format.md, section 5.13.
///
/// Found by comparing keys and bytes with the epoch in force, never names alone.
package struct ManifestChange: Hashable, Sendable {
    /// What is typed to confirm it: a person's name, or a word in capitals, which no name is.
    package let token: String
    /// What becomes of it.
    package let text: String
    /// Whether somebody gets a key that they had not: no option answers for that beforehand but one that names them.
    package let isKey: Bool

    /// Everything that a manifest changes of the one that it follows, people first.
    package static func all(from old: Manifest, to new: Manifest) -> [ManifestChange] {
        officers(from: old.approval, to: new.approval) + custodians(from: old, to: new) + rest(from: old, to: new)
    }

    private static func officers(from old: Approval, to new: Approval) -> [ManifestChange] {
        var changes: [ManifestChange] = []
        for officer in new.officers {
            let key = officer.key.fingerprint
            guard let before = old.officer(named: officer.name) else {
                changes.append(key: "\(officer.name)", "officer \(officer.name) is new: \(key)")
                continue
            }
            if before.key != officer.key {
                changes.append(
                    key: "\(officer.name)",
                    "officer \(officer.name) has ANOTHER KEY: \(key), where it was \(before.key.fingerprint)"
                )
            }
        }
        for officer in old.officers where new.officer(named: officer.name) == nil {
            changes.append("\(officer.name)", "officer \(officer.name) is left out: \(officer.key.fingerprint)")
        }
        if old.threshold != new.threshold {
            changes.append("THRESHOLD", "\(new.threshold) officers approve, where it was \(old.threshold)")
        }
        return changes
    }

    private static func custodians(from old: Manifest, to new: Manifest) -> [ManifestChange] {
        var changes: [ManifestChange] = []
        for person in new.people {
            guard let before = old.person(named: person.name) else {
                changes.append(key: "\(person.name)", "custodian \(person.name) is new: \(person.keys)")
                continue
            }
            if (person.signingKey, person.sealingKey) != (before.signingKey, before.sealingKey) {
                changes.append(
                    key: "\(person.name)",
                    "custodian \(person.name) has OTHER KEYS: \(person.keys), where it was \(before.keys)"
                )
            } else if person.card != before.card {
                changes.append("\(person.name)", "custodian \(person.name) has another card, with the same keys")
            }
        }
        for person in old.people where new.person(named: person.name) == nil {
            changes.append("\(person.name)", "custodian \(person.name) is left out")
        }
        return changes
    }

    private static func rest(from old: Manifest, to new: Manifest) -> [ManifestChange] {
        var changes: [ManifestChange] = []
        if old.policy != new.policy {
            changes.append("POLICY", "restored by \(new.policy.text), where it was \(old.policy.text)")
        }
        if old.certificates != new.certificates {
            let digest = SHA256Digest(of: new.certificate.der).grouped
            changes.append("CERTIFICATES", "certificates: \(new.certificates.count), the newest with SHA-256 \(digest)")
            for gone in old.certificates where !new.certificates.contains(gone) {
                changes.append("CERTIFICATES", "not in it any more: SHA-256 \(SHA256Digest(of: gone.der).grouped)")
            }
        }
        if old.set != new.set {
            changes.append(
                "SET",
                "new shares under a new password: set \(new.set.short), where it was \(old.set.short)"
            )
        }
        if old.pkcs12 != new.pkcs12 {
            changes.append("KEYFILE", "key file \(new.pkcs12.name), SHA-256 \(new.pkcs12.sha256)")
        }
        if old.state != new.state {
            let archive = new.state?.archive.map { "\($0.name), SHA-256 \($0.sha256)" } ?? "no archive"
            changes.append("STATE", "the CA's state: \(archive)")
        }
        if old.title.map({ Array($0.utf8) }) != new.title.map({ Array($0.utf8) }) {
            changes.append("TITLE", new.title.map { "title '\($0)'" } ?? "no title any more")
        }
        if new.isRetired, !old.isRetired {
            changes.append(
                "RETIRED",
                "IT RETIRES THE ESCROW: from then on, nothing is restored from it without a reason"
            )
        }
        return changes
    }
}

extension [ManifestChange] {
    fileprivate mutating func append(_ token: String, _ text: String) {
        append(ManifestChange(token: token, text: text, isKey: false))
    }

    fileprivate mutating func append(key token: String, _ text: String) {
        append(ManifestChange(token: token, text: text, isKey: true))
    }

    /// What is typed for all of them, each once, in the order in which they are shown.
    package var tokens: [String] {
        var tokens: [String] = []
        for change in self where !tokens.contains(change.token) {
            tokens.append(change.token)
        }
        return tokens
    }

    /// What is still to be typed when these were named beforehand, and whether a yes was given for what is no key.
    package func tokens(besides named: [String], isConfirmed: Bool) -> [String] {
        let keys = Set(filter(\.isKey).map(\.token))
        return tokens.filter { !named.contains($0) && (!isConfirmed || keys.contains($0)) }
    }
}

extension Person {
    /// Both keys, as people compare them.
    package var keys: String {
        "signs with \(signingKey.fingerprint), is sealed to \(SHA256Digest(of: sealingKey).short)…, card \(card)"
    }
}
