// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
package import SystemPackage

/// What someone sent, filed where it belongs.
package enum Collected: Sendable, CustomStringConvertible {
    /// An officer's signature of a document here.
    case signature(Signer, of: FilePath)
    /// A custodian's card that was missing.
    case card(Name, FilePath)
    /// A document that somebody added, with its signatures.
    case document(kind: String, FilePath)
    /// A receipt of another manifest: evidence that its custodian was shown that one.
    case equivocation(Name, FilePath)
    /// A receipt of a manifest that is not here, or that no officer here has signed: a finding until its custodian makes a newer one.
    case unknownManifest(Name, FilePath)
    /// An epoch that was not here: in force, or a draft, as the escrow stands with it.
    case epoch(EpochApproval, FilePath)
    /// Nothing to do: the same is here.
    case alreadyHere(FilePath)

    /// What was filed, and where; what that is worth.
    package var description: String {
        switch self {
        case .signature(let officer, let document): return "filed: \(officer.name)'s signature of \(document)"
        case .card(let name, let place): return "filed: the card of \(name), as \(place)"
        case .document(DocumentFormat.release.kind, let place):
            return "filed: the statement of a release, as \(place)"  // the release itself lies in no escrow
        case .document(let kind, let place):
            let isVowel = kind.utf8.first.map("aeiou".utf8.contains) == true
            return "filed: \(isVowel ? "an" : "a") \(kind), as \(place)"
        case .equivocation(_, let place): return "filed: evidence, as \(place)"
        case .unknownManifest(_, let place): return "filed: a receipt of another manifest, as \(place)"
        case .epoch(let approval, let place) where approval.isApproved: return "filed: an approved epoch, as \(place)"
        case .epoch(let draft, let place):
            let missing = draft.missing.listed
            return "filed: a draft, as \(place): it counts for nothing until enough sign of \(missing)"
        case .alreadyHere(let place): return "already here: \(place)"
        }
    }
}

/// Why a file was left out.
package indirect enum CollectError: Error, Equatable, CustomStringConvertible {
    case escrow(EscrowError)
    case pkcs12(path: String)
    case secret(path: String)
    case stateArchive(path: String)
    case signatureOfNothing(path: String)
    case stampOfNothing(path: String)
    case cardOfNobody(path: String, Name)
    case unknown(path: String)
    case releaseBox(path: String)
    case enrolment(path: String)
    case notInParcel(path: String, escrow: String, found: [String])
    case plan(path: String)
    /// An epoch that does not follow what is here, or that would set aside what is in force here.
    case doesNotFollow(path: String, EpochMisfit)
    /// A parcel that no escrow can be made of.
    case notWhole(path: String)

    package var description: String {
        switch self {
        case .escrow(let error): "\(error)"
        case .pkcs12(let path): "\(path): a PKCS#12 file: it never lies in an escrow"
        case .secret(let path): "\(path): an identity or a private key: it never lies in an escrow"
        case .stateArchive(let path): "\(path): an archive of a CA's state: it never lies in an escrow"
        case .signatureOfNothing(let path): "\(path): a signature of no document of this escrow"
        case .stampOfNothing(let path): "\(path): a time stamp of no officer's signature in this escrow"
        case .cardOfNobody(let path, let name): "\(path): not the card of \(name) that a manifest here names"
        case .unknown(let path): "\(path): nothing that is filed in an escrow"
        case .releaseBox(let path): "\(path): a release: it is for the restoring machine, and never lies in an escrow"
        case .enrolment(let path): "\(path): an enrolment: it lies beside its card, and never in an escrow"
        case .notInParcel(let path, let escrow, let found):
            "\(path): nothing for \(escrow): it is about \(found.joined(separator: ", "))"
        case .plan(let path): "\(path): of a ceremony's plan: it lies beside the plan, and never in an escrow"
        case .doesNotFollow(let path, let why): "\(path): an epoch that is not filed: \(why)"
        case .notWhole(let path): "\(path): not a whole escrow: a new one needs all epochs with their manifests"
        }
    }
}

/// Turns an act's error into the reason why a file was left out.
func orLeaveOut<Success>(_ work: @autoclosure () throws(EscrowError) -> Success) throws(CollectError) -> Success {
    do {
        return try work()
    } catch {
        throw .escrow(error)
    }
}

/// Why an epoch that was sent is not filed.
package enum EpochMisfit: Equatable, Sendable, CustomStringConvertible {
    /// What it follows is not here, or is a draft; or it is a first epoch, and the escrow has one.
    case followsNothing
    /// A draft of another epoch's successor than the one in force.
    case isOutdated
    /// A draft that none of the epoch before has signed, or a first one that none of its officers has.
    case isNotSigned
    /// A draft that was taken back here.
    case wasWithdrawn
    /// Approved, and it excludes what is in force here, or officers have voided it.
    case excludes

    package var description: String {
        switch self {
        case .followsNothing: "it follows no epoch that counts here"
        case .isOutdated: "a draft that does not follow the epoch in force"
        case .isNotSigned:
            "an unsigned draft: an officer must sign it where it was made, then pack it again"
        case .wasWithdrawn: "a draft that was withdrawn here: it counts again when officers approve it elsewhere"
        case .excludes: "approved, but it excludes an epoch here, or is void: an officer must say which one counts"
        }
    }
}

extension EscrowDirectory {
    /// Files a card or an officer's signature, after verifying it; everything else is left out by name.
    ///
    /// - Throws: ``CollectError``
    package func collect(_ path: FilePath) throws(CollectError) -> Collected {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, limit: ByteLimit.pkcs12)
        } catch {
            throw .escrow(RecognisedFile.filed.explaining(.file(error), at: path))
        }
        let start = String(decoding: bytes.prefix(1024), as: UTF8.self)
        if start.hasPrefix(bytesOf: "-----BEGIN SSH SIGNATURE-----") {
            try Self.check(bytes, at: path, limit: ByteLimit.signature)
            return try collect(signature: bytes, at: path)
        }
        if let name = path.lastComponent?.string, CASignatureFile.isName(name) {
            return try collect(caSignature: bytes, of: name, at: path)
        }
        if path.extension == "tsr" {
            return try collect(stampAt: path)
        }
        if SecretFile.isStateArchive(bytes) {
            throw .stateArchive(path: path.string)
        }
        if bytes.first != 0x30, SecretFile.reason(bytes) != nil {
            throw .secret(path: path.string)
        }
        if start.contains(bytesOf: "\"\(DocumentFormat.card.format)\"") || path.extension == "card" {
            try Self.check(bytes, at: path, limit: ByteLimit.document)
            return try collect(card: bytes, at: path)
        }
        if start.contains(bytesOf: "\"\(DocumentFormat.releaseBox.format)\"") || path.extension == "release" {
            throw .releaseBox(path: path.string)
        }
        if EnrolmentPlace.isKnown(path.lastComponent?.string ?? "") {
            throw .enrolment(path: path.string)
        }
        if bytes.first == UInt8(ascii: "{") {
            try Self.check(bytes, at: path, limit: ByteLimit.document)
            do throws(EscrowError) {
                let format = try orThrow(DocumentFormat.text(in: bytes)) { .document(path: path.string, $0) }
                if let collected = try collect(added: path, format) {
                    return collected
                }
            } catch .document where RecognisedFile(at: path) == .json {
                throw .escrow(RecognisedFile.filed.refusing(path))
            } catch {
                throw .escrow(error)
            }
        }
        // A PKCS#12 file is an ASN.1 SEQUENCE.
        throw bytes.first == 0x30 ? .pkcs12(path: path.string) : .escrow(RecognisedFile.filed.refusing(path))
    }

    /// The limit of a kind of file, once it is known which kind it is.
    private static func check(_ bytes: [UInt8], at path: FilePath, limit: Int) throws(CollectError) {
        guard bytes.count <= limit else {
            throw .escrow(.file(.tooLarge(path: path.string, byteCount: bytes.count, limit: limit)))
        }
    }

    private func collect(signature bytes: [UInt8], at path: FilePath) throws(CollectError) -> Collected {
        do throws(EscrowError) {
            let signature = try orThrow(SSHSignature(armored: bytes)) { .signature(path: path.string, $0) }
            for document in try SignableDocument.all(
                in: chain(),
                at: Timestamp(secondsSinceEpoch: Timestamp.range.upperBound)
            ) where document.isSigned(by: signature) {
                do throws(EscrowError) {
                    let (officer, _) = try document.file(signature, from: path.string)
                    return .signature(officer, of: document.path)
                } catch .trust(.signedAlready(_, let name)) {
                    return .alreadyHere(FiledSignature.path(of: document.path, by: name))
                }
            }
        } catch {
            throw .escrow(error)
        }
        if let place = place(of: bytes) {
            return .alreadyHere(place)
        }
        throw .signatureOfNothing(path: path.string)
    }

    /// Where a signature lies that nobody could give now: it came with its document, or an epoch has followed since.
    private func place(of signature: [UInt8]) -> FilePath? {
        for epoch in epochs {
            for folder in [epoch.path] + EpochDirectory.addedDirectories.map({ epoch.path.appending($0) }) {
                let names = ((try? Files.names(in: folder)) ?? []).filter { $0.hasSuffix(bytesOf: ".sig") }
                for name in names
                where (try? Files.read(folder.appending(name), limit: ByteLimit.signature)) == signature {
                    return folder.appending(name)
                }
            }
        }
        return nil
    }

    /// Files a time stamp beside the officer's signature that it is of; whoever relies on it says whose are believed.
    private func collect(stampAt path: FilePath) throws(CollectError) -> Collected {
        let filed = try orLeaveOut(file(stamp: path, trusting: nil, now: Timestamp(secondsSinceEpoch: 0)))
        guard let (place, _, isNew) = filed else {
            throw .stampOfNothing(path: path.string)
        }
        return isNew ? .document(kind: "time stamp", place) : .alreadyHere(place)
    }

    /// Files the signature of the CA's key that a receipt here lacks; one that came with its receipt is here already.
    private func collect(
        caSignature bytes: [UInt8],
        of name: String,
        at path: FilePath
    ) throws(CollectError) -> Collected {
        for epoch in documents {
            let place = epoch.path.appending(Record.directoryName).appending(name)
            if let isNew = try orLeaveOut(CASignatureFile.file(bytes, at: place, in: epoch.manifest)) {
                return isNew ? .document(kind: "signature by the CA's key", place) : .alreadyHere(place)
            }
        }
        throw .signatureOfNothing(path: path.string)
    }

    private func collect(card bytes: [UInt8], at path: FilePath) throws(CollectError) -> Collected {
        let card = try orLeaveOut(orThrow(Card(canonical: bytes)) { .card(path: path.string, $0) })
        let holds = { (epoch: EpochDocument) in epoch.manifest.person(named: card.name)?.card == card.digest }
        guard let place = documents.last(where: holds)?.cardPath(of: card.name) else {
            throw .cardOfNobody(path: path.string, card.name)
        }
        guard try orLeaveOut(orThrow(Files.kind(of: place))) == nil else {
            let there = try orLeaveOut(orThrow(Files.read(place, limit: ByteLimit.document)))
            guard there == card.bytes else {
                throw .escrow(.person(.cardIsAnother(path: place.string, card.name)))
            }
            return .alreadyHere(place)
        }
        do throws(FileError) {
            try Files.makeDirectory(place.removingLastComponent(), permissions: .publicDirectory)
            try Files.create(place, card.bytes, permissions: .publicFile)
        } catch {
            throw .escrow(.file(error))
        }
        return .card(card.name, place)
    }
}

extension SignableDocument {
    /// Whether a signature is one of this document, by whomever.
    fileprivate func isSigned(by signature: SSHSignature) -> Bool {
        (try? signature.verify(bytes, namespace: format.namespace)) != nil
    }
}
