// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Ristretto255
package import SecretSharing

/// That the key was whole on a machine: a restore, proven by the secret itself.
///
/// The possession proof is of `s` for the root's A_0 (path ""), over the record's other members: nobody who did not know
/// the secret can have written it. docs/format.md, sections 3.8 and 4.8.
package struct RestoreRecord: AddedRecord {
    package static let format = DocumentFormat.restore

    package let created: Timestamp
    /// Those whose shares were used, in the order in which they came.
    package let custodians: [Name]
    /// The store that the key went to.
    package let destination: String
    package let manifest: SHA256Digest
    package let possession: PossessionProof
    /// The request that custodians answered from afar; nothing when all of them were in the room.
    package let request: SHA256Digest?
    /// What would have stopped the restore, and why it went on; ordered by code, each code once.
    package let overrides: [Override]
    package let set: SetIdentifier

    /// A rule that was set aside.
    package struct Override: Hashable, Sendable {
        package let code: Code
        package let reason: String

        package init(code: Code, reason: String) {
            self.code = code
            self.reason = reason
        }

        /// The rules that can be.
        package enum Code: String, CaseIterable, Sendable {
            /// The clock is behind the manifest.
            case clock
            /// The escrow is retired.
            case retired
            /// Another epoch is in force.
            case superseded
            /// Nobody vouches for the manifest.
            case unverified
            /// Somebody had refused the request.
            case veto

            /// Those that somebody names beforehand.
            package static let given = allCases.filter { $0 != .unverified }
        }
    }

    /// Makes the record of a restore that has just taken place.
    ///
    /// - Parameter secret: s.
    package init(
        of epoch: EpochDocument,
        by custodians: [Name],
        to destination: String,
        request: SHA256Digest? = nil,
        overrides: [Override],
        at created: Timestamp,
        provenBy secret: borrowing Scalar
    ) {
        self.created = created
        self.custodians = custodians
        self.destination = destination
        self.overrides = overrides.sorted { $0.code.rawValue < $1.code.rawValue }
        self.request = request
        manifest = epoch.digest
        set = epoch.manifest.set
        let members = Self.members(
            created,
            custodians,
            destination,
            epoch.digest,
            self.overrides,
            request,
            epoch.manifest.set
        )
        possession = PossessionProof(of: secret, over: members)
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: .restore)
        created = try fields.timestamp("created")
        custodians = try fields.list("custodians") { (value, path) throws(DocumentError) in try value.name(at: path) }
        destination = try fields.text("destination")
        manifest = try fields.digest("manifest")
        overrides = try fields.overrides()
        possession = try fields.possession()
        request = try fields.has("request") ? fields.digest("request") : nil
        set = SetIdentifier(bytes: try fields.hex("set", byteCount: 16))
        try fields.finish()
    }

    package var members: [String: JSONValue] {
        var members = Self.members(created, custodians, destination, manifest, overrides, request, set)
        members["possession"] = possession.json
        return members
    }

    /// It needs nobody's signature, since it is proven; officers who took part may sign it.
    package func signers(in epoch: Manifest) -> (admitted: [Officer], required: Name?) {
        (epoch.approval.officers, nil)
    }

    /// Whether it was made by someone who knew the secret of this epoch.
    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard possession.isValid(for: epoch.manifest.sharing.secret, over: members) else {
            throw .wrongValue(field: "possession", expected: "a proof that holds for the secret")
        }
    }

    /// On the day of a restore a wrong clock is no reason to stop: whoever restores says why.
    package var mayPredateItsManifest: Bool { overrides.contains { $0.code == .clock } }

    private static func members(
        _ created: Timestamp,
        _ custodians: [Name],
        _ destination: String,
        _ manifest: SHA256Digest,
        _ overrides: [Override],
        _ request: SHA256Digest?,
        _ set: SetIdentifier
    ) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "created": .string(created.description),
            "custodians": .array(custodians.map { .string($0.description) }),
            "destination": .string(destination),
            "format": .string(DocumentFormat.restore.format),
            "manifest": .string(manifest.description),
            "set": .string(set.description),
        ]
        members["overrides"] = overrides.json
        if let request {
            members["request"] = .string(request.description)
        }
        return members
    }
}

extension Fields {
    /// Takes the member `overrides`, which is left out when there are none.
    mutating func overrides() throws(DocumentError) -> [RestoreRecord.Override] {
        let overrides = try optionalList("overrides") { (value, path) throws(DocumentError) in
            try RestoreRecord.Override(value, at: path)
        }
        for (left, right) in zip(overrides, overrides.dropFirst()) where left.code.rawValue >= right.code.rawValue {
            throw .wrongValue(field: field("overrides"), expected: "order by code, each once")
        }
        return overrides
    }
}

extension [RestoreRecord.Override] {
    /// The member `overrides`; nothing when there are none.
    var json: JSONValue? {
        isEmpty ? nil : .array(map { .object(["code": .string($0.code.rawValue), "reason": .string($0.reason)]) })
    }
}

extension RestoreRecord.Override {
    fileprivate init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        let word = try fields.word("code", among: Code.allCases.map(\.rawValue))
        guard let code = Code(rawValue: word) else {
            preconditionFailure("the word is one of them")
        }
        self.code = code
        reason = try fields.text("reason")
        try fields.finish()
    }
}
