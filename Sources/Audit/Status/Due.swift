// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import Escrow
import SecretSharing

/// Something that an escrow waits for.
package enum Due: Hashable, Sendable {
    // The backup
    /// The CA's certificate was renewed with a key that is escrowed.
    case sameKeyRenewal(Certificate)
    /// The CA has another key.
    case newKeyRenewal(Certificate)
    /// A certificate was added, and waits for officers.
    case certificateNotApproved(Certificate, Shortfall)
    /// Certificate Services counts generations that are not here.
    case generationsMissing(GenerationGap)
    /// A restore has shown the secret to a machine: the password is to be replaced.
    case used(on: Timestamp, by: [Name])
    /// The newest epoch waits for officers.
    case epochNotApproved(epoch: Int, Shortfall, before: Shortfall? = nil)
    /// The certificate is no longer valid.
    case certificateExpired(Certificate)

    /// The escrow is of none of the CAs whose certificates were given.
    case ofNoCertificateGiven(Certificate)

    /// Nobody whom the officer knows vouches for the escrow, and why.
    case notAnchored(String)

    /// The epoch was never drilled, or not lately.
    case drill(last: Timestamp?)

    // The custodians
    /// No receipt of these.
    case notAcknowledged([Name])
    /// This custodian is not counted on: new shares are due, or an acknowledgement.
    case suspended(Name, Suspension.Cause)
    /// Nothing shows that this custodian knew their share lately.
    case notProven(Name, last: CustodianEvidence)
    /// A gate can lose fewer people than it should.
    case marginTooSmall(GateMargin, least: Int)
    /// A custodian wanted their keys used until then.
    case cardExpired(Name, Timestamp)

    /// A stable word for machines.
    package var code: String {
        switch self {
        case .sameKeyRenewal: "renewed-same-key"
        case .newKeyRenewal: "renewed-new-key"
        case .certificateNotApproved: "certificate-not-approved"
        case .generationsMissing: "generation-missing"
        case .used: "used"
        case .epochNotApproved: "epoch-not-approved"
        case .certificateExpired: "certificate-expired"
        case .ofNoCertificateGiven: "of-no-certificate-given"
        case .notAnchored: "not-anchored"
        case .drill: "drill-due"
        case .notAcknowledged: "not-acknowledged"
        case .suspended: "suspended"
        case .notProven: "not-proven"
        case .marginTooSmall: "margin"
        case .cardExpired: "card-expired"
        }
    }

    /// Whether a backup, or what completes one, would settle it.
    package var isBackup: Bool {
        switch self {
        case .sameKeyRenewal, .newKeyRenewal, .certificateNotApproved, .generationsMissing, .used, .epochNotApproved:
            true
        case .ofNoCertificateGiven, .notAnchored, .certificateExpired, .drill, .notAcknowledged, .suspended, .notProven,
            .marginTooSmall, .cardExpired:
            false
        }
    }
}

extension Due {
    /// Whether a document that is here shows it, whatever else cannot be read; the others follow from what is missing.
    var showsByItself: Bool {
        switch self {
        case .used, .certificateExpired, .cardExpired, .ofNoCertificateGiven, .notAnchored: true
        case .sameKeyRenewal, .newKeyRenewal, .certificateNotApproved, .generationsMissing, .epochNotApproved, .drill,
            .notAcknowledged, .suspended, .notProven, .marginTooSmall:
            false
        }
    }
}

extension Due: CustomStringConvertible {
    package var description: String {
        switch self {
        case .sameKeyRenewal(let certificate): "renewed with the same key: \(Self.words(certificate))"
        case .newKeyRenewal(let certificate): "renewed with a new key: \(Self.words(certificate))"
        case .certificateNotApproved(let certificate, let shortfall):
            "added, but not approved yet: \(Self.words(certificate)): may sign: \(shortfall.missing.listed)"
        case .generationsMissing(let gap): "\(gap)"
        case .used(let time, let custodians):
            "used by a restore on \(time) (\(custodians.listed)): a new epoch takes its place"
        case .epochNotApproved(let epoch, let own, let before): "epoch \(epoch): \(Shortfall.words(own, before))"
        case .certificateExpired(let certificate): "expired on \(certificate.end): \(Self.words(certificate))"
        case .ofNoCertificateGiven(let certificate):
            "belongs to none of the given certificates: \(Self.words(certificate))"
        case .notAnchored(let reason): reason
        case .drill(nil): "never done for this epoch"
        case .drill(let last?): "the last is of \(last)"
        case .notAcknowledged(let names): "no receipt from \(names.listed)"
        case .suspended(let name, let cause):
            "\(name) is suspended (\(cause.rawValue)): "
                + (cause == .unreachable
                    ? "an epoch with new shares is due, or an acknowledgement by \(name)"
                    : "an epoch with new shares is due, without \(name) or with a new card")
        case .notProven(let name, let last): "\(name): the newest evidence is \(last)"
        case .marginTooSmall(let gate, let least):
            "\(gate.path == .root ? "the root gate" : "gate \(gate.path)"): \(gate.available) of \(gate.memberCount) "
                + "available, \(gate.threshold) needed: "
                + (gate.margin < 0 ? "lost" : "margin \(gate.margin), where at least \(least) is wanted")
        case .cardExpired(let name, let time): "the card of \(name) was valid until \(time)"
        }
    }

    private static func words(_ certificate: Certificate) -> String {
        "'\(certificate.subject)', SHA-256 \(SHA256Digest(of: certificate.der).grouped)"
    }
}
