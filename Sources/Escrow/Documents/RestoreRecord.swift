// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Ristretto255
package import SecretSharing

/// That the key was whole on a machine: a restore, proven by the secret itself.
///
/// The possession proof is of `s` for the root's A_0 (path ""), over the record's other members: nobody who did not know
/// the secret can have written it. docs/format.md, sections 3.8 and 4.8.
package struct RestoreRecord: AddedRecord {
    package static let format = DocumentFormat.restore

    package let heading: Heading
    /// Those whose shares were used, in the order in which they came.
    package let custodians: [Name]
    /// The store that the key went to.
    package let destination: String
    /// What would have stopped the restore, and why it went on; ordered by code, each code once.
    package let overrides: [Override]
    package let possession: PossessionProof
    /// The request that custodians answered from afar; nothing when all of them were in the room.
    package let request: SHA256Digest?

    /// A rule that was set aside.
    package struct Override: Hashable, Sendable {
        package let code: Code
        package let reason: String

        /// The rules that can be.
        package enum Code: String, CaseIterable, Sendable {
            /// The clock is behind the manifest.
            case clock
            /// The escrow is retired.
            case retired
            /// Another epoch is in force.
            case superseded
            /// Nobody vouches for the manifest.
            case unverified
            /// Somebody had refused the request.
            case veto

            /// Those that somebody names beforehand.
            package static let given = allCases.filter { $0 != .unverified }
        }
    }

    package static let shape = Shape<RestoreRecord>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("custodians", .list(.name), \.custodians),
        Member("destination", .text, \.destination),
        Member("overrides", .overrides, \.overrides),
        Member("possession", .possession, \.possession),
        Member("request", .optional(.digest), \.request)
    )

    /// Whether it was made by someone who knew the secret of this epoch, and names people who can restore.
    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard possession.isValid(for: epoch.manifest.sharing.secret, over: members) else {
            throw .wrongValue(field: "possession", expected: "a proof that holds for the secret")
        }
        guard epoch.manifest.isQuorum(custodians) else {
            throw .wrongValue(field: "custodians", expected: Manifest.quorumWords)
        }
    }

    /// On the day of a restore a wrong clock is no reason to stop: whoever restores says why.
    package var mayPredateItsManifest: Bool { overrides.contains { $0.code == .clock } }
}

extension RestoreRecord {
    /// Makes the record of a restore that has just taken place.
    ///
    /// - Parameter secret: s.
    package init(
        of epoch: EpochDocument,
        by custodians: [Name],
        to destination: String,
        request: SHA256Digest? = nil,
        overrides: [Override],
        at created: Timestamp,
        provenBy secret: borrowing Scalar
    ) {
        self.init(provenBy: secret) { possession in
            RestoreRecord(
                heading: Heading(in: epoch, at: created),
                custodians: custodians,
                destination: destination,
                overrides: overrides.sorted { $0.code.rawValue < $1.code.rawValue },
                possession: possession,
                request: request
            )
        }
    }
}

extension Form where Value == [RestoreRecord.Override] {
    /// The member `overrides`, which is left out when there are none.
    static var overrides: Form {
        listIfAny(.object(RestoreRecord.Override.shape)).only(
            where: { overrides in
                zip(overrides, overrides.dropFirst()).allSatisfy { $0.code.rawValue < $1.code.rawValue }
            },
            expected: "order by code, each once"
        )
    }
}

extension RestoreRecord.Override {
    fileprivate static let shape = Shape<Self>(
        Self.init,
        Member("code", .word, \.code),
        Member("reason", .text, \.reason)
    )
}
