// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The text with every value that differs from run to run replaced, so that all the rest can be compared.
///
/// In this order:
/// - the folder's path: `<folder>`
/// - an OpenSSH fingerprint, `SHA256:` and 43 characters: `<fingerprint>`
/// - a digest in pairs with colons, on one line or two, or the first eight with an ellipsis: `<SHA-256>`
/// - 64, 40, 32 or 8 hexadecimal digits that stand alone: `<sha256>`, `<40 hex>`, `<32 hex>`, `<8 hex>`
/// - the four digits in the free name of a parcel or a release: `<4 hex>`
/// - 60 and more characters of base64: `<base64>`
/// - a time from 2026 to 2039, in documents or file names: `<time>`; earlier and later ones are test data
/// - such a time as messages show it, by minutes or by the day alone: `<time>`, `<date>`
/// - a digest's words and digits, as they are shown to read aloud, and typed at a prompt: `<words>`, `<digits>`
/// - the keyboard layout that a hint may name: nothing
func normalised(_ text: String, in folder: URL?) -> String {
    var text = text
    if let folder {
        text = text.replacing(folder.path(percentEncoded: false).trimming(suffix: "/"), with: "<folder>")
    }
    text = text.replacing(/SHA256:[A-Za-z0-9+\/]{43}/, with: "<fingerprint>")
    text = text.replacing(/([0-9a-fA-F]{2}:(\n +)?){31}[0-9a-fA-F]{2}/, with: "<SHA-256>")
    text = text.replacing(/([0-9a-f]{2}:){7}[0-9a-f]{2}…/, with: "<SHA-256>…")
    // One serial in 256 begins with a zero byte, which is not shown.
    text = text.replacing(/(serial )[0-9a-f]{32,39}\b/) { "\($0.output.1)<40 hex>" }
    for (count, name) in [(64, "<sha256>"), (40, "<40 hex>"), (32, "<32 hex>"), (8, "<8 hex>")] {
        text = replacingHex(in: text, of: count, with: name)
    }
    text = text.replacing(/-[0-9a-f]{4}((-[0-9])?\.(parcel|release))/) { "-<4 hex>\($0.output.1)" }
    text = text.replacing(/[A-Za-z0-9+\/]{60,}={0,2}/, with: "<base64>")
    text = text.replacing(/20(2[6-9]|3[0-9])-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/, with: "<time>")
    text = text.replacing(/20(2[6-9]|3[0-9])[0-9]{4}T[0-9]{6}Z/, with: "<time>")
    text = text.replacing(/20(2[6-9]|3[0-9])-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC/, with: "<time>")
    text = text.replacing(/[0-9]{1,2} [A-Z][a-z]+ 20(2[6-9]|3[0-9]), [0-9]{2}:[0-9]{2} UTC/, with: "<time>")
    text = text.replacing(/[0-9]{1,2} [A-Z][a-z]+ 20(2[6-9]|3[0-9])/, with: "<date>")
    text = text.replacing(/20(2[6-9]|3[0-9])-[0-9]{2}-[0-9]{2}/, with: "<date>")
    text = text.replacing(/(\): )[a-z]+( [a-z]+){11}\n/) { "\($0.output.1)<words>\n" }
    text = text.replacing(/(\): )([0-9]{5} ){5}[0-9]{5}/) { "\($0.output.1)<digits>" }
    text = text.replacing(/(words:? +[0-9-]* +)[a-z]+( +[a-z]+){3,11}\n/) { "\($0.output.1)<words>\n" }
    text = text.replacing(/(digits:? +)([0-9]{5} ){5}[0-9]{5}/) { "\($0.output.1)<digits>" }
    return text.replacing(/\ \(this console: [a-z,]*\)/, with: "")
}

/// Words of exactly `count` hexadecimal digits, replaced.
private func replacingHex(in text: String, of count: Int, with name: String) -> String {
    var result = ""
    var word = ""
    func flush() {
        let isHex = word.utf8.count == count && word.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        result += isHex ? name : word
        word = ""
    }
    for character in text {
        if character.isASCII, character.isLetter || character.isNumber {
            word.append(character)
        } else {
            flush()
            result.append(character)
        }
    }
    flush()
    return result
}

extension String {
    fileprivate func trimming(suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
