// SPDX-License-Identifier: Apache-2.0

@testable import Custody
@testable import Encoding
@testable import Ristretto255
@testable import SecretMemory
@testable import SecretSharing

/// What the program does with s, with coefficients, shares and nonces.
enum Routines {
    static let all = [
        evaluation, commitments, canonical, combination, reconstruction, proof, password, sealing,
    ]

    /// Every scalar that the program has made is.
    private static let isCanonical = "whether a scalar is canonical, which every honest one is"

    /// A polynomial of degree 4 with marked coefficients.
    private static func polynomial(_ mark: Mark) -> Polynomial {
        let secret = Scalar.marked("s", mark)
        return Polynomial(secret: secret, threshold: 5) { degree in Scalar.marked("a\(degree)", mark) }
    }

    private static func index(_ number: Int) -> ShareIndex { ShareIndex(memberNumber: UInt16(number)) }

    private static let evaluation = Routine(name: "shares 1, 2 and 1000 of 5 coefficients", expected: .none) { mark in
        let polynomial = polynomial(mark)
        for number in [1, 2, 1000] {
            let share = polynomial.share(at: index(number))
            Controls.sink(UInt8(share.bytes.count))
        }
    }

    private static let commitments = Routine(
        name: "commitments to 5 coefficients",
        expected: .explained(count: 5, why: isCanonical)
    ) { mark in
        let commitments = polynomial(mark).commitments()
        Controls.sink(UInt8(commitments.elements.count))
    }

    private static let canonical = Routine(
        name: "decoding of a canonical share",
        expected: .explained(count: 1, why: isCanonical)
    ) { mark in
        let share = Scalar.marked("y", mark)
        do {
            let decoded = try share.bytes.withSpan { span throws(Ristretto255Error) in try Scalar(canonical: span) }
            Controls.sink(UInt8(decoded.bytes.count))
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static let combination = Routine(name: "the sum of three shares, each times its factor", expected: .none) {
        mark in
        let shares = ["x", "y", "z"]
        var sum = Scalar.marked(shares[0], mark).multiplied(by: PublicScalar(3))
        for (number, name) in shares.enumerated() {
            sum = sum.adding(Scalar.marked(name, mark), times: PublicScalar(UInt64(number)))
        }
        Controls.sink(UInt8(sum.bytes.count))
    }

    private static let reconstruction = Routine(
        name: "a gate's secret from 3 checked shares",
        expected: .explained(count: 4 * 33, why: "y·G and s·G are compared with X and A_0, which are public: 33 each")
    ) { mark in
        let secret = Scalar.marked("s", { _, _ in })
        let polynomial = Polynomial(secret: secret, threshold: 3) { Scalar.marked("a\($0)", { _, _ in }) }
        let quorum = [index(1), index(2), index(5)]
        do {
            var reconstruction = try Reconstruction(
                of: .root,
                commitments: polynomial.commitments(),
                from: Set(quorum)
            )
            for index in quorum {
                let share = polynomial.share(at: index)
                share.mark(mark)
                try reconstruction.add(share, at: index)
            }
            let rebuilt = try reconstruction.finish()
            Controls.sink(UInt8(rebuilt.bytes.count))
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static let proof = Routine(
        name: "a possession proof, nonce included",
        expected: .explained(count: 1, why: "whether k is 0, once in 2^252: another is drawn then")
    ) { mark in
        let share = Scalar.marked("y", mark)
        let fresh = SecretBytes(count: 32) { bytes in
            for index in 0..<32 {
                bytes[index] = UInt8(index)
            }
        }
        fresh.withSpan { span in unsafe span.withUnsafeBytes { unsafe mark($0.baseAddress!, $0.count) } }
        let digest = [UInt8](repeating: 7, count: 32)
        let proof = PossessionProof(of: share, over: digest, fresh: fresh)
        Controls.sink(UInt8(proof.response.bytes.count))
    }

    private static let password = Routine(name: "the PKCS#12 file's password from s", expected: .none) { mark in
        let secret = Scalar.marked("s", mark)
        let password = secret.bytes.withSpan { span in ArchivePassword.derive(from: span) }
        Controls.sink(UInt8(password.count))
    }

    private static let sealing = Routine(
        name: "a share sealed in a box",
        expected: .explained(count: 1, why: "whether the value is a canonical scalar other than 0")
    ) { mark in
        let share = Scalar.marked("y", mark)
        do {
            let recipient = try Identity(generatingFor: Name("alice")).sealingKey
            let header = BoxHeader(
                purpose: .share,
                set: [UInt8](repeating: 1, count: 16),
                epoch: 1,
                path: [1],
                context: SHA256Digest(of: [1]),
                recipient: recipient
            )
            Controls.sink(UInt8(try SealedPayload.seal(value: share.bytes, header: header).count))
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
