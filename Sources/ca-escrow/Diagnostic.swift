// SPDX-License-Identifier: Apache-2.0

import Ceremony
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretMemory
import SecretSharing
import SystemPackage

/// An error as the terminal shows it: what happened, what to try, and the exit status.
///
/// Lines start with `ca-escrow: error:` or `ca-escrow: hint:`, with no capital and no full stop.
struct Diagnostic: Error, Equatable {
    let message: String
    let hint: String?
    let status: ExitStatus

    init(_ message: String, hint: String? = nil, _ status: ExitStatus) {
        self.message = message
        self.hint = hint
        self.status = status
    }

    /// - Returns: `nil` for errors that ArgumentParser words itself.
    init?(_ error: any Error) {
        switch error {
        case let error as Diagnostic: self = error
        case let error as WrongPassphrase: self = error.diagnostic
        case let error as EscrowError: self.init(error)
        case let error as CollectError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as StateError: self.init(error)
        case let error as FileError: self.init(error)
        case BundleError.taken(let path):
            self.init("\(BundleError.taken(path: path))", hint: "move it away, and run the ceremony again", .refused)
        case let error as BundleError:
            self.init("\(error)", hint: "bring the original back, or hold another ceremony: --bundle DIR", .refused)
        case let error as ProgramError: self.init(error)
        case let error as PolicyTextError: self.init("\(error)", hint: error.hint, .usage)
        case let error as NameError: self.init("\(error)", .usage)
        case let error as HardeningError:
            self.init(
                "\(error)",
                hint: "ulimit -l 2048, LimitMEMLOCK=2M, docker --ulimit memlock=2097152",
                .system
            )
        case let error as OpenSSLError: self.init("\(error)", .system)
        default: return nil
        }
    }

    /// The same about a file that people call otherwise.
    func replacing(_ path: String, with shown: String) -> Diagnostic {
        Diagnostic(message.replacing(path, with: shown), hint: hint?.replacing(path, with: shown), status)
    }

    /// Writes the lines to standard error.
    func report() {
        Output.error("ca-escrow: error: \(message)")
        if let hint {
            Output.error("ca-escrow: hint: \(hint)")
        }
    }
}

extension Diagnostic {
    init(_ error: FileError) {
        let status: ExitStatus
        switch error {
        case .system(_, .noSuchFileOrDirectory): status = .noInput
        case .system(_, .notDirectory), .system(_, .noData): status = .data
        case .busy: status = .refused
        case .system(_, .isDirectory), .symbolicLink, .notRegular, .tooLarge: status = .data
        case .system: status = .inputOutput
        case .cannotCreate(_, .noSpace): status = .inputOutput
        case .cannotCreate, .exists, .cannotPublish: status = .cannotCreate
        }
        var hint: String?
        if case .cannotPublish = error {
            hint = "write to a local disk, then copy the result"
        }
        self.init("\(error)", hint: hint, status)
    }

    init(_ error: ProgramError) {
        switch error {
        case .cannotStart: self.init("\(error)", .unavailable)
        case .tookTooLong, .wroteTooMuch, .died, .system: self.init("\(error)", .inputOutput)
        }
    }

    init(_ error: CollectError) {
        switch error {
        case .escrow(let error): self.init(error)
        case .enrolment: self.init("\(error)", hint: "ca-escrow enrol verify FILE", .data)
        case .pkcs12, .secret, .stateArchive, .signatureOfNothing, .cardOfNobody, .unknown, .releaseBox, .notInParcel,
            .epochIsNotHere:
            self.init("\(error)", .data)
        }
    }

    private init(_ error: EscrowError) {
        switch error {
        case .file(let error): self.init(error)
        case .policy(let error): self.init("\(error)", hint: error.hint, .usage)
        case .state(let error): self.init(error)
        default: self.init("\(error)", hint: error.hint, error.status)
        }
    }
}

extension PolicyTextError {
    /// How a policy is written, unless this one is well written and cannot be.
    fileprivate var hint: String? {
        switch self {
        case .policy, .tooLong: nil
        case .expected, .name: "a policy is written '3 of (alice, bob, carol, dave, erin)', '3 of all', or nested"
        }
    }
}

extension EscrowError {
    fileprivate var status: ExitStatus {
        switch self {
        case .file, .state, .document, .manifest, .card, .publicKey, .fileName, .sshKeyCannotUnseal, .twoCards: .data
        case .notAnEscrow: .data
        case .policy, .approval, .noCard, .nobodyGiven, .keyAppearsTwice: .usage
        case .noSuchEpoch, .noEscrowInside: .noInput
        case .pkcs12(_, .needsLegacyProvider): .unavailable
        case .signature, .escrowIsDamaged, .fork, .noOfficerIsTrusted, .tooFewOfficersAreTrusted,
            .anotherCertificate, .cardIsAnother, .box, .share, .secretDoesNotMatch, .pkcs12IsAnother, .pkcs12,
            .keysDoNotMatchManifest, .readBackFailed, .notSigned, .caSignature, .equivocation, .release, .anotherEscrow:
            .failed
        case .cannotJoin(_, .notACA): .data
        case .cannotJoin(_, .signatureOfNoHeldKey): .failed
        case .cannotJoin: .refused
        case .request(_, .keyIsAnother): .failed
        case .request: .refused
        case .enrolment(_, .unknownFile): .data
        case .enrolment(_, let error): error.isRefusal ? .refused : .failed
        case .seen(_, .malformed): .data
        case .seen: .refused
        case .noSuchDocument: .noInput
        case .ambiguousDocument: .usage
        case .notEnough: .notYet
        case .nowhereToWriteTheRecord, .insideEscrow: .cannotCreate
        case .selfCheck: .software
        case .notAnOfficer, .notACustodian, .identityIsNotThePerson, .notInForce, .anotherCA, .retired, .superseded,
            .signedAlready, .clockIsWrong, .cardExpired, .headDigest, .rehearsal, .notARehearsal, .keyOfRehearsal,
            .keyOfProduction:
            .refused
        }
    }

    fileprivate var hint: String? {
        switch self {
        case .noOfficerIsTrusted(_, let signers, let signedBy):
            signedBy.first.map { officer in
                "compare \(officer.name)'s fingerprint with \(officer.name), then: "
                    + "ca-escrow show --allowed-signers \(officer.name).card >> \(signers)"
            }
        case .notInForce(let path, _, _, let missing):
            missing.first.map {
                "\($0) may sign: ca-escrow sign \(FilePath(path).removingLastComponent()) -i \($0).identity"
            }
        case .nowhereToWriteTheRecord: "--out DIR"
        case .cannotJoin(_, .anotherKey): "where the new key is: ca-escrow backup ESCROW --from STORE"
        case .caSignature(_, .missing): "it travels with its document: both in one directory, or in one parcel"
        case .anotherCA: "another CA has an escrow of its own: name another directory"
        case .cardExpired(_, let name, _): "ask \(name) for a new card"
        case .clockIsWrong: "set the clock; most commands take --at 2026-03-01T12:00:00Z"
        case .fileName(let path, _) where path.hasSuffix(".json") || path.hasSuffix(".p12"): nil
        case .manifest, .fileName: "ca-escrow audit says more; --epoch N takes another epoch"
        case .fork: "ca-escrow audit names both; --epoch N takes one that stands alone"
        case .pkcs12IsAnother: "--pkcs12 FILE names another place to look in"
        case .request(_, .expired): "ask for a new one; a release for this one would be of no use to anybody"
        case .request(_, .refused):
            "officers may go on, with a reason: ca-escrow restore --override veto --reason TEXT (it is recorded)"
        case .seen(_, .another), .seen(_, .older):
            "call an officer on a known number: this copy is old, or another than you were shown"
        case .request(_, .anotherManifest):
            "call an officer on a known number; if the new epoch is meant: ca-escrow acknowledge first"
        case .rehearsal: "if a rehearsal is meant: --rehearsal"
        case .notARehearsal:
            "if the real key is meant: without --rehearsal; if you were told that it is a rehearsal, stop"
        case .keyOfRehearsal: "--rehearsal"
        case .keyOfProduction:
            "without --from a rehearsal makes a CA of its own; a test CA says \(Rehearsal.mark) in its subject"
        case .enrolment(_, .expired): "the officer makes a new one: ca-escrow enrol challenge"
        case .enrolment(_, .askedThemselves): "another officer asks"
        case .ambiguousDocument: "name one: some digits of its ID are enough"
        case .noEscrowInside: "--certificate FILE says which CA should have one"
        case .notAnEscrow: "an escrow is a directory that 'ca-escrow backup' made"
        default: nil
        }
    }
}

extension Diagnostic {
    init(_ error: StoreError) {
        let status: ExitStatus
        var hint: String?
        switch error {
        case .file(let error):
            self.init(error)
            return
        case .fileStore(let error):
            self.init(error)
            return
        case .unknownKind, .malformed, .ambiguous, .samePlace: status = .usage
        case .pkcs11URI(let error):
            status = .usage
            hint = error.hint
        case .token(_, let error):
            status = error.status
            hint = error.hint
        case .plainKeyInToken:
            status = .usage
            hint = "leave --plain-key out"
        case .noSoftokn:
            status = .unavailable
            hint = "apt install libnss3"
        case .legacyNSS(let path):
            status = .data
            let directory = path.hasPrefix("dbm:") ? String(path.dropFirst(4)) : path
            hint = "NSS makes one of the new kind beside it: certutil -K -X -d sql:\(directory)"
        case .notFound: status = .noInput
        case .databaseBackup:
            status = .data
            hint = "on the CA: certutil -backupKey C:\\backup, or tick 'Private key and CA certificate' in the wizard"
        case .pkcs12(_, .needsLegacyProvider):
            status = .unavailable
            hint = PortableBuild.isThis ? PortableBuild.reason : "apt install openssl-provider-legacy"
        case .wrongPassphrase: status = .refused
        case .pkcs12(_, .wrongPassword): status = .refused
        case .pkcs12(_, .passwordDoesNotTravel):
            status = .refused
            hint = "Windows' import dialog refuses longer passwords, and some Java versions refuse other letters"
        case .noPassphrase, .passphraseUnavailable: status = .unavailable
        case .keyMatchesNoCertificate, .readBackDiffers: status = .failed
        case .anotherKey, .anotherCertificate, .notWritable, .nameTooLong, .linkInTheWay: status = .cannotCreate
        case .anotherProtection:
            status = .cannotCreate
            hint = "name another place, or destroy that file first"
        case .needsPassphrase: status = .usage
        case .certificatesAreEncrypted:
            status = .usage
            hint = "give the certificate alone, in a file of PEM or DER"
        case .notNSS, .notRecognised, .keyWithoutCertificate, .certificateWithoutKey, .noPKCS12, .severalPKCS12,
            .configuration, .noSection, .noSetting, .key, .certificate, .pkcs12, .notACA,
            .tooMany:
            status = .data
        }
        self.init("\(error)", hint: hint, status)
    }
}
