// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
import Files
package import SystemPackage

// Asking for time stamps of officers' signatures, and filing the answers.
extension EscrowDirectory {
    /// An officer's signature of a manifest, which holds.
    package struct StampableSignature: Sendable {
        package let path: FilePath
        package let officer: Signer
        /// The name of the epoch's directory.
        package let epoch: String
        package let bytes: [UInt8]
        package let isStamped: Bool
    }

    /// The signatures of every manifest here by its own officers: those by which it is anchored.
    ///
    /// - Throws: ``EscrowError``
    package func stampableSignatures() throws(EscrowError) -> [StampableSignature] {
        var found: [StampableSignature] = []
        for epoch in epochs {
            let document = try epoch.document.get()
            let count = try SignatureCount(
                of: document.manifestPath,
                document.bytes,
                format: .manifest,
                by: document.manifest.approval.officers
            )
            for officer in count.signed {
                let path = FiledSignature.path(of: document.manifestPath, by: officer.name)
                let (bytes, isStamped) = try orThrow { () throws(FileError) in
                    let bytes = try Files.read(path, limit: ByteLimit.signature)
                    return (bytes, try Files.kind(of: SignatureStamp.path(of: path)) != nil)
                }
                found.append(
                    StampableSignature(
                        path: path,
                        officer: officer,
                        epoch: epoch.name,
                        bytes: bytes,
                        isStamped: isStamped
                    )
                )
            }
        }
        return found
    }

    /// Writes a time-stamp query over each signature that has no stamp yet.
    ///
    /// - Parameter folder: Where the queries go; the working directory when not given.
    /// - Returns: How many signatures there are, and each query with the place for its answer.
    /// - Throws: ``EscrowError``; ``OpenSSLError``
    package func writeQueries(
        in folder: FilePath?
    ) throws -> (signatureCount: Int, queries: [(path: FilePath, answer: FilePath)]) {
        let signatures = try stampableSignatures()
        let waiting = signatures.filter { !$0.isStamped }
        guard !waiting.isEmpty else {
            return (signatures.count, [])
        }
        let place = folder ?? "."
        guard try Files.kind(of: place) == .directory else {
            throw EscrowError.directory(.notADirectory(path: place.string))
        }
        try Self.refuseInside(place.appending("query"), as: place.string)
        let queries = try waiting.map { signature in
            let stem = "\(name)-\(signature.epoch)-\(signature.officer.name)"
            let query = folder?.appending("\(stem).tsq") ?? FilePath("\(stem).tsq")
            try Files.create(query, try TimeStampQuery.make(over: signature.bytes), permissions: .publicFile)
            return (query, query.removingLastComponent().appending("\(stem).tsr"))
        }
        return (signatures.count, queries)
    }

    /// Files an authority's answer beside the signature that it is over.
    ///
    /// - Parameters:
    ///   - path: Where the answer comes from.
    ///   - authorities: PEM certificates that it must be by, or nothing: then nobody vouches for it yet.
    ///   - now: The moment at which the authority's certificate must be valid.
    /// - Returns: Where it lies, the moment that it says, and whether it is new; nothing when it is of no signature here.
    /// - Throws: ``EscrowError/stamp(path:_:)``, ``EscrowError/file(_:)``, when another time stamp is there already.
    package func file(
        stamp path: FilePath,
        trusting authorities: [UInt8]?,
        now: Timestamp
    ) throws(EscrowError) -> (place: FilePath, time: Timestamp, isNew: Bool)? {
        let response = try RecognisedFile.timeStamp.read(path, limit: ByteLimit.document) { $0 }
        for signature in try stampableSignatures() {
            let time: Timestamp
            do throws(TimeStampError) {
                time = try Self.time(of: response, over: signature.bytes, trusting: authorities, now: now)
            } catch .otherBytes {
                continue
            } catch .notAResponse {
                throw RecognisedFile.timeStamp.explaining(.stamp(path: path.string, .notAResponse), at: path)
            } catch {
                throw .stamp(path: path.string, error)
            }
            let place = SignatureStamp.path(of: signature.path)
            return (place, time, try Self.put(response, at: place))
        }
        return nil
    }

    /// The moment that an answer says, by whomever when nobody is named.
    private static func time(
        of response: [UInt8],
        over bytes: [UInt8],
        trusting authorities: [UInt8]?,
        now: Timestamp
    ) throws(TimeStampError) -> Timestamp {
        guard let authorities else {
            return try Timestamp(of: TimeStamp(unverified: response, over: bytes))
        }
        let stamp = try TimeStamp(response, over: bytes, trusting: authorities, now: now.secondsSinceEpoch)
        return try Timestamp(of: stamp)
    }

    /// Writes a time stamp unless the same is there.
    private static func put(_ bytes: [UInt8], at place: FilePath) throws(EscrowError) -> Bool {
        try orThrow { () throws(FileError) in
            guard try Files.kind(of: place) != nil else {
                try Files.create(place, bytes, permissions: .publicFile)
                return true
            }
            guard try Files.read(place, limit: ByteLimit.document) == bytes else {
                throw .exists(path: place.string)
            }
            return false
        }
    }
}
