// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SecretMemory
import SystemPackage

/// One restore into key and certificate files: look at every place, write, read back.
struct PEMRestore {
    private let material: CAMaterial
    private let keyPaths: [FilePath]
    /// Each certificate file with what belongs into it: one for each generation, then those of the rest.
    private var certificateFiles: [(path: FilePath, content: [Certificate])]
    private var notWritten: [Certificate] = []
    /// Files that the caller did not name: when something is there already, it stays, and nothing else is lost.
    private let unnamed: Set<FilePath>
    private let form: PEMForm
    private let ownership: Ownership

    init(_ material: CAMaterial, _ files: PEMFiles, _ ownership: Ownership) throws(StoreError) {
        self.material = material
        self.ownership = ownership
        form = files.form
        let count = material.generations.count
        keyPaths = (0..<count).map { PEMFiles.path(files.key, generation: $0) }
        let newest = material.generations.map(\.newest)
        let older = material.certificates.filter { !newest.contains($0) }
        let besides = PEMFiles.besides(files.certificates[0])
        var own = newest.indices.map { index in
            (path: PEMFiles.path(files.certificates[0], generation: index), content: [newest[index]])
        }
        var others: [(path: FilePath, content: [Certificate])]
        if let roots = files.roots {
            // step-ca hands out the newest certificate with those between it and the root.
            own[0].content += material.chain.filter { !$0.isSelfIssued }
            others = [(besides.older, older), (roots, material.chain.filter(\.isSelfIssued))]
        } else if files.certificates.count > 1 {
            others = [(files.certificates[1], older + material.chain)]
        } else {
            others = [(besides.older, older), (besides.issuers, material.chain)]
        }
        others.removeAll(where: \.content.isEmpty)
        unnamed = Set(others.map(\.path)).subtracting(files.named.dropFirst())
        certificateFiles = own + others
    }

    /// - Throws: ``StoreError``
    mutating func run(
        _ protection: borrowing KeyProtection,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> RestoredKey {
        var passphrases = protection.passphrases()
        let unchanged = try look(&passphrases, ask)
        let written = try write(besides: unchanged, protection)
        let found = try readBackCertificates(written)
        var generations: [KeyGeneration] = []
        for index in keyPaths.indices {
            generations.append(try readBack(index, found, &passphrases, ask))
        }
        return RestoredKey(
            signers: generations,
            places: RestoredPlaces(
                written: written.map(StoreFile.shown),
                unchanged: unchanged.map(StoreFile.shown),
                notWritten: notWritten
            )
        )
    }

    /// Looks at every place before anything is written.
    ///
    /// - Returns: What is there already, and stays.
    private mutating func look(
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> [FilePath] {
        var unchanged: [FilePath] = []
        for (index, path) in keyPaths.enumerated() where try StoreFile.isTaken(path) {
            try checkKey(index, &passphrases, ask)
            unchanged.append(path)
        }
        var present: Set<Certificate> = []
        for (index, (path, content)) in certificateFiles.enumerated() where try StoreFile.isTaken(path) {
            present.formUnion(try check(content, path, at: index))
            unchanged.append(path)
        }
        // What lies in the place of a newer one already is not written a second time.
        certificateFiles = certificateFiles.map { path, content in
            (path, unnamed.contains(path) ? content.filter { !present.contains($0) } : content)
        }
        certificateFiles.removeAll { $0.content.isEmpty && !unchanged.contains($0.path) }
        var places: Set<FilePath> = []
        for path in keyPaths + certificateFiles.map(\.path) where !unchanged.contains(path) {
            guard places.insert(try StoreFile.absolute(path)).inserted else {
                throw .samePlace(path: path.string)
            }
            try StoreFile.checkPlace(for: path, ownership)
        }
        return unchanged
    }

    /// Writes what is not there; a signal waits until all of it is.
    private func write(
        besides unchanged: [FilePath],
        _ protection: borrowing KeyProtection
    ) throws(StoreError) -> [FilePath] {
        var written: [FilePath] = []
        let shield = SignalShield()
        do throws(StoreError) {
            for (path, content) in certificateFiles where !unchanged.contains(path) {
                try StoreFile.makeFolder(of: path, form.folderPermissions, ownership)
                try StoreFile.create(path, content.flatMap(\.pem), form.certificatePermissions, ownership)
                written.append(path)
            }
            for (index, path) in keyPaths.enumerated() where !unchanged.contains(path) {
                try StoreFile.makeFolder(of: path, [.ownerReadWriteExecute], ownership)
                try writeKey(index, protection)
                written.append(path)
            }
        } catch {
            // All or nothing: a full disk must not leave a certificate without its key.
            written.forEach { Files.withdraw($0) }
            throw error
        }
        _ = consume shield
        return written
    }

    /// Refuses a key file that holds another key; an encrypted one is judged by the certificate beside it first.
    private func checkKey(
        _ index: Int,
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) {
        let (path, generation) = (keyPaths[index], material.generations[index])
        let beside = certificateFiles[index].path
        if try StoreFile.isTaken(beside), try isEncrypted(path) {
            let certificate = try PEMFiles.readCertificates(beside)[0]
            guard generation.key.matches(certificate) else {
                throw .anotherKey(path: path.string, spkiSHA256: OpenSSL.sha256Hex(certificate.spki))
            }
        }
        let found = try PEMFiles.readKeys(path, &passphrases, ask)[0]
        guard found.spki == generation.key.spki else {
            throw .anotherKey(path: path.string, spkiSHA256: OpenSSL.sha256Hex(found.spki))
        }
    }

    private func isEncrypted(_ path: FilePath) throws(StoreError) -> Bool {
        let bytes = try StoreFile.secret(path)
        do throws(KeyError) {
            _ = try PrivateKey(pem: bytes)
            return false
        } catch {
            return error == .encrypted
        }
    }

    /// Holds a certificate file that is there against what would be written.
    ///
    /// An earlier certificate of the same key may stand in the place of its newest, which is then not written.
    ///
    /// - Returns: What the file holds.
    private mutating func check(
        _ content: [Certificate],
        _ path: FilePath,
        at index: Int
    ) throws(StoreError) -> [Certificate] {
        let found = try PEMFiles.readCertificates(path)
        guard !found.starts(with: content) else {
            return found
        }
        // A file of roots may hold others, in any order.
        if index >= material.generations.count, Set(content).isSubset(of: found) {
            return found
        }
        if index < material.generations.count, material.generations[index].certificates.contains(found[0]) {
            notWritten += content
            notWritten.removeAll { found.contains($0) }
            return found
        }
        guard !unnamed.contains(path) else {
            notWritten += content.filter { !found.contains($0) }
            return found
        }
        let other = found.first { !content.contains($0) } ?? found[0]
        throw .anotherCertificate(path: path.string, subject: other.subject, sha256: other.sha256Hex)
    }

    private func writeKey(_ index: Int, _ protection: borrowing KeyProtection) throws(StoreError) {
        let (path, generation) = (keyPaths[index], material.generations[index])
        func named(_ error: KeyError) -> StoreError { .key(path: path.string, error) }
        switch protection.passphrase {
        case nil:
            let text = try rethrowing(
                as: named,
                form.isKeyTraditional ? generation.key.traditionalPlainPEM() : generation.key.plainPEM()
            )
            try StoreFile.create(path, secret: text, ownership)
        case let passphrase?:
            let text = try rethrowing(
                as: named,
                form.isKeyTraditional
                    ? generation.key.traditionalPEM(passphrase: passphrase)
                    : generation.key.encryptedPEM(passphrase: passphrase)
            )
            try StoreFile.create(path, text, [.ownerReadWrite], ownership)
        }
    }

    /// Every certificate that the files hold now.
    private func readBackCertificates(_ written: [FilePath]) throws(StoreError) -> Set<Certificate> {
        var all: Set<Certificate> = []
        for (path, content) in certificateFiles {
            let found = try PEMFiles.readCertificates(path)
            guard !written.contains(path) || found == content else {
                throw .readBackDiffers(path: path.string)
            }
            all.formUnion(found)
        }
        return all
    }

    private func readBack(
        _ index: Int,
        _ certificates: Set<Certificate>,
        _ passphrases: inout Passphrases,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> KeyGeneration {
        let (path, generation) = (keyPaths[index], material.generations[index])
        let key = try PEMFiles.readKeys(path, &passphrases, ask)[0].take()
        let own = generation.certificates.filter(certificates.contains)
        do throws(CAMaterialError) {
            return try KeyGeneration(
                key: key,
                certificates: own,
                name: generation.name,
                providerName: generation.providerName
            )
        } catch {
            throw .readBackDiffers(path: path.string)
        }
    }
}
