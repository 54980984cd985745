// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SystemPackage

// What has come to the escrow: content decides, not a clock, and not what a command says of itself.
extension LiveCeremony {
    var escrowPath: FilePath { FilePath(plan.escrow.path) }

    /// The epoch that the ceremony is about: the draft that it has made, or the one in force.
    func epoch() throws -> EpochDocument {
        let chain = try EscrowDirectory(at: escrowPath).chain()
        let known = Set(transcript.lines.flatMap(\.files).map(\.sha256))
        let made = chain.nextDrafts.last { known.contains($0.document.digest) }
        return try (made ?? chain.approval(selected: nil)).document
    }

    /// Files of the escrow that no line names yet, each by its path in it, ordered by these: what has come since.
    ///
    /// After an interruption this finds what was made before it. A name that no document can hold is none of ours.
    func unrecorded() -> [TranscriptLine.File] {
        var known: [String: Set<SHA256Digest>] = [:]
        for file in transcript.lines.flatMap(\.files) {
            known[file.name, default: []].insert(file.sha256)
        }
        return EscrowListing.digests(in: escrowPath).sorted { $0.key.precedes(bytesOf: $1.key) }
            .filter { TextRule.allows($0.key) && known[$0.key]?.contains($0.value) != true }
            .map { TranscriptLine.File(.input, $0.key, $0.value) }
    }

    /// How many files of the escrow have a name that cannot be written down.
    var unnamedCount: Int { EscrowListing.digests(in: escrowPath).keys.filter { !TextRule.allows($0) }.count }

    /// What is in the escrow and in no line yet: made now, but for what lay there before.
    func appeared(besides earlier: [TranscriptLine.File] = []) -> [TranscriptLine.File] {
        unrecorded().map { earlier.contains($0) ? $0 : TranscriptLine.File(.output, $0.name, $0.sha256) }
    }

    /// The epoch that has come and that no line names yet: the one in force, or a draft that follows it or begins the escrow.
    func epochMade() -> EpochDocument? {
        guard let chain = try? EscrowDirectory(at: escrowPath).chain() else {
            return nil
        }
        let new = unrecorded()
        return ([chain.inForce].compactMap(\.self) + chain.nextDrafts).map(\.document).last { epoch in
            let folder = epoch.path.lastComponent?.string ?? ""
            return new.contains(TranscriptLine.File(.input, "\(folder)/\(EpochDocument.manifestName)", epoch.digest))
        }
    }

    /// Whether a record that no line names yet is of the epoch that the ceremony is about, holds, and says what is wanted:
    /// not everybody who can put a file there was in the room.
    func hasAppeared<Document: AddedRecord>(_: Document.Type, where isWanted: (Document) -> Bool) -> Bool {
        guard let epoch = try? epoch() else {
            return false
        }
        return unrecorded().contains { file in
            guard file.name.contains(bytesOf: "/\(Document.directoryName)/"),
                file.name.contains(bytesOf: "-\(Document.format.kind)-"),
                file.name.hasSuffix(bytesOf: ".json"),
                let filed = try? Filed<Document>(at: escrowPath.appending(file.name), in: epoch)
            else {
                return false
            }
            return filed.digest == file.sha256 && filed.document.manifest == epoch.digest && isWanted(filed.document)
        }
    }
}

/// What lies in an escrow.
enum EscrowListing {
    /// Files by their paths inside, three levels deep at most; what cannot be read is left out.
    static func digests(in folder: FilePath, depth: Int = 3) -> [String: SHA256Digest] {
        var found: [String: SHA256Digest] = [:]
        for name in (try? Files.names(in: folder)) ?? [] where !Files.isLeftover(name) {
            let path = folder.appending(name)
            switch try? Files.kind(of: path) {
            case .regular:
                if let bytes = try? Files.read(path, limit: ByteLimit.pkcs12) {
                    found[name] = SHA256Digest(of: bytes)
                }
            case .directory where depth > 1:
                for (inner, digest) in digests(in: path, depth: depth - 1) {
                    found["\(name)/\(inner)"] = digest
                }
            default: break
            }
        }
        return found
    }
}
