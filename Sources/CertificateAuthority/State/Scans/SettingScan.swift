// SPDX-License-Identifier: Apache-2.0

import Files

/// Looks for keys and their passwords among settings: an archive of a CA's state holds none.
///
/// step-ca's JSON, and lines of OpenSSL's configuration and of easy-rsa's `vars`, which are no PEM. A value is never shown.
enum SettingScan {
    /// What was found.
    enum Finding: Equatable {
        /// A private or symmetric key as RFC 7517 writes it.
        case key
        /// A setting that has a password or a key, by its name.
        case secret(setting: String)
    }

    /// The largest file that is looked through: what people write is small.
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
                return .key
            }
            if let name = members.first(where: { text.contains(bytesOf: "\"\($0.lowercasedASCII)\"") }) {
                return .secret(setting: name)
            }
        }
        return lines(String(decoding: bytes, as: UTF8.self))
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
        case .other: return nil
        case .string(let text): return hasPIN(Array(text.utf8)[...]) ? .secret(setting: "pin-value") : nil
        case .array(let elements): return elements.lazy.compactMap(look).first
        case .object(let inside):
            func isGiven(_ name: String) -> Bool { !(json[name]?.string ?? "").isEmpty }
            if json["kty"] != nil, isGiven("d") || isGiven("k") {
                return .key
            }
            if let name = members.first(where: isGiven) {
                return .secret(setting: name)
            }
            return inside.sorted { $0.key.precedes(bytesOf: $1.key) }.lazy.compactMap { look(in: $0.value) }.first
        }
    }

    // MARK: Lines

    /// Of OpenSSL's `req` and `ca`, and of what its engine and its provider for PKCS#11 take.
    private static let settings = ["input_password", "output_password", "PIN", "pkcs11-module-token-pin"]
    private static let variables = ["EASYRSA_PASSIN", "EASYRSA_PASSOUT"]

    private static func lines(_ text: String) -> Finding? {
        let joined = text.replacing(bytesOf: "\r\n", with: "\n").replacing(bytesOf: "\\\n", with: "")
        for line in Array(joined.utf8).split(separator: UInt8(ascii: "\n")) {
            let line = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard line.first != UInt8(ascii: "#") else {
                continue
            }
            if hasPIN(line) {
                return .secret(setting: "pin-value")
            }
            if let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                let name = settingName(line[..<equals])
                if settings.contains(bytesOf: name), isSecret(line[(equals + 1)...]) {
                    return .secret(setting: name)
                }
            }
            for variable in variables {
                for range in line.ranges(of: Array(variable.utf8)) where !isUse(line[..<range.lowerBound]) {
                    if isSecret(line[range.upperBound...]) {
                        return .secret(setting: variable)
                    }
                }
            }
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
