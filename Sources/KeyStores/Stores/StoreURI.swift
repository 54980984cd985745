// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SystemPackage

/// Where a certification authority keeps its key, as people name it on the command line.
package enum StoreURI: Hashable, Sendable {
    /// A key file and the files with its certificates, the first of them with its newest one.
    case pem(key: String, certificates: [String])
    /// A PKCS#12 file.
    case p12(String)
    /// A folder as `certutil -backupKey` makes it.
    case certutil(String)
    /// A folder of `openssl ca`, or its configuration file; `section` when it is not the one of `default_ca`.
    case opensslCA(path: String, section: String?)
    /// A PKCS#11 token.
    case pkcs11(PKCS11URI)
    /// An NSS database.
    case nss(NSSDatabase)
    /// The working directory of easy-rsa, or its pki; `isPKI` when the path is the pki and nothing else.
    case easyRSA(path: String, isPKI: Bool)
    /// The folder of step-ca; `authority` when it is said which of the two is meant.
    case stepCA(path: String, authority: StepCA.Authority?)

    /// Reads `KIND:…`, or recognises what lies under a bare path (``KeyStore/recognisedAs`` says as what).
    ///
    /// - Throws: ``StoreError``
    package init(parsing text: String, environment: StoreEnvironment = StoreEnvironment()) throws(StoreError) {
        self = try KeyStore(parsing: text, environment: environment).location
    }

    /// Reads `KIND:…`.
    ///
    /// - Returns: Nothing when the text has no kind and must be a path. A path whose first component holds a colon is
    ///   written `./a:b`.
    /// - Throws: ``StoreError/unknownKind(_:)``, ``StoreError/malformed(text:needed:)``
    static func explicit(_ text: String, _ environment: StoreEnvironment) throws(StoreError) -> StoreURI? {
        // Scalar by scalar: with an accent behind it, a separator is still one to whoever wrote it.
        let scalars = text.unicodeScalars
        guard let colon = scalars.firstIndex(of: ":"), !scalars[..<colon].contains("/"), colon > scalars.startIndex
        else {
            return nil
        }
        let kind = String(scalars[..<colon])
        let rest = String(scalars[scalars.index(after: colon)...])
        let location: StoreURI? =
            switch kind {
            case "pem": try pem(rest, environment)
            case "p12": rest.isEmpty ? nil : .p12(try environment.expanded(rest))
            case "certutil": rest.isEmpty ? nil : .certutil(try environment.expanded(rest))
            case "pkcs11": .pkcs11(try rethrowing(as: StoreError.pkcs11URI, PKCS11URI(text)))
            case "nss": try nss(rest, environment)
            case "openssl-ca": try opensslCA(rest, environment)
            case "easy-rsa": try easyRSA(rest, environment)
            case "step-ca": try stepCA(rest, environment)
            default: throw .unknownKind(kind)
            }
        guard let location else {
            throw .malformed(text: text, needed: StoreForms.all.first { $0.hasPrefix(bytesOf: "\(kind):") }!)
        }
        return location
    }

    private static func pem(_ rest: String, _ environment: StoreEnvironment) throws(StoreError) -> StoreURI? {
        let paths = rest.parts(between: ",")
        guard paths.count >= 2, !paths.contains(where: \.isEmpty) else {
            return nil
        }
        var places: [String] = []
        for path in paths {
            places.append(direct(try environment.expanded(path)))
        }
        return .pem(key: places[0], certificates: Array(places[1...]))
    }

    private static func nss(_ rest: String, _ environment: StoreEnvironment) throws(StoreError) -> StoreURI? {
        guard let database = NSSDatabase(rest) else {
            return nil
        }
        let directory = try environment.expanded(database.directory)
        return .nss(NSSDatabase(directory: directory, nickname: database.nickname))
    }

    /// A path without the folders that are not there and that it leaves by `..`: they are no reason to make them.
    private static func direct(_ text: String) -> String {
        let path = FilePath(text)
        var (direct, isMissed) = (FilePath(root: path.root), false)
        for component in path.components {
            if component.kind == .parentDirectory, direct.lastComponent?.kind == .regular,
                isMissing(direct)
            {
                direct.removeLastComponent()
                isMissed = true
            } else {
                direct.append(component)
            }
        }
        guard isMissed else {
            return text
        }
        return direct.isEmpty ? "." : direct.string
    }

    private static func isMissing(_ path: FilePath) -> Bool {
        do throws(FileError) {
            return try Files.kind(of: path) == nil
        } catch {
            return false
        }
    }

    /// `PATH[#PART]`; `nil` when something is missing at either side of the `#`.
    private static func parts(_ rest: String) -> (path: String, part: String?)? {
        let parts = rest.parts(between: "#", maxSplits: 1)
        guard parts.count == 1 || !parts[1].isEmpty else {
            return nil
        }
        return (parts[0], parts.count == 2 ? parts[1] : nil)
    }

    private static func opensslCA(_ rest: String, _ environment: StoreEnvironment) throws(StoreError) -> StoreURI? {
        guard let (path, section) = parts(rest) else {
            return nil
        }
        guard path.isEmpty else {
            return .opensslCA(path: direct(try environment.expanded(path)), section: section)
        }
        guard let file = environment.opensslConfiguration else {
            throw .fileStore(.noPlace(kind: "openssl-ca", variable: "OPENSSL_CONF"))
        }
        return .opensslCA(path: file, section: section)
    }

    private static func easyRSA(_ rest: String, _ environment: StoreEnvironment) throws(StoreError) -> StoreURI {
        guard !rest.isEmpty else {
            return .easyRSA(path: environment.easyRSAPKI ?? EasyRSA.pkiName, isPKI: true)
        }
        return .easyRSA(path: direct(try environment.expanded(rest)), isPKI: false)
    }

    private static func stepCA(_ rest: String, _ environment: StoreEnvironment) throws(StoreError) -> StoreURI? {
        guard let (path, part) = parts(rest) else {
            return nil
        }
        let authority = part.flatMap { StepCA.Authority(rawValue: $0) }
        guard part == nil || authority != nil else {
            return nil
        }
        guard let folder = path.isEmpty ? environment.stepPath ?? environment.home.map({ "\($0)/.step" }) : path else {
            throw .fileStore(.noPlace(kind: "step-ca", variable: "STEPPATH"))
        }
        return .stepCA(path: direct(path.isEmpty ? folder : try environment.expanded(folder)), authority: authority)
    }
}

extension StoreURI: CustomStringConvertible {
    /// The text that names this store.
    package var description: String {
        switch self {
        case .pem(let key, let certificates): "pem:" + ([key] + certificates).joined(separator: ",")
        case .p12(let path): "p12:\(path)"
        case .certutil(let path): "certutil:\(path)"
        case .opensslCA(let path, let section): "openssl-ca:\(path)" + (section.map { "#\($0)" } ?? "")
        case .pkcs11(let uri): uri.text
        case .nss(let database): database.text
        case .easyRSA(let path, _): "easy-rsa:\(path)"
        case .stepCA(let path, let authority): "step-ca:\(path)" + (authority.map { "#\($0)" } ?? "")
        }
    }

    /// The files or the directory that it names, as the caller wrote them.
    package var places: [String] {
        switch self {
        case .pem(let key, let certificates): [key] + certificates
        case .p12(let path), .certutil(let path), .opensslCA(let path, _), .easyRSA(let path, _),
            .stepCA(let path, _):
            [path]
        case .pkcs11: []
        case .nss(let database): [database.directory]
        }
    }

    /// Its kind alone, such as `openssl-ca`.
    package var kind: String { description.parts(between: ":", maxSplits: 1)[0] }
}
