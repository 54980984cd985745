// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow

// With which status the program ends, by what was wrong with an escrow.

extension DirectoryFault {
    fileprivate var status: ExitStatus {
        switch self {
        case .ambiguousDocument, .whichBranch: .usage
        case .unknownKind, .fileName, .notAnEscrow, .anotherFile: .data
        case .noSuchEpoch, .noEscrowInside, .noCertificateInside, .noDraft, .notADirectory, .noSuchDocument: .noInput
        case .escrowIsDamaged, .fork, .severalEscrows, .anotherEscrow: .failed
        case .nowhereToWriteTheRecord, .insideEscrow, .noPlace: .cannotCreate
        case .nothingToVoid, .notOfTheFork, .severalBranchesStay, .notADraft, .severalDrafts, .notTheirDraft: .refused
        }
    }
}

extension PersonFault {
    fileprivate var status: ExitStatus {
        switch self {
        case .noOfficer, .noCard, .nobodyGiven, .keyAppearsTwice, .sameOfficers: .usage
        case .sshKeyCannotUnseal, .twoCards, .notACardOf: .data
        case .cardIsAnother: .failed
        case .noPassphrase, .neitherCustodianNorOfficer, .sealedToThisCard, .isOfficerToo, .noNewPassphrase,
            .passphraseIsShort, .identityNotMade, .notSuspended, .notAnOfficer, .notACustodian, .identityIsNotThePerson,
            .suspended, .cardExpired:
            .refused
        }
    }
}

extension TrustFault {
    fileprivate var status: ExitStatus {
        switch self {
        case .notACertificateDigest, .nothingToOverride, .nothingRefused, .officersOverride, .requirement: .usage
        case .nothingToSign: .data
        case .overrideWaits: .notYet
        case .noOfficerIsTrusted, .tooFewOfficersAreTrusted, .anotherKeyInSigners, .anotherCertificate, .notSigned,
            .equivocation, .otherManifest:
            .failed
        case .challengeExpired, .nobodyVouches, .notBelieved, .needsUnverified, .needsOverride, .oneDraftCanBeSigned,
            .notInForce, .anotherCA, .retired, .superseded, .signedAlready, .signedAnother, .clockIsWrong,
            .fewerThanHalf,
            .keysEnded:
            .refused
        }
    }
}

extension OpeningFault {
    fileprivate var status: ExitStatus {
        switch self {
        case .storeName, .ownedByStore, .notPKCS12: .usage
        case .releaseFile: .data
        case .noStateArchive, .stateIsNotArchived, .noPKCS12: .noInput
        case .secretDoesNotMatch, .pkcs12IsAnother, .keysDoNotMatchManifest, .readBackFailed: .failed
        case .notEnough: .notYet
        case .headDigest: .refused
        }
    }
}

extension BackupFault {
    fileprivate var status: ExitStatus {
        switch self {
        case .firstEscrowNeeds, .firstEscrowHasItsOccasion, .noNewEpochIsDue, .isThereAlready, .testCAHasNoState: .usage
        case .testCANotMade: .system
        case .selfCheck: .software
        case .rehearsal, .notARehearsal, .keyOfRehearsal, .keyOfProduction, .leavesOut: .refused
        }
    }
}

extension EscrowError {
    var status: ExitStatus {
        switch self {
        case .directory(let fault): fault.status
        case .person(let fault): fault.status
        case .trust(let fault): fault.status
        case .opening(let fault): fault.status
        case .backup(let fault): fault.status
        case .policy, .approval, .text: .usage
        case .file, .state, .store, .code, .document, .manifest, .card, .publicKey, .signers: .data
        case .pkcs12(_, .needsLegacyProvider), .absent: .unavailable
        case .signature, .succession, .stamp, .box, .share, .pkcs12, .caSignature, .release, .material: .failed
        case .cannotJoin(_, .notACA): .data
        case .cannotJoin(_, .signatureOfNoHeldKey), .request(_, .keyIsAnother): .failed
        case .parcel(_, let fault): fault.isOfWish ? .usage : .data
        case .enrolment(_, .unknownFile), .enrolment(_, .noCard), .enrolment(_, .nothingHere),
            .enrolment(_, .box(.recipientNotAcceptable)):
            .data
        case .enrolment(_, let error): error.isRefusal ? .refused : .failed
        case .seen(_, .malformed): .data
        case .identity(_, .wrongPassphrase): .refused
        case .identity: .data
        case .cannotJoin, .notConfirmed, .comparison, .changes, .request, .seen: .refused
        }
    }
}
