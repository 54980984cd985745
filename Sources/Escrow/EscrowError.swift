// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Files
package import SecretSharing

/// Why something could not be done with an escrow: the facts, with the file and the person they are about.
///
/// Paths are shown as the caller gave them. No case carries a secret.
package enum EscrowError: Error, Equatable {
    // Files and documents
    case file(FileError)
    case document(path: String, DocumentError)
    case manifest(path: String, ManifestError)
    case card(path: String, CardError)
    case signature(path: String, SignatureError)
    case publicKey(path: String, SigningKeyError)
    case fileName(path: String, expected: String)
    case notAnEscrow(path: String)
    case noEscrowInside(path: String)
    case escrowIsDamaged(path: String, finding: String)
    case fork(path: String, epoch: Int, digests: [SHA256Digest])
    case noSuchEpoch(path: String, Int)
    case nowhereToWriteTheRecord(path: String)

    // People and policies
    case policy(PolicyTextError)
    case approval(ApprovalError)
    case noCard(Name, given: [Name])
    case twoCards(Name, String, String)
    case sshKeyCannotUnseal(path: String, Name)
    case cardExpired(path: String, Name, Timestamp)
    case cardIsAnother(path: String, Name)
    case keyAppearsTwice(Name, Name)
    case nobodyGiven
    case notAnOfficer(path: String, Name)
    case notACustodian(path: String, Name)
    case identityIsNotThePerson(path: String, Name)

    // Approval and anchors
    case notInForce(path: String, signed: Int, needed: Int, missing: [Name])
    case noOfficerIsTrusted(path: String, signers: String, signedBy: [Officer])
    case tooFewOfficersAreTrusted(path: String, signers: String, found: Int, needed: Int)
    case anotherCertificate(path: String, subject: String, digest: SHA256Digest, given: GivenCertificate)
    case anotherCA(path: String, escrowed: String, found: String)
    case cannotJoin(path: String, JoinFault)
    case retired(path: String)
    case superseded(path: String, by: Int)
    case insideEscrow(path: String, escrow: String)
    case signedAlready(path: String, Name)
    case clockIsWrong(newest: Timestamp, path: String, now: Timestamp)

    // Added documents
    case notSigned(path: String, Name)
    case caSignature(path: String, CASignatureError)
    case equivocation(path: String, Name, found: SHA256Digest, here: SHA256Digest)
    case request(String, RequestError)
    case release(path: String, ReleaseError)
    case seen(path: String, SeenError)
    case enrolment(path: String, EnrolmentError)
    case anotherEscrow(path: String, kind: String)
    case noSuchDocument(kind: String, String, escrow: String)
    case ambiguousDocument(kind: String, String, [String])

    // Shares and keys
    case box(Name, Path, BoxError)
    case headDigest(Name, Path)
    case share(Name, SecretSharingError)
    case notEnough(found: Int, needed: Int, candidates: [Name])
    case secretDoesNotMatch(path: String)
    case pkcs12IsAnother(path: String, expected: SHA256Digest, found: SHA256Digest)
    case pkcs12(path: String, PKCS12Error)
    case keysDoNotMatchManifest(path: String)
    case state(StateError)
    case selfCheck(String)
    case readBackFailed(store: String)

    // Rehearsals
    case rehearsal(path: String)
    case notARehearsal(path: String)
    case keyOfRehearsal(store: String, subject: String)
    case keyOfProduction(store: String, subject: String)
}

/// A certificate that someone gave by file, or by its digest.
package struct GivenCertificate: Hashable, Sendable {
    /// The file, or nothing for a digest that was typed.
    package let path: String?
    package let subject: String?
    package let digest: SHA256Digest

    package init(path: String?, subject: String?, digest: SHA256Digest) {
        self.path = path
        self.subject = subject
        self.digest = digest
    }
}

extension EscrowError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .document(let path, let error): "\(path): \(error)"
        case .manifest(let path, let error): "\(path): \(error)"
        case .card(let path, let error): "\(path): \(error)"
        case .signature(let path, let error): "\(path): \(error)"
        case .publicKey(let path, let error): "\(path): \(error)"
        case .fileName(let path, let expected): "\(path): wrong name: by its content it is \(expected)"
        case .notAnEscrow(let path): "\(path): not an escrow: it holds no epoch such as 0001-3fa9c2d1"
        case .noEscrowInside(let path): "\(path): no escrow in it"
        case .escrowIsDamaged(let path, let finding): "\(path): \(finding)"
        case .fork(let path, let epoch, let digests):
            "\(path): two epochs have number \(epoch) (\(digests.map(\.short).joined(separator: ", "))): "
                + "officers must say which is void"
        case .noSuchEpoch(let path, let epoch): "\(path): no epoch \(epoch)"
        case .nowhereToWriteTheRecord(let path): "\(path): read-only: nowhere to write the record"

        case .policy(let error): "\(error)"
        case .approval(let error): "\(error)"
        case .noCard(let name, let given):
            "policy: '\(name)' has no card (cards given: \(given.isEmpty ? "none" : Self.list(given)))"
        case .twoCards(let name, let first, let second): "\(second): a second card of '\(name)': the first is \(first)"
        case .sshKeyCannotUnseal(let path, let name):
            "\(path): an OpenSSH key can sign but not unseal: \(name) can be an officer, not a custodian"
        case .cardExpired(let path, let name, let time): "\(path): the card of \(name) expired on \(time)"
        case .cardIsAnother(let path, let name): "\(path): not the card of \(name) that the manifest names"
        case .keyAppearsTwice(let first, let second): "the cards of '\(first)' and '\(second)' hold one key"
        case .nobodyGiven: "policy: 'all' stands for the cards given that are not an officer's: there are none"
        case .notAnOfficer(let path, let name): "\(path): \(name) is no officer of this manifest"
        case .notACustodian(let path, let name): "\(path): \(name) is no custodian of this escrow"
        case .identityIsNotThePerson(let path, let name):
            "\(path): the keys are not those of \(name) in the manifest: another identity of the same name"

        case .notInForce(let path, let signed, let needed, let missing):
            "\(path): not in force: signed by \(signed) of \(needed) officers: \(needed - signed) more needed"
                + (missing.isEmpty ? "" : " of (\(Self.list(missing)))")
        case .noOfficerIsTrusted(let path, let signers, let signedBy):
            "\(path): no officer of this manifest is in \(signers): signed by "
                + (signedBy.isEmpty
                    ? "nobody" : signedBy.map { "\($0.name) (\($0.key.fingerprint))" }.joined(separator: ", "))
        case .tooFewOfficersAreTrusted(let path, let signers, let found, let needed):
            "\(path): \(found) of \(needed) officers admitted by \(signers) have signed: \(needed - found) more needed"
        case .anotherCertificate(let path, let subject, let digest, let given):
            "\(path): the escrow of '\(subject)' (SHA-256 \(digest.grouped)), not of "
                + [given.path ?? "the certificate named", given.subject.map { "'\($0)'" }]
                .compactMap(\.self).joined(separator: " ") + " (SHA-256 \(given.digest.grouped))"
        case .anotherCA(let path, let escrowed, let found):
            "\(path): the escrow of '\(escrowed)': the store holds the key of '\(found)'"
        case .cannotJoin(let path, let fault): "\(path): \(fault)"
        case .retired(let path): "\(path): retired"
        case .superseded(let path, let epoch): "\(path): superseded by epoch \(epoch)"
        case .insideEscrow(let path, let escrow):
            "\(path): inside the escrow \(escrow): everything in an escrow is public, and keys lie in other hands"
        case .signedAlready(let path, let name): "\(path): \(name) has signed it already"
        case .clockIsWrong(let newest, let path, let now):
            "this machine's clock says \(now), but \(path) was made on \(newest)"

        case .notSigned(let path, let name): "\(path): not signed by \(name)"
        case .caSignature(let path, let error): "\(path): \(error)"
        case .equivocation(let path, let name, let found, let here):
            "\(path): \(name) was shown another manifest, \(found.short)…, where this is \(here.short)…"
        case .request(let identifier, let error): "request \(identifier.prefix(8)): \(error)"
        case .release(let path, let error): "\(path): \(error)"
        case .seen(let path, let error): "\(path): \(error)"
        case .enrolment(let path, let error): "\(path): \(error)"

        case .rehearsal(let path): "\(path): a rehearsal: its key is a test key"
        case .notARehearsal(let path): "\(path): no rehearsal: its key is the CA's own"
        case .keyOfRehearsal(let store, let subject):
            "\(store): the key of '\(subject)', a test CA: only rehearsed with"
        case .keyOfProduction(let store, let subject):
            "\(store): the key of '\(subject)', no test CA: it is not rehearsed with"

        case .anotherEscrow(let path, let kind): "\(path): a \(kind) of another escrow or epoch"
        case .noSuchDocument(let kind, let identifier, let escrow):
            identifier.isEmpty ? "\(escrow): no \(kind) is open" : "\(escrow): no \(kind) \(identifier)"
        case .ambiguousDocument(let kind, let prefix, let found):
            (prefix.isEmpty ? "several \(kind)s are open: " : "\(kind) \(prefix): several begin so: ")
                + "\(found.map { String($0.prefix(8)) }.joined(separator: ", "))"

        case .box(let name, let path, let error): "share of \(name) (path \(path)): \(error)"
        case .headDigest(let name, let path):
            "share of \(name) (path \(path)): sealed for another manifest: officers, policy, certificate or file differ"
        case .share(let name, .shareDoesNotMatchCommitments(let path)):
            "share of \(name) (path \(path)): does not match the commitments: "
                + "it was altered, or sealed for another epoch"
        case .share(let name, let error): "share of \(name): \(error)"
        case .notEnough(let found, let needed, let candidates):
            "\(found) of \(needed) custodians: \(needed - found) more needed of (\(Self.list(candidates)))"
        case .secretDoesNotMatch(let path): "\(path): the shares do not rebuild the secret of this manifest"
        case .pkcs12IsAnother(let path, let expected, let found):
            "\(path): not the file of this manifest: SHA-256 \(found.short)…, where \(expected.short)… is expected"
        case .pkcs12(let path, let error): "\(path): \(error)"
        case .keysDoNotMatchManifest(let path): "\(path): its keys are not those of the manifest's certificates"
        case .state(let error): "\(error)"
        case .selfCheck(let what): "the new escrow does not pass its own check: \(what)"
        case .readBackFailed(let store): "\(store): the key read back does not sign for the certificate"
        }
    }

    static func list(_ names: [Name]) -> String { names.map(\.description).joined(separator: ", ") }
}
