// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
package import SystemPackage

/// Why an epoch, a document or a signature does not count.
package indirect enum TrustFault: Error, Equatable {
    case notACertificateDigest
    /// How many officers a caller demands: outside of what readers take.
    case requirement(Int)
    case notInForce(path: String, Shortfall, before: Shortfall? = nil)
    case noOfficerIsTrusted(path: String, signers: String, signedBy: [Signer])
    case tooFewOfficersAreTrusted(path: String, signers: String, found: Int, needed: Int)
    case fewerThanHalf(path: String, signers: String, found: Int, needed: Int)
    case nobodyVouches(path: String, for: VouchedPurpose)
    case notBelieved(path: String)
    /// What stands in the way, unless somebody says why they go on.
    case needsUnverified(EscrowError)
    case needsOverride(RestoreRecord.Override.Code, EscrowError)
    case nothingToOverride(RestoreRecord.Override.Code)
    case nothingRefused(request: String, isUnopposed: Bool)
    case officersOverride
    case overrideWaits(path: String, [Name])
    case keysEnded(path: String, signers: String, [EndedSignature], found: Int, needed: Int)
    case anotherKeyInSigners(path: String, signers: String, line: Int, officer: Signer, found: SigningKey)
    case anotherCertificate(path: String, subject: String, digest: SHA256Digest, given: GivenCertificate)
    case anotherCA(path: String, escrowed: String, found: String)
    case retired(path: String)
    case superseded(path: String, by: Int)
    case signedAlready(path: String, Name)
    case oneDraftCanBeSigned([FilePath])
    case nothingToSign(path: String)
    case signedAnother(path: String, Name, other: String)
    case clockIsWrong(newest: Timestamp, path: String, now: Timestamp)
    case notSigned(path: String, Name)
    /// A receipt of another manifest of the set: ``ReceiptFindings`` says what it shows.
    case otherManifest(path: String, Name, Timestamp, found: SHA256Digest, here: SHA256Digest)
    case equivocation(path: String, Name, found: SHA256Digest, here: SHA256Digest)
    case challengeExpired(String, Timestamp, now: Timestamp)
}

/// What an epoch must be vouched for.
package enum VouchedPurpose: Equatable, Sendable {
    /// Opening it: a reason would be enough.
    case opening
    /// These shares under another manifest.
    case newEpoch
    /// New shares, which go to the people whom it names.
    case newShares
}

/// An officer's signature under a key that has ended, with nothing that shows it to be older.
package struct EndedSignature: Hashable, Sendable {
    package let officer: Signer
    /// The last moment at which the key counted.
    package let end: Timestamp
    /// What is wrong with the time stamp, or that there is none.
    package let reason: String
}

/// A certificate that someone gave by file, or by its digest.
package struct GivenCertificate: Hashable, Sendable {
    /// The file, or nothing for a digest that was typed.
    package let path: String?
    package let subject: String?
    package let digest: SHA256Digest

    /// The file, and whose certificate it is.
    package var words: String {
        [path ?? "the certificate named", subject.map { "'\($0)'" }].compactMap(\.self).joined(separator: " ")
            + " (SHA-256 \(digest.grouped))"
    }
}

extension TrustFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notACertificateDigest: "the certificate's SHA-256: 64 hexadecimal digits are needed"
        case .notInForce(let path, let own, let before): "\(path): not in force: \(Shortfall.words(own, before))"
        case .noOfficerIsTrusted(let path, let signers, let signedBy):
            "\(path): no officer of this manifest is in \(signers): signed by "
                + (signedBy.isEmpty
                    ? "nobody" : signedBy.map { "\($0.name) (\($0.key.fingerprint))" }.joined(separator: ", "))
        case .requirement(let count):
            "\(count) officers: from 1 to \(AllowedSigners.requirements.upperBound) can be required"
        case .tooFewOfficersAreTrusted(let path, let signers, let found, let needed):
            "\(path): \(found) of \(needed) officers admitted by \(signers) have signed: \(needed - found) more needed"
        case .fewerThanHalf(let path, let signers, let found, let needed):
            "\(path): \(found) officers admitted by \(signers) have signed, enough for the manifest; more than half of "
                + "the file's officers are needed: \(needed)"
        case .keysEnded(let path, let signers, let ended, let found, let needed):
            "\(path): \(found) of \(needed) officers admitted by \(signers) have signed; with keys that have ended: "
                + ended.map { "\($0.officer.name) (until \($0.end): \($0.reason))" }.joined(separator: ", ")
        case .anotherKeyInSigners(let path, let signers, let line, let officer, let found):
            "\(path): line \(line) of \(signers) gives \(officer.name) the key \(found.fingerprint), and this manifest "
                + "gives a different one: \(officer.key.fingerprint)"
        case .nobodyVouches(let path, .opening): "\(path): nobody whom you know vouches for this manifest"
        case .nobodyVouches(let path, .newEpoch): "\(path): nobody whom you know vouches for its manifest"
        case .nobodyVouches(let path, .newShares):
            "\(path): nobody whom you know vouches for its manifest: it says who gets the new shares"
        case .notBelieved(let path): "\(path): not believed: nothing was done"
        case .needsUnverified(let error), .needsOverride(_, let error): "\(error)"
        case .nothingToOverride(let code): "\(code.rawValue): there is nothing to override"
        case .nothingRefused(let request, let isUnopposed):
            isUnopposed
                ? "nobody has refused request \(request.prefix(8))"
                : "no file here is named like a refusal of request \(request.prefix(8))"
        case .officersOverride: "officers override a refusal"
        case .overrideWaits(let path, let missing):
            "\(path): \(missing.map(\.description).joined(separator: " or ")) must sign the override"
        case .anotherCertificate(let path, let subject, let digest, let given):
            "\(path): the escrow of '\(subject)' (SHA-256 \(digest.grouped)), not of \(given.words)"
        case .anotherCA(let path, let escrowed, let found):
            "\(path): the escrow of '\(escrowed)': the store holds the key of '\(found)'"
        case .retired(let path): "\(path): retired"
        case .superseded(let path, let epoch): "\(path): superseded by epoch \(epoch)"
        case .oneDraftCanBeSigned(let paths):
            "\(paths.count) drafts wait, of which one can be signed: \(paths.map(\.string).joined(separator: ", "))"
        case .nothingToSign(let path): "\(path): nothing is waiting for a signature"
        case .signedAlready(let path, let name): "\(path): \(name) has signed it already"
        case .signedAnother(let path, let name, let other):
            "\(path): \(name) has signed \(other), which has the same number: nobody signs two"
        case .clockIsWrong(let newest, let path, let now):
            "this machine's clock says \(now), but \(path) was made on \(newest)"
        case .notSigned(let path, let name): "\(path): not signed by \(name)"
        case .equivocation(let path, let name, let found, let here):
            "\(path): \(name) was shown a different manifest, \(found.short)…, where this is \(here.short)…"
        case .otherManifest(let path, let name, let time, let found, let here):
            "\(path): \(name) acknowledged a different manifest on \(time.date), \(found.short)…, where this is "
                + "\(here.short)…; it is not here, or no officer here has signed it: a newer receipt of \(name) ends this"
        case .challengeExpired(let identifier, let expires, let now):
            "challenge \(identifier.prefix(8)): expired \(expires.forPeople) (this machine: \(now.forPeople))"
        }
    }
}
