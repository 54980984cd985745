// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// That a custodian or officer objects to a request: docs/format.md, section 4.18.
///
/// What lies under `refusals/` is read by ``RefusalFiles``: it stops a request also when it is no refusal that verifies.
package struct Refusal: AddedDocument {
    package static let format = DocumentFormat.refusal
    package static let directoryName = "refusals"

    package let heading: Heading
    /// Who refuses.
    package let name: Name
    package let reason: String
    /// The digest of the request's file.
    package let request: SHA256Digest

    package static let shape = Shape<Refusal>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("name", .name, \.name),
        Member("reason", .text, \.reason),
        Member("request", .digest, \.request)
    )

    /// The request is part of the file's name: so a file that is damaged still says what it stops.
    package var fileNameStart: String { "\(name)-\(request.identifier)" }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        let officer = epoch.approval.officer(named: name).map { [$0] } ?? []
        return (epoch.signer(named: name) + officer, name)
    }
}
