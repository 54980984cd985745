// SPDX-License-Identifier: Apache-2.0

/// Generations of Certificate Services that are lacking: it does not start without any one of them.
package struct GenerationGap: Hashable, Sendable {
    /// The index of the newest certificate that is known; nothing when no certificate tells its own.
    package let newest: Int?
    /// Generations of which neither the certificate is here nor, as far as can be told, the key; ascending.
    package let missing: [Int]
    /// Generations whose key is here, and only the certificate is not; ascending.
    package let certificatesMissing: [Int]
    /// The SHA-1, 40 hex digits, of certificates that are not here, and that a later one names as the one before it,
    /// where no index says so already.
    package let unknownPredecessors: [String]

    /// Finds what is missing.
    ///
    /// - Parameters:
    ///   - held: The authority's certificates whose keys are here.
    ///   - known: What else of it is known to have been issued; its absence is another matter.
    /// - Returns: Nothing when no generation up to the newest is missing.
    package init?(held: [Certificate], known: [Certificate]) {
        let counted = GenerationGap(held: held.compactMap(\.caVersion), known: known.compactMap(\.caVersion))
        let lacking = (counted?.missing ?? []) + (counted?.certificatesMissing ?? [])
        var here = Set((held + known).map(\.sha1))
        var unknown: [String] = []
        for certificate in held {
            guard let hash = certificate.previousCAHash,
                !(certificate.caVersion.map { lacking.contains($0.certificateIndex - 1) } ?? false),
                here.insert(hash).inserted
            else {
                continue
            }
            unknown.append(OpenSSL.hex(hash))
        }
        guard counted != nil || !unknown.isEmpty else {
            return nil
        }
        newest = (held + known).compactMap(\.caVersion?.certificateIndex).max()
        missing = counted?.missing ?? []
        certificatesMissing = counted?.certificatesMissing ?? []
        unknownPredecessors = unknown
    }

    /// How many generations and certificates are missing.
    package var count: Int { missing.count + certificatesMissing.count + unknownPredecessors.count }

    /// Finds what is missing by the indices alone.
    package init?(held: [CAVersion], known: [CAVersion]) {
        let all = held + known
        guard let newest = all.map(\.certificateIndex).max() else {
            return nil
        }
        let keys = Set(held.map(\.keyIndex))
        let indices = Set(all.map(\.certificateIndex))
        var (missing, certificatesMissing): ([Int], [Int]) = ([], [])
        for index in 0..<newest where !indices.contains(index) {
            // A later certificate with a key from before or from this one: so this one has the same key.
            let key = all.first { $0.certificateIndex > index && $0.keyIndex <= index }?.keyIndex
            if key.map(keys.contains) ?? false {
                certificatesMissing.append(index)
            } else {
                missing.append(index)
            }
        }
        guard !missing.isEmpty || !certificatesMissing.isEmpty else {
            return nil
        }
        self.newest = newest
        self.missing = missing
        self.certificatesMissing = certificatesMissing
        unknownPredecessors = []
    }
}

extension GenerationGap: CustomStringConvertible {
    package var description: String {
        var parts: [String] = []
        if !missing.isEmpty {
            parts.append("\(Self.list(missing)) \(missing.count == 1 ? "is" : "are") missing")
        }
        if !certificatesMissing.isEmpty {
            let generations = Self.list(certificatesMissing)
            parts.append(
                certificatesMissing.count == 1
                    ? "the certificate of \(generations) is missing, not its key"
                    : "the certificates of \(generations) are missing, not their keys"
            )
        }
        parts += unknownPredecessors.map { hash in
            "the certificate with SHA-1 \(hash) is missing, which a later one names as the one before it"
        }
        guard let newest, missing.count + certificatesMissing.count > 0 else {
            return parts.joined(separator: "; ")
        }
        return parts.joined(separator: "; ")
            + ": the newest certificate of Certificate Services is generation \(newest)"
    }

    /// `generation 1`, `generations 1 and 2`, `generations 1, 3 to 5 and 7`.
    private static func list(_ numbers: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = runs.last, last.upperBound + 1 == number {
                runs[runs.count - 1] = last.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        let words = runs.flatMap { run in
            run.count > 2 ? ["\(run.lowerBound) to \(run.upperBound)"] : run.map { "\($0)" }
        }
        guard numbers.count > 1 else {
            return "generation \(words[0])"
        }
        let last = words[words.count - 1]
        let others = words.dropLast().joined(separator: ", ")
        return "generations " + (others.isEmpty ? last : "\(others) and \(last)")
    }
}
