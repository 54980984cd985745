// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
public import Encoding
public import Escrow
public import SystemPackage

extension Audit {
    /// Audits one escrow, as other programs do it: no secret is needed.
    ///
    /// - Parameters:
    ///   - escrow: The escrow's directory.
    ///   - anchor: Whom one believes; without it the verdict is ``AuditVerdict/notAnchored``.
    ///   - certificate: The certificate that the escrow should be for, from outside of it, in PEM or DER.
    ///   - keyFile: The PKCS#12 file; beside the escrow when not given.
    ///   - now: The time to go by.
    /// - Throws: ``EscrowFailure`` when there is no escrow to read, or the certificate cannot be; all else is a finding.
    public init(
        of escrow: FilePath,
        anchor: Anchor?,
        certificate: FilePath?,
        keyFile: FilePath? = nil,
        at now: Timestamp
    ) throws(EscrowFailure) {
        self = try failing { () throws(EscrowError) in
            let wanted = try certificate.map { path throws(EscrowError) in try Certificate.all(at: path)[0] }
            let input = AuditInput(
                anchor: anchor,
                certificates: wanted.map { [.file($0, path: certificate?.string ?? "")] } ?? [],
                pkcs12: keyFile,
                isWithoutPKCS12: false,
                time: now,
                epoch: nil
            )
            return try Audit(of: escrow, with: input)
        }
    }

    /// The report as people read it, line by line; what passed is counted only.
    public var lines: [String] { report.lines(isVerbose: false) }

    /// The report as JSON: docs/format.md, section "Reports".
    public func json() -> [UInt8] {
        let report = report
        var bytes: [UInt8] = []
        AuditDocument([report], unread: [], exitStatus: report.verdict.exitStatus).write { bytes += $0 }
        return bytes
    }
}
