// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import Testing

@testable import SecretSharing

/// FROST(ristretto255, SHA-512): the trusted dealer's values are Shamir's sharing with indices 1 … n.
@Suite("RFC 9591, Appendix E.3")
struct RFC9591Tests {
    let file: [String: Any]
    let shares: [String: String]

    init() throws {
        file = try vectors("rfc9591-ristretto255.json")
        let extra = try #require(file["extra_large_identifiers_same_polynomial"] as? [String: Any])
        let listed = try #require(file["participant_shares"] as? [String: String])
        shares = try #require(extra["participant_shares"] as? [String: String]).merging(listed) { $1 }
    }

    private func text(_ key: String) throws -> String { try #require(file[key] as? String) }

    private func polynomial() throws -> Polynomial {
        let secret = try Scalar(hex: text("group_secret_key"))
        let listed = try #require(file["share_polynomial_coefficients"] as? [String: String])
        let coefficient = try #require(listed["1"])
        return Polynomial(secret: secret, threshold: 2) { _ in
            do { return try Scalar(hex: coefficient) } catch { preconditionFailure("\(error)") }
        }
    }

    @Test("the dealer makes the listed shares, with indices up to 257")
    func listedShares() throws {
        #expect(shares.count == 9)
        let polynomial = try polynomial()
        for (index, value) in shares {
            let share = polynomial.share(at: try ShareIndex(#require(Int(index)))).hex
            #expect(share == value, "index \(index)")
        }
    }

    @Test("vss_commit gives the group public key and the listed commitments")
    func commitments() throws {
        let derived = try #require(file["not_in_rfc_derived_from_its_values"] as? [String: Any])
        let polynomial = try polynomial()
        let commitments = polynomial.commitments()
        #expect(commitments.elements.map(\.bytes.hex) == derived["vss_commitment"] as? [String])
        #expect(commitments.secret.bytes.hex == (try text("group_public_key")))
        let publicShares = try #require(derived["participant_public_keys"] as? [String: String])
        let computed = commitments.publicShares(count: 3).map(\.bytes.hex)
        #expect(computed == ["1", "2", "3"].map { publicShares[$0] })
    }

    @Test(
        "secret_share_combine rebuilds the secret",
        arguments: [[1, 2], [1, 3], [2, 3], [3, 1], [1, 2, 3], [257, 17]]
    )
    func combine(indices: [Int]) throws {
        let polynomial = try polynomial()
        var reconstruction = try Reconstruction(
            of: .root,
            commitments: polynomial.commitments(),
            from: Set(indices.map { try ShareIndex($0) })
        )
        for index in indices {
            try reconstruction.add(Scalar(hex: #require(shares["\(index)"])), at: ShareIndex(index))
        }
        #expect(try reconstruction.finish().hex == (try text("group_secret_key")))
    }

    @Test("share 1 with any bit flipped is refused by its name")
    func alteredShare() throws {
        let listed = [UInt8](hex: try #require(shares["1"]))
        let commitments = try polynomial().commitments()
        let one = try ShareIndex(1)
        for bit in 0..<256 {
            var altered = listed
            altered[bit / 8] ^= 1 << (bit % 8)
            var reconstruction = try Reconstruction(of: .root, commitments: commitments, from: [one, ShareIndex(2)])
            do {
                try reconstruction.add(Scalar(canonical: altered.span), at: one)
                Issue.record("bit \(bit): accepted")
            } catch let error as Ristretto255Error {
                #expect(error == .scalarNotCanonical && bit >= 248, "bit \(bit)")
            } catch {
                #expect(error as? SecretSharingError == .shareDoesNotMatchCommitments(Path.root.member(1)))
            }
        }
    }

    @Test("a quorum that is announced is the one that must come")
    func announcedQuorum() throws {
        let commitments = try polynomial().commitments()
        let (one, two) = (try ShareIndex(1), try ShareIndex(2))
        #expect(throws: SecretSharingError.notEnoughShares(gate: .root, found: 1, needed: 2)) {
            _ = try Reconstruction(of: .root, commitments: commitments, from: [one])
        }
        var reconstruction = try Reconstruction(of: .root, commitments: commitments, from: [one, two])
        try reconstruction.add(Scalar(hex: #require(shares["1"])), at: one)
        var error = #expect(throws: SecretSharingError.self) {
            try reconstruction.add(Scalar(hex: #require(shares["1"])), at: one)
        }
        #expect(error == .duplicateShare(Path.root.member(1)))
        error = #expect(throws: SecretSharingError.self) {
            try reconstruction.add(Scalar(hex: #require(shares["3"])), at: ShareIndex(3))
        }
        #expect(error == .unknownShare(Path.root.member(3)))
        do {
            _ = try reconstruction.finish()
            Issue.record("finished without its quorum")
        } catch {
            #expect(error == .notEnoughShares(gate: .root, found: 1, needed: 2))
        }
    }

    @Test("indices 0 and 1001 are out of range", arguments: [0, -1, 1001, 65537])
    func indexOutOfRange(index: Int) {
        #expect(throws: SecretSharingError.indexOutOfRange(index)) { try ShareIndex(index) }
    }
}
