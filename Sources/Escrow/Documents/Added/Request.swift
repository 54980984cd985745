// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding

/// Officers ask for releases of shares, to one machine, for one purpose, for a while: docs/format.md, section 4.16.
package struct Request: AskingDocument {
    package static let format = DocumentFormat.request
    package static let directoryName = "requests"

    /// The longest time to answer, in seconds: 30 days.
    package static let longestSeconds = 30 * 86_400

    package let heading: Heading
    /// Where the key goes, for people.
    package let destination: String
    package let epoch: Int
    package let expires: Timestamp
    /// The restoring machine, for people.
    package let machine: String
    package let notBefore: Timestamp
    /// Who asks: it counts for nothing without their signature.
    package let officer: Name
    /// Why.
    package let purpose: String
    /// X25519, 32 bytes: what the releases are sealed to.
    package let restoreKey: [UInt8]

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

    package static let shape = Shape<Request>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("destination", .text, \.destination),
        Member("epoch", .integer(in: 1...9999), \.epoch),
        Member("expires", .timestamp, \.expires),
        Member("machine", .text, \.machine),
        Member("notBefore", .timestamp, \.notBefore),
        Member("officer", .name, \.officer),
        Member("purpose", .text, \.purpose),
        Member("restoreKey", .sealingKey, \.restoreKey)
    ) { request, _ throws(DocumentError) in
        guard request.notBefore >= request.created else {
            throw .wrongValue(field: "notBefore", expected: "a time not before 'created'")
        }
        try request.expires.checkExpiry(after: request.notBefore, "notBefore", within: longestSeconds)
    }

    package var fileNameStart: String { officer.description }

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

extension Request {
    package init(
        by officer: Name,
        of epoch: EpochDocument,
        for words: Words,
        to restoreKey: [UInt8],
        at created: Timestamp,
        from notBefore: Timestamp,
        until expires: Timestamp
    ) {
        heading = Heading(in: epoch, at: created)
        destination = words.destination
        self.epoch = epoch.manifest.epoch
        self.expires = expires
        machine = words.machine
        self.notBefore = notBefore
        self.officer = officer
        purpose = words.purpose
        self.restoreKey = restoreKey
    }
}
