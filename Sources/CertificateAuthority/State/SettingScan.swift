// SPDX-License-Identifier: Apache-2.0

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
            let text = String(decoding: bytes, as: UTF8.self).lowercased()
            if text.contains("\"kty\"") && (text.contains("\"d\"") || text.contains("\"k\"")) {
                return .key
            }
            if let name = members.first(where: { text.contains("\"\($0.lowercased())\"") }) {
                return .secret(setting: name)
            }
        }
        return lines(String(decoding: bytes, as: UTF8.self))
    }

    static func isJSON(_ name: String) -> Bool {
        [".json", ".jwk", ".jwks"].contains { name.lowercased().hasSuffix($0) }
    }

    // MARK: JSON

    /// Of step-ca: passwords of keys, PINs of tokens, and a key of SCEP in base64.
    private static let members = [
        "password", "pin", "managementKey", "decrypterKeyPassword", "decrypterKeyPEM",
    ]

    private static func look(in json: ForeignJSON) -> Finding? {
        switch json {
        case .other: return nil
        case .string(let text): return hasPIN(text) ? .secret(setting: "pin-value") : nil
        case .array(let elements): return elements.lazy.compactMap(look).first
        case .object(let inside):
            func isGiven(_ name: String) -> Bool { !(json[name]?.string ?? "").isEmpty }
            if json["kty"] != nil, isGiven("d") || isGiven("k") {
                return .key
            }
            if let name = members.first(where: isGiven) {
                return .secret(setting: name)
            }
            return inside.sorted { $0.key < $1.key }.lazy.compactMap { look(in: $0.value) }.first
        }
    }

    // MARK: Lines

    /// Of OpenSSL's `req` and `ca`, and of what its engine and its provider for PKCS#11 take.
    private static let settings = ["input_password", "output_password", "PIN", "pkcs11-module-token-pin"]
    private static let variables = ["EASYRSA_PASSIN", "EASYRSA_PASSOUT"]

    private static func lines(_ text: String) -> Finding? {
        let joined = text.replacing("\r\n", with: "\n").replacing("\\\n", with: "")
        for line in joined.split(separator: "\n") {
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard line.first != "#" else {
                continue
            }
            if hasPIN(line) {
                return .secret(setting: "pin-value")
            }
            if let equals = line.firstIndex(of: "=") {
                // `section::name` names a setting of another section.
                let name = trimmed(line[..<equals]).split(separator: ":").last.map(String.init) ?? ""
                if settings.contains(name), isSecret(line[line.index(after: equals)...]) {
                    return .secret(setting: name)
                }
            }
            for variable in variables {
                for range in line.ranges(of: variable) where !isUse(line[..<range.lowerBound]) {
                    if isSecret(line[range.upperBound...]) {
                        return .secret(setting: variable)
                    }
                }
            }
        }
        return nil
    }

    /// Whether a variable is looked at here, as in `"$NAME"` and `${NAME}`.
    private static func isUse(_ before: Substring) -> Bool { before.hasSuffix("$") || before.hasSuffix("${") }

    /// Whether a value is a secret itself, and not where one is found: a file, a descriptor, the environment, a person.
    private static func isSecret(_ text: Substring) -> Bool {
        // Not copied: a line of four million bytes may name a variable as often as it likes.
        let value = text.drop { " \t=\"'".contains($0) }
        let elsewhere = ["file:", "env:", "fd:", "stdin", "$ENV::", "${ENV::", "$(ENV::"]
        return !value.isEmpty && value.first != "#" && !elsewhere.contains { value.hasPrefix($0) }
    }

    /// Whether a URI of PKCS#11 has a PIN. *RFC 7512, 2.4*
    private static func hasPIN(_ text: some StringProtocol) -> Bool {
        let text = String(text)
        return text.ranges(of: "pin-value=").contains { range in
            text[range.upperBound...].first.map { !" \t&;\"'".contains($0) } ?? false
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let blanks = " \t\"'"
        let rest = text.drop { blanks.contains($0) }
        return String(rest[..<(rest.lastIndex { !blanks.contains($0) }.map(rest.index(after:)) ?? rest.startIndex)])
    }
}
