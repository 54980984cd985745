// SPDX-License-Identifier: Apache-2.0

import CSodium
package import SecretMemory

extension Identity {
    /// Opens a box that is sealed to this identity, and checks that it belongs where the documents say.
    ///
    /// Fields are compared in their order, and the first that differs is named. The value is not yet to be trusted: it must
    /// still match its public commitment.
    ///
    /// - Parameters:
    ///   - box: 192 bytes.
    ///   - header: What the documents say; its recipient must be this identity's sealing key.
    /// - Returns: The value, 32 bytes: a canonical scalar other than 0, little-endian; any for an enrolment.
    /// - Throws: ``BoxError``, but never ``BoxError/recipientNotAcceptable``.
    package func open(box: [UInt8], expecting header: BoxHeader) throws(BoxError) -> SecretBytes {
        guard box.count == SealedPayload.boxByteCount else {
            throw .wrongLength(byteCount: box.count)
        }
        let payload = try openPayload(box)
        let bytes = payload.span
        let expected = header.encoded
        for (field, range) in BoxHeader.layout where !range.allSatisfy({ bytes[$0] == expected[$0] }) {
            throw .mismatch(field)
        }
        guard header.recipient == sealingKey else {
            throw .mismatch(.recipient)
        }
        let value = bytes.extracting(BoxHeader.byteCount..<SealedPayload.payloadByteCount)
        guard header.purpose == .enrolment || SealedPayload.isNonzeroScalar(value) else {
            throw .mismatch(.value)
        }
        return SecretBytes(copying: value)
    }

    private func openPayload(_ box: [UInt8]) throws(BoxError) -> SecretBytes {
        try keys.withSealingSecret { secretKey throws(BoxError) in
            try SecretBytes(count: SealedPayload.payloadByteCount) { payload throws(BoxError) in
                let status = unsafe payload.withUnsafeMutableBufferPointer { payload in
                    unsafe secretKey.withUnsafeBufferPointer { secretKey in
                        unsafe crypto_box_seal_open(
                            payload.baseAddress!,
                            box,
                            UInt64(box.count),
                            sealingKey,
                            secretKey.baseAddress!
                        )
                    }
                }
                guard status == 0 else {
                    throw .doesNotOpen
                }
            }
        }
    }
}
