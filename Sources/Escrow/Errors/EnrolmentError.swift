// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding

/// Why an enrolment challenge is not answered, or an answer does not count; whose file it is, the caller knows.
package indirect enum EnrolmentError: Error, Equatable {
    // What a custodian's program finds before it opens the box, and when it does
    case expired(Timestamp, now: Timestamp)
    case notYourCard(Name)
    case box(BoxError)
    case contradictsItself

    // What is none of it
    case unknownFile
    case noCard
    case nothingHere

    // What makes an answer worthless
    case cardIsNotHere(Name, SHA256Digest)
    case anotherCard(Name, SHA256Digest)
    case challengeIsNotHere(SHA256Digest)
    case challengeOfAnother(Name)
    case cardsDiffer
    case askedThemselves(Name)
    case officerIsUnknown(Signer)
    case wrongAnswer(SHA256Digest)
    case early(Timestamp, asked: Timestamp)
    case late(Timestamp, expired: Timestamp)
}

extension EnrolmentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .expired(let time, let now): "expired \(time.forPeople) (this machine: \(now.forPeople))"
        case .notYourCard(let name): "the card is \(name)'s by name, and holds other keys than your identity"
        case .box(let error): "\(error)"
        case .contradictsItself: "the box holds something else than its officer signed for: nothing was sent"

        case .unknownFile: "named neither like a card (NAME.card) nor like an enrolment"
        case .noCard: "no card"
        case .nothingHere: "no card and no enrolment"

        case .cardIsNotHere(let name, let digest): "the card of \(name) that it is about is not here: \(digest.short)…"
        case .anotherCard(let name, let digest): "about another card of \(name): \(digest.short)…"
        case .challengeIsNotHere(let digest): "the challenge that it answers is not here: \(digest.short)…"
        case .challengeOfAnother(let name): "the challenge that it answers was put to \(name)"
        case .cardsDiffer: "the challenge that it answers is about another card"
        case .askedThemselves(let name): "asked by \(name): nobody enrols themselves"
        case .officerIsUnknown(let officer):
            "asked by \(officer.name) (\(officer.key.fingerprint)), for whom nobody here vouches"
        case .wrongAnswer(let digest): "not what the box of challenge \(digest.short)… holds"
        case .early(let time, let asked): "made \(time), before it was asked for on \(asked)"
        case .late(let time, let expired): "made \(time), and the challenge expired on \(expired)"
        }
    }
}

extension EnrolmentError {
    /// Whether nothing is wrong with the files: what is asked is not done.
    package var isRefusal: Bool {
        switch self {
        case .expired, .notYourCard, .askedThemselves: true
        default: false
        }
    }
}
