// SPDX-License-Identifier: Apache-2.0

import Custody
import Ristretto255
import SecretSharing

// The parts of a manifest, read from their JSON.

extension Signer {
    init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        key = try fields.signingKey("key")
        name = try fields.name("name")
        try fields.finish()
    }
}

extension Person {
    init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        card = try fields.digest("card")
        name = try fields.name("name")
        sealingKey = try fields.sealingKey("sealingKey")
        signingKey = try fields.signingKey("signingKey")
        try fields.finish()
    }
}

extension PKCS12Entry {
    init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        encryption = try fields.string("encryption")
        iterationCount = try fields.integer("iterations", in: 1...600_000)
        kdf = try fields.string("kdf")
        mac = try fields.string("mac")
        name = try fields.string("name")
        sha256 = try fields.digest("sha256")
        byteCount = try fields.integer("size", in: 1...ByteLimit.pkcs12)
        try fields.finish()
        guard Self.isPlainFileName(name) else {
            throw .wrongValue(field: "\(path).name", expected: "a plain file name of letters, digits, '.', '_' and '-'")
        }
    }

    /// Whether a text matches `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`: it can be nothing but a file name.
    package static func isPlainFileName(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        let marks: Set<UInt8> = [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")]
        guard let first = text.utf8.first, isAlphanumeric(first), text.utf8.count <= 64 else {
            return false
        }
        return text.utf8.allSatisfy { isAlphanumeric($0) || marks.contains($0) }
    }
}

extension SealedShare {
    init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        box = try fields.base64("box", byteCount: SealedPayload.boxByteCount)
        let text = try fields.string("path")
        guard let leaf = Path(text), leaf != .root else {
            throw .wrongValue(field: "\(path).path", expected: "member numbers such as '3' or '2.1'")
        }
        self.path = leaf
        sealedIn = try fields.integer("sealedIn", in: 1...9999)
        try fields.finish()
    }
}

extension Predecessor {
    init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        epoch = try fields.integer("epoch", in: 1...9999)
        try fields.format(expecting: .manifest)
        sha256 = try fields.digest("sha256")
        try fields.finish()
    }
}

/// A gate as it stands in a manifest: its numbers not compared with anything yet.
struct GateFields {
    enum Member {
        case custodian(Name)
        case gate(GateFields)
    }

    let commitments: [Element]
    let members: [Member]
    let threshold: Int

    init(_ value: JSONValue, at path: String, depth: Int) throws(DocumentError) {
        guard depth <= Path.depthLimit else {
            throw .wrongValue(field: path, expected: "at most \(Path.depthLimit) gates one inside the other")
        }
        var fields = try Fields(value, at: path)
        commitments = try fields.list("commitments") { (value, path) throws(DocumentError) in
            do {
                return try Element(canonical: try value.hex(at: path, byteCount: Element.byteCount))
            } catch let error as DocumentError {
                throw error
            } catch {
                throw DocumentError.wrongValue(field: path, expected: "a canonical ristretto255 element")
            }
        }
        members = try fields.list("members") { (value, path) throws(DocumentError) in
            var probe = try Fields(value, at: path)
            guard probe.has("custodian") else {
                return .gate(try GateFields(value, at: path, depth: depth + 1))
            }
            let name = try probe.name("custodian")
            try probe.finish()
            return .custodian(name)
        }
        threshold = try fields.integer("threshold", in: 1...ShareIndex.limit)
        try fields.finish()
    }

    /// The gate and, by path, what it and the gates inside it publish.
    func gate(at path: Path, _ commitments: inout [Path: Commitments]) throws(PolicyError<Name>) -> Gate<Name> {
        commitments[path] = Commitments(self.commitments)
        var members: [Gate<Name>.Member] = []
        for (position, member) in self.members.enumerated() {
            switch member {
            case .custodian(let name): members.append(.custodian(name))
            case .gate(let inner):
                // More members than a path can number are refused by the gate itself, below.
                let memberPath = path.member(min(position + 1, ShareIndex.limit))
                members.append(.gate(try inner.gate(at: memberPath, &commitments)))
            }
        }
        return try Gate(threshold: threshold, members: members)
    }
}
