// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Escrow
import Files
package import SystemPackage

/// The `inventory.json` of the ceremony before: in which bag every medium is, if nobody has touched it.
package struct EarlierInventory: Sendable {
    static let format = DocumentFormat("inventory")

    /// What is said of a medium without a serial number.
    static let noSerial = "-"

    package let path: String
    package let bytes: [UInt8]
    /// Whether that ceremony was a rehearsal.
    package let isRehearsal: Bool
    /// The number of the bag by the label of its medium.
    package let bags: [String: String]
    /// Its media in their order, with the members of a plan's.
    let media: [(label: String, members: [String: String])]
    /// What stands on a medium, also that nothing does, by its label.
    let serials: [String: String]

    /// - Throws: ``FileError``, ``EarlierInventoryError``
    package init(at path: FilePath) throws {
        let bytes = try Files.read(path, limit: ByteLimit.document, followingLinks: true)
        do {
            try self.init(bytes, path: path.string)
        } catch {
            throw EarlierInventoryError(path: path.string, reason: error)
        }
    }

    /// - Throws: ``DocumentError``
    package init(_ bytes: [UInt8], path: String) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: Self.format)
        isRehearsal = fields.has("rehearsal") ? try fields.take("rehearsal", .boolean) : false
        var bags: [String: String] = [:]
        var media: [(String, [String: String])] = []
        var serials: [String: String] = [:]
        _ = try fields.optionalList("items") { (value, path) throws(DocumentError) in
            var item = try Fields(value, at: path)
            let label = try item.take("medium", .text)
            // What nobody touched is where it was, and what went into no bag in the one that it came out of.
            let kept = try item.take("expected", .optional(.text))
            let known = try item.take("bagOut", .optional(.text)) ?? kept
            let bag = try item.take("bagIn", .optional(.text)) ?? known
            var members: [String: String] = [:]
            for key in ["content", "holder", "site", "serial", "timeOut", "timeIn"] {
                members[key] = try item.take(key, .optional(.text))
            }
            serials[label] = members["serial"]
            if members["serial"]?.isEqual(bytesOf: Self.noSerial) == true {
                members["serial"] = nil
            }
            media.append((label, members.filter { Plan.Medium.memberNames.contains($0.key) }))
            try item.finish()
            guard bags.updateValue(bag ?? "", forKey: label) == nil else {
                throw .wrongValue(field: "\(path).medium", expected: "each medium once")
            }
        }
        try fields.finish()
        self.path = path
        self.bytes = bytes
        self.media = media
        self.serials = serials
        self.bags = bags.filter { !$0.value.isEmpty }
    }

    /// Media that either of the two does not know.
    func findings(for plan: Plan) -> [PlanFinding] {
        let labels = plan.media.map(\.label)
        let mark: [PlanFinding] =
            isRehearsal == plan.isRehearsal
            ? [] : [.warning("inventory", "\(path): of a \(isRehearsal ? "rehearsal" : "ceremony that was none")")]
        return mark
            + labels.filter { bags[$0] == nil }.map {
                .warning("inventory", "medium \($0.quoted): no bag of it in the earlier inventory")
            }
            + bags.keys.filter { !labels.contains(bytesOf: $0) }.sortedByBytes().map {
                .warning("inventory", "medium \($0.quoted): in the earlier inventory, not in the plan")
            }
    }
}

/// An earlier inventory that cannot be read as one.
package struct EarlierInventoryError: Error, Equatable, CustomStringConvertible {
    package let path: String
    package let reason: DocumentError

    package var description: String { "\(path): not an inventory: \(reason)" }
}
