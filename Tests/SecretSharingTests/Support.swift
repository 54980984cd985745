// SPDX-License-Identifier: Apache-2.0

import Foundation
import Ristretto255
import SecretMemory
import Testing

@testable import SecretSharing

/// A file of `Fixtures/vectors`, parsed.
func vectors(_ name: String) throws -> [String: Any] {
    let file = URL(filePath: #filePath).appending(path: "../../../Fixtures/vectors/\(name)").standardized
    return try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
}

extension [UInt8] {
    /// The bytes of a hexadecimal text; test data only.
    init(hex: String) {
        self = stride(from: 0, to: hex.utf8.count, by: 2).map { start in
            let from = hex.index(hex.startIndex, offsetBy: start)
            return UInt8(hex[from..<hex.index(from, offsetBy: 2)], radix: 16)!
        }
    }

    var hex: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

extension Scalar {
    init(hex: String) throws {
        let bytes = [UInt8](hex: hex)
        try self.init(canonical: bytes.span)
    }

    /// A secret shown: test data only.
    var hex: String { bytes.withSpan { span in span.indices.map { span[$0] } }.hex }
}

extension Policy<String> {
    /// `t` of `n` custodians named c1, c2, ….
    static func flat(_ threshold: Int, of count: Int) throws -> Policy {
        try Policy(Gate(threshold: threshold, members: (1...count).map { .custodian("c\($0)") }))
    }

    /// The policy 2 of (2 of (olga, omar, otto), 3 of (alice, bob, carol, dave, erin)).
    static func nested() throws -> Policy {
        let officers = try Gate<String>(threshold: 2, members: ["olga", "omar", "otto"].map { .custodian($0) })
        let custodians = try Gate<String>(
            threshold: 3,
            members: ["alice", "bob", "carol", "dave", "erin"].map { .custodian($0) }
        )
        return try Policy(Gate(threshold: 2, members: [.gate(officers), .gate(custodians)]))
    }
}

/// Shares kept for tests, which production code never does.
final class DealtShares {
    func keep(_ share: borrowing Scalar, at path: Path) {
        bytes[path] = share.bytes.withSpan { span in span.indices.map { span[$0] } }
    }

    var bytes: [Path: [UInt8]] = [:]

    func share(at path: Path) throws -> Scalar {
        let bytes = try #require(bytes[path])
        return try Scalar(canonical: bytes.span)
    }
}

/// Every subset of `items`, the empty one first.
func subsets<Item>(of items: [Item]) -> [[Item]] {
    items.reduce(into: [[]]) { subsets, item in subsets += subsets.map { $0 + [item] } }
}
