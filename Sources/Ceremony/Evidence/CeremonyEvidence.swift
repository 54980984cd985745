// SPDX-License-Identifier: Apache-2.0

package import Audit
import Encoding
import Escrow
import Files
import SystemPackage

/// What a ceremony leaves besides its transcript, made of plan, transcript and the inventory before alone: whoever has
/// these makes it again, byte for byte.
package struct CeremonyEvidence: Sendable {
    package let inventory: Inventory
    package let attestations: [Attestation]
    /// Those who were there at the end.
    private let present: [Name]

    package init(of plan: Plan, _ transcript: Transcript, after earlier: EarlierInventory? = nil) {
        present = RollCall(of: plan, transcript.standing).present.map(\.name)
        inventory = Inventory(of: plan, transcript, after: earlier)
        attestations = Attestation.all(in: transcript, of: plan)
    }

    /// What people attested, counted.
    package var count: AttestationCount {
        let agreed = attestations.count { $0.agrees }
        return AttestationCount(
            agreed: agreed,
            disagreed: attestations.count - agreed,
            added: attestations.count { $0.exceptions != nil },
            missing: present.count { name in !attestations.contains { $0.name == name } }
        )
    }

    /// Its files by their names in the bundle, ordered.
    package var files: [(name: String, bytes: [UInt8])] {
        (attestations.map { ("attestations/\($0.name).json", $0.encoded()) } + [("inventory.json", inventory.encoded())])
            .sorted { $0.0.precedes(bytesOf: $1.0) }
    }
}

extension Bundle {
    /// Writes the evidence; what is there already must be the same.
    ///
    /// - Returns: The files, in their order.
    /// - Throws: ``FileError``, ``BundleError``
    package func write(_ evidence: CeremonyEvidence) throws -> [TranscriptLine.File] {
        try Files.makeDirectory(path.appending("attestations"), permissions: .publicDirectory)
        return try evidence.files.map { name, bytes in
            try keep(bytes, at: path.appending(name), isResult: true)
            return TranscriptLine.File(.output, name, SHA256Digest(of: bytes))
        }
    }

    /// Writes the report of an ended ceremony, `report.json` and `report.html`.
    ///
    /// - Throws: ``FileError``, ``BundleError``
    package func write(_ report: CeremonyReport) throws {
        try keep(report.json, at: path.appending("report.json"), isResult: true)
        try keep(report.html, at: path.appending("report.html"), isResult: true)
    }
}
