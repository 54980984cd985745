// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Ristretto255
import SystemPackage

@testable import Escrow

/// Drills as the command does them, but in this process.
extension World {
    /// A receipt and the CA key's signature of it, not yet filed.
    func makeDrill(
        by names: [Name] = ["alice", "bob"],
        for purpose: String? = nil,
        answering challenge: SHA256Digest? = nil,
        request: SHA256Digest? = nil,
        isSigned: Bool = true,
        overrides: [RestoreRecord.Override] = [],
        in number: Int? = nil,
        at time: Timestamp = World.now
    ) throws -> (receipt: DrillReceipt, signature: [UInt8]?) {
        let epoch = try directory().epoch(number)
        let secret = try epoch.secret(by: names.map { cast[$0] }, in: directory())
        let archive = try epoch.pkcs12(given: nil, escrow: escrow)
        let material = try epoch.material(from: archive, at: "x.p12", secret: secret, added: [])
        let receipt = DrillReceipt(
            of: epoch,
            by: names,
            for: purpose,
            isSigned: isSigned,
            answering: challenge,
            request: request,
            overrides: overrides,
            at: time,
            provenBy: secret
        )
        let newest = epoch.manifest.certificate
        let signature =
            isSigned ? try material.sign(receipt: receipt.encoded(), under: newest, from: "x.p12") : nil
        return (receipt, signature)
    }

    /// Files a receipt in the epoch that counts, under the name of its content, whatever it says.
    @discardableResult
    func file(
        _ bytes: [UInt8],
        _ signature: [UInt8]?,
        in epoch: FilePath? = nil,
        signedBy officers: [Name] = []
    ) throws -> FilePath {
        try Record.file(
            bytes,
            .drill,
            created: (try? DrillReceipt(canonical: bytes))?.created ?? World.now,
            in: (epoch ?? self.epoch).appending(Record.directoryName),
            signatures: officers.map { cast[$0].sign(bytes, .drill) },
            caSignature: signature
        )
    }

    /// Drills, and reads back what was filed.
    @discardableResult
    func drill(
        by names: [Name] = ["alice", "bob"],
        for purpose: String? = nil,
        answering challenge: SHA256Digest? = nil,
        request: SHA256Digest? = nil,
        isSigned: Bool = true,
        signedBy officers: [Name] = [],
        at time: Timestamp = World.now
    ) throws -> Filed<DrillReceipt> {
        let (receipt, signature) = try makeDrill(
            by: names,
            for: purpose,
            answering: challenge,
            request: request,
            isSigned: isSigned,
            at: time
        )
        let path = try file(receipt.encoded(), signature, signedBy: officers)
        return try Filed(at: path, in: document())
    }
}
