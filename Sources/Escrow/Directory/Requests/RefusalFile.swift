// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files
package import SystemPackage

/// A file under `refusals/` that stops the request in its name, whether or not it verifies: docs/format.md, section 4.18.
package struct RefusalFile: Sendable {
    package let path: FilePath
    package let name: RefusalName
    /// The SHA-256 of the file, by which an override names it; nothing when it cannot be read: then none can.
    package let digest: SHA256Digest?
    /// The refusal, when it verifies; else what is wrong with the file.
    package let refusal: Result<Filed<Refusal>, EscrowError>

    /// A document, or whatever else lies there under the name of one.
    init(_ path: FilePath, called name: RefusalName, in epoch: EpochDocument) {
        self.path = path
        self.name = name
        var digest: SHA256Digest?
        refusal = Result { () throws(EscrowError) in
            let bytes = try orThrow(Files.read(path, limit: ByteLimit.document))
            digest = SHA256Digest(of: bytes)
            return try Filed(bytes, at: path, in: epoch)
        }
        self.digest = digest
    }

    /// A signature beside which its document is missing.
    init(orphan path: FilePath, of name: RefusalName) {
        self.path = path
        self.name = name
        digest = (try? Files.read(path, limit: ByteLimit.document)).map { SHA256Digest(of: $0) }
        refusal = .failure(.damaged(path.string, "a signature whose refusal is missing"))
    }

    /// The refusal, when it verifies and is one of this request by all digits of its digest.
    func refusal(of request: Filed<Request>) -> Filed<Refusal>? {
        (try? refusal.get()).flatMap { $0.document.request == request.digest ? $0 : nil }
    }

    /// Why it stops the request: as a refusal that verifies, or as what it is.
    func error(at now: Timestamp) -> RequestError {
        switch refusal {
        case .success(let filed):
            let document = filed.document
            return .refused(
                by: document.name,
                document.created,
                document.reason,
                isAhead: ClockRule.isAhead(document.created, of: now)
            )
        case .failure(let error):
            return digest == nil
                ? .refusalIsUnreadable(finding: "\(error)") : .refusalDoesNotVerify(finding: "\(error)")
        }
    }
}

extension RefusalFile: CustomStringConvertible {
    /// In words: `refused by carol: 'nobody told me'`, or what is wrong with it.
    package var description: String {
        switch refusal {
        case .success(let filed): "refused by \(filed.document.name): '\(filed.document.reason)'"
        case .failure(let error): "refused, by a file that does not verify: \(error)"
        }
    }
}

/// All that lies under `refusals/` of an epoch: docs/format.md, section 4.18.
package struct RefusalFiles: Sendable {
    /// Those that stop a request, ordered by their names.
    package private(set) var files: [RefusalFile] = []
    /// What is called neither as a refusal nor as a signature of one: it stops nothing, and is named.
    package private(set) var strays: [FilePath] = []
    /// Why it cannot be known what lies there; then every request is stopped.
    package private(set) var unlisted: EscrowError?
    /// What is wrong with strays that look like documents.
    private var strayFaults: [EscrowError] = []

    /// Reads all of it; that something cannot be read is part of what it says.
    init(in epoch: EpochDocument) {
        let directory = epoch.path.appending(Refusal.directoryName)
        do throws(EscrowError) {
            let names = try EpochDirectory.names(inside: directory)
            let there = Set(names)
            for name in names {
                let path = directory.appending(name)
                if let document = RefusalName(name) {
                    files.append(RefusalFile(path, called: document, in: epoch))
                } else if name.utf8.suffix(4).elementsEqual(".sig".utf8) {
                    guard FiledSignature.document(of: name, among: there) == nil else {
                        continue  // the document says what it is worth
                    }
                    if let document = RefusalName(ofSignature: name) {
                        files.append(RefusalFile(orphan: path, of: document))
                    } else {
                        strays.append(path)
                    }
                } else {
                    strays.append(path)
                    if name.utf8.suffix(5).elementsEqual(".json".utf8), !Files.isLeftover(name) {
                        strayFaults.append(Self.fault(of: path, in: epoch))
                    }
                }
            }
        } catch {
            unlisted = error
        }
    }

    /// The refusals that verify.
    package var documents: [Filed<Refusal>] { files.compactMap { try? $0.refusal.get() } }

    /// The digests of the files here that stop a request, by which overrides of it name them.
    package func digests(of request: SHA256Digest) -> Set<SHA256Digest> {
        Set(files.filter { $0.name.request == request.identifier }.compactMap(\.digest))
    }

    /// Why files do not verify, and signature files beside refusals that do not count.
    package var faults: [EscrowError] {
        let faults = files.flatMap { file -> [EscrowError] in
            switch file.refusal {
            case .success(let filed): filed.signatures.faults
            case .failure(let error): [error]
            }
        }
        return faults + strayFaults
    }

    /// Why it is not known what refuses: the directory, or files in it, that could not be read.
    var unread: [EscrowError] { (unlisted.map { [$0] } ?? []) + faults.filter(\.isUnread) }

    /// Those that stop a request.
    func naming(_ request: Filed<Request>) -> [RefusalFile] {
        files.filter { $0.name.request == request.identifier }
    }

    private static func fault(of path: FilePath, in epoch: EpochDocument) -> EscrowError {
        do throws(EscrowError) {
            _ = try Filed<Refusal>(at: path, in: epoch)
        } catch {
            return error
        }
        return .damaged(path.string, "not named like a refusal")
    }
}
