// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import SecretSharing

extension Manifest {
    /// Holds this manifest against the epochs before it: rules S1 to S4 of docs/format.md, section 5.2.
    ///
    /// Keys and bytes are compared, never names alone. Dates decide nothing here, and neither do suspensions: whoever
    /// writes or signs an epoch asks ``Suspensions``.
    ///
    /// - Parameters:
    ///   - chain: The manifests before it, the newest first; empty for epoch 1.
    ///   - signed: Whose signatures over this manifest hold, with which keys.
    /// - Throws: ``SuccessionFault``
    func checkSuccession(after chain: [Manifest], signed: [Signer]) throws(SuccessionFault) {
        try checkNames(after: chain)
        guard let previous = chain.first else {
            return
        }
        guard !previous.isRetired else {
            throw .afterRetirement
        }
        guard previous.isRehearsal == isRehearsal else {
            throw .rehearsal(isRehearsal: isRehearsal)
        }
        if previous.set == set {
            try checkKeptSet(after: previous, signed: signed)
        } else {
            try checkNewSet(after: chain)
        }
    }

    /// S1: one name, one key, for the life of the escrow.
    private func checkNames(after chain: [Manifest]) throws(SuccessionFault) {
        for officer in approval.officers {
            for manifest in chain {
                if let old = manifest.approval.officer(named: officer.name), old.key != officer.key {
                    throw .officerKey(officer.name, here: officer.key, before: old.key, epoch: manifest.epoch)
                }
            }
            if let person = person(named: officer.name), person.signingKey != officer.key {
                throw .twoKeys(officer.name)
            }
        }
    }

    /// S2 and S3: the secret stays, and exactly one thing is another.
    private func checkKeptSet(after previous: Manifest, signed: [Signer]) throws(SuccessionFault) {
        let parts: [(Bool, SuccessionFault.Part)] = [
            (sharing.secret == previous.sharing.secret, .secret), (policy == previous.policy, .policy),
            (sharing.commitments == previous.sharing.commitments, .commitments), (pkcs12 == previous.pkcs12, .keyFile),
            (certificates == previous.certificates, .certificates), (state == previous.state, .state),
            (title.map { Array($0.utf8) } == previous.title.map { Array($0.utf8) }, .title),
            (people.map(\.name) == previous.people.map(\.name), .people),
        ]
        if let (_, part) = parts.first(where: { !$0.0 }) {
            throw .keptSet(part)
        }
        var changes = approval == previous.approval ? [] : ["who approves"]
        changes += isRetired ? ["it is retired"] : []
        for (person, old) in zip(people, previous.people) {
            let (share, oldShare) = (share(of: person.name), previous.share(of: person.name))
            guard person != old else {
                guard share == oldShare else {
                    throw .share(person.name)
                }
                continue
            }
            changes.append("the card of \(person.name)")
            // Whoever is replaced says so: nobody else can seal what they hold to another card.
            guard signed.contains(Signer(name: person.name, key: old.signingKey)) else {
                throw .notSignedByCustodian(person.name)
            }
            guard let share, share.sealedIn == epoch, share.box != oldShare?.box else {
                throw .share(person.name)
            }
        }
        guard changes.count == 1 else {
            throw .changes(changes)
        }
    }

    /// S4: nothing of an earlier epoch returns.
    private func checkNewSet(after chain: [Manifest]) throws(SuccessionFault) {
        for manifest in chain {
            let parts: [(Bool, SuccessionFault.Part)] = [
                (manifest.set == set, .set), (manifest.sharing.secret == sharing.secret, .secret),
                (manifest.pkcs12.sha256 == pkcs12.sha256, .keyFile),
            ]
            if let (_, part) = parts.first(where: \.0) {
                throw .returned(part, epoch: manifest.epoch)
            }
        }
        if let share = shares.first(where: { $0.sealedIn != epoch }) {
            throw .sealedEarlier(share.path, epoch: share.sealedIn)
        }
        let subject = certificate.subjectName
        if let previous = chain.first?.certificate.subjectName, previous != subject {
            throw .anotherCA(before: previous.toldApart(from: subject))
        }
    }
}
