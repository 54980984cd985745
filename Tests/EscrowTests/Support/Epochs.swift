// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding

@testable import Escrow

extension EscrowDirectory {
    /// Every epoch that can be read, in order.
    func approvals() throws -> [EpochApproval] { chain().all }

    /// The epoch of a number that counts, or the newest that can be read.
    func epoch(_ number: Int?) throws -> EpochDocument {
        guard let number else {
            let documents = documents
            return documents[documents.count - 1]
        }
        return try chain().approval(.number(number)).document
    }
}

extension Evidence {
    /// What was added to an epoch, as it stands at the time of the tests.
    init(of epoch: EpochDocument, in escrow: EscrowDirectory) throws {
        try self.init(of: epoch, in: escrow, at: World.now)
    }
}

extension EpochSelector: ExpressibleByIntegerLiteral {
    /// An epoch by its number.
    public init(integerLiteral value: Int) {
        self = .number(value)
    }
}

extension SignableDocument {
    /// What waits for officers at the time of the tests.
    static func all(in escrow: EscrowDirectory) throws -> [SignableDocument] {
        try all(in: escrow.chain(), at: World.now)
    }
}

extension SeenManifests {
    func check(_ epoch: EpochDocument, in escrow: EscrowDirectory) throws {
        try check(epoch, in: escrow, escrow.chain())
    }

    mutating func remember(_ epoch: EpochDocument, in escrow: EscrowDirectory) throws {
        try remember(epoch, in: escrow, escrow.chain())
    }
}
