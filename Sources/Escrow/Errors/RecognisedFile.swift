// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files

/// What a file is, as far as its first bytes tell: what every reader says of a file that it cannot use.
package enum RecognisedFile: Hashable, Sendable {
    /// A document of ours, by its kind's word; `identity`, `card`, `parcel` and `plan` among them.
    case document(String)
    case certificate
    case privateKey
    case certificateRequest
    case revocationList
    case publicKey
    case allowedSigners
    case signature
    case pkcs12
    /// Another store or envelope of keys and certificates, in words.
    case foreign(String)
    case stateArchive
    case escrow
    case epoch
    case directory
    case empty
    case text
    /// JSON that is no document of ours.
    case json
    /// Bytes of no kind that is known.
    case data

    // What is only ever wanted.
    case file
    case store
    case configuration
    case timeStamp
    /// What officers sign: an escrow, or a document in one.
    case signable
    /// What an escrow takes in.
    case filed
    /// What shows that a custodian can unseal.
    case enrolment
    /// What can be said in words.
    case shown
    /// What a ceremony leaves.
    case bundle

    package static let parcel = document(DocumentFormat.parcel.kind)
}

extension RecognisedFile: CustomStringConvertible {
    package var description: String {
        switch self {
        case .document(DocumentFormat.identity.kind): "an identity file"
        case .document(DocumentFormat.releaseBox.kind): "a release"
        case .document(let kind):
            ("aeiou".utf8.contains(kind.utf8.first ?? 0) ? "an " : "a ") + kind.replacing(bytesOf: "-", with: " ")
        case .certificate: "a certificate"
        case .privateKey: "a private key"
        case .certificateRequest: "a request for a certificate"
        case .revocationList: "a revocation list"
        case .publicKey: "an OpenSSH public key"
        case .allowedSigners: "an allowed_signers file"
        case .signature: "an SSH signature"
        case .pkcs12: "a PKCS#12 file"
        case .foreign(let words): words
        case .stateArchive: "an archive of a CA's state"
        case .escrow: "an escrow"
        case .epoch: "an epoch's directory"
        case .directory: "a directory"
        case .empty: "an empty file"
        case .text: "text"
        case .json: "JSON of another kind"
        case .data: "a file of another kind"
        case .file: "a file"
        case .store: "a store of a CA's key"
        case .configuration: "a configuration of openssl"
        case .timeStamp: "a time stamp"
        case .signable: "an escrow or a document in one"
        case .filed: "a parcel, card, signature or document for this escrow"
        case .enrolment: "a card, an enrolment, a challenge to one or a parcel"
        case .bundle: "a ceremony's directory"
        case .shown: "an escrow, a document of ca-escrow, a signature or a .pub file"
        }
    }
}
