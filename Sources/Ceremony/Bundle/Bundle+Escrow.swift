// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Encoding
import Escrow
import Files
package import SystemPackage

// The public part of the escrow goes into the bundle: what custodians accepted and officers signed, and every drill.
extension Bundle {
    /// Copies the epochs of an escrow, without what must not leave it: release boxes and the PKCS#12 file.
    ///
    /// - Returns: What lies in the bundle now, by its path there, ordered.
    /// - Throws: ``FileError``, ``BundleError``
    package func keepEscrow(at source: FilePath) throws -> [TranscriptLine.File] {
        var kept: [TranscriptLine.File] = []
        try keep(source, as: escrow, named: Self.escrowName, depth: 3, &kept)
        return kept.sorted { $0.name.precedes(bytesOf: $1.name) }
    }

    private func keep(
        _ source: FilePath,
        as destination: FilePath,
        named name: String,
        depth: Int,
        _ kept: inout [TranscriptLine.File]
    ) throws {
        try Files.makeDirectory(destination, permissions: .publicDirectory)
        for item in try Files.names(in: source) where Self.isEvidence(item) {
            let path = source.appending(item)
            switch try Files.kind(of: path) {
            case .directory where depth > 1:
                try keep(path, as: destination.appending(item), named: "\(name)/\(item)", depth: depth - 1, &kept)
            case .regular:
                let bytes = try Files.read(path, limit: ByteLimit.manifest)
                try keep(bytes, at: destination.appending(item), isResult: true)
                kept.append(.init(.output, "\(name)/\(item)", SHA256Digest(of: bytes)))
            default: break
            }
        }
    }

    /// Documents, their signatures, the README, and the directories that these lie in; no name of ours has a blank, or a
    /// letter that is not ASCII.
    private static func isEvidence(_ name: String) -> Bool {
        !name.hasPrefix(bytesOf: ".") && !Files.isLeftover(name) && name.utf8.allSatisfy { (0x21...0x7e).contains($0) }
            && ([".json", ".sig", ".casig", ".txt"].contains { name.hasSuffix(bytesOf: $0) }
                || !name.contains(byte: "."))
    }

    /// Writes what was made once, such as an audit's report: after an interruption what is there already counts.
    ///
    /// - Throws: ``FileError``
    package func keepOnce(_ name: String, _ make: () throws -> [UInt8]) throws -> TranscriptLine.File {
        let path = path.appending(name)
        guard try Files.kind(of: path) == nil else {
            return .init(.output, name, SHA256Digest(of: try Files.read(path, limit: Transcript.byteLimit)))
        }
        let bytes = try make()
        try Files.create(path, bytes, permissions: .publicFile)
        return .init(.output, name, SHA256Digest(of: bytes))
    }

    /// What an audit of the escrow in the bundle is held against, as of a moment.
    ///
    /// - Parameter anchor: Who is believed.
    static func auditInput(
        of plan: Plan,
        _ certificate: Certificate,
        anchor: Anchor?,
        at time: Timestamp
    ) -> AuditInput {
        AuditInput(
            anchor: anchor,
            // The CA of a rehearsal without a store is made by it: the plan cannot know its certificate.
            certificates: plan.makesCA ? [] : [.file(certificate, path: certificateName)],
            pkcs12: nil,
            isWithoutPKCS12: true,
            time: time,
            epoch: nil
        )
    }
}
