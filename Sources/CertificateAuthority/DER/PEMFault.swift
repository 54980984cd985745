// SPDX-License-Identifier: Apache-2.0

import Files

/// What is wrong with a PEM file: a block that every reader would pass over, or read otherwise than the next one.
package struct PEMFault: Error, Equatable {
    /// How a block is spoilt.
    package enum Problem: Equatable, Sendable {
        /// UTF-8's, before the first line.
        case byteOrderMark
        case utf16
        case indented
        /// A line with BEGIN or END that is not quite one.
        case malformedLine
        case noEnd
        case noBegin
        /// What lies between the lines is not base64, or ends early.
        case content
    }

    /// From 1.
    package let line: Int
    /// What stands after BEGIN or END, such as `CERTIFICATE`, as far as it is a label.
    package let label: String
    package let problem: Problem
}

extension PEMFault: CustomStringConvertible {
    package var description: String {
        let what =
            switch problem {
            case .byteOrderMark: "a byte order mark before the first line: save the file without it"
            case .utf16: "UTF-16 text, where PEM is ASCII: save the file as plain text"
            case .indented: "a line of the block '\(label)' is indented: it begins with five dashes"
            case .malformedLine:
                "a line of the block '\(label)' is damaged: five dashes are needed before and behind, and nothing else"
            case .noEnd: "the block '\(label)' has no END line of its own: it is cut"
            case .noBegin: "the block '\(label)' has no BEGIN line: it is cut"
            case .content: "the block '\(label)' is cut or damaged"
            }
        return "line \(line): \(what)"
    }
}

extension PEM {
    /// The first thing that is wrong with the blocks of a file; nothing for a file without blocks.
    package static func fault(in bytes: Span<UInt8>) -> PEMFault? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return PEMFault(line: 1, label: "", problem: .utf16)
        }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        var open: (label: String, line: Int)?
        var (line, start) = (1, hasMark ? 3 : 0)
        while start < bytes.count {
            let end = lineEnd(from: start, in: bytes)
            if let edge = Edge(start..<end, in: bytes) {
                guard !hasMark else {
                    return PEMFault(line: 1, label: edge.label, problem: .byteOrderMark)
                }
                guard edge.isExact else {
                    return PEMFault(
                        line: line,
                        label: edge.label,
                        problem: edge.isIndented ? .indented : .malformedLine
                    )
                }
                if let block = open, edge.isBegin || !block.label.isEqual(bytesOf: edge.label) {
                    return PEMFault(line: block.line, label: block.label, problem: .noEnd)
                }
                guard edge.isBegin || open != nil else {
                    return PEMFault(line: line, label: edge.label, problem: .noBegin)
                }
                open = edge.isBegin ? (edge.label, line) : nil
            }
            start = end + 1
            line += 1
        }
        return open.map { PEMFault(line: $0.line, label: $0.label, problem: .noEnd) }
    }

    /// A line that begins or ends a block, or was meant to.
    private struct Edge {
        let label: String
        let isBegin: Bool
        let isIndented: Bool
        let isExact: Bool

        /// - Returns: Nothing unless dashes, and then BEGIN or END, are the first that stands in the line.
        init?(_ line: Range<Int>, in bytes: Span<UInt8>) {
            var start = line.lowerBound
            while start < line.upperBound, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
                start += 1
            }
            var word = start
            while word < line.upperBound, bytes[word] == PEM.dash {
                word += 1
            }
            guard word > start else {
                return nil
            }
            isIndented = start > line.lowerBound
            let rest = bytes.extracting(word..<line.upperBound)
            isBegin = rest.starts(with: PEM.beginWord)
            guard isBegin || rest.starts(with: PEM.endWord) else {
                return nil
            }
            let exact = PEM.label(of: line, after: isBegin ? PEM.begin : PEM.finish, in: bytes)
            isExact = exact != nil
            label = exact ?? Self.label(rest.extracting(droppingFirst: (isBegin ? PEM.beginWord : PEM.endWord).count))
        }

        /// Capital letters, digits and spaces, at most 64: never what may be a key.
        private static func label(_ text: Span<UInt8>) -> String {
            let end = (0..<min(text.count, 64)).first { index in
                switch text[index] {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "):
                    false
                default: true
                }
            }
            return String(decoding: (0..<(end ?? min(text.count, 64))).map { text[$0] }, as: UTF8.self)
        }
    }

    private static let dash = UInt8(ascii: "-")
    private static let beginWord = Array("BEGIN ".utf8)
    private static let endWord = Array("END ".utf8)
}
