// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Synchronization

extension Certificate {
    /// Reads one certificate in DER, and refuses what is written in another way, or followed by anything.
    ///
    /// - Throws: ``CertificateError``
    package init(der: [UInt8]) throws(CertificateError) {
        if let known = Self.lastRead.withLock({ $0[der] }) {
            self = known
            return
        }
        try self.init(der: der.span)
        guard self.der == der else {
            throw .notDER
        }
        let read = self
        Self.lastRead.withLock { known in
            if known.count >= Self.rememberedCount {
                known.removeAll()
            }
            known[der] = read
        }
    }

    /// The last ones that were read, by their bytes: OpenSSL takes longest for the public key, and one escrow's audit reads
    /// the same certificate several times.
    private static let lastRead = Mutex<[[UInt8]: Certificate]>([:])

    /// How many are remembered at most.
    private static let rememberedCount = 64
}
