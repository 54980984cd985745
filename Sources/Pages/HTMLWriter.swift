// SPDX-License-Identifier: Apache-2.0

import Files

/// Writes HTML in which no text can become markup: tags come from this program's source, all else is escaped.
///
/// The types say so: markup is a `StaticString`, which nothing from a file can be.
package struct HTMLWriter {
    /// Names are this program's, values are escaped.
    package typealias Attributes = [(name: StaticString, value: String)]

    package private(set) var html = ""

    /// Nothing yet.
    package init() {}

    /// Writes markup as it is.
    package mutating func markup(_ markup: StaticString) {
        html += "\(markup)"
    }

    /// Writes a text.
    package mutating func text(_ text: String) {
        html += Self.escaped(text)
    }

    /// Writes an element with what `content` writes in it.
    package mutating func element(
        _ name: StaticString,
        _ attributes: Attributes = [],
        _ content: (inout HTMLWriter) -> Void
    ) {
        html += "<\(name)"
        for (name, value) in attributes {
            html += " \(name)=\"\(Self.escaped(value))\""
        }
        html += ">"
        content(&self)
        html += "</\(name)>"
    }

    /// Writes an element with a text in it.
    package mutating func element(
        _ name: StaticString,
        _ attributes: Attributes = [],
        text: String
    ) {
        element(name, attributes) { $0.text(text) }
    }

    /// Writes an element of SVG that holds nothing.
    package mutating func shape(_ name: StaticString, _ attributes: Attributes) {
        element(name, attributes) { _ in }
    }

    /// Writes a sentence of this program's with commands between backticks.
    package mutating func advice(_ sentence: String) {
        for (index, part) in sentence.parts(between: "`").enumerated() {
            index.isMultiple(of: 2) ? text(part) : element("code", text: part)
        }
    }

    /// Writes somebody's own words, whose direction of writing stays their own.
    package mutating func words(_ text: String) {
        element("bdi", text: text)
    }

    /// Writes a text as a string of CSS, in a style: of letters, digits and escapes alone.
    mutating func styleString(_ text: String) {
        html += "\""
        for scalar in text.unicodeScalars where scalar.isShown {
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            html += isPlain || scalar == " " ? "\(scalar)" : "\\\(String(scalar.value, radix: 16)) "
        }
        html += "\""
    }

    /// The text with the five characters that mean something, and all that do not show, written otherwise.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default:
                if scalar.isShown {
                    escaped.unicodeScalars.append(scalar)
                } else {
                    escaped += "\\u{\(String(scalar.value, radix: 16))}"
                }
            }
        }
        return escaped
    }
}
