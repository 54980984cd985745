// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

// What may stand where people type numbers: docs/format-ceremony.md, section 4.25, "What a line says".
extension Act.Bag {
    /// Whether a text is the number of a bag: letters, digits and marks, a digit among them.
    static func allows(_ number: String) -> Bool {
        let bytes = Array(number.utf8)
        return (1...40).contains(bytes.count) && bytes.allSatisfy { $0.isLetterOrDigit || marks.contains($0) }
            && bytes.contains { $0.isDigit }
    }

    private static let marks = Array("-._/#".utf8)

    /// What is said of any other text.
    static let rule = "a bag's number has at most 40 letters, digits and -._/#, at least one of them a digit"
}

extension Act.Field {
    /// Whether a text may stand in the field of that name.
    static func allows(_ text: String, in name: String) -> Bool {
        let bytes = Array(text.utf8)
        switch name {
        case StepRow.envelopes: return (1...4).contains(bytes.count) && bytes.allSatisfy(\.isDigit)
        case StepRow.image: return text.isEqual(bytesOf: "-") || SHA256Digest(hex: text) != nil
        default: return true
        }
    }

    /// What is said of any other text in the field of that name.
    static func rule(of name: String) -> String {
        name.isEqual(bytesOf: StepRow.image)
            ? "64 hexadecimal digits in lower case, or '-'" : "a number of at most 4 digits"
    }
}

extension Act {
    /// Whether both say that a medium came out of one bag, or went into it.
    func isOfSameBag(as other: Act) -> Bool {
        guard case .bagged(let bag) = self, case .bagged(let same) = other else {
            return false
        }
        return bag.direction == same.direction && bag.number.isEqual(bytesOf: same.number)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isLetterOrDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
