// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Files
package import KeyStores
package import SystemPackage

// How it is told, and what a reader says who wanted another.
extension RecognisedFile {
    /// - Returns: Nothing for what is not there, or cannot be read.
    package init?(at path: FilePath) {
        guard (try? Files.kind(of: path)) != .directory else {
            let isEpoch = EpochDirectory.number(inName: path.lastComponent?.string ?? "") != nil
            self = EscrowDirectory.isEscrow(path) ? .escrow : isEpoch ? .epoch : .directory
            return
        }
        do throws(FileError) {
            self.init(of: try Files.read(path, limit: ByteLimit.parcel, followingLinks: true))
        } catch {
            guard case .system(_, .noData) = error else {
                return nil
            }
            self = .empty
        }
    }

    private init(of bytes: [UInt8]) {
        let start = String(decoding: bytes.prefix(4096), as: UTF8.self)
        if bytes.isEmpty {
            self = .empty
        } else if let kind = Self.document(in: bytes) {
            self = .document(kind)
        } else if let armour = Self.armours.first(where: { start.contains(bytesOf: "-----BEGIN \($0.label)-----") }) {
            self = armour.kind
        } else if let foreign = ForeignFile(of: bytes.span) {
            self = foreign == .pkcs12 ? .pkcs12 : .foreign("\(foreign)")
        } else if SecretFile.isStateArchive(bytes) {
            self = .stateArchive
        } else if (try? Certificate(der: bytes)) != nil {
            self = .certificate
        } else if Self.keyTypes.contains(where: start.hasPrefix(bytesOf:)) {
            self = .publicKey
        } else if Self.keyTypes.contains(where: { start.contains(bytesOf: " \($0)") }) {
            self = .allowedSigners
        } else if bytes.allSatisfy({ $0 >= 0x20 || [0x09, 0x0a, 0x0d].contains($0) }) {
            let first = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
            self = first == UInt8(ascii: "{") ? .json : .text
        } else {
            self = .data
        }
    }

    /// The member `format` of one of our documents, wherever it stands among its members.
    private static func document(in bytes: [UInt8]) -> String? {
        guard bytes.first == UInt8(ascii: "{"), let place = bytes.firstRange(of: Array("\"ca-escrow/v1/".utf8)) else {
            return nil
        }
        let kind = bytes[place.upperBound...].prefix { $0 != UInt8(ascii: "\"") }.prefix(40)
        return DocumentFormat(format: "ca-escrow/v1/\(String(decoding: kind, as: UTF8.self))")?.kind
    }

    private static let armours: [(label: String, kind: RecognisedFile)] = [
        ("SSH SIGNATURE", .signature), ("CERTIFICATE REQUEST", .certificateRequest), ("X509 CRL", .revocationList),
        ("PRIVATE KEY", .privateKey), ("ENCRYPTED PRIVATE KEY", .privateKey), ("RSA PRIVATE KEY", .privateKey),
        ("EC PRIVATE KEY", .privateKey), ("OPENSSH PRIVATE KEY", .privateKey), ("CERTIFICATE", .certificate),
        ("TRUSTED CERTIFICATE", .certificate),
    ]

    private static let keyTypes = ["ssh-", "sk-ssh-", "ecdsa-sha2-"]

    /// Whether certificates may be in it that nobody reads.
    var mayHoldCertificates: Bool {
        switch self {
        case .pkcs12, .foreign, .directory, .escrow, .epoch: true
        default: false
        }
    }

    /// Reads a file that should be of this kind; where it is another, that is what is said of it.
    ///
    /// - Throws: What `read` throws, ``EscrowError/file(_:)``, ``DirectoryFault/anotherFile(path:found:wanted:)``
    package func read<Content>(
        _ path: FilePath,
        limit: Int,
        followingLinks: Bool = false,
        _ read: ([UInt8]) throws(EscrowError) -> Content
    ) throws(EscrowError) -> Content {
        do throws(EscrowError) {
            let bytes = try orThrow(Files.read(path, limit: limit, followingLinks: followingLinks))
            return try read(bytes)
        } catch {
            throw explaining(error, at: path)
        }
    }

    /// What a reader says of a file that it could not use: what it is, and what was wanted; or what the reader found, where
    /// the file is of that kind and damaged, or of no kind that is known.
    package func explaining(_ error: EscrowError, at path: FilePath) -> EscrowError {
        switch error {
        case .file(.tooLarge), .store(.foreign): return error
        default: break
        }
        guard let found = RecognisedFile(at: path), found != self else {
            return error
        }
        return .directory(.anotherFile(path: path.string, found: found, wanted: self))
    }

    /// What a reader says of a file of none of the kinds that it knows.
    package func refusing(_ path: FilePath) -> EscrowError {
        .directory(.anotherFile(path: path.string, found: RecognisedFile(at: path) ?? .data, wanted: self))
    }

    /// What is said of a store that could not be read: of a file in it that is of another kind, what it is.
    package static func explaining(_ error: StoreError) -> EscrowError {
        switch error {
        case .file(.system(let path, .isDirectory)): file.explaining(.store(error), at: FilePath(path))
        case .key(let path, .noKey): privateKey.explaining(.store(error), at: FilePath(path))
        case .certificate(let path, .none): certificate.explaining(.store(error), at: FilePath(path))
        case .pkcs12(let path, .malformed) where RecognisedFile(at: FilePath(path)) != .data:
            pkcs12.explaining(.store(error), at: FilePath(path))
        case .notRecognised(let path) where RecognisedFile(at: FilePath(path)) != .directory:
            store.explaining(.store(error), at: FilePath(path))
        case .configuration(let path, _, _) where RecognisedFile(at: FilePath(path)) != .text:
            configuration.explaining(.store(error), at: FilePath(path))
        default: .store(error)
        }
    }
}
