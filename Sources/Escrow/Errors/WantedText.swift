// SPDX-License-Identifier: Apache-2.0

public import Encoding

/// What somebody is asked to say in words or digits.
@nonexhaustive public enum WantedText: Equatable, Sendable {
    /// A manifest's digest, from paper or by telephone, and not from where the manifest lies.
    case manifestDigest
    /// A request's digest, which an officer reads to a custodian.
    case requestDigest(identifier: String)
    /// Why a request is refused.
    case reasonToRefuse
    /// Why a custodian counts again.
    case reasonToReinstate(Name)
    /// Why a branch does not count.
    case reasonToVoid
    /// The SHA-256 of the certificate that is wanted back.
    case certificateDigest
    /// Why to go on although no officer whom one knows vouches for a manifest.
    case reasonToBelieve
    /// The names of what changes, of which these must be said.
    case changes([String])
}
