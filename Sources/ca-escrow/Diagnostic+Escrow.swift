// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Escrow
import Files
import SystemPackage

// Facts about escrows, with the option or the command that helps.
extension Diagnostic {
    init(fact error: EscrowError) {
        switch error {
        case .comparison(let comparison, .givenIsAnother):
            self.init(
                "\(comparison): not the one given with \(comparison.option): \(comparison.outcome)",
                hint: error.hint,
                .refused
            )
        case .person(.sameOfficers): self.init("--officers: \(error)", .usage)
        case .backup(.firstEscrowNeeds(_, let wish)):
            self.init("\(error): a first escrow needs \(wish.option) \(wish == .people ? "FILE" : "POLICY")", .usage)
        case .backup(.firstEscrowHasItsOccasion): self.init("--occasion: \(error)", .usage)
        case .backup(.noNewEpochIsDue(let wish, _, _)): self.init("\(wish.option): \(error)", hint: error.hint, .usage)
        case .backup(.testCAHasNoState): self.init("\(BackupWish.state.option): \(error)", hint: error.hint, .usage)
        case .trust(.nothingToOverride): self.init("--override \(error)", .usage)
        case .trust(.nothingRefused): self.init("--override veto: \(error)", .usage)
        case .trust(.officersOverride):
            self.init("--override veto: \(error): -i IDENTITY of an officer", .usage)
        case .directory(.notADirectory): self.init("--out \(error)", .noInput)
        case .changes(.givenDoesNotChange): self.init("--confirm \(error)", .refused)
        case .directory(.whichBranch): self.init("--epoch DIGEST is missing: which epoch does not count", .usage)
        case .text(let wanted): self.init("\(wanted.option): \(error)", .usage)
        case .file(let error): self.init(error)
        case .policy(let error): self.init("\(error)", hint: error.hint, .usage)
        case .state(let error): self.init(error)
        case .code(let error): self.init(error)
        case .store(let error): self.init(error)
        case .opening(.storeName): self.init("--to: \(error)", .usage)
        case .opening(.ownedByStore):
            self.init("--owner: \(error)", hint: "run the restore as the user whose files they are", .usage)
        case .opening(.notPKCS12):
            self.init(
                "--compatibility \(Compatibility.windows2016.rawValue): \(error)",
                hint: "it is for p12:FILE and certutil:DIR",
                .usage
            )
        default: self.init("\(error)", hint: error.hint, error.status)
        }
    }
}

extension PolicyTextError {
    /// How a policy is written, unless this one is well written and cannot be.
    var hint: String? {
        switch self {
        case .policy, .tooLong: nil
        case .expected, .name: "a policy is written '3 of (alice, bob, carol, dave, erin)', '3 of all', or nested"
        }
    }
}

extension EscrowError {
    fileprivate var hint: String? { hintOfTrust ?? hintOfDocuments ?? hintOfKeys }

    /// Whom to believe, which epoch, and who signs.
    private var hintOfTrust: String? {
        switch self {
        case .comparison: "ask again, on a number that you know"
        case .trust(.nobodyVouches(_, let purpose)):
            purpose == .opening
                ? "--signers FILE, -i IDENTITY of an officer who signed it, or --unverified REASON"
                : "--signers FILE, or -i IDENTITY of an officer who signed it"
        case .trust(.needsUnverified): "to go on all the same, recorded: --unverified REASON"
        case .trust(.needsOverride(let code, _)):
            "only with a reason: --override \(code.rawValue) --reason TEXT (it is recorded)"
        case .trust(.oneDraftCanBeSigned): "name the manifest that you mean"
        case .changes(.severalManifests): "sign one after the other"
        case .directory(.severalBranchesStay):
            "each is voided from the branch that stays: an officer of that one alone decides"
        case .person(.isOfficerToo(_, let officer)):
            "officers first leave \(officer.name) out, or give the officer another name: ca-escrow rotate open"
        case .trust(.noOfficerIsTrusted(_, let signers, let signedBy)):
            signedBy.first.map { officer in
                "compare \(officer.name)'s fingerprint with \(officer.name), then: "
                    + "ca-escrow show --allowed-signers \(officer.name).card >> \(ShellWord.path(signers))"
            }
        case .trust(.fewerThanHalf(_, let signers, let found, _)):
            "if \(found) are enough for you: --require \(found), or a line '\(AllowedSigners.line(requiring: found))' in "
                + signers
        case .trust(.keysEnded):
            "a time stamp from before the key's end lets a signature count: --tsa FILE names the authorities that you believe"
        case .trust(.anotherKeyInSigners(_, let signers, _, let officer, _)):
            "compare \(officer.name)'s fingerprint with \(officer.name) on a number that you know: the escrow is forged, or "
                + "\(signers) is wrong"
        case .trust(.notInForce(let path, let own, let before)):
            NextStep.sign([own, before].compactMap(\.self), in: FilePath(path).removingLastComponent())
        case .caSignature(_, .missing): "it travels with its document: both in one directory, or in one parcel"
        case .person(.cardExpired(_, let name, _)): "ask \(name) for a new card"
        case .trust(.clockIsWrong): "set the clock; most commands take --at 2026-03-01T12:00:00Z"
        case .directory(.fork(let path, _, let digests)):
            "\(NextStep.void(digests, in: FilePath(path))); in the room --epoch DIGEST --unverified REASON restores"
        case .directory(.severalDrafts(let path, _, let digests)):
            "--epoch \(digests.first?.short ?? "DIGEST"), where the command has it; withdraw a draft of your own with: "
                + "ca-escrow withdraw \(ShellWord.path(path)) --epoch \(digests.first?.short ?? "DIGEST") -i NAME.identity"
        case .directory(.severalEscrows):
            "--signers FILE says which you mean, or in the room --epoch DIGEST --unverified REASON"
        case .person(.suspended(let name, _, _, _)):
            "new shares without \(name), or with a new card of theirs; or officers end it: "
                + "ca-escrow reinstate ESCROW \(name) --reason TEXT -i NAME.identity"
        case .trust(.signedAnother(_, let name, let other)):
            "withdraw the other one first, or leave this one: \(NextStep.withdraw(FilePath(other), by: name))"
        case .succession(_, _, .officerKey): "a new key needs a new name, such as NAME.2"
        case .seen(_, .another), .seen(_, .older):
            "call an officer on a known number: this copy is old, or not the one that you were shown"
        default: nil
        }
    }

    /// Documents, and where they lie.
    private var hintOfDocuments: String? {
        switch self {
        case .identity(_, .wrongPassphrase): Passphrase.keyboardHint
        case .trust(.challengeExpired): "ask the auditor for a new one"
        case .directory(.nowhereToWriteTheRecord): "--out DIR"
        case .directory(.fileName(let path, _))
        where path.hasSuffix(bytesOf: ".json") || path.hasSuffix(bytesOf: ".p12"): nil
        case .manifest, .directory(.fileName): "ca-escrow audit says more; --epoch N takes another epoch"
        case .request(_, .expired): "ask for a new one; a release for this one would be of no use to anybody"
        case .request(_, .refused):
            "officers may go on: the same restore with --override veto --reason TEXT -i NAME.identity; it is recorded"
        case .request(_, .refusalDoesNotVerify):
            "it stops the request as a good one does; officers may go on: the same restore with --override veto "
                + "--reason TEXT -i NAME.identity; it is recorded"
        case .request(_, .refusalIsUnreadable):
            "it stops the request until it can be read: find out what it is, repair it, or move it away"
        case .request(_, .anotherManifest):
            "call an officer on a known number; if the new epoch is right: ca-escrow acknowledge first"
        case .enrolment(_, .expired): "ask the officer for a new one: ca-escrow enrol challenge"
        case .enrolment(_, .askedThemselves): "another officer must ask"
        case .parcel(_, .files): "pack fewer escrows at a time, or use --request or --challenge ID"
        case .parcel(_, .members): "pack fewer escrows at a time"
        case .directory(.ambiguousDocument): "name one: the first digits of its ID are enough"
        case .directory(.noEscrowInside): "--certificate FILE says which CA should have one"
        case .directory(.notAnEscrow): "an escrow is a directory that 'ca-escrow backup' made"
        default: nil
        }
    }

    /// Keys, stores and rehearsals.
    private var hintOfKeys: String? {
        switch self {
        case .backup(.noNewEpochIsDue(let wish, _, _)):
            [.policy, .officers, .people].contains(wish)
                ? "with --occasion custodian-change it makes a new epoch"
                : "with --occasion scheduled it makes a new epoch"
        case .backup(.isThereAlready), .backup(.testCAHasNoState): "--from STORE"
        case .backup(.leavesOut(_, let left)):
            left.isOfWindows
                ? "Certificate Services needs every generation to start: run certutil -backupKey on the CA itself"
                : "--from a store that holds all keys; --yes leaves it out: its certificate is kept, its key is not"
        case .cannotJoin(_, .anotherKey):
            "where the new key is: ca-escrow backup ESCROW --from STORE -i NAME.identity"
        case .opening(.noStateArchive): "it lies beside the PKCS#12 file: --pkcs12 names another place for both"
        case .opening(.stateIsNotArchived): "restore without --with-state"
        case .trust(.anotherCA): "another CA has an escrow of its own: name another directory"
        case .opening(.pkcs12IsAnother), .opening(.noPKCS12): "--pkcs12 FILE names another place to look in"
        case .backup(.rehearsal): "if you mean a rehearsal: --rehearsal"
        case .backup(.notARehearsal):
            "if you mean the real key: leave out --rehearsal; if you were told that it is a rehearsal, stop"
        case .backup(.keyOfRehearsal): "--rehearsal"
        case .backup(.keyOfProduction):
            "without --from a rehearsal makes a CA of its own; a test CA says \(Rehearsal.mark) in its subject"
        default: nil
        }
    }
}
