// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Ristretto255
import SecretMemory
import SecretSharing
import SystemPackage

/// The custodians who come to a restore, one after the other, until the policy is satisfied.
final class Quorum {
    private let document: EpochDocument
    private let directory: EscrowDirectory
    private let files: PassphraseFiles
    private var collection: ShareCollection<Name>?
    private var worst: ExitStatus?
    /// Those whose shares are bad: they are not asked again.
    private var rejected: [Name] = []

    /// Those whose shares were taken, in order.
    private(set) var accepted: [Name] = []

    init(document: EpochDocument, directory: EscrowDirectory, files: PassphraseFiles) {
        self.document = document
        self.directory = directory
        self.files = files
        collection = ShareCollection(for: document.manifest.sharing)
    }

    private var isComplete: Bool { document.manifest.policy.isSatisfied(by: Set(accepted)) }

    /// Takes shares from the identities given, in their order, and stops at the quorum.
    func collect(_ identities: [IdentityOnDisk]) throws {
        for identity in identities where !isComplete {
            guard document.manifest.person(named: identity.name) != nil else {
                continue  // an officer, who vouches for the manifest
            }
            add(identity)
        }
    }

    /// Asks for custodians one by one.
    func collectAtTerminal() throws {
        while !isComplete {
            let needed = document.manifest.policy.needed(besides: Set(accepted))
            let candidates = stillUseful(needed.candidates).map(\.description).joined(separator: ", ")
            Output.error("ca-escrow: \(needed.count) more needed of (\(candidates))")
            guard let path = try Question.text("Identity file (Enter stops)", for: "an identity file", else: "-i FILE")
            else {
                return
            }
            do {
                add(try IdentityOnDisk(at: path))
            } catch {
                guard let diagnostic = Diagnostic(error) else {
                    throw error
                }
                diagnostic.report()
            }
        }
    }

    /// The secret.
    ///
    /// - Throws: Who is missing, with status 2 when a share was rejected.
    func finish() throws -> Scalar {
        guard isComplete, let collection = collection.take() else {
            let needed = document.manifest.policy.needed(besides: Set(accepted))
            let error = EscrowError.notEnough(
                found: accepted.count,
                needed: accepted.count + needed.count,
                candidates: stillUseful(needed.candidates)
            )
            throw Diagnostic("\(error)", worst ?? .notYet)
        }
        do {
            return try collection.finish()
        } catch {
            throw EscrowError.secretDoesNotMatch(path: document.manifestPath.string)
        }
    }

    /// Opens one custodian's share and takes it; what is wrong is said, and the next may step in.
    private func add(_ identity: IdentityOnDisk) {
        do {
            guard let path = document.manifest.policy.path(of: identity.name) else {
                throw EscrowError.notACustodian(path: identity.path, identity.name)
            }
            guard !accepted.contains(identity.name), collection?.needs(path) == true else {
                Output.error("ca-escrow: not needed: \(identity.name)")
                return
            }
            let share = try document.openShare(
                of: try identity.open(files),
                at: identity.path,
                in: directory
            )
            do throws(SecretSharingError) {
                try collection?.add(share, at: path)
            } catch {
                throw EscrowError.share(identity.name, error)
            }
            accepted.append(identity.name)
            Output.error("ca-escrow: accepted: \(identity.name); the medium may be taken out")
        } catch {
            var diagnostic = Diagnostic(error) ?? Diagnostic("\(identity.path): \(error)", .software)
            if case EscrowError.headDigest = error {
                diagnostic = Diagnostic(diagnostic.message, .failed)  // a share rejected, as others are
            }
            if diagnostic.status == .failed {
                rejected.append(identity.name)
            }
            let others = stillUseful(document.manifest.policy.needed(besides: Set(accepted)).candidates)
            let hint = others.map(\.description)
            let isShare = diagnostic.status == .failed && !hint.isEmpty
            Diagnostic(
                diagnostic.message,
                hint: isShare
                    ? "go on with \(Self.either(hint)); tell the auditor: ca-escrow audit names the file"
                    : diagnostic.hint,
                diagnostic.status
            ).report()
            worst = worst == .failed ? worst : diagnostic.status
        }
    }

    private func stillUseful(_ names: [Name]) -> [Name] { names.filter { !rejected.contains($0) } }

    private static func either(_ names: [String]) -> String {
        names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
    }
}
