// SPDX-License-Identifier: Apache-2.0

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
    /// The module's file, an absolute path.
    let modulePath: String
    /// The file that holds the PIN, as a path.
    package let pinSource: String?

    /// Reads a URI strictly: every attribute that is not understood is an error, so that none is silently ignored.
    ///
    /// - Throws: ``PKCS11URIError``
    package init(_ text: String) throws(PKCS11URIError) {
        guard text.hasPrefix("pkcs11:") else {
            throw .malformed
        }
        let parts = text.dropFirst("pkcs11:".count).split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
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
            guard let number = UInt(text), String(number) == text else {
                throw .value(name: "slot-id", needed: "a number")
            }
            return number
        }
        if let type = try path.text("type"), !["private", "cert"].contains(type) {
            throw .value(name: "type", needed: "private or cert")
        }
        if let name = try query.text("module-name") {
            throw .moduleName(name)
        }
        guard let module = try query.text("module-path") else {
            throw .noModule
        }
        guard module.hasPrefix("/") else {
            throw .value(name: "module-path", needed: "an absolute path")
        }
        modulePath = module
        pinSource = try query.text("pin-source").map { (text) throws(PKCS11URIError) in try Self.path(text) }
    }

    /// A path, or a `file:` URI on this machine.
    private static func path(_ text: String) throws(PKCS11URIError) -> String {
        var path = text
        if text.hasPrefix("file:") {
            path = String(text.dropFirst("file:".count))
            if path.hasPrefix("//") {
                let rest = path.dropFirst(2)
                path = rest.hasPrefix("localhost/") ? String(rest.dropFirst("localhost".count)) : String(rest)
            }
            guard path.hasPrefix("/") else {
                throw .value(name: "pin-source", needed: "a file on this machine")
            }
        } else if text.hasPrefix("|") || text.prefix(while: { $0 != "/" }).contains(":") {
            // p11-kit runs programs for '|': nothing is run here while a secret lives.
            throw .value(name: "pin-source", needed: "a path or a file: URI")
        }
        return path
    }

    /// The URI of a key with this name there, or this identifier when it has none; `id` stays where it stood.
    func naming(_ label: String?, _ identifier: [UInt8]) -> PKCS11URI {
        let wanted = label == nil || id != nil ? identifier : nil
        guard label != object || wanted != id else {
            return self
        }
        let parts = text.dropFirst("pkcs11:".count).split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        var path = parts[0].split(separator: ";").map(String.init)
        path.removeAll { $0.hasPrefix("object=") || $0.hasPrefix("id=") }
        if let label {
            path.append("object=\(Attributes.encode(Array(label.utf8)))")
        }
        if let wanted {
            path.append("id=\(wanted.map(Attributes.escape).joined())")
        }
        guard let found = try? PKCS11URI("pkcs11:\(path.joined(separator: ";"))?\(parts[1])") else {
            preconditionFailure("what was read is read again")
        }
        return found
    }

    private static let pathNames = [
        "token", "manufacturer", "model", "serial", "object", "id", "type", "slot-id",
    ]
    private static let queryNames = ["module-path", "module-name", "pin-source"]
}

/// Why a text is no URI of a token; it repeats nothing of the text but names, since a PIN may stand in it.
package enum PKCS11URIError: Error, Equatable {
    case malformed
    case unknown(name: String)
    case twice(name: String)
    case encoding(name: String)
    case value(name: String, needed: String)
    /// It was in the list of processes for all to see.
    case pinInside
    case noModule
    case moduleName(String)
}

extension PKCS11URIError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "not pkcs11:NAME=VALUE;…?module-path=FILE (RFC 7512)"
        case .unknown(let name): "\(name): unknown here"
        case .twice(let name): "\(name): given twice"
        case .encoding(let name): "\(name): a value is percent-encoded UTF-8, as %20 for a blank"
        case .value(let name, let needed): "\(name): \(needed) is needed"
        case .pinInside:
            "pin-value: a PIN does not belong into a command line, where everybody on this machine reads it"
        case .noModule: "module-path: the file of the token's PKCS#11 module is needed"
        case .moduleName(let name): "module-name=\(name): a name is not looked up: module-path=FILE is needed"
        }
    }
}

/// The attributes of one half of a URI, each taken once.
private struct Attributes {
    private var values: [String: [UInt8]] = [:]

    var isEmpty: Bool { values.isEmpty }

    init(_ text: Substring, separator: Character, known: [String]) throws(PKCS11URIError) {
        guard !text.isEmpty else {
            return
        }
        for part in text.split(separator: separator, omittingEmptySubsequences: false) {
            guard let equals = part.firstIndex(of: "=") else {
                throw .malformed
            }
            let name = String(part[..<equals])
            guard name != "pin-value" else {
                throw .pinInside
            }
            guard known.contains(name) else {
                throw Self.isName(name) ? .unknown(name: name) : .malformed
            }
            guard let value = Self.decode(part[part.index(after: equals)...].utf8, separator: separator) else {
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
            && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39 || (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A
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
    static func decode(_ text: some Sequence<UInt8>, separator: Character) -> [UInt8]? {
        let plain = Array("-._~:[]@!$'()*+,=/".utf8) + (separator == ";" ? Array("&".utf8) : Array("?|".utf8))
        var result: [UInt8] = []
        var iterator = text.makeIterator()
        while let byte = iterator.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    return nil
                }
                result.append(high << 4 | low)
            } else {
                guard isAlphanumeric(byte) || plain.contains(byte) else {
                    return nil
                }
                result.append(byte)
            }
        }
        return result
    }

    /// What ``decode(_:separator:)`` reads again.
    static func encode(_ bytes: [UInt8]) -> String {
        bytes.map { isAlphanumeric($0) || "-._~".utf8.contains($0) ? String(UnicodeScalar($0)) : escape($0) }.joined()
    }

    static func escape(_ byte: UInt8) -> String { "%" + OpenSSL.hex([byte]) }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
