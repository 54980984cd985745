// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
package import SystemPackage

/// A signature file beside a document, `DOCUMENT.SIGNER.sig`, not yet held against anything.
package struct FiledSignature: Sendable {
    package let path: FilePath
    /// The name in the file's name, or nothing when it is no name.
    package let signer: Name?
    package let signature: Result<SSHSignature, EscrowError>

    /// The signatures of a document, ordered by their files' names.
    ///
    /// - Parameter document: Such as `0001-3fa9c2d1/manifest.json`.
    /// - Throws: ``EscrowError/file(_:)`` when the directory cannot be listed.
    package static func all(of document: FilePath) throws(EscrowError) -> [FiledSignature] {
        guard let name = document.lastComponent?.string else {
            return []
        }
        let directory = document.removingLastComponent()
        let names = try orThrow(Files.names(in: directory.isEmpty ? "." : directory))
        return names.filter { $0.hasPrefix(bytesOf: name + ".") && $0.hasSuffix(bytesOf: ".sig") }
            .map { file in
                let signer = file.rest(after: name + ".")?.rest(before: ".sig") ?? ""
                let path = directory.appending(file)
                let signature = Result { () throws(EscrowError) in try read(path) }
                return FiledSignature(path: path, signer: try? Name(signer), signature: signature)
            }
    }

    /// The document that a signature is of, by its own name: one of these names, and what stands before a signer's.
    ///
    /// A signer may be called `bob.json.x`: what is no document's name is not where the signer's begins.
    package static func document(of name: String, among names: Set<String>) -> String? {
        var document = ""
        for part in name.parts(between: ".").dropLast() {
            document += document.isEmpty ? part : "." + part
            if part.isEqual(bytesOf: "json"), names.contains(document) {
                return document
            }
        }
        return nil
    }

    /// The file of a signer's signature of a document.
    package static func path(of document: FilePath, by signer: Name) -> FilePath {
        FilePath(document.string + ".\(signer).sig")
    }

    static func read(_ path: FilePath) throws(EscrowError) -> SSHSignature {
        let bytes = try orThrow(Files.read(path, limit: ByteLimit.signature))
        return try orThrow(SSHSignature(armored: bytes)) { .signature(path: path.string, $0) }
    }
}

/// What the signatures beside a document are worth under one set of keys.
package struct SignatureCount: Sendable {
    /// Those whose signature holds, ordered by name.
    package var signed: [Signer] = []
    /// Files that do not verify, with the reason: each is a finding.
    package var faults: [EscrowError] = []

    /// Verifies every signature of a document.
    ///
    /// - Parameters:
    ///   - bytes: The document, as it was parsed.
    ///   - signers: Who may sign, under which keys; a name may have several.
    /// - Throws: ``EscrowError/file(_:)``
    init(
        of document: FilePath,
        _ bytes: [UInt8],
        format: DocumentFormat,
        by signers: [Signer]
    ) throws(EscrowError) {
        for filed in try FiledSignature.all(of: document) {
            do throws(EscrowError) {
                let signature = try filed.signature.get()
                guard let name = filed.signer, signers.contains(where: { $0.name == name }) else {
                    throw .damaged(filed.path.string, "signed by someone who is not an officer of this manifest")
                }
                guard signers.contains(Signer(name: name, key: signature.signer)) else {
                    let fingerprint = signature.signer.fingerprint
                    throw .damaged(filed.path.string, "signed with another key than \(name)'s: \(fingerprint)")
                }
                try orThrow(signature.verify(bytes, namespace: format.namespace)) {
                    .signature(path: filed.path.string, $0)
                }
                signed.append(Signer(name: name, key: signature.signer))
            } catch {
                faults.append(error)
            }
        }
    }

    /// How many of an approval's officers have signed: different keys.
    func count(of approval: Approval) -> Int { Set(signed).intersection(approval.officers).count }

    /// Whether enough of an approval's officers have signed.
    func satisfies(_ approval: Approval) -> Bool { count(of: approval) >= approval.threshold }
}
