// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Encoding
package import Files
package import KeyStores
package import SecretSharing

/// Why something could not be done with an escrow: the facts, with the file and the person they are about.
///
/// Paths are shown as the caller gave them. No case carries a secret.
///
/// It is boxed, as every large enumeration of errors and notices is: `throws(EscrowError)` stands on five hundred
/// functions, and each of them would otherwise hold the code that copies and destroys every case. That was a fifth of this
/// module's code.
package indirect enum EscrowError: Error, Equatable {
    case directory(DirectoryFault)
    case person(PersonFault)
    case trust(TrustFault)
    case opening(OpeningFault)
    case backup(BackupFault)

    // Files and documents
    case file(FileError)
    case document(path: String, DocumentError)
    case manifest(path: String, ManifestError)
    case card(path: String, CardError)
    case signature(path: String, SignatureError)
    case publicKey(path: String, SigningKeyError)
    /// A file of those who are believed.
    case signers(path: String, AllowedSignersError)
    case parcel(path: String, ParcelFault)
    /// What draws codes, or reads them.
    case code(CodeProgramError)
    case succession(path: String, epoch: Int, SuccessionFault)

    // Whoever is at hand
    case absent(Absence)
    case notConfirmed
    case comparison(Comparison, Comparison.Fault)
    case text(WantedText)
    case identity(path: String, IdentityError)
    case changes(ChangeFault)

    // People and policies
    case policy(PolicyTextError)
    case approval(ApprovalError)

    // Approval and anchors
    case stamp(path: String, TimeStampError)
    case cannotJoin(path: String, JoinFault)

    // Added documents
    case caSignature(path: String, CASignatureError)
    case request(String, RequestError)
    case release(path: String, ReleaseError)
    case seen(path: String, SeenError)
    case enrolment(path: String, EnrolmentError)

    // Shares and keys
    case box(Name, Path, BoxError)
    case share(Name, SecretSharingError)
    case pkcs12(path: String, PKCS12Error)
    case state(StateError)
    case store(StoreError)

    // Backups
    case material(store: String, CAMaterialError)
}

extension EscrowError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .directory(let fault): "\(fault)"
        case .person(let fault): "\(fault)"
        case .trust(let fault): "\(fault)"
        case .opening(let fault): "\(fault)"
        case .backup(let fault): "\(fault)"
        case .file(let error): "\(error)"
        case .document(let path, let error): "\(path): \(error)"
        case .manifest(let path, let error): "\(path): \(error)"
        case .card(let path, let error): "\(path): \(error)"
        case .signature(let path, let error): "\(path): \(error)"
        case .publicKey(let path, let error): "\(path): \(error)"
        case .signers(let path, let error): "\(path): \(error)"
        case .parcel(let path, let fault): "\(path): \(fault)"
        case .code(let error): "\(error)"
        case .succession(let path, let epoch, let fault): "\(path): epoch \(epoch): \(fault)"
        case .absent(let absence): "\(absence)"
        case .notConfirmed: "not confirmed: nothing was done"
        case .comparison(let comparison, let fault): "\(comparison): \(fault): \(comparison.outcome)"
        case .text: "1 to 500 characters, no control or invisible ones"
        case .identity(let path, let error): "\(path): \(error)"
        case .changes(let fault): "\(fault)"
        case .policy(let error): "\(error)"
        case .approval(let error): "\(error)"
        case .stamp(let path, let error): "\(path): \(error)"
        case .cannotJoin(let path, let fault): "\(path): \(fault)"
        case .caSignature(let path, let error): "\(path): \(error)"
        case .request(let identifier, let error): "request \(identifier.prefix(8)): \(error)"
        case .release(let path, let error): "\(path): \(error)"
        case .seen(let path, let error): "\(path): \(error)"
        case .enrolment(let path, let error): "\(path): \(error)"
        case .material(let store, let error): "\(store): \(error)"
        case .box(let name, let path, let error): "share of \(name) (path \(path)): \(error)"
        case .share(let name, .shareDoesNotMatchCommitments(let path)):
            "share of \(name) (path \(path)): does not match the commitments: "
                + "it was altered, or sealed for another epoch"
        case .share(let name, let error): "share of \(name): \(error)"
        case .pkcs12(let path, let error): "\(path): \(error)"
        case .state(let error): "\(error)"
        case .store(let error): "\(error)"
        }
    }

    /// What is wrong with what lies at a path.
    static func damaged(_ path: String, _ finding: String) -> EscrowError {
        .directory(.escrowIsDamaged(path: path, finding: finding))
    }

    /// The fewest characters of a new passphrase of an identity, or of a request's key.
    package static let fewestPassphraseCharacters = 12
}

/// Turns errors of files into ours.
package func orThrow<Success: ~Copyable>(_ body: () throws(FileError) -> Success) throws(EscrowError) -> Success {
    try orThrow(body(), as: EscrowError.file)
}

/// Turns an error of a file into ours.
package func orThrow<Success: ~Copyable>(
    _ body: @autoclosure () throws(FileError) -> Success
) throws(EscrowError) -> Success {
    try orThrow(body(), as: EscrowError.file)
}

/// Turns an error of a module below into ours.
///
/// - Parameter fact: What it is here, such as `EscrowError.state`.
package func orThrow<Failure, Success: ~Copyable>(
    _ body: @autoclosure () throws(Failure) -> Success,
    as fact: (Failure) -> EscrowError
) throws(EscrowError) -> Success {
    try rethrowing(as: fact, body())
}
