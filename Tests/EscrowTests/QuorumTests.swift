// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SecretSharing
import TestSupport
import Testing

@testable import Escrow

/// Who restores a key and who does not, through everything that a real restore goes through.
@Suite struct QuorumTests {
    /// t of n for n up to 7 and t up to 5, and a policy of gates.
    static let policies: [String] =
        (2...7).flatMap { n in
            (2...min(n, 5)).map { t in
                "\(t) of (\(Cast.custodians.prefix(n).map(\.description).joined(separator: ", ")))"
            }
        } + ["2 of (2 of (olga, omar, otto), 3 of (alice, bob, carol, dave, erin))"]

    @Test("every quorum restores the key byte for byte, and no other set does", arguments: policies)
    func everySet(policy: String) throws {
        let world = try World(policy: policy)
        let (directory, document) = (try world.directory(), try world.document())
        let people = document.manifest.policy.leaves.map(\.custodian)
        let root = document.manifest.policy.root
        var restored = 0
        for chosen in Self.subsets(of: people) {
            let members = chosen.map { world.cast[$0] }
            if root.isSatisfied(by: chosen) {
                #expect(try document.restore(by: members, in: directory) == [Acme.pkcs8(.root)], "\(chosen)")
                restored += 1
            } else {
                let found = root.members.count { $0.isSatisfied(by: chosen) }
                let error = SecretSharingError.notEnoughShares(gate: .root, found: found, needed: root.threshold)
                #expect(throws: error, "\(chosen)") {
                    _ = try document.secret(by: members, in: directory)
                }
            }
        }
        #expect(restored == Self.quorumCount(of: root))
    }

    @Test("a key of every kind comes back byte for byte", arguments: SampleCA.allCases)
    func everyKind(_ sample: SampleCA) throws {
        try OpenSSL.start()
        let world = try World(policy: "3 of (alice, bob, carol, dave, erin)", of: sample.material())
        let restored = try world.restore(by: ["erin", "alice", "carol"])
        #expect(restored == [try sample.pkcs8])
        try world.folder.write("restored.p8", restored[0])
        try world.folder.sh("openssl pkey -inform DER -in restored.p8 -outform DER -out restored.der")
        #expect(try world.folder.read("restored.der") == sample.der)
        let document = try world.document()
        #expect(document.manifest.certificate == (try sample.certificate))
        #expect(throws: SecretSharingError.notEnoughShares(gate: .root, found: 2, needed: 3)) {
            _ = try document.secret(by: [world.cast["erin"], world.cast["alice"]], in: world.directory())
        }
    }

    @Test("custodians may come in any order", arguments: [0, 1, 2, 3])
    func anyOrder(seed: UInt64) throws {
        let world = try World(policy: "2 of (2 of (olga, omar, otto), 3 of (alice, bob, carol, dave, erin))")
        var generator = SeededGenerator(seed: seed)
        let people = (Cast.officers + Cast.custodians.prefix(5)).shuffled(using: &generator)
        #expect(try world.restore(by: people) == [Acme.pkcs8(.root)], "seed \(seed)")
    }

    @Test("both keys of a renewed CA come back, newest first")
    func generations() throws {
        try OpenSSL.start()
        let world = try World(of: Acme.renewedMaterial())
        #expect(try world.restore(by: ["alice", "carol"]) == [Acme.pkcs8(.rekeyed), Acme.pkcs8(.root)])
    }

    @Test("every commitment is public and every share is tied to it")
    func shares() throws {
        let world = try World(policy: "2 of (2 of (olga, omar, otto), 3 of (alice, bob, carol, dave, erin))")
        let (directory, document) = (try world.directory(), try world.document())
        for (path, name) in document.manifest.policy.leaves {
            let person = world.cast[name]
            let share = try document.openShare(of: person.identity, at: person.path, in: directory)
            let isTied = document.manifest.sharing.matches(share, at: path)
            #expect(isTied)
        }
    }

    private static func subsets(of people: [Name]) -> [[Name]] {
        people.reduce([[]]) { sets, name in sets + sets.map { $0 + [name] } }
    }

    /// How many sets satisfy a gate, counted without making them.
    private static func quorumCount(of gate: Gate<Name>) -> Int {
        // For each number of satisfied members, in how many ways: a product of polynomials.
        var ways = [1]
        for member in gate.members {
            let (yes, no): (Int, Int)
            switch member {
            case .custodian: (yes, no) = (1, 1)
            case .gate(let inner):
                yes = quorumCount(of: inner)
                no = 1 << inner.members.count - yes
            }
            ways = (ways + [0]).indices.map { count in
                (count < ways.count ? ways[count] * no : 0) + (count > 0 ? ways[count - 1] * yes : 0)
            }
        }
        return ways[gate.threshold...].reduce(0, +)
    }
}

extension Gate<Name> {
    /// Written anew here, so that the product's own count is not what judges it.
    func isSatisfied(by people: [Name]) -> Bool { members.count { $0.isSatisfied(by: people) } >= threshold }
}

extension Gate<Name>.Member {
    func isSatisfied(by people: [Name]) -> Bool {
        switch self {
        case .custodian(let name): people.contains(name)
        case .gate(let gate): gate.isSatisfied(by: people)
        }
    }
}
