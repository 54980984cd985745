// SPDX-License-Identifier: Apache-2.0

package import Encoding

extension DocumentFormat {
    /// What an epoch is: people, policy, commitments, sealed shares.
    package static let manifest = DocumentFormat("manifest")

    /// A certificate that joins an escrow: the same key, renewed.
    package static let addedCertificate = DocumentFormat("added-certificate")

    /// That a restore took place.
    package static let restore = DocumentFormat("restore")

    /// That the key was rebuilt to see whether it can be, and is nowhere now.
    package static let drill = DocumentFormat("drill")

    /// A custodian has opened their share.
    package static let receipt = DocumentFormat("receipt")
    /// An auditor asks for proofs.
    package static let challenge = DocumentFormat("challenge")
    /// A custodian's answer to a challenge.
    package static let proof = DocumentFormat("proof")
    /// Officers ask for releases.
    package static let request = DocumentFormat("request")
    /// A custodian has released a share.
    package static let release = DocumentFormat("release")
    /// The release itself, which travels.
    package static let releaseBox = DocumentFormat("release-box")
    /// Somebody objects to a request.
    package static let refusal = DocumentFormat("refusal")
    /// Officers go on although a request was refused.
    package static let override = DocumentFormat("override")
    /// A custodian does not count.
    package static let suspension = DocumentFormat("suspension")
    /// Suspensions of a custodian end.
    package static let reinstatement = DocumentFormat("reinstatement")
    /// A branch of a fork does not count.
    package static let void = DocumentFormat("void")
    /// An officer asks whoever has a card to show that they can unseal.
    package static let enrolmentChallenge = DocumentFormat("enrolment-challenge")
    /// The answer to that.
    package static let enrolment = DocumentFormat("enrolment")
    /// What a ceremony is to be.
    package static let plan = DocumentFormat("plan")
    /// Public files of escrows, packed for the way.
    package static let parcel = DocumentFormat("parcel")

    /// What auditors sign.
    package static let signedByAuditors = [challenge]

    /// What officers sign: the namespaces that their lines in an `allowed_signers` file admit.
    package static let signedByOfficers = [
        manifest, addedCertificate, request, DocumentFormat("rotation"), DocumentFormat("retirement"),
        enrolmentChallenge, plan,
    ]
}

/// How many bytes of each kind of file are read (docs/format.md, section 5.1).
package enum ByteLimit {
    package static let manifest = 4 << 20
    package static let pkcs12 = 16 << 20
    package static let document = 256 << 10
    package static let signature = 8 << 10
    package static let parcel = 16 << 20
    /// Of a program, the largest file whose digest is read aloud: with debug information, too.
    package static let program = 256 << 20
}
