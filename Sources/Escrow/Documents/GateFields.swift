// SPDX-License-Identifier: Apache-2.0

import Encoding
import Ristretto255
import SecretSharing

/// A gate as it stands in a manifest: its numbers not compared with anything yet.
struct GateFields: Sendable {
    enum Item: Sendable {
        case custodian(Name)
        case gate(GateFields)
    }

    let commitments: [Element]
    let members: [Item]
    let threshold: Int

    private static func shape(depth: Int) -> Shape<GateFields> {
        Shape(
            Self.init,
            Member("commitments", .list(.element), \.commitments),
            Member("members", .list(item(depth: depth)), \.members),
            Member("threshold", .integer(in: 1...ShareIndex.limit), \.threshold)
        )
    }

    private static let custodian = Shape<Name>({ $0 }, Member("custodian", .name, \.self))

    /// The form of a gate that lies so many deep, the root one deep.
    static func form(depth: Int = 1) -> Form<GateFields> {
        Form(
            { (json, path) throws(DocumentError) in
                guard depth <= Path.depthLimit else {
                    throw .wrongValue(field: path, expected: "at most \(Path.depthLimit) gates one inside the other")
                }
                return try shape(depth: depth).read(json, at: path)
            },
            { shape(depth: depth).write($0) }
        )
    }

    private static func item(depth: Int) -> Form<Item> {
        let (custodian, gate) = (Form.object(custodian), form(depth: depth + 1))
        return Form(
            { (json, path) throws(DocumentError) in
                if try Fields(json, at: path).has("custodian") {
                    return .custodian(try custodian.read(json, path))
                }
                return .gate(try gate.read(json, path))
            },
            { member in
                switch member {
                case .custodian(let name): custodian.write(name)
                case .gate(let inner): gate.write(inner)
                }
            }
        )
    }

    /// The gate and, by path, what it and the gates inside it publish.
    func gate(at path: Path, _ commitments: inout [Path: Commitments]) throws(PolicyError<Name>) -> Gate<Name> {
        commitments[path] = Commitments(self.commitments)
        var members: [Gate<Name>.Member] = []
        for (position, member) in self.members.enumerated() {
            switch member {
            case .custodian(let name): members.append(.custodian(name))
            case .gate(let inner):
                // More members than a path can number are refused by the gate itself, below.
                let memberPath = path.member(min(position + 1, ShareIndex.limit))
                members.append(.gate(try inner.gate(at: memberPath, &commitments)))
            }
        }
        return try Gate(threshold: threshold, members: members)
    }
}

extension GateFields {
    /// The gate at a path of what is shared, and those inside it.
    init(_ gate: Gate<Name>, at path: Path, of sharing: Sharing<Name>) {
        commitments = sharing.commitments[path]?.elements ?? []
        members = gate.members.enumerated().map { position, member in
            switch member {
            case .custodian(let name): .custodian(name)
            case .gate(let inner): .gate(GateFields(inner, at: path.member(position + 1), of: sharing))
            }
        }
        threshold = gate.threshold
    }
}

extension Form where Value == Element {
    /// Hexadecimal digits.
    fileprivate static var element: Form {
        Form<[UInt8]>.hex(byteCount: Element.byteCount).standing(
            for: { try? Element(canonical: $0) },
            \.bytes,
            expected: "a canonical ristretto255 element"
        )
    }
}
