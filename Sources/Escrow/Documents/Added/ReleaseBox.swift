// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding

/// A share on its way to the machine of a request, with its signed statement: `NAME.release`, which lies in no escrow.
///
/// docs/format.md, section 4.17.
package struct ReleaseBox: ShapedDocument {
    /// The 192 bytes of the box.
    package let box: [UInt8]
    package let signature: SSHSignature
    package let statement: ReleaseStatement

    package static let format = DocumentFormat.releaseBox

    package static let shape = Shape<ReleaseBox>(
        Self.init,
        Member("box", .base64(byteCount: SealedPayload.boxByteCount), \.box),
        Member("signature", .signature, \.signature),
        Member("statement", .statement, \.statement)
    )

    /// The statement's file.
    package var statementBytes: [UInt8] { statement.encoded() }
}

extension Form where Value == SSHSignature {
    /// Base64 of its binary form.
    fileprivate static var signature: Form {
        Form<[UInt8]>.base64()
            .standing(for: { try? SSHSignature(blob: $0) }, \.blob, expected: "an SSH signature in binary form")
    }
}

extension Form where Value == ReleaseStatement {
    /// Base64 of its file; an error names the member there.
    fileprivate static var statement: Form {
        let bytes = Form<[UInt8]>.base64()
        return Form(
            { (json, path) throws(DocumentError) in try ReleaseStatement(canonical: try bytes.read(json, path)) },
            { .string(Base64.encode($0.encoded())) }
        )
    }
}
