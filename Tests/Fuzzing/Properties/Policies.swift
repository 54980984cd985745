// SPDX-License-Identifier: Apache-2.0

@testable import Custody
@testable import Encoding
@testable import Escrow
@testable import SecretSharing

extension Reader {
    /// A policy as people write it; `all` are five of them.
    public static let policy = Reader("Policy") { bytes in
        let people = try ["alice", "bob", "carol", "dave", "erin"].map { try Name($0) }
        guard let text = String(validating: bytes, as: UTF8.self),
            let policy = try accepted({ try PolicyText(text).policy(all: people) })
        else {
            return
        }
        let again = try PolicyText(policy.text).policy(all: [])
        try require(again == policy, "a policy that was written is read as another one: \(policy.text)")
        try require(again.text == policy.text, "a policy is written in two ways: \(policy.text)")
    }
}
