// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Files
package import SystemPackage

/// The folder of step-ca: `config/ca.json`, `secrets/` and `certs/`.
///
/// *github.com/smallstep/certificates: pki/pki.go writes it, authority/config reads it.*
package struct StepCA: Equatable, Sendable {
    /// Which of its two certification authorities is meant.
    package enum Authority: String, CaseIterable, Sendable {
        case root, intermediate
    }

    package let folder: FilePath
    /// What `config/ca.json` says; `nil` when it is not there.
    private let configuration: ForeignJSON?

    /// - Throws: ``StoreError`` for a configuration that cannot be read.
    package init(at folder: FilePath) throws(StoreError) {
        self.folder = folder
        let path = folder.appending(Self.configurationName)
        guard try StoreFile.kind(path) != nil else {
            configuration = nil
            return
        }
        let bytes = try StoreFile.bytes(path, limit: StoreFile.byteLimit)
        configuration = try rethrowing(
            as: { StoreError.fileStore(.json(path: path.string, $0)) },
            ForeignJSON(parsing: bytes)
        )
        guard case .object? = configuration else {
            throw .fileStore(.noSettings(path: path.string))
        }
    }

    /// The certification authority that is meant: the one named, else the only one whose key is there, else, while no
    /// key is there, the only one whose certificate is.
    ///
    /// - Throws: ``StoreError``
    func files(_ authority: Authority?) throws(StoreError) -> PEMFiles {
        if let authority {
            return try files(authority)
        }
        let both = [try files(.root), try files(.intermediate)]
        var found: [PEMFiles] = []
        for files in both where try StoreFile.kind(files.key) != nil {
            found.append(files)
        }
        guard found.count == 1 else {
            let choices = Authority.allCases.map { "\(StoreURI.stepCA(path: folder.string, authority: $0))" }
            throw found.isEmpty
                ? .fileStore(.noKey(path: folder.string, keys: both.map(\.key.string), choices: choices))
                : .fileStore(.severalKeys(path: folder.string, choices: choices))
        }
        return found[0]
    }

    /// Keys of an SSH authority, which have no certificate of their own: they are not escrowed.
    ///
    /// - Throws: ``StoreError``
    func sshKeys() throws(StoreError) -> [FilePath] {
        var found: [FilePath] = []
        for (name, standard) in [("hostKey", "ssh_host_ca_key"), ("userKey", "ssh_user_ca_key")] {
            let layout = "secrets/\(standard)"
            // A key in a token is not in a file that could be missed.
            let named = configuration?["ssh"]?[name]?.string ?? ""
            let address = KeyAddress(named)
            guard address == nil || address?.filePath != nil else {
                continue
            }
            let text = address?.filePath ?? named
            guard !text.utf8.contains(0) else {
                throw .fileStore(.namesNoFile(path: configurationPath, setting: name))
            }
            let path = try text.isEmpty ? folder.appending(layout) : place(text, layout)
            if try StoreFile.kind(path) != nil {
                found.append(path)
            }
        }
        return found
    }

    func files(_ authority: Authority) throws(StoreError) -> PEMFiles {
        let root = try place(of: "root", "certs/root_ca.crt")
        switch authority {
        case .root:
            return PEMFiles(key: folder.appending("secrets/root_ca_key"), certificates: [root], form: .step)
        case .intermediate:
            try refuseKMS()
            return PEMFiles(
                key: try place(of: "key", "secrets/intermediate_ca_key"),
                certificates: [try place(of: "crt", "certs/intermediate_ca.crt")],
                roots: root,
                form: .step
            )
        }
    }

    /// The file that a setting names, or its place in the usual layout.
    private func place(of name: String, _ layout: String) throws(StoreError) -> FilePath {
        guard let value = configuration?[name] else {
            return folder.appending(layout)
        }
        // The roots may be a list; the first is the authority's own.
        guard let text = value.string ?? (name == "root" ? value.first?.string : nil) else {
            throw .fileStore(.notAText(path: configurationPath, setting: name))
        }
        // An empty one names nothing, and the usual place may hold another key; the system ends a path at a byte of zero.
        guard !text.isEmpty, !text.utf8.contains(0) else {
            throw .fileStore(.namesNoFile(path: configurationPath, setting: name))
        }
        guard let address = KeyAddress(text) else {
            return try place(text, layout)
        }
        guard let inside = address.filePath else {
            throw .fileStore(.keyNotInFile(path: configurationPath, setting: name, address: address.shown))
        }
        return try place(inside, layout)
    }

    /// A path as step-ca takes it.
    ///
    /// A configuration that was moved, as with a container's volume, names a folder that is not here: what lies in the
    /// usual layout under that folder lies in this one.
    private func place(_ text: String, _ layout: String) throws(StoreError) -> FilePath {
        let path = FilePath(configured: text)
        guard path.isAbsolute else {
            return folder.pushing(path)
        }
        var old = path
        guard old.ends(with: FilePath(layout)) else {
            return path
        }
        old.removeLastComponent()
        old.removeLastComponent()
        return try StoreFile.kind(old) == nil ? folder.appending(layout) : path
    }

    private func refuseKMS() throws(StoreError) {
        guard let type = configuration?["kms"]?["type"]?.string,
            !["", "softkms"].contains(bytesOf: type.lowercasedASCII)
        else {
            return
        }
        let key = configuration?["key"]?.string.map { KeyAddress($0)?.shown ?? KeyAddress.withoutPIN($0) } ?? "none"
        throw .fileStore(.keyNotInFile(path: configurationPath, setting: "key", address: "\(key) (kms \(type))"))
    }

    /// Whether the folder is one of step's.
    static func isHere(_ path: FilePath) throws(StoreError) -> Bool {
        for name in [configurationName, "secrets/root_ca_key", "secrets/intermediate_ca_key"]
        where try StoreFile.kind(path.appending(name)) != nil {
            return true
        }
        return false
    }

    static let configurationName = "config/ca.json"

    /// The configuration file, for errors.
    private var configurationPath: String { folder.appending(Self.configurationName).string }
}

extension KeyStore {
    /// Keys that lie in the store, and that no escrow of a certificate's key can hold: those of an SSH authority.
    ///
    /// - Throws: ``StoreError``
    package func keysNotEscrowed() throws(StoreError) -> [String] {
        guard case .stepCA(let path, _) = location else {
            return []
        }
        return try StepCA(at: FilePath(path)).sshKeys().map(\.string)
    }
}
