// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// That a custodian does not count until they acknowledge their share again: docs/format.md, section 4.20.
package struct Suspension: AddedRecord {
    package static let format = DocumentFormat.suspension

    package let heading: Heading
    package let because: Cause
    package let custodian: Name
    package let officer: Name

    /// What became of the custodian or the identity.
    package enum Cause: String, CaseIterable, Sendable {
        case lost
        case stolen
        /// The passphrase is forgotten.
        case passphrase
        /// The custodian has left.
        case left
        case died
        case unreachable
    }

    package static let shape = Shape<Suspension>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("because", .word, \.because),
        Member("custodian", .name, \.custodian),
        Member("officer", .name, \.officer)
    )

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        (epoch.approval.officers, officer)
    }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard epoch.manifest.person(named: custodian) != nil else {
            throw .wrongValue(field: "custodian", expected: "a custodian of this epoch")
        }
    }
}

extension Suspension {
    package init(
        of custodian: Name,
        because: Cause,
        by officer: Name,
        in epoch: EpochDocument,
        at created: Timestamp
    ) {
        self.init(heading: Heading(in: epoch, at: created), because: because, custodian: custodian, officer: officer)
    }
}
