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

    /// Releases whose shares were taken.
    private(set) var released: [ReleaseBox] = []

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

    /// Takes shares from releases, in their order, and stops at the quorum.
    ///
    /// - Parameter open: Opens a release with the request's key.
    func collect(
        _ releases: [(path: String, release: ReleaseBox)],
        open: (ReleaseBox, String) throws -> Scalar
    ) {
        for (path, release) in releases where !isComplete {
            let name = release.statement.custodian
            if add(name, at: path, isFromAfar: true, open: { _ in try open(release, path) }) {
                Output.error("ca-escrow: accepted: \(name), from afar")
                released.append(release)
            }
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

    /// Opens one custodian's share in the room and takes it.
    private func add(_ identity: IdentityOnDisk) {
        let isTaken = add(identity.name, at: identity.path) { [document, directory, files] _ in
            try document.openShare(of: try identity.open(files), at: identity.path, in: directory)
        }
        if isTaken {
            Output.error("ca-escrow: accepted: \(identity.name); the medium may be taken out")
        }
    }

    /// Takes one share; what is wrong is said, and the next custodian may step in.
    ///
    /// - Returns: Whether it was taken.
    private func add(
        _ name: Name,
        at file: String,
        isFromAfar: Bool = false,
        open: (Path) throws -> Scalar
    ) -> Bool {
        do {
            guard let path = document.manifest.policy.path(of: name) else {
                throw EscrowError.notACustodian(path: file, name)
            }
            guard !accepted.contains(name), collection?.needs(path) == true else {
                Output.error("ca-escrow: not needed: \(name)")
                return false
            }
            let share = try open(path)
            do throws(SecretSharingError) {
                try collection?.add(share, at: path)
            } catch {
                throw EscrowError.share(name, error)
            }
            accepted.append(name)
            return true
        } catch {
            report(error, of: name, at: file, isFromAfar)
            return false
        }
    }

    private func report(_ error: any Error, of name: Name, at file: String, _ isFromAfar: Bool) {
        var diagnostic = Diagnostic(error) ?? Diagnostic("\(file): \(error)", .software)
        if case EscrowError.headDigest = error {
            diagnostic = Diagnostic(diagnostic.message, .failed)  // a share rejected, as others are
        }
        // A release may be another's, or damaged on its way: the next one may be good.
        if diagnostic.status == .failed, !isFromAfar {
            rejected.append(name)
        }
        let candidates = document.manifest.policy.needed(besides: Set(accepted)).candidates
        let others = stillUseful(candidates).filter { $0 != name }
        let hint = others.map(\.description)
        let isShare = diagnostic.status == .failed && !hint.isEmpty
        Diagnostic(
            diagnostic.message,
            hint: isShare
                ? (isFromAfar ? "ask \(name) for it again, or " : "") + "go on with \(Self.either(hint))"
                    + (isFromAfar ? "" : "; tell the auditor: ca-escrow audit names the file")
                : diagnostic.hint,
            diagnostic.status
        ).report()
        worst = worst == .failed ? worst : diagnostic.status
    }

    private func stillUseful(_ names: [Name]) -> [Name] { names.filter { !rejected.contains($0) } }

    private static func either(_ names: [String]) -> String {
        names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " or " + names[names.count - 1]
    }
}
