// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Encoding
package import Files
package import KeyStores
package import SecretSharing
package import SystemPackage

/// Why something could not be done with an escrow: the facts, with the file and the person they are about.
///
/// Paths are shown as the caller gave them. No case carries a secret.
///
/// It is boxed, as every large enumeration of errors and notices is: `throws(EscrowError)` stands on five hundred
/// functions, and each of them would otherwise hold the code that copies and destroys every case. That was a fifth of this
/// module's code.
package indirect enum EscrowError: Error, Equatable {
    // Files and documents
    case file(FileError)
    case document(path: String, DocumentError)
    case manifest(path: String, ManifestError)
    case card(path: String, CardError)
    case signature(path: String, SignatureError)
    case publicKey(path: String, SigningKeyError)
    /// A file of those who are believed.
    case signers(path: String, AllowedSignersError)
    /// A document of a kind that this version does not know.
    case unknownKind(path: String, String)
    case parcel(path: String, ParcelFault)
    /// What draws codes, or reads them.
    case code(CodeProgramError)
    case fileName(path: String, expected: String)
    case notAnEscrow(path: String)
    case noEscrowInside(path: String)
    /// Another file than a reader wants.
    case anotherFile(path: String, found: RecognisedFile, wanted: RecognisedFile)
    case noCertificateInside(path: String)
    case escrowIsDamaged(path: String, finding: String)
    case fork(path: String, epoch: Int, digests: [SHA256Digest])
    case severalDrafts(path: String, epoch: Int, digests: [SHA256Digest])
    case notADraft(path: String)
    case notTheirDraft(path: String, Name)
    case noDraft(path: String, Name)
    case nothingToVoid(path: String)
    case whichBranch(path: String)
    case notOfTheFork(path: String, EpochSelector)
    case severalBranchesStay(path: String, [SHA256Digest])
    case severalEscrows(path: String, digests: [SHA256Digest])
    case succession(path: String, epoch: Int, SuccessionFault)
    case noSuchEpoch(path: String, EpochSelector)
    case nowhereToWriteTheRecord(path: String)
    case notADirectory(path: String)
    case noPlace(path: String)

    // Whoever is at hand
    case absent(Absence)
    case notConfirmed
    case comparison(Comparison, Comparison.Fault)
    case text(WantedText)
    case identity(path: String, IdentityError)
    case changes(ChangeFault)
    case noNewPassphrase
    case passphraseIsShort(characterCount: Int)
    case identityNotMade(String)
    case notACertificateDigest
    case noPassphrase(path: String, Name)

    // People and policies
    case policy(PolicyTextError)
    case approval(ApprovalError)
    case sameOfficers
    case noOfficer(Name, given: [Name])
    case noCard(Name, given: [Name])
    case twoCards(Name, String, String)
    case sshKeyCannotUnseal(path: String, Name)
    case cardExpired(path: String, Name, Timestamp)
    case notACardOf(path: String, Name)
    case sealedToThisCard(path: String)
    case isOfficerToo(path: String, Signer)
    case cardIsAnother(path: String, Name)
    case keyAppearsTwice(Name, Name)
    case nobodyGiven
    case notAnOfficer(path: String, Name)
    case notACustodian(path: String, Name)
    case neitherCustodianNorOfficer(path: String, Name)
    case identityIsNotThePerson(path: String, Name)
    case notSuspended(path: String, Name)
    case suspended(Name, since: Timestamp, because: String, path: String)

    // Approval and anchors
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
    case stamp(path: String, TimeStampError)
    case anotherCertificate(path: String, subject: String, digest: SHA256Digest, given: GivenCertificate)
    case anotherCA(path: String, escrowed: String, found: String)
    case cannotJoin(path: String, JoinFault)
    case retired(path: String)
    case superseded(path: String, by: Int)
    case insideEscrow(path: String, escrow: String)
    case signedAlready(path: String, Name)
    case oneDraftCanBeSigned([FilePath])
    case nothingToSign(path: String)
    case signedAnother(path: String, Name, other: String)
    case clockIsWrong(newest: Timestamp, path: String, now: Timestamp)

    // Added documents
    case notSigned(path: String, Name)
    case caSignature(path: String, CASignatureError)
    /// A receipt of another manifest of the set: ``ReceiptFindings`` says what it shows.
    case otherManifest(path: String, Name, Timestamp, found: SHA256Digest, here: SHA256Digest)
    case equivocation(path: String, Name, found: SHA256Digest, here: SHA256Digest)
    case request(String, RequestError)
    case challengeExpired(String, Timestamp, now: Timestamp)
    case release(path: String, ReleaseError)
    case releaseFile(path: String, String)
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
    case noPKCS12(path: String)
    case pkcs12IsAnother(path: String, expected: SHA256Digest, found: SHA256Digest)
    case pkcs12(path: String, PKCS12Error)
    case keysDoNotMatchManifest(path: String)
    case state(StateError)
    case store(StoreError)
    /// The name of a store, as somebody gave it.
    case storeName
    /// A store's own software makes its files: nobody else says whose they are.
    case ownedByStore(kind: String)
    /// Something that only a PKCS#12 file can be.
    case notPKCS12(kind: String)
    /// The archive of the CA's state is not where it should be.
    case noStateArchive(path: String)
    case stateIsNotArchived(path: String, epoch: Int)
    case selfCheck(String)
    case readBackFailed(store: String)

    // Backups
    /// Something is missing that only somebody can want.
    case firstEscrowNeeds(path: String, BackupWish)
    case firstEscrowHasItsOccasion
    /// What was wanted of a new epoch, where none is made.
    case noNewEpochIsDue(BackupWish, epoch: Int, has: String)
    /// Nobody was there to go on without them.
    case leavesOut(store: String, LeftOutGenerations)
    case material(store: String, CAMaterialError)

    // Rehearsals
    /// A rehearsal makes a CA of its own only for a first escrow.
    case isThereAlready(path: String)
    case testCAHasNoState
    case testCANotMade(KeyError)
    case rehearsal(path: String)
    case notARehearsal(path: String)
    case keyOfRehearsal(store: String, subject: String)
    case keyOfProduction(store: String, subject: String)
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
        case .signers(let path, let error): "\(path): \(error)"
        case .unknownKind(let path, let kind):
            "\(path): a document of the kind \(kind.quoted), which this version does not show"
        case .parcel(let path, let fault): "\(path): \(fault)"
        case .code(let error): "\(error)"
        case .fileName(let path, let expected): "\(path): wrong name: by its content it is \(expected)"
        case .notAnEscrow(let path): "\(path): not an escrow: it holds no epoch such as 0001-3fa9c2d1"
        case .noEscrowInside(let path): "\(path): no escrow in it"
        case .anotherFile(let path, let found, let wanted): "\(path): \(found); \(wanted) is wanted"
        case .noCertificateInside(let path): "\(path): no certificate in it (.crt, .cer, .pem or .der)"
        case .escrowIsDamaged(let path, let finding): "\(path): \(finding)"
        case .fork(let path, let epoch, let digests):
            "\(path): \(digests.count) epochs have number \(epoch) (\(digests.map(\.short).joined(separator: ", "))): "
                + "officers must say which is void"
        case .severalDrafts(let path, let epoch, let digests):
            "\(path): \(digests.count) drafts have number \(epoch) (\(digests.map(\.short).joined(separator: ", "))): "
                + "say which one you mean"
        case .notADraft(let path): "\(path): approved, so not a draft: one officer cannot withdraw it"
        case .notTheirDraft(let path, let name): "\(path): a draft that \(name) has not signed: it is not theirs"
        case .noDraft(let path, let name): "\(path): no draft of \(name) is here"
        case .nothingToVoid(let path): "\(path): there is no fork: nothing to void"
        case .whichBranch(let path): "\(path): there is a fork: say which epoch does not count"
        case .notOfTheFork(let path, let epoch): "\(path): epoch \(epoch) is on none of the branches of the fork"
        case .severalBranchesStay(let path, let digests):
            "\(path): several branches would stay: \(digests.map(\.short).joined(separator: ", "))"
        case .severalEscrows(let path, let digests):
            "\(path): two escrows in one: epoch 1 is \(digests.map(\.short).joined(separator: " and "))"
        case .succession(let path, let epoch, let fault): "\(path): epoch \(epoch): \(fault)"
        case .noSuchEpoch(let path, let epoch): "\(path): no epoch \(epoch)"
        case .noPlace(let path): "\(path): its directory is not there, or cannot be written"
        case .notADirectory(let path): "\(path): not a directory"
        case .nowhereToWriteTheRecord(let path): "\(path): read-only: nowhere to write the record"

        case .absent(let absence): "\(absence)"
        case .notConfirmed: "not confirmed: nothing was done"
        case .comparison(let comparison, let fault): "\(comparison): \(fault): \(comparison.outcome)"
        case .text: "1 to 500 characters, no control or invisible ones"
        case .identity(let path, let error): "\(path): \(error)"
        case .changes(let fault): "\(fault)"
        case .noNewPassphrase: "no new passphrase"
        case .passphraseIsShort(let count):
            "passphrase: \(count) characters: at least \(Self.fewestPassphraseCharacters)"
        case .identityNotMade(let reason): reason
        case .notACertificateDigest: "the certificate's SHA-256: 64 hexadecimal digits are needed"
        case .noPassphrase(let path, let name): "\(path): no passphrase for \(name)"

        case .policy(let error): "\(error)"
        case .approval(let error): "\(error)"
        case .sameOfficers: "the same officers as now: nothing to do"
        case .noOfficer(let name, let given):
            "officers: '\(name)' has neither a card nor a .pub file (given: \(given.isEmpty ? "none" : Self.list(given)))"
        case .noCard(let name, let given):
            "policy: '\(name)' has no card (cards given: \(given.isEmpty ? "none" : Self.list(given)))"
        case .twoCards(let name, let first, let second): "\(second): a second card of '\(name)': the first is \(first)"
        case .sshKeyCannotUnseal(let path, let name):
            "\(path): an OpenSSH key can sign but not unseal: \(name) can be an officer, not a custodian"
        case .cardExpired(let path, let name, let time): "\(path): the card of \(name) expired on \(time)"
        case .notACardOf(let path, let name): "\(path): not a card of \(name)"
        case .sealedToThisCard(let path): "\(path): your share is already sealed to this card"
        case .isOfficerToo(let path, let officer):
            "\(path): \(officer.name) is an officer too (\(officer.key.fingerprint)): one name has one signing key"
        case .cardIsAnother(let path, let name): "\(path): not the card of \(name) that the manifest names"
        case .keyAppearsTwice(let first, let second): "the cards of '\(first)' and '\(second)' hold one key"
        case .nobodyGiven: "policy: 'all' stands for the cards given that are not an officer's: there are none"
        case .notAnOfficer(let path, let name): "\(path): \(name) is not an officer of this manifest"
        case .notACustodian(let path, let name): "\(path): \(name) is not a custodian of this escrow"
        case .neitherCustodianNorOfficer(let path, let name):
            "\(path): \(name) is neither custodian nor officer of this escrow"
        case .identityIsNotThePerson(let path, let name):
            "\(path): the keys are not those of \(name) in the manifest: another identity of the same name"

        case .notSuspended(let path, let name): "\(path): \(name) is not suspended"
        case .suspended(let name, let since, let why, let path):
            "\(name) has been suspended since \(since.forPeople) (\(why)) and gets no share: \(path)"

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
        case .stamp(let path, let error): "\(path): \(error)"
        case .anotherCertificate(let path, let subject, let digest, let given):
            "\(path): the escrow of '\(subject)' (SHA-256 \(digest.grouped)), not of \(given.words)"
        case .anotherCA(let path, let escrowed, let found):
            "\(path): the escrow of '\(escrowed)': the store holds the key of '\(found)'"
        case .cannotJoin(let path, let fault): "\(path): \(fault)"
        case .retired(let path): "\(path): retired"
        case .superseded(let path, let epoch): "\(path): superseded by epoch \(epoch)"
        case .insideEscrow(let path, let escrow):
            "\(path): inside the escrow \(escrow): everything in an escrow is public, and keys lie in other hands"
        case .oneDraftCanBeSigned(let paths):
            "\(paths.count) drafts wait, of which one can be signed: \(paths.map(\.string).joined(separator: ", "))"
        case .nothingToSign(let path): "\(path): nothing is waiting for a signature"
        case .signedAlready(let path, let name): "\(path): \(name) has signed it already"
        case .signedAnother(let path, let name, let other):
            "\(path): \(name) has signed \(other), which has the same number: nobody signs two"
        case .clockIsWrong(let newest, let path, let now):
            "this machine's clock says \(now), but \(path) was made on \(newest)"

        case .notSigned(let path, let name): "\(path): not signed by \(name)"
        case .caSignature(let path, let error): "\(path): \(error)"
        case .equivocation(let path, let name, let found, let here):
            "\(path): \(name) was shown a different manifest, \(found.short)…, where this is \(here.short)…"
        case .otherManifest(let path, let name, let time, let found, let here):
            "\(path): \(name) acknowledged a different manifest on \(time.date), \(found.short)…, where this is "
                + "\(here.short)…; it is not here, or no officer here has signed it: a newer receipt of \(name) ends this"
        case .request(let identifier, let error): "request \(identifier.prefix(8)): \(error)"
        case .challengeExpired(let identifier, let expires, let now):
            "challenge \(identifier.prefix(8)): expired \(expires.forPeople) (this machine: \(now.forPeople))"
        case .release(let path, let error): "\(path): \(error)"
        case .releaseFile(let path, let finding): "\(path): \(finding)"
        case .seen(let path, let error): "\(path): \(error)"
        case .enrolment(let path, let error): "\(path): \(error)"

        case .firstEscrowNeeds(let path, _): "\(path): not there yet"
        case .firstEscrowHasItsOccasion: "a first escrow has the occasion '\(Occasion.installation.rawValue)'"
        case .noNewEpochIsDue(_, let epoch, let has): "epoch \(epoch) \(has), and no new one is due"
        case .leavesOut(let store, let left): "\(store): \(left.reasons.joined(separator: "; "))"
        case .material(let store, let error): "\(store): \(error)"

        case .isThereAlready(let path):
            "\(path): there already: a rehearsal makes a CA of its own only for a first escrow"
        case .testCAHasNoState: "a CA that is made for a rehearsal has no database"
        case .testCANotMade(let error): "\(error)"
        case .rehearsal(let path): "\(path): a rehearsal: its key is a test key"
        case .notARehearsal(let path): "\(path): not a rehearsal: its key is the CA's own"
        case .keyOfRehearsal(let store, let subject):
            "\(store): the key of '\(subject)', a test CA: only for rehearsals"
        case .keyOfProduction(let store, let subject):
            "\(store): the key of '\(subject)', not a test CA: not for a rehearsal"

        case .anotherEscrow(let path, let kind): "\(path): a \(kind) of another escrow or epoch"
        case .noSuchDocument(let kind, let identifier, let escrow):
            identifier.isEmpty ? "\(escrow): no \(kind) is open" : "\(escrow): no \(kind) \(identifier)"
        case .ambiguousDocument(let kind, let prefix, let found):
            (prefix.isEmpty ? "several \(kind)s are open: " : "\(kind) \(prefix): several begin with it: ")
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
        case .noPKCS12(let path): "\(path): No such file or directory"
        case .pkcs12IsAnother(let path, let expected, let found):
            "\(path): not the file of this manifest: SHA-256 \(found.short)…, where \(expected.short)… is expected"
        case .pkcs12(let path, let error): "\(path): \(error)"
        case .keysDoNotMatchManifest(let path): "\(path): its keys are not those of the manifest's certificates"
        case .state(let error): "\(error)"
        case .store(let error): "\(error)"
        case .storeName: "1 to 500 characters, no control or invisible ones"
        case .ownedByStore(let kind): "the files of \(kind) are made by its own software"
        case .notPKCS12(let kind): "\(kind) is not a PKCS#12 file"
        case .noStateArchive(let path): "\(path): No such file or directory"
        case .stateIsNotArchived(let path, let epoch):
            "\(path): epoch \(epoch) has no archive of the CA's state"
        case .selfCheck(let what): "the new escrow does not pass its own check: \(what)"
        case .readBackFailed(let store): "\(store): the key read back does not sign for the certificate"
        }
    }

    package static func list(_ names: [Name]) -> String { names.map(\.description).joined(separator: ", ") }

    /// The fewest characters of a new passphrase of an identity, or of a request's key.
    package static let fewestPassphraseCharacters = 12
}

/// Turns a file error into ours.
package func orThrow<Success: ~Copyable>(
    _ body: () throws(FileError) -> Success
) throws(EscrowError) -> Success {
    do {
        return try body()
    } catch {
        throw .file(error)
    }
}
