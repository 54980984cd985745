// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SystemPackage

// Which files lie in a bundle: those that its transcript names, as it names them, and no others.
extension BundleVerification {
    /// Files that the transcript names are those that it names, and nothing lies here that nothing accounts for.
    ///
    /// What an interrupted run left half made has a hidden name and is passed over: no reader uses it.
    mutating func checkFiles() {
        var faults: [String] = []
        for file in namedFiles {
            let path = bundle.path.pushing(FilePath(file.name))
            guard Self.isInside(file.name) else {
                faults.append("\(file.name.quoted): not the name of a file in a bundle")
                continue
            }
            do {
                let digest = SHA256Digest(of: try Files.read(path, limit: ByteLimit.pkcs12))
                if digest != file.sha256 {
                    faults.append("\(path): SHA-256 \(digest.short)…, where the transcript has \(file.sha256.short)…")
                }
            } catch {
                faults.append("\(error)")
            }
        }
        var known = Set(namedFiles.map(\.name))
        known.formUnion([Bundle.planName, "transcript.jsonl", "transcript.jsonl.tsq", "transcript.jsonl.tsr"])
        known.formUnion(["report.html", "report.json"])
        checkStrays(in: bundle.path, named: "", known, depth: 5, &faults)
        note(.files, faults: faults)
    }

    /// Files of the bundle that lines name, each once: the opening, cards that were mended on the day, and the end.
    private var namedFiles: [TranscriptLine.File] {
        var seen: Set<TranscriptLine.File> = []
        return transcript.lines.flatMap { line in
            let isEnd = line.act.word == .noted && script.step(line.step)?.act == .close
            return line.files.filter {
                $0.name.hasPrefix(bytesOf: "\(Bundle.cardsName)/") || isEnd || line.act == .opened
            }
        }
        .filter { seen.insert($0).inserted }
    }

    private func checkStrays(
        in folder: FilePath,
        named prefix: String,
        _ known: Set<String>,
        depth: Int,
        _ faults: inout [String]
    ) {
        let items: [String]
        do throws(FileError) {
            items = try Files.names(in: folder)
        } catch {
            faults.append("\(error)")
            return
        }
        for item in items where !Files.isLeftover(item) {
            let name = prefix + item
            let path = folder.appending(item)
            let kind = try? Files.kind(of: path)
            if kind == .directory, depth > 1, isFolder(name, known) {
                checkStrays(in: path, named: "\(name)/", known, depth: depth - 1, &faults)
            } else if kind != .regular || !(known.contains(name) || isAccounted(name, path)) {
                faults.append("\(folder.string)/\(item): nothing accounts for it")
            }
        }
    }

    /// Whether a directory is one of a bundle: of a file that is named, or of what an unfinished ceremony leaves.
    private func isFolder(_ name: String, _ known: Set<String>) -> Bool {
        known.contains { $0.hasPrefix(bytesOf: "\(name)/") }
            || ["cards", "attestations", Bundle.escrowName].contains {
                name.isEqual(bytesOf: $0) || name.hasPrefix(bytesOf: "\($0)/")
            }
    }

    /// Whether a file that no line names may lie here: a signature, which is looked at by itself, or what an end is made of.
    private func isAccounted(_ name: String, _ path: FilePath) -> Bool {
        for document in [Bundle.planName, Bundle.transcriptName] {
            if name.hasPrefix(bytesOf: "\(document)."), name.hasSuffix(bytesOf: ".sig") {
                return true
            }
        }
        guard !isClosed else {
            return false
        }
        if let inside = name.rest(after: "\(Bundle.escrowName)/") {
            return isDealt(inside, path) || !transcript.isEnded
        }
        let made = CeremonyEvidence(of: plan, transcript).files.map(\.name)
        return made.contains(bytesOf: name)
            || (!transcript.isEnded && ["audit.html", "audit.json"].contains(bytesOf: name))
    }

    /// Whether a file of the escrow is one that a line of an abandoned ceremony names, by a path inside of the escrow.
    private func isDealt(_ name: String, _ path: FilePath) -> Bool {
        guard let bytes = try? Files.read(path, limit: ByteLimit.manifest) else {
            return false
        }
        let digest = SHA256Digest(of: bytes)
        return transcript.lines.contains { line in
            line.files.contains { $0.name.isEqual(bytesOf: name) && $0.sha256 == digest }
        }
    }

    /// A path of plain names that leads nowhere else.
    static func isInside(_ name: String) -> Bool {
        let parts = name.parts(between: "/")
        return (1...5).contains(parts.count)
            && parts.allSatisfy { part in
                !["", ".", ".."].contains(bytesOf: part) && part.utf8.allSatisfy { (0x21...0x7e).contains($0) }
            }
    }
}
