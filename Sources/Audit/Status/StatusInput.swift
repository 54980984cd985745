// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import Escrow
import Files
package import KeyStores
import SystemPackage

/// What an officer holds escrows against.
package struct StatusInput: Sendable {
    /// The certificates that certification authorities issue under today.
    package let certificates: [WatchedCertificate]
    /// Whom to believe; without it no challenge counts.
    package let anchor: Anchor?
    /// How old a custodian's evidence may be, in seconds.
    package let maximumAgeSeconds: Int
    /// How old the last drill may be, in seconds; nothing when none is asked for.
    package let maximumDrillAgeSeconds: Int?
    /// How many people every gate must be able to lose.
    package let leastMargin: Int
    /// Now, as the caller says it.
    package let time: Timestamp

    package init(
        certificates: [WatchedCertificate],
        anchor: Anchor?,
        maximumAgeSeconds: Int,
        maximumDrillAgeSeconds: Int? = nil,
        leastMargin: Int,
        time: Timestamp
    ) {
        self.certificates = certificates
        self.anchor = anchor
        self.maximumAgeSeconds = maximumAgeSeconds
        self.maximumDrillAgeSeconds = maximumDrillAgeSeconds
        self.leastMargin = leastMargin
        self.time = time
    }

    /// What the escrows themselves are audited with: the PKCS#12 file is not looked for.
    package var auditInput: AuditInput {
        AuditInput(anchor: anchor, certificates: [], pkcs12: nil, isWithoutPKCS12: true, time: time, epoch: nil)
    }
}

/// A certificate that should be in an escrow.
package struct WatchedCertificate: Hashable, Sendable {
    /// The file or store that it was read from, as the caller named it.
    package let source: String
    /// The one that its authority issues under today, as the store has it.
    package let certificate: Certificate
    /// What else the store has of the same authority: the escrow should hold these as well.
    package let others: [Certificate]

    package init(_ certificate: Certificate, others: [Certificate] = [], from source: String) {
        self.certificate = certificate
        self.others = others
        self.source = source
    }

    /// Reads what each file or store has, each once; a directory that is no store is one of certificates.
    ///
    /// - Throws: ``EscrowError/store(_:)``, and what is wrong with a directory.
    package static func all(
        of sources: [String],
        environment: StoreEnvironment
    ) throws(EscrowError) -> [WatchedCertificate] {
        var watched: [WatchedCertificate] = []
        for source in sources where !watched.contains(where: { $0.source.isEqual(bytesOf: source) }) {
            do throws(EscrowError) {
                watched.append(try at(source, environment))
            } catch .store(.notRecognised) where RecognisedFile(at: FilePath(source)) == .directory {
                for case .file(let certificate, let path) in try CertificateTrust.all(at: [source]) {
                    watched.append(WatchedCertificate(certificate, from: path))
                }
            } catch .store(.notRecognised) {
                throw RecognisedFile.certificate.explaining(
                    .directory(.noCertificateInside(path: source)),
                    at: FilePath(source)
                )
            } catch .store(let error) {
                throw RecognisedFile.explaining(error)
            }
        }
        return watched
    }

    private static func at(
        _ source: String,
        _ environment: StoreEnvironment
    ) throws(EscrowError) -> WatchedCertificate {
        do throws(StoreError) {
            let found = try KeyStore.authority(at: source, environment: environment)
            return WatchedCertificate(found.current, others: found.others, from: source)
        } catch {
            throw .store(error)
        }
    }

    var all: [Certificate] { [certificate] + others }
}
