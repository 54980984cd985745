// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files
package import SystemPackage

/// What somebody remembers of the manifests that they acted on: `NAME.seen`, beside the identity.
///
/// docs/format.md, section 5.8. Custodians and officers notice a different manifest later, or an older one. What a custodian
/// sees for the first time, ``ActingCustodian`` has them compare.
package struct SeenManifests: Sendable {
    package let path: FilePath
    fileprivate var lines: [Line] = []

    fileprivate struct Line: Sendable, Equatable {
        let set: SetIdentifier
        let epoch: Int
        let digest: SHA256Digest

        var text: String { "\(set) \(epoch) \(digest)\n" }
    }

    /// Reads the file beside an identity; there may be none yet.
    ///
    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/seen(path:_:)``
    package init(of name: Name, beside identity: FilePath) throws(EscrowError) {
        path = identity.removingLastComponent().appending("\(name).seen")
        lines = try Self.read(path)
    }

    private static func read(_ path: FilePath) throws(EscrowError) -> [Line] {
        guard try orThrow(Files.kind(of: path)) != nil else {
            return []
        }
        let bytes = try orThrow(Files.read(path, limit: Self.byteLimit))
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .seen(path: path.string, .malformed(line: 1))
        }
        var lines: [Line] = []
        for (index, line) in text.parts(between: "\n").dropLast().enumerated() {
            guard let line = Line(line) else {
                throw .seen(path: path.string, .malformed(line: index + 1))
            }
            lines.append(line)
        }
        guard lines.map(\.text).joined().utf8.elementsEqual(bytes) else {
            throw .seen(path: path.string, .malformed(line: lines.count + 1))
        }
        return lines
    }

    /// Whether they acted on a manifest of this set before, in a branch that counts still.
    ///
    /// Officers may have voided the branch that one knows: the other is met for the first time then.
    package func knows(_ epoch: EpochDocument, in chain: EpochChain) -> Bool {
        last(of: [epoch.manifest.set]).map { !chain.isSetAside($0.digest) } ?? false
    }

    /// Whether they acted on exactly this manifest before.
    package func has(_ epoch: EpochDocument) -> Bool { lines.contains(Line(epoch)) }

    /// The newest manifest of an escrow that the custodian acted on, whatever its set.
    package func last(in escrow: EscrowDirectory) -> SHA256Digest? {
        let digests = escrow.documents.map(\.digest)
        let sets = Set(escrow.documents.map(\.manifest.set))
        return lines.last { digests.contains($0.digest) || sets.contains($0.set) }?.digest
    }

    private func last(of sets: Set<SetIdentifier>) -> Line? {
        lines.filter { sets.contains($0.set) }.max { $0.epoch < $1.epoch }
    }

    /// Holds a manifest against the newest of its set, and of the sets before it, that was seen.
    ///
    /// - Throws: ``EscrowError/seen(path:_:)``
    package func check(
        _ epoch: EpochDocument,
        in escrow: EscrowDirectory,
        _ chain: EpochChain
    ) throws(EscrowError) {
        let manifest = epoch.manifest
        let sets = Set(epoch.chain(in: escrow).map(\.manifest.set))
        // What officers have voided leads nowhere; `knows` has it compared anew.
        guard let last = last(of: sets), !chain.isSetAside(last.digest) else {
            return
        }
        guard manifest.epoch >= last.epoch else {
            throw .seen(path: epoch.path.string, .older(epoch: manifest.epoch, seen: last.epoch))
        }
        guard epoch.ancestor(last.epoch, in: escrow)?.digest == last.digest else {
            throw .seen(path: epoch.path.string, .another(found: epoch.digest, epoch: last.epoch, seen: last.digest))
        }
    }

    /// Remembers a manifest, before anything is signed about it: under its set, and under the sets of those before it.
    ///
    /// Whoever acted on an epoch acts on none before it, also when each has a secret of its own.
    ///
    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/seen(path:_:)``
    package mutating func remember(
        _ epoch: EpochDocument,
        in escrow: EscrowDirectory,
        _ chain: EpochChain
    ) throws(EscrowError) {
        let sets = epoch.chain(in: escrow).map(\.manifest.set)
        let parent = path.removingLastComponent()
        // One at a time: another command may have added lines since they were read.
        lines = try locked(parent.isEmpty ? "." : parent) { [path] () throws(EscrowError) in
            var lines = try Self.read(path)
            let wanted = sets.map { Line(set: $0, epoch: epoch.manifest.epoch, digest: epoch.digest) }
            let missing = wanted.enumerated().filter { !lines.contains($1) && wanted.firstIndex(of: $1) == $0 }
            guard !missing.isEmpty else {
                return lines
            }
            lines += missing.map(\.element)
            let bytes = Array(lines.map(\.text).joined().utf8)
            try orThrow(Files.replace(path, with: bytes, permissions: .secretFile))
            return lines
        }
        try check(epoch, in: escrow, chain)
    }

    private static let byteLimit = 1 << 20
}

extension SeenManifests.Line {
    init(_ epoch: EpochDocument) {
        self.init(set: epoch.manifest.set, epoch: epoch.manifest.epoch, digest: epoch.digest)
    }

    init?(_ line: String) {
        let words = line.parts(between: " ")
        guard words.count == 3, let set = Hex.decode(words[0]), set.count == 16, let epoch = Int(words[1]),
            words[1].isEqual(bytesOf: "\(epoch)"), epoch > 0, let digest = SHA256Digest(hex: words[2])
        else {
            return nil
        }
        self.init(set: SetIdentifier(bytes: set), epoch: epoch, digest: digest)
    }
}
