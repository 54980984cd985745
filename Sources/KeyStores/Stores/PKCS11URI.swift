// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files

/// A token and the objects in it, as RFC 7512 writes them: `pkcs11:token=ca;object=root?module-path=/usr/lib/x.so`.
package struct PKCS11URI: Hashable, Sendable {
    /// The whole text.
    package let text: String
    let token: String?
    let manufacturer: String?
    let model: String?
    let serial: String?
    let slot: UInt?
    /// CKA_LABEL.
    let object: String?
    /// CKA_ID.
    let id: [UInt8]?
    /// The module's file, an absolute path; nothing for those that are registered with p11-kit.
    let modulePath: String?
    /// The file that holds the PIN, as a path.
    package let pinSource: String?

    /// Reads a URI strictly: every attribute that is not understood is an error, so that none is silently ignored.
    ///
    /// - Throws: ``PKCS11URIError``
    package init(_ text: String) throws(PKCS11URIError) {
        guard let parts = text.rest(after: "pkcs11:")?.parts(between: "?", maxSplits: 1) else {
            throw .malformed
        }
        let path = try Attributes(parts[0], separator: ";", known: Self.pathNames)
        let query = try Attributes(parts.count == 2 ? parts[1] : "", separator: "&", known: Self.queryNames)
        guard parts.count == 1 || !query.isEmpty else {
            throw .malformed
        }
        self.text = text
        token = try path.text("token")
        manufacturer = try path.text("manufacturer")
        model = try path.text("model")
        serial = try path.text("serial")
        object = try path.text("object")
        id = path.bytes("id")
        slot = try path.text("slot-id").map { (text) throws(PKCS11URIError) in
            guard let number = UInt(text), String(number).isEqual(bytesOf: text) else {
                throw .value(name: "slot-id", needed: "a number")
            }
            return number
        }
        if let type = try path.text("type"), !["private", "cert"].contains(bytesOf: type) {
            throw .value(name: "type", needed: "private or cert")
        }
        if let name = try query.text("module-name") {
            throw .moduleName(name)
        }
        let module = try query.text("module-path")
        guard module?.hasPrefix(bytesOf: "/") ?? true else {
            throw .value(name: "module-path", needed: "an absolute path")
        }
        modulePath = module
        pinSource = try query.text("pin-source").map { (text) throws(PKCS11URIError) in try Self.path(text) }
    }

    /// A path, or a `file:` URI on this machine.
    private static func path(_ text: String) throws(PKCS11URIError) -> String {
        var path = text
        if let address = text.rest(after: "file:") {
            path = address
            if let rest = address.rest(after: "//") {
                path = rest.rest(after: "localhost/").map { "/\($0)" } ?? rest
            }
            guard path.hasPrefix(bytesOf: "/") else {
                throw .value(name: "pin-source", needed: "a file on this machine")
            }
        } else if text.hasPrefix(bytesOf: "|") || text.parts(between: "/")[0].contains(byte: ":") {
            // p11-kit runs programs for '|': nothing is run here while a secret lives.
            throw .value(name: "pin-source", needed: "a path or a file: URI")
        }
        return path
    }

    /// The URI of a key with this name there, or this identifier when it has none; `id` stays where it stood.
    func naming(_ label: String?, _ identifier: [UInt8]) -> PKCS11URI {
        let wanted = label == nil || id != nil ? identifier : nil
        guard label.map({ Array($0.utf8) }) != object.map({ Array($0.utf8) }) || wanted != id else {
            return self
        }
        guard let parts = text.rest(after: "pkcs11:")?.parts(between: "?", maxSplits: 1) else {
            preconditionFailure("it was read with its scheme")
        }
        var path = parts[0].words(between: ";")
        path.removeAll { $0.hasPrefix(bytesOf: "object=") || $0.hasPrefix(bytesOf: "id=") }
        if let label {
            path.append("object=\(Attributes.encode(Array(label.utf8)))")
        }
        if let wanted {
            path.append("id=\(wanted.map(Attributes.escape).joined())")
        }
        let query = parts.count == 2 ? "?\(parts[1])" : ""
        guard let found = try? PKCS11URI("pkcs11:\(path.joined(separator: ";"))\(query)") else {
            preconditionFailure("what was read is read again")
        }
        return found
    }

    private static let pathNames = [
        "token", "manufacturer", "model", "serial", "object", "id", "type", "slot-id",
    ]
    private static let queryNames = ["module-path", "module-name", "pin-source"]
}

/// The attributes of one half of a URI, each taken once.
struct Attributes {
    private var values: [String: [UInt8]] = [:]

    var isEmpty: Bool { values.isEmpty }

    init(_ text: String, separator: Unicode.Scalar, known: [String]) throws(PKCS11URIError) {
        guard !text.isEmpty else {
            return
        }
        for part in text.parts(between: separator) {
            let sides = part.parts(between: "=", maxSplits: 1)
            guard sides.count == 2 else {
                throw .malformed
            }
            let name = sides[0]
            guard !name.isEqual(bytesOf: "pin-value") else {
                throw .pinInside
            }
            guard known.contains(bytesOf: name) else {
                throw Self.isName(name) ? .unknown(name: name) : .malformed
            }
            guard let value = Self.decode(sides[1].utf8, separator: separator) else {
                throw .encoding(name: name)
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .twice(name: name)
            }
        }
    }

    /// Whether an error may repeat it.
    private static func isName(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    /// A text without the characters that end it, empty or not UTF-8, or with a zero byte, is an error.
    func text(_ name: String) throws(PKCS11URIError) -> String? {
        guard let bytes = values[name] else {
            return nil
        }
        guard !bytes.isEmpty, !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw .encoding(name: name)
        }
        return text
    }

    func bytes(_ name: String) -> [UInt8]? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// RFC 7512, section 2.3: what stands for itself, and `%` with two hexadecimal digits for every other byte.
    static func decode(_ text: some Sequence<UInt8>, separator: Unicode.Scalar) -> [UInt8]? {
        let plain = Array("-._~:[]@!$'()*+,=/".utf8) + (separator == ";" ? Array("&".utf8) : Array("?|".utf8))
        return unescaped(text) { $0.isAlphanumeric || plain.contains($0) }
    }

    /// - Parameter standsForItself: Of a byte outside of an escape; `%` never does.
    static func unescaped(_ text: some Sequence<UInt8>, where standsForItself: (UInt8) -> Bool) -> [UInt8]? {
        var result: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = iterator.next()?.hexDigitValue, let low = iterator.next()?.hexDigitValue else {
                    return nil
                }
                result.append(high << 4 | low)
            } else {
                guard standsForItself(byte) else {
                    return nil
                }
                result.append(byte)
            }
        }
        return result
    }

    /// What ``decode(_:separator:)`` reads again.
    static func encode(_ bytes: [UInt8]) -> String {
        bytes.map { $0.isAlphanumeric || "-._~".utf8.contains($0) ? String(UnicodeScalar($0)) : escape($0) }.joined()
    }

    static func escape(_ byte: UInt8) -> String { "%" + OpenSSL.hex([byte]) }
}
