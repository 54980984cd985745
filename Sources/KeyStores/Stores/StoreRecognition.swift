// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
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
        if names.contains(bytesOf: PEMFiles.configurationName)
            || (hasKey && names.contains(bytesOf: PEMFiles.certificateName))
        {
            found.append(.opensslCA(path: path.string, section: nil))
        }
        if try EasyRSA.isHere(path) {
            found.append(.easyRSA(path: path.string, isPKI: false))
        }
        if try StepCA.isHere(path) {
            found.append(.stepCA(path: path.string, authority: nil))
        }
        if NSSDatabase.files.allSatisfy({ names.contains(bytesOf: $0) }) {
            found.append(.nss(NSSDatabase(directory: path.string, nickname: nil)))
        }
        guard let first = found.first else {
            throw try isDatabaseBackup(path, names)
                ? .databaseBackup(path: path.string) : .notRecognised(path: path.string)
        }
        guard found.count == 1 else {
            throw .ambiguous(path: path.string, choices: found.map(\.description))
        }
        return first
    }

    private static func file(_ path: FilePath) throws(StoreError) -> StoreURI {
        let bytes = try StoreFile.secret(path, limit: StoreFile.byteLimit)
        if bytes.span[0] != 0x30, path.extension != "cnf", let fault = PEM.fault(in: bytes.span) {
            throw .key(path: path.string, .pem(fault))
        }
        let blocks = PEM.blocks(in: bytes.span)
        let (hasKey, hasCertificate) = (blocks.contains(where: \.isPrivateKey), blocks.contains(where: \.isCertificate))
        switch (hasKey, hasCertificate) {
        case (true, true): return .pem(key: path.string, certificates: [path.string])
        case (true, false):
            if let kind = ForeignFile(of: bytes.span), kind.isKey {
                throw .foreign(path: path.string, kind, needed: .store)
            }
            throw .keyWithoutCertificate(path: path.string)
        case (false, true): throw .certificateWithoutKey(path: path.string)
        case (false, false): break
        }
        if path.extension == "cnf" {
            return .opensslCA(path: path.string, section: nil)
        }
        if path.extension == "edb" || path.lastComponent.map({ isDatabaseFile($0.string) }) == true {
            throw .databaseBackup(path: path.string)
        }
        switch ForeignFile(of: bytes.span) {
        case .pkcs12: return .p12(path.string)
        case let kind?: throw .foreign(path: path.string, kind, needed: .store)
        case nil: throw .notRecognised(path: path.string)
        }
    }

    /// Whether a name ends as PKCS#12 files do.
    static func isPKCS12(_ name: String) -> Bool {
        [".p12", ".pfx"].contains { name.lowercasedASCII.hasSuffix(bytesOf: $0) }
    }

    /// Whether it is the name of what `certutil -backupDB` writes.
    private static func isDatabaseFile(_ name: String) -> Bool {
        name.lowercasedASCII.isEqual(bytesOf: "certbkxp.dat")
    }

    /// Whether a folder holds what `certutil -backupDB` writes.
    static func isDatabaseBackup(_ path: FilePath, _ names: [String]) throws(StoreError) -> Bool {
        let isDatabase = names.contains { $0.lowercasedASCII.hasSuffix(bytesOf: ".edb") || isDatabaseFile($0) }
        let hasDatabase = try StoreFile.kind(path.appending("Database/certbkxp.dat")) != nil
        return isDatabase || hasDatabase
    }
}
