// SPDX-License-Identifier: Apache-2.0

package import Custody

/// Officers ask for releases of shares, to one machine, for one purpose, for a while: docs/format.md, section 4.16.
package struct Request: AskingDocument {
    package static let format = DocumentFormat.request
    package static let directoryName = "requests"

    /// The longest time to answer, in seconds: 30 days.
    package static let longestSeconds = 30 * 86_400

    package let created: Timestamp
    /// Where the key goes, for people.
    package let destination: String
    package let epoch: Int
    package let expires: Timestamp
    /// The restoring machine, for people.
    package let machine: String
    package let manifest: SHA256Digest
    package let notBefore: Timestamp
    /// Who asks: it counts for nothing without their signature.
    package let officer: Name
    /// Why.
    package let purpose: String
    /// X25519, 32 bytes: what the releases are sealed to.
    package let restoreKey: [UInt8]
    package let set: SetIdentifier

    /// What an officer asks for, in words.
    package struct Words: Sendable {
        package let purpose: String
        package let destination: String
        package let machine: String

        package init(purpose: String, destination: String, machine: String) {
            self.purpose = purpose
            self.destination = destination
            self.machine = machine
        }
    }

    package init(
        by officer: Name,
        of epoch: EpochDocument,
        for words: Words,
        to restoreKey: [UInt8],
        at created: Timestamp,
        from notBefore: Timestamp,
        until expires: Timestamp
    ) {
        self.created = created
        destination = words.destination
        self.epoch = epoch.manifest.epoch
        self.expires = expires
        machine = words.machine
        manifest = epoch.digest
        self.notBefore = notBefore
        self.officer = officer
        purpose = words.purpose
        self.restoreKey = restoreKey
        set = epoch.manifest.set
    }

    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        created = try fields.timestamp("created")
        destination = try fields.text("destination")
        epoch = try fields.integer("epoch", in: 1...9999)
        expires = try fields.timestamp("expires")
        machine = try fields.text("machine")
        manifest = try fields.digest("manifest")
        notBefore = try fields.timestamp("notBefore")
        officer = try fields.name("officer")
        purpose = try fields.text("purpose")
        restoreKey = try fields.sealingKey("restoreKey")
        set = try fields.set()
        try fields.finish()
        guard SealedPayload.isAcceptable(sealingKey: restoreKey) else {
            throw .wrongValue(field: "restoreKey", expected: "an acceptable X25519 key")
        }
        guard notBefore >= created else {
            throw .wrongValue(field: "notBefore", expected: "a time not before 'created'")
        }
        guard (1...Self.longestSeconds).contains(expires.secondsSinceEpoch - notBefore.secondsSinceEpoch) else {
            throw .wrongValue(field: "expires", expected: "a time after 'notBefore', by 30 days at most")
        }
    }

    package var fileNameStart: String { officer.description }

    package var members: [String: JSONValue] {
        [
            "created": .string(created.description),
            "destination": .string(destination),
            "epoch": .integer(UInt64(epoch)),
            "expires": .string(expires.description),
            "format": .string(Self.format.format),
            "machine": .string(machine),
            "manifest": .string(manifest.description),
            "notBefore": .string(notBefore.description),
            "officer": .string(officer.description),
            "purpose": .string(purpose),
            "restoreKey": .string(Hex.encode(restoreKey)),
            "set": .string(set.description),
        ]
    }

    package func check(in epoch: EpochDocument) throws(DocumentError) {
        guard self.epoch == epoch.manifest.epoch else {
            throw .wrongValue(field: "epoch", expected: "this epoch's, \(epoch.manifest.epoch)")
        }
        try checkOfficer(in: epoch)
        guard !epoch.manifest.people.contains(where: { $0.sealingKey == restoreKey }) else {
            throw .wrongValue(field: "restoreKey", expected: "a key of its own, not a custodian's")
        }
    }
}
