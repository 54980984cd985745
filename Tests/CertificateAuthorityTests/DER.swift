// SPDX-License-Identifier: Apache-2.0

/// A DER value as a tree, to craft files that no program writes.
///
/// Octet strings that hold a SEQUENCE are opened too: when all of their content is DER, since random bytes may begin like
/// one.
indirect enum DER: Equatable {
    case node(tag: UInt8, [DER])
    case leaf(tag: UInt8, [UInt8])

    init?(_ bytes: [UInt8]) {
        guard let all = DER.parse(bytes[...]), all.count == 1 else {
            return nil
        }
        self = all[0]
    }

    static func sequence(_ children: [DER]) -> DER { .node(tag: 0x30, children) }

    static func oid(_ content: [UInt8]) -> DER { .leaf(tag: 0x06, content) }

    static func integer(_ content: [UInt8]) -> DER { .leaf(tag: 0x02, content) }

    var bytes: [UInt8] {
        switch self {
        case .node(let tag, let children): Self.encode(tag, children.flatMap(\.bytes))
        case .leaf(let tag, let content): Self.encode(tag, content)
        }
    }

    /// The same tree with what `edit` gives for each value that it does not pass over.
    func mapped(_ edit: (DER) -> DER?) -> DER {
        if let edited = edit(self) {
            return edited
        }
        guard case .node(let tag, let children) = self else {
            return self
        }
        return .node(tag: tag, children.map { $0.mapped(edit) })
    }

    /// The same tree with the occurrences of a value replaced, counted from 0 in the order of the file.
    func replacing(_ old: DER, at occurrence: Int, with new: DER) -> DER {
        var count = -1
        return mapped { value in
            guard value == old else {
                return nil
            }
            count += 1
            return count == occurrence ? new : value
        }
    }

    private static func encode(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            length.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        let head = content.count < 0x80 ? [UInt8(content.count)] : [0x80 | UInt8(length.count)] + length
        return [tag] + head + content
    }

    private static func parse(_ bytes: ArraySlice<UInt8>) -> [DER]? {
        var (rest, values) = (bytes, [DER]())
        while let tag = rest.popFirst() {
            guard var length = rest.popFirst().map(Int.init) else {
                return nil
            }
            if length > 0x80 {
                let digits = rest.prefix(length & 0x7F)
                guard digits.count <= 4, digits.count == length & 0x7F else {
                    return nil
                }
                rest = rest.dropFirst(digits.count)
                length = digits.reduce(0) { $0 << 8 | Int($1) }
            }
            guard length <= rest.count else {
                return nil
            }
            let content = rest.prefix(length)
            rest = rest.dropFirst(length)
            let isOpen = tag & 0x20 != 0 || (tag == 0x04 && content.first == 0x30)
            if isOpen, let children = parse(content), children.flatMap(\.bytes) == Array(content) {
                values.append(.node(tag: tag, children))
            } else {
                values.append(.leaf(tag: tag, Array(content)))
            }
        }
        return values
    }
}
