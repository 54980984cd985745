// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Synchronization

extension Certificate {
    /// Reads one certificate in DER, and refuses what is written in another way, or followed by anything.
    ///
    /// - Throws: ``CertificateError``
    package init(der: [UInt8]) throws(CertificateError) {
        try self.init(atStartOf: der)
        guard self.der == der, DERValue.isDER(der.span, in: 0..<der.count) else {
            throw .notDER
        }
    }

    /// Reads the certificate at the beginning of these bytes.
    ///
    /// - Throws: ``CertificateError/openSSL(_:)``
    init(atStartOf bytes: [UInt8]) throws(CertificateError) {
        if let known = Self.lastRead.withLock({ $0[bytes] }) {
            self = known
            return
        }
        let read = try Certificate(atStartOf: bytes.span)
        self = read
        Self.lastRead.withLock { known in
            if known.count >= Self.rememberedCount {
                known.removeAll()
            }
            known[bytes] = read
        }
    }

    /// Reads a certificate from a file that may be a key after all: its bytes are not copied.
    package init(atStartOf bytes: Span<UInt8>) throws(CertificateError) {
        guard let handle = unsafe OpenSSL.read(bytes, { unsafe d2i_X509(nil, $0, $1) }) else {
            throw .openSSL(.drainingQueue(after: "read the certificate"))
        }
        try unsafe self.init(owning: handle)
    }

    /// Reads the first certificate of a PEM file.
    ///
    /// - Throws: ``CertificateError``
    package init(pem: [UInt8]) throws(CertificateError) {
        guard let first = try Self.all(pem: pem).first else {
            throw .none
        }
        self = first
    }

    /// Reads every certificate of a PEM file in its order; other blocks and text between them are passed over, but not
    /// blocks that are spoilt.
    ///
    /// - Throws: ``CertificateError``
    package static func all(pem: [UInt8]) throws(CertificateError) -> [Certificate] {
        try all(pem: pem.span)
    }

    /// Every certificate of a file that may hold a key too.
    package static func all(pem: Span<UInt8>) throws(CertificateError) -> [Certificate] {
        if let fault = PEM.fault(in: pem) {
            throw .pem(fault)
        }
        var certificates: [Certificate] = []
        for block in PEM.blocks(in: pem) where block.isCertificate {
            guard let bytes = PEM.decode(pem.extracting(block.range)) else {
                OpenSSLError.clearQueue()
                throw .pem(PEMFault(line: block.line, label: block.label, problem: .content))
            }
            // A trusted certificate is followed by what OpenSSL trusts it for.
            certificates.append(
                block.isTrustedCertificate ? try Certificate(atStartOf: bytes) : try Certificate(der: bytes)
            )
        }
        return certificates
    }

    /// The last ones that were read, by their bytes: OpenSSL takes longest for the public key, and one escrow's audit reads
    /// the same certificate several times.
    private static let lastRead = Mutex<[[UInt8]: Certificate]>([:])

    /// How many are remembered at most.
    private static let rememberedCount = 64
}
