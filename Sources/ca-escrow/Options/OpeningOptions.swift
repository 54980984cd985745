// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Encoding
import Escrow
import Files
import SystemPackage

/// What restore and drill have in common: which escrow is opened, whom one believes, and whose shares open it.
struct OpeningOptions: ParsableArguments {
    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @OptionGroup var signers: SignersOptions
    @Option(help: .of("file", "The certificate of the CA whose escrow this should be.")) var certificate: String?
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("sha-256", "The certificate's SHA-256, to compare instead of --certificate.")) var confirm:
        String?
    @Option(help: .of("reason", "Go on although no officer vouches for the manifest; the reason is recorded."))
    var unverified: String?
    @Option(help: .of("id", "A request that custodians answered, by the first digits of its ID.")) var request: String?
    @Option(help: .of("file", "The request's private key; it is erased afterwards.")) var key: String?
    @Option(help: .of("file", "A custodian's release; may be repeated.")) var release: [String] = []
    @Option(
        help: .of(
            "code",
            "Set this rule aside, on record: superseded, retired, veto (a refusal) or clock (dated in the future)."
        )
    ) var override: [String] = []
    @Option(help: .of("text", "The reason for --override.")) var reason: String?
    @Option(help: .of("path", "The PKCS#12 file, or its directory (default: beside the escrow).")) var pkcs12: String?
    @Option(help: .of("number|digest", "An epoch other than the one in force.")) var epoch: EpochSelector?
    @OptionGroup var rehearsing: RehearsalOption
    @Option(help: .of("dir", "Where the record goes when the escrow is read-only.")) var out: String?
    @OptionGroup var clock: TimeOption

    func validate() throws {
        if confirm != nil, certificate != nil {
            throw ValidationError("--certificate and --confirm exclude one another")
        }
        if unverified != nil, signers.signers != nil {
            throw ValidationError("--signers and --unverified exclude one another")
        }
        if let unverified, !TextRule.allows(unverified) {
            throw ValidationError("--unverified: a reason of 1 to 500 characters, no control or invisible ones")
        }
        let codes = RestoreRecord.Override.Code.given.map(\.rawValue)
        for code in override where !codes.contains(bytesOf: code) {
            throw ValidationError("--override \(code): \(codes.enumerated(with: "or"))")
        }
        if request == nil, !(key == nil && release.isEmpty) || override.contains(bytesOf: "veto") {
            throw ValidationError("--key, --release and --override veto belong to --request")
        }
        guard override.isEmpty == (reason == nil) else {
            throw ValidationError("--override CODE and --reason TEXT belong together")
        }
        try TextRule.validate(reason, of: "--reason")
    }
}

extension OpeningOptions {
    /// What they say, and the terminal.
    ///
    /// - Parameter others: Whose passphrases are asked for besides people's.
    func opening(asking others: [String] = []) throws -> (Opening, PassphraseFiles) {
        let now = try clock.time()
        var opening = Opening(FilePath(escrow), now: now)
        opening.anchor = try signers.anchor()
        opening.identities = try acting.identity.map { try IdentityOnDisk(at: $0) }
        if let certificate {
            opening.certificate = .file(try Certificate.all(at: FilePath(certificate))[0], path: certificate)
        } else if let confirm {
            opening.certificate = .digest(confirm)
        }
        opening.unverified = unverified
        if let request {
            guard let key else {
                throw Diagnostic("--request \(request): --key FILE is missing", .usage)
            }
            opening.request = Opening.AnsweringRequest(
                request,
                key: try IdentityOnDisk(at: key),
                releases: release.map { FilePath($0) }
            )
        }
        opening.overrides = (override.compactMap(RestoreRecord.Override.Code.init(rawValue:)), reason ?? "")
        opening.pkcs12 = pkcs12.map { FilePath($0) }
        opening.epoch = epoch
        opening.isRehearsing = rehearsing.rehearsal
        opening.records = out.map { FilePath($0) }
        let people = opening.identities.flatMap(\.askable)
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: people + others + (key == nil ? [] : [AskForShares.keyName]))
        return (opening, files)
    }
}
