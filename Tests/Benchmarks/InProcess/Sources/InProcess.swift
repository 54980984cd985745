// SPDX-License-Identifier: Apache-2.0

// InProcess THRESHOLD COUNT ROUNDS: what the arithmetic of sharing takes by itself. Prints `what seconds` a line and round.

import CSodium

@testable import Ristretto255
@testable import SecretSharing

@main
enum InProcess {
    static func main() throws {
        precondition(sodium_init() >= 0, "libsodium could not start")
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        precondition(numbers.count == 3, "usage: InProcess THRESHOLD COUNT ROUNDS")
        for _ in 0..<numbers[2] {
            try round(threshold: numbers[0], count: numbers[1])
        }
    }

    private static func round(threshold: Int, count: Int) throws {
        let people = (1...count).map { "person-\($0)" }
        let policy = try Policy(Gate(threshold: threshold, members: people.map { .custodian($0) }))
        let dealing = try timed("split") { Dealing(of: Scalar.random(), under: policy) }
        let sharing = dealing.sharing

        var proofs: [(Path, PossessionProof, [UInt8])] = []
        let digest = [UInt8](repeating: 7, count: 32)
        dealing.handOut { path, _, share in
            proofs.append((path, PossessionProof(of: share, over: digest), digest))
        }
        var batch = PossessionBatch(for: sharing)
        for (path, proof, digest) in proofs {
            try batch.add(proof, at: path, over: digest)
        }
        let bad = timed("batch") { batch.invalid() }
        precondition(bad.isEmpty)
        // Somebody who verifies one proof alone computes X from the commitments.
        let commitments = sharing.commitments[.root]!
        let good = timed("single") {
            proofs.count { path, proof, digest in
                proof.isValid(for: commitments.publicShare(at: path.index), over: digest)
            }
        }
        precondition(good == count)

        // Shares come one by one, each erased before the next: what takes them is measured, not what deals them.
        let members = policy.leaves.prefix(threshold).map(\.path.index)
        let clock = ContinuousClock()
        let start = clock.now
        var reconstruction: Reconstruction? = try Reconstruction(
            of: .root,
            commitments: commitments,
            publicShares: sharing.publicShares(of: members, in: .root)
        )
        var spent = start.duration(to: clock.now)
        var taken = 0
        try dealing.handOut { path, _, share in
            guard taken < threshold else {
                return
            }
            taken += 1
            let own = share.multiplied(by: PublicScalar(1))
            let start = clock.now
            try reconstruction!.add(own, at: path.index)
            spent += start.duration(to: clock.now)
        }
        let end = clock.now
        let secret = try reconstruction.take()!.finish()
        report("combine", spent + end.duration(to: clock.now))
        precondition(Element(generatorTimes: secret) == sharing.secret)
    }

    private static func timed<Result: ~Copyable>(_ what: String, _ body: () throws -> Result) rethrows -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        let result = try body()
        report(what, start.duration(to: clock.now))
        return result
    }

    private static func report(_ what: String, _ time: Duration) {
        print(what, Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
    }
}
