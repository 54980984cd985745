// SPDX-License-Identifier: Apache-2.0

import Files

/// Looks for keys and their passwords among settings: an archive of a CA's state holds none.
///
/// step-ca's JSON, and lines of OpenSSL's configuration and of easy-rsa's `vars`, which are no PEM. A value is never shown.
enum SettingScan {
    /// A private or symmetric key as RFC 7517 writes it, or PEM in a value; a setting that has a password or a key.
    typealias Finding = StateCapture.LeftOut.Reason

    /// The largest configuration that is looked through: what people write is small.
    static let byteLimit = 4 << 20

    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - name: Its name, which tells JSON from lines.
    static func look(at bytes: [UInt8], named name: String) -> Finding? {
        if isJSON(name) || bytes.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
            if let json = try? ForeignJSON(parsing: bytes) {
                return look(in: json)
            }
            // What step would not read either: a name alone is enough then.
            let text = Array(String(decoding: bytes, as: UTF8.self).lowercasedASCII.utf8)
            if text.contains(bytesOf: "\"kty\""), text.contains(bytesOf: "\"d\"") || text.contains(bytesOf: "\"k\"") {
                return .privateKey(kind: "JWK")
            }
            if let name = members.first(where: { text.contains(bytesOf: "\"\($0.lowercasedASCII)\"") }) {
                return .secretSetting(name)
            }
        }
        return lines(String(decoding: bytes, as: UTF8.self))
    }

    /// Looks through what is no configuration that the CA's software reads: a copy of one, another's.
    ///
    /// Only whole lines of settings count: what stands in the middle of a line may be a stranger's.
    static func look(atRecord bytes: [UInt8], named name: String) -> Finding? {
        guard !bytes.contains(0) else {
            return nil
        }
        if isJSON(name) || bytes.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") {
            return look(at: bytes, named: name)
        }
        for line in joined(bytes).split(separator: UInt8(ascii: "\n")) {
            guard let (name, value) = setting(line) else {
                continue
            }
            if (settings + variables).contains(bytesOf: name), isSecret(value) {
                return .secretSetting(name)
            }
            let isAddress = value.drop { " \t=:\"'".utf8.contains($0) }.starts(with: "pkcs11:".utf8)
            if let finding = self.value(value), isAddress || finding != .secretSetting("pin-value") {
                return finding
            }
        }
        return nil
    }

    static func isJSON(_ name: String) -> Bool {
        [".json", ".jwk", ".jwks"].contains { name.lowercasedASCII.hasSuffix(bytesOf: $0) }
    }

    // MARK: JSON

    /// Of step-ca: passwords of keys, PINs of tokens, and a key of SCEP in base64.
    private static let members = [
        "password", "pin", "managementKey", "decrypterKeyPassword", "decrypterKeyPEM",
    ]

    private static func look(in json: ForeignJSON) -> Finding? {
        switch json {
        case .number, .other: return nil
        case .string(let text): return value(Array(text.utf8)[...])
        case .array(let elements): return elements.lazy.compactMap(look).first
        case .object(let inside):
            func isGiven(_ name: String) -> Bool { !(json[name]?.string ?? "").isEmpty }
            if json["kty"] != nil, isGiven("d") || isGiven("k") {
                return .privateKey(kind: "JWK")
            }
            if let name = members.first(where: { json[$0]?.isSecret == true }) {
                return .secretSetting(name)
            }
            return inside.sorted { $0.key.precedes(bytesOf: $1.key) }.lazy.compactMap { look(in: $0.value) }.first
        }
    }

    // MARK: Lines

    /// Of OpenSSL's `req` and `ca`, and of what its engine and its provider for PKCS#11 take.
    private static let settings = ["input_password", "output_password", "PIN", "pkcs11-module-token-pin"]
    private static let variables = ["EASYRSA_PASSIN", "EASYRSA_PASSOUT"]

    private static func lines(_ text: String) -> Finding? {
        for line in joined(Array(text.utf8)).split(separator: UInt8(ascii: "\n")) {
            let line = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard line.first != UInt8(ascii: "#") else {
                continue
            }
            if hasPIN(line) {
                return .secretSetting("pin-value")
            }
            if let (_, value) = setting(line), let finding = self.value(value) {
                return finding
            }
            if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                let name = settingName(line[..<equals])
                if settings.contains(bytesOf: name), isSecret(line[(equals + 1)...]) {
                    return .secretSetting(name)
                }
            }
            for variable in variables {
                for range in line.ranges(of: Array(variable.utf8)) where !isUse(line[..<range.lowerBound]) {
                    if isSecret(line[range.upperBound...]) {
                        return .secretSetting(variable)
                    }
                }
            }
        }
        return nil
    }

    /// The lines, each that goes on in the next one joined with it.
    private static func joined(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                if result.last == UInt8(ascii: "\r") {
                    result.removeLast()
                }
                if result.last == UInt8(ascii: "\\") {
                    result.removeLast()
                    continue
                }
            }
            result.append(byte)
        }
        return result
    }

    /// A line that is a setting and nothing else: `NAME = VALUE`, `NAME: VALUE`, or a shell's `export` or easy-rsa's
    /// `set_var` of one.
    private static func setting(_ line: ArraySlice<UInt8>) -> (name: String, value: ArraySlice<UInt8>)? {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var rest = line.drop(while: isBlank)
        for word in ["export", "set_var"] where rest.starts(with: word.utf8) {
            let behind = rest.dropFirst(word.utf8.count)
            if let first = behind.first, isBlank(first) {
                rest = behind.drop(while: isBlank)
            }
        }
        let name = rest.prefix { $0.isAlphanumeric || "-._:\"".utf8.contains($0) }
        let value = rest[name.endIndex...].drop(while: isBlank)
        guard !name.isEmpty, let next = value.first else {
            return nil
        }
        let isShell = rest.startIndex != line.drop(while: isBlank).startIndex
        guard isShell || next == UInt8(ascii: "=") || name.last == UInt8(ascii: ":") else {
            return nil
        }
        return (settingName(name.last == UInt8(ascii: ":") ? name.dropLast() : name), value)
    }

    private static let pemMark = Array("-----BEGIN ".utf8)
    private static let pemInBase64 = Array("LS0tLS1CRUdJTi".utf8)

    /// A PIN or a key in a value: PEM whose lines are joined by `\n`, or all of it in base64.
    private static func value(_ text: ArraySlice<UInt8>) -> Finding? {
        if hasPIN(text) {
            return .secretSetting("pin-value")
        }
        let value = text.drop { " \t=:\"'".utf8.contains($0) }
        if value.starts(with: pemMark) {
            var scan = KeyTextScan()
            let lines = String(decoding: value, as: UTF8.self).replacing(bytesOf: "\\n", with: "\n")
            return scan.look(at: Array(lines.utf8), isLast: true).map { .privateKey(kind: "\($0) in a setting") }
        }
        if value.starts(with: pemInBase64) {
            let digits = value.prefix { !" \t\"',;".utf8.contains($0) }
            var scan = KeyTextScan()
            return PrivateKeyScan.base64(digits).flatMap { scan.look(at: $0, isLast: true) }
                .map { .privateKey(kind: "\($0) in base64") }
        }
        return nil
    }

    /// What stands before a sign of equality; `section::name` names a setting of another section.
    private static func settingName(_ text: ArraySlice<UInt8>) -> String {
        let blanks = Array(" \t\"'".utf8)
        let rest = text.drop(while: blanks.contains)
        let end = rest.lastIndex { !blanks.contains($0) }.map { $0 + 1 } ?? rest.startIndex
        let name = rest[..<end].split(separator: UInt8(ascii: ":")).last ?? []
        return String(decoding: name, as: UTF8.self)
    }

    /// Whether a variable is looked at here, as in `"$NAME"` and `${NAME}`.
    private static func isUse(_ before: ArraySlice<UInt8>) -> Bool {
        before.last == UInt8(ascii: "$") || before.suffix(2).elementsEqual("${".utf8)
    }

    /// Whether a value is a secret itself, and not where one is found: a file, a descriptor, the environment, a person.
    private static func isSecret(_ text: ArraySlice<UInt8>) -> Bool {
        // Not copied: a line of four million bytes may name a variable as often as it likes.
        let value = text.drop { " \t=\"'".utf8.contains($0) }
        let elsewhere = ["file:", "env:", "fd:", "stdin", "$ENV::", "${ENV::", "$(ENV::"]
        return !value.isEmpty && value.first != UInt8(ascii: "#") && !elsewhere.contains { value.starts(with: $0.utf8) }
    }

    /// Whether a URI of PKCS#11 has a PIN. *RFC 7512, 2.4*
    private static func hasPIN(_ text: ArraySlice<UInt8>) -> Bool {
        text.ranges(of: Array("pin-value=".utf8)).contains { range in
            text[range.upperBound...].first.map { !" \t&;\"'".utf8.contains($0) } ?? false
        }
    }
}

extension ForeignJSON {
    /// Whether it says anything, as a text, a number, or a list of them.
    fileprivate var isSecret: Bool {
        switch self {
        case .string(let text): !text.isEmpty
        case .number: true
        case .array(let elements): elements.contains(where: \.isSecret)
        case .object, .other: false
        }
    }
}
