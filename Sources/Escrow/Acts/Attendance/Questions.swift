// SPDX-License-Identifier: Apache-2.0

public import Encoding
public import KeyStores
package import SystemPackage

/// What a passphrase is for.
@nonexhaustive public enum WantedPassphrase: Equatable, Sendable {
    /// A person's identity; `attempt` is 1 to 3.
    case identity(Name, path: String, attempt: Int)
    /// A new one for the private key of a request, which its owner repeats.
    case newRequestKey
    /// A new one for an identity that is made, or sealed again: its owner repeats it.
    case newIdentity(Name)
    /// A new one for an identity that is there, which its owner repeats.
    case renewedIdentity(Name)
    /// What opens a store, or a file in it; asked again after a wrong one, a PIN never.
    case store(KeyStore.PassphraseRequest, StoreRole, KeyStore)
    /// A new one for the restored key, which its owner repeats; `pkcs12` is the file's path, when it is PKCS#12.
    case restoredKey(pkcs12: String?)
}

/// What somebody may agree to, after they were told what it is.
@nonexhaustive public enum Decision: Equatable, Sendable {
    /// Acknowledge one's share of an escrow.
    case acknowledge(escrow: String)
    /// Prove that one knows one's share of an escrow.
    case prove(escrow: String)
    /// Answer an officer's challenge to a new custodian.
    case answerEnrolment(SHA256Digest)
    /// Make a copy of the escrow that was shown.
    case makeCopy(escrow: String)
    /// Refuse the request that was shown.
    case refuse(request: String)
    /// Seal one's share to the card that was shown.
    case sealToCard
    /// Count on a custodian again.
    case reinstate(Name)
    /// Make the epoch that was shown, of the same shares.
    case makeEpoch
    /// Make the epoch that was shown, of new shares.
    case dealShares
    /// Go on without the generations of a CA that were named.
    case leaveOut(isPlural: Bool)
    /// Sign so many documents as an officer.
    case sign(count: Int, Name)
    /// Void the branch that begins with this manifest.
    case void(SHA256Digest)
    /// Take the draft back that was shown.
    case withdraw
    /// Add the certificates that were shown.
    case addCertificates(count: Int)
}

/// What takes a second or more.
package enum LongWork: Equatable, Sendable {
    /// The key derivation of an identity.
    case openingIdentity(Name)
    case makingRequestKey
    case makingIdentity
    case sealingIdentity
    /// An audit.
    case lookingAt(FilePath)
    case archivingState
    case unpackingState
}
