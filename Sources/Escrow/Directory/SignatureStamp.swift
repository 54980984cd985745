// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Custody
package import Encoding
import Files
package import SystemPackage

/// A time stamp (RFC 3161) of an officer's signature: `manifest.json.OFFICER.sig.tsr`, docs/format.md, section 4.10.
///
/// It is over the SHA-256 of the signature's file. It shows that the officer had signed by then, which counts once the
/// officer's key has ended; whose time stamps are believed comes from outside the escrow.
package enum SignatureStamp {
    static let suffix = ".tsr"

    /// The file of a signature's time stamp.
    package static func path(of signature: FilePath) -> FilePath { FilePath(signature.string + suffix) }

    /// The name of the signature that a time stamp is of, by its own; nothing when it is no time stamp's.
    package static func signature(of name: String) -> String? {
        name.rest(before: suffix).flatMap { $0.utf8.count > 4 && $0.hasSuffix(bytesOf: ".sig") ? $0 : nil }
    }

    /// When an authority whom somebody believes had seen an officer's signature of a manifest.
    ///
    /// The signature is verified once more: what was stamped is what holds.
    ///
    /// - Parameter authorities: PEM certificates of those who are believed.
    /// - Returns: Nothing when no time stamp is here.
    /// - Throws: ``EscrowError/stamp(path:_:)``, ``EscrowError/signature(path:_:)``, ``EscrowError/file(_:)``
    static func time(
        of officer: Signer,
        on document: EpochDocument,
        trusting authorities: [UInt8],
        now: Timestamp
    ) throws(EscrowError) -> Timestamp? {
        let file = FiledSignature.path(of: document.manifestPath, by: officer.name)
        let place = path(of: file)
        guard try orThrow(Files.kind(of: place)) != nil else {
            return nil
        }
        let bytes = try orThrow(Files.read(file, limit: ByteLimit.signature))
        do throws(SignatureError) {
            let signature = try SSHSignature(armored: bytes)
            guard signature.signer == officer.key else {
                throw .doesNotVerify
            }
            try signature.verify(document.bytes, namespace: DocumentFormat.manifest.namespace)
        } catch {
            throw .signature(path: file.string, error)
        }
        let response = try orThrow(Files.read(place, limit: ByteLimit.document))
        do throws(TimeStampError) {
            let stamp = try TimeStamp(response, over: bytes, trusting: authorities, now: now.secondsSinceEpoch)
            return try Timestamp(of: stamp)
        } catch {
            throw .stamp(path: place.string, error)
        }
    }

    /// Why nothing shows that an officer signed a manifest before their key ended; nothing when a time stamp does.
    static func reasonAgainst(
        _ officer: Signer,
        on document: EpochDocument,
        before end: Timestamp,
        _ authorities: [UInt8]?,
        now: Timestamp
    ) -> String? {
        let place = path(of: FiledSignature.path(of: document.manifestPath, by: officer.name))
        guard let authorities else {
            let isHere = (try? Files.kind(of: place)) ?? nil != nil
            return isHere ? "no --tsa: nobody vouches for the time stamp" : "no time stamp is here"
        }
        do throws(EscrowError) {
            guard let time = try time(of: officer, on: document, trusting: authorities, now: now) else {
                return "no time stamp is here"
            }
            return time < end ? nil : "the time stamp is of \(time)"
        } catch {
            return error.description
        }
    }

    /// What is wrong with a file where a time stamp belongs, whoever may have made it; nothing when it is one.
    ///
    /// - Throws: ``EscrowError/stamp(path:_:)``, ``EscrowError/file(_:)``
    package static func check(at place: FilePath) throws(EscrowError) {
        let signature = FilePath(String(decoding: place.string.utf8.dropLast(suffix.utf8.count), as: UTF8.self))
        let bytes = try orThrow(Files.read(signature, limit: ByteLimit.signature))
        let response = try orThrow(Files.read(place, limit: ByteLimit.document))
        _ = try orThrow(TimeStamp(unverified: response, over: bytes)) { .stamp(path: place.string, $0) }
    }
}

extension Timestamp {
    /// When a time stamp says that it was made.
    ///
    /// - Throws: ``TimeStampError/notAResponse`` for a year that documents cannot show.
    package init(of stamp: TimeStamp) throws(TimeStampError) {
        guard Self.range.contains(stamp.time) else {
            throw .notAResponse
        }
        self.init(secondsSinceEpoch: stamp.time)
    }
}
