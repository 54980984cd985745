// SPDX-License-Identifier: Apache-2.0

import Files
import SecretMemory
import SystemPackage

/// Recognises the kind of store under a bare path by what lies there.
enum StoreRecognition {
    /// - Throws: ``StoreError``
    static func location(of path: FilePath) throws(StoreError) -> StoreURI {
        guard try StoreFile.kind(path) != nil else {
            throw .notFound(path: path.string)
        }
        // Opening it as a folder is the test that follows links.
        do throws(StoreError) {
            return try directory(path, try StoreFile.names(path))
        } catch .file(.system(path.string, .notDirectory)) {
            return try file(path)
        }
    }

    private static func directory(_ path: FilePath, _ names: [String]) throws(StoreError) -> StoreURI {
        var found: [StoreURI] = []
        if names.contains(where: isPKCS12) {
            found.append(.certutil(path.string))
        }
        let hasKey = try StoreFile.kind(path.appending(PEMFiles.keyName)) != nil
        if names.contains(PEMFiles.configurationName) || (hasKey && names.contains(PEMFiles.certificateName)) {
            found.append(.opensslCA(path: path.string, section: nil))
        }
        if try EasyRSA.isHere(path) {
            found.append(.easyRSA(path: path.string, isPKI: false))
        }
        if try StepCA.isHere(path) {
            found.append(.stepCA(path: path.string, authority: nil))
        }
        if NSSDatabase.files.allSatisfy(names.contains) {
            found.append(.nss(NSSDatabase(directory: path.string, nickname: nil)))
        }
        if found.isEmpty, try isDatabaseBackup(path, names) {
            throw .databaseBackup(path: path.string)
        }
        return try only(found, path)
    }

    private static func file(_ path: FilePath) throws(StoreError) -> StoreURI {
        let bytes = try StoreFile.secret(path, limit: StoreFile.byteLimit)
        let blocks = PEM.blocks(in: bytes.span)
        let (hasKey, hasCertificate) = (blocks.contains(where: \.isPrivateKey), blocks.contains(where: \.isCertificate))
        switch (hasKey, hasCertificate) {
        case (true, true): return .pem(key: path.string, certificates: [path.string])
        case (true, false): throw .keyWithoutCertificate(path: path.string)
        case (false, true): throw .certificateWithoutKey(path: path.string)
        case (false, false): break
        }
        if path.extension == "cnf" {
            return .opensslCA(path: path.string, section: nil)
        }
        if path.extension == "edb" || path.lastComponent?.string.lowercased() == "certbkxp.dat" {
            throw .databaseBackup(path: path.string)
        }
        guard bytes.span[0] == 0x30, PKCS12Archive.isPKCS12(bytes.span) else {
            throw .notRecognised(path: path.string)
        }
        return .p12(path.string)
    }

    /// Whether a name ends as PKCS#12 files do.
    static func isPKCS12(_ name: String) -> Bool {
        name.lowercased().hasSuffix(".p12") || name.lowercased().hasSuffix(".pfx")
    }

    /// Whether a folder holds what `certutil -backupDB` writes.
    static func isDatabaseBackup(_ path: FilePath, _ names: [String]) throws(StoreError) -> Bool {
        let isDatabase = names.contains { $0.lowercased().hasSuffix(".edb") || $0.lowercased() == "certbkxp.dat" }
        let hasDatabase = try StoreFile.kind(path.appending("Database/certbkxp.dat")) != nil
        return isDatabase || hasDatabase
    }

    private static func only(_ found: [StoreURI], _ path: FilePath) throws(StoreError) -> StoreURI {
        guard let first = found.first else {
            throw .notRecognised(path: path.string)
        }
        guard found.count == 1 else {
            throw .ambiguous(path: path.string, choices: found.map(\.description))
        }
        return first
    }
}
