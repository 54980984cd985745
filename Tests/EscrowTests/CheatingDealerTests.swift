// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Ristretto255
import SecretSharing
import Testing

@testable import Escrow

/// Commitments that anyone can see through: refused when the manifest is read.
@Suite struct CheatingDealerTests {
    /// A_k as multiples of one element, so that each relation between them can be chosen.
    static func multiple(_ factor: Int) throws -> Element {
        let some = Element(generatorTimes: PublicScalar(hashing: Array("some element".utf8)))
        let size = some.multiplied(by: PublicScalar(UInt64(abs(factor))))
        return factor < 0 ? Element.identity.subtracting(size) : size
    }

    static func hex(_ elements: [Element]) -> JSONValue {
        .array(elements.map { .string(Hex.encode($0.bytes)) })
    }

    private static func manifest(_ policy: String) throws -> JSONValue {
        let cast = try Cast.regular
        return try JSONValue(canonical: NewEpoch.make(policy: policy, of: Acme.material(), cast: cast).bytes)
    }

    struct Cheat: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The coefficients, as multiples of one element.
        let commitments: [Int]
        let error: SecretSharingError
    }

    static let cheats = [
        Cheat(
            testDescription: "X_1 = A_0: alice holds the secret",
            commitments: [7, 5, -5],
            error: .publicShareEqualsSecret("1")
        ),
        Cheat(
            testDescription: "X_2 = A_0: bob holds the secret",
            commitments: [7, -2, 1],
            error: .publicShareEqualsSecret("2")
        ),
        Cheat(
            testDescription: "X_2 = O: the share of bob is zero",
            commitments: [8, -6, 1],
            error: .publicShareIsIdentity("2")
        ),
        Cheat(
            testDescription: "X_1 = X_2: alice and bob hold one share",
            commitments: [7, -3, 1],
            error: .publicSharesAreEqual("1", "2")
        ),
        Cheat(
            testDescription: "X_3 = X_5: carol and erin hold one share",
            commitments: [100, -8, 1],
            error: .publicSharesAreEqual("3", "5")
        ),
        Cheat(
            testDescription: "the top commitment is O: the threshold is lower than it says",
            commitments: [7, 3, 0],
            error: .commitmentIsIdentity(gate: .root, degree: 2)
        ),
        Cheat(
            testDescription: "A_0 = O: the secret is zero",
            commitments: [0, 3, 5],
            error: .commitmentIsIdentity(gate: .root, degree: 0)
        ),
        Cheat(
            testDescription: "a commitment between is O",
            commitments: [7, 0, 5],
            error: .commitmentIsIdentity(gate: .root, degree: 1)
        ),
        Cheat(
            testDescription: "a surplus commitment: the threshold is higher than it says",
            commitments: [7, 3, 5, 11],
            error: .wrongCommitmentCount(gate: .root, expected: 3, found: 4)
        ),
        Cheat(
            testDescription: "a missing commitment: the threshold is lower than it says",
            commitments: [7, 3],
            error: .wrongCommitmentCount(gate: .root, expected: 3, found: 2)
        ),
        Cheat(
            testDescription: "all hold the secret",
            commitments: [7],
            error: .wrongCommitmentCount(gate: .root, expected: 3, found: 1)
        ),
    ]

    @Test("commitments that cheat are refused", arguments: cheats)
    func flat(_ cheat: Cheat) throws {
        let json = try Self.manifest("3 of (alice, bob, carol, dave, erin)")
            .setting("policy.commitments", to: Self.hex(cheat.commitments.map(Self.multiple)))
        #expect(throws: ManifestError.sharing(cheat.error)) { try Manifest(canonical: json.encoded()) }
    }

    /// 2 of (2 of (olga, omar, otto), 3 of (alice, bob, carol, dave, erin)), root f = 7 + 5x: the gates hold 12 and 17.
    static let nested: [(first: [Int], second: [Int], error: SecretSharingError)] = [
        ([13, 1], [17, 1, 1], .gateDoesNotMatchParent("1")),
        ([12, 1], [18, 1, 1], .gateDoesNotMatchParent("2")),
        ([12, -5], [17, 1, 1], .publicShareEqualsSecret("1.1")),
        ([12, 5], [17, 1, 1], .publicSharesAreEqual("2", "1.1")),
        ([12, -4], [17, 1, 1], .publicShareIsIdentity("1.3")),
        ([12, 1], [17, -5, 1], .publicSharesAreEqual("1.1", "2.1")),
        ([12, 0], [17, 1, 1], .commitmentIsIdentity(gate: "1", degree: 1)),
        ([12, 1], [17, 1], .wrongCommitmentCount(gate: "2", expected: 3, found: 2)),
    ]

    @Test("gates that cheat inside a policy are refused", arguments: nested.indices)
    func inner(index: Int) throws {
        let (first, second, error) = Self.nested[index]
        let json = try Self.manifest("2 of (2 of (olga, omar, otto), 3 of (alice, bob, carol, dave, erin))")
            .setting("policy.commitments", to: Self.hex([7, 5].map(Self.multiple)))
            .setting("policy.members[0].commitments", to: Self.hex(first.map(Self.multiple)))
            .setting("policy.members[1].commitments", to: Self.hex(second.map(Self.multiple)))
        #expect(throws: ManifestError.sharing(error)) { try Manifest(canonical: json.encoded()) }
    }

    @Test("honest commitments are read, chosen by the same means")
    func honest() throws {
        let json = try Self.manifest("2 of (2 of (olga, omar, otto), 3 of (alice, bob, carol, dave, erin))")
            .setting("policy.commitments", to: Self.hex([7, 5].map(Self.multiple)))
            .setting("policy.members[0].commitments", to: Self.hex([12, 100].map(Self.multiple)))
            .setting("policy.members[1].commitments", to: Self.hex([17, 1000, 1].map(Self.multiple)))
        let manifest = try Manifest(canonical: json.encoded())
        #expect(try manifest.sharing.publicShares["2.5"] == Self.multiple(17 + 5000 + 25))
    }

    @Test("the members of a gate with threshold 1 hold that gate's own secret, and nobody else's")
    func oneOf() throws {
        let json = try Self.manifest("2 of (1 of (alice, bob), carol, dave)")
        let manifest = try Manifest(canonical: json.encoded())
        #expect(manifest.sharing.publicShares["1.1"] == manifest.sharing.publicShares["1"])
        #expect(manifest.sharing.publicShares["1.2"] == manifest.sharing.publicShares["1"])
        let forged = json.setting(
            "policy.members[0].commitments",
            to: json["policy.commitments"]!.setting("[1]", to: nil)
        )
        #expect(throws: ManifestError.sharing(.gateDoesNotMatchParent("1"))) {
            try Manifest(canonical: forged.encoded())
        }
    }

    @Test(
        "an encoding that is no element is refused by its field",
        arguments: [String(repeating: "ff", count: 32), "01" + String(repeating: "00", count: 31)]
    )
    func notAnElement(hex: String) throws {
        let json = try Self.manifest("2 of (alice, bob)").setting("policy.commitments[1]", to: .string(hex))
        #expect(
            throws: ManifestError.document(
                .wrongValue(field: "policy.commitments[1]", expected: "a canonical ristretto255 element")
            )
        ) {
            try Manifest(canonical: json.encoded())
        }
    }
}
