// SPDX-License-Identifier: Apache-2.0

import Escrow
import SystemPackage

@testable import Ceremony
@testable import Custody
@testable import Encoding

/// Whoever makes a plan of the people whose cards lie in a room's folder.
struct Planner {
    let folder: FilePath
    private let now = Timestamp(secondsSinceEpoch: 1_803_891_600)

    init(in folder: FilePath) {
        self.folder = folder
    }

    var out: FilePath { folder.appending("new.plan.json") }

    var draftFile: FilePath { folder.appending("new.plan.json.draft") }

    private static let people = [
        "alice": "custodian", "anna": "auditor", "bob": "custodian", "carol": "custodian", "kurt": "keeper",
        "mick": "administrator", "olga": "officer", "omar": "officer", "oscar": "operator", "vera": "keeper",
        "wanda": "witness",
    ]

    /// All that no file says.
    var given: [String: String] {
        var given = [
            "kind": "backup", "title": "Escrow of the Acme Root CA", "date": "2027-03-01 09:00",
            "place": "Lyon, room 2",
            "ca.certificate": "\(folder)/ca/cacert.pem", "escrow.path": "\(folder)/acme.escrow",
            "escrow.store": "openssl-ca:ca", "escrow.policy": "2 of (alice, bob, carol)",
            "escrow.officers": "2 of (olga, omar)",
        ]
        for (name, role) in Self.people {
            given["\(name).fullName"] = "\(name) Martin"
            given["\(name).roles"] = role
            given["\(name).site"] = "\(name)ville"
        }
        return given
    }

    /// The same without some of it.
    func given(without members: [String]) -> [String: String] { given.filter { !members.contains($0.key) } }

    func draft(
        _ given: [String: String],
        to path: FilePath? = nil,
        like old: FilePath? = nil,
        on console: Answers? = nil
    ) throws -> DraftPlan {
        try DraftPlan(
            to: path ?? out,
            like: old,
            cards: old == nil ? [folder] : [],
            given: given,
            program: SamplePlan.digest,
            on: console,
            now: now
        )
    }
}
