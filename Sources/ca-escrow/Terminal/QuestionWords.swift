// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow

extension WantedText {
    /// Asks for it.
    ///
    /// - Returns: Nothing when only Enter was pressed.
    /// - Throws: ``Diagnostic`` when there is nobody to ask.
    func ask() throws -> String? {
        switch self {
        case .manifestDigest:
            try Question.text(
                "Type the manifest's digest, from the ceremony's sheet or as an officer reads it to you: "
                    + "64 hexadecimal digits, 12 words or 30 digits (Enter stops)",
                for: "the manifest's digest",
                else: "--manifest CODE"
            )
        case .requestDigest(let identifier):
            try Question.text(
                "Type what you hear (Enter alone stops, nothing is sent)",
                for: "the words of request \(identifier.prefix(8))",
                else: "--confirm CODE"
            )
        case .reasonToRefuse: try Question.needed("Why you refuse", else: "\(option) TEXT")
        case .reasonToReinstate(let name):
            try Question.needed("Why \(name) counts again", else: "\(option) TEXT")
        case .certificateDigest:
            try Question.text(
                "SHA-256 of the certificate that you want back, from paper or another machine",
                for: "the certificate's SHA-256",
                else: "--certificate FILE, or --confirm SHA-256"
            )
        case .reasonToBelieve:
            try Question.text(
                "No officer whom you know vouches for this manifest. Reason to go on (Enter stops)",
                for: "a reason",
                else: "--unverified REASON"
            )
        case .changes(let names):
            try Question.text(
                "Type the name of each thing that changes, with blanks between (Enter stops)",
                for: "the names of what changes (\(names.joined(separator: " ")))",
                else: names.map { "--confirm \($0)" }.joined(separator: " ")
            )
        case .reasonToVoid: try Question.needed("Why that branch does not count", else: "\(option) TEXT")
        }
    }

    /// The option that answers it beforehand.
    var option: String {
        switch self {
        case .manifestDigest: "--manifest"
        case .requestDigest, .changes, .certificateDigest: "--confirm"
        case .reasonToBelieve: "--unverified"
        case .reasonToRefuse, .reasonToReinstate, .reasonToVoid: "--reason"
        }
    }
}

extension Comparison {
    /// The option that gives it beforehand.
    var option: String {
        switch self {
        case .manifest: "--manifest"
        case .request: "--confirm"
        }
    }
}

extension Decision {
    var question: String {
        switch self {
        case .acknowledge(let escrow): "\(escrow): acknowledge your share?"
        case .prove(let escrow): "\(escrow): prove that you know your share?"
        case .answerEnrolment(let digest): "Answer challenge \(digest.short)?"
        case .makeCopy(let escrow): "Make \(escrow)?"
        case .refuse(let request): "Refuse request \(request.prefix(8))?"
        case .sealToCard: "Seal your share to this card?"
        case .sign(let count, let name): "Sign \(count == 1 ? "it" : "all of them") as \(name)?"
        case .makeEpoch: "Make the new epoch?"
        case .dealShares: "Make it?"
        case .leaveOut(let isPlural): "Leave \(isPlural ? "them" : "it") out?"
        case .reinstate(let name): "Reinstate \(name)?"
        case .void(let digest): "Void the branch that begins with \(digest.short)?"
        case .withdraw: "Withdraw it?"
        case .addCertificates(let count): "Add \(count == 1 ? "it" : "them")?"
        }
    }
}

extension LongWork {
    var words: String {
        switch self {
        case .openingIdentity(let name): "opening \(name)'s identity"
        case .makingRequestKey: "making the request's key"
        case .makingIdentity: "making the identity"
        case .sealingIdentity: "sealing the identity"
        case .lookingAt(let path): "looking at \(path)"
        case .archivingState: "archiving the CA's state"
        case .unpackingState: "unpacking the CA's state"
        }
    }
}
