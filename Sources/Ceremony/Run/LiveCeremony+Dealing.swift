// SPDX-License-Identifier: Apache-2.0

import Escrow
import KeyStores
import SystemPackage

extension LiveCeremony {
    /// Deals the shares once: an epoch appears whole or not at all, and one that the step has made already is the result.
    func backup() throws {
        try ensure("the shares are dealt", isMaking: true) { [self] in
            var outcome = try once("new epoch", isMade: { epochMade() != nil }) {
                Doing(commands.backup(isFirst: try dealing().isFirst())) { [self] room in
                    // Its time is that of its Enter, not of the question before.
                    _ = try dealing().run(attended: room)
                }
            }
            guard outcome.fault == nil, let manifest = epochMade()?.manifest else {
                return outcome
            }
            // The PKCS#12 file lies outside of the escrow.
            outcome.files.append(.init(.output, manifest.pkcs12.name, manifest.pkcs12.sha256))
            let differences = plan.differences(from: manifest, files.review.policy, files.approval)
            outcome.fault = differences.isEmpty ? nil : differences.joined(separator: "; ")
            return outcome
        }
        try initialBoth()
    }

    /// The backup that the plan asks for; nobody signs as they deal: officers have their steps.
    private func dealing() throws -> Backup {
        let source = try plan.escrow.store.map { store in
            Backup.Source.store(try KeyStore(parsing: store, environment: environment), named: store)
        }
        var act = Backup(of: source ?? .testCA, in: escrowPath, now: now())
        act.isRehearsing = plan.isRehearsal
        // What the plan says was compared, and everybody has said go.
        act.isAgreed = true
        act.wishes.pkcs12 = plan.escrow.pkcs12.map { FilePath($0) }
        let isFirst = try act.isFirst()
        if !isFirst {
            act.occasion = plan.escrow.occasion
            act.anchor = try anchor()
        }
        if isFirst || plan.escrow.occasion != nil {
            act.wishes.policy = try PolicyText(files.review.policy.text)
            act.wishes.officers = try PolicyText(files.approval.text)
            act.wishes.people = try PeopleGiven(at: commands.cards.map { FilePath($0) })
        }
        return act
    }
}
