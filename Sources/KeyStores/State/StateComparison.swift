// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// A store's state held against what an escrow says of it: what is there is never turned back, and what is older or missing
/// has consequences.
package struct StateComparison: Equatable, Sendable {
    /// How one part stands.
    package enum Standing: Equatable, Sendable {
        case equal
        case newer
        case older
        case missing
        /// Neither a later one nor an earlier one.
        case another
        case unreadable(StateError)
    }

    /// A number.
    package struct Number: Equatable, Sendable {
        package let path: String
        package let escrowed: HexNumber
        package let found: HexNumber?
        package let standing: Standing
        /// The highest that is known of: escrowed, found, or in the index that was found.
        package let highest: HexNumber
        /// The highest number in the index that was found, when the next one is not above it.
        package let alreadyUsed: HexNumber?
    }

    /// The index.
    package struct Index: Equatable, Sendable {
        package let path: String
        package let escrowed: StateFigures.Index
        package let found: StateFigures.Index?
        package let standing: Standing
    }

    /// Nothing where the escrow says nothing, or the store has no such file.
    package let index: Index?
    package let serial: Number?
    package let crlNumber: Number?

    /// Looks at the store; nothing is written.
    package init(of escrowed: StateFigures, at layout: StateLayout) {
        index = escrowed.index.flatMap { figures in layout.entry(.index).map { Self.compare(figures, $0) } }
        // Random numbers say nothing about what was issued before.
        serial =
            layout.hasCountingSerials
            ? escrowed.serial.flatMap { number in
                layout.entry(.serial).map { Self.compare(number, $0, used: Self.highestSerial(layout)) }
            } : nil
        crlNumber = escrowed.crlNumber.flatMap { number in layout.entry(.crlNumber).map { Self.compare(number, $0) } }
    }

    /// Whether something is later than in the escrow.
    package var isNewer: Bool { standings.contains(.newer) }

    /// Whether everything that can be compared is as in the escrow, or later, and no serial number is given twice.
    package var isHarmless: Bool {
        serial?.alreadyUsed == nil && standings.allSatisfy { $0 == .equal || $0 == .newer }
    }

    private var standings: [Standing] { [index?.standing, serial?.standing, crlNumber?.standing].compactMap(\.self) }

    /// The highest serial number of the index that is there, whatever the escrow says of it.
    private static func highestSerial(_ layout: StateLayout) -> HexNumber? {
        layout.entry(.index).flatMap { try? StateFigures.Index(of: $0)?.highestSerial }
    }

    private static func compare(
        _ escrowed: HexNumber,
        _ entry: StateLayout.Entry,
        used: HexNumber? = nil
    ) -> Number {
        func number(_ found: HexNumber?, _ standing: Standing) -> Number {
            let isPassed = used.map { used in found.map(used.isLess) ?? true } ?? true
            return Number(
                path: entry.path.string,
                escrowed: escrowed,
                found: found,
                standing: standing,
                highest: [found, used].compactMap(\.self).reduce(escrowed) { $0.isLess(than: $1) ? $1 : $0 },
                alreadyUsed: isPassed ? nil : used
            )
        }
        do throws(StateError) {
            guard let found = try HexNumber(of: entry) else {
                return number(nil, .missing)
            }
            guard !found.isEqual(to: escrowed) else {
                return number(found, .equal)
            }
            return number(found, found.isLess(than: escrowed) ? .older : .newer)
        } catch {
            return number(nil, .unreadable(error))
        }
    }

    private static func compare(_ escrowed: StateFigures.Index, _ entry: StateLayout.Entry) -> Index {
        func index(_ found: StateFigures.Index?, _ standing: Standing) -> Index {
            Index(path: entry.path.string, escrowed: escrowed, found: found, standing: standing)
        }
        do throws(StateError) {
            guard let found = try StateFigures.Index(of: entry) else {
                return index(nil, .missing)
            }
            guard found.sha256 != escrowed.sha256 else {
                return index(found, .equal)
            }
            guard found.rowCount >= escrowed.rowCount else {
                return index(found, .older)
            }
            let beginning = try StateFigures.Index(of: entry, prefix: escrowed.rowCount)
            guard let beginning, beginning.serials == escrowed.serials else {
                return index(found, .another)
            }
            guard beginning.revokedCount >= escrowed.revokedCount else {
                return index(found, .older)
            }
            // Rows that have become 'expired' since are no news.
            let isLonger = found.rowCount > escrowed.rowCount || found.revokedCount > escrowed.revokedCount
            return index(found, isLonger ? .newer : .equal)
        } catch {
            return index(nil, .unreadable(error))
        }
    }
}

extension StateComparison {
    /// What is newer, part by part.
    package var newerParts: [String] {
        var parts: [String] = []
        if let index, index.standing == .newer, let found = index.found {
            parts.append(
                "\(found.rowCount) certificates and \(found.revokedCount) revoked, where the escrow has "
                    + "\(index.escrowed.rowCount) and \(index.escrowed.revokedCount)"
            )
        }
        for (number, name) in [(serial, "serial"), (crlNumber, "CRL number")] {
            if let number, number.standing == .newer, let found = number.found {
                parts.append("\(name) \(found), where the escrow has \(number.escrowed)")
            }
        }
        return parts
    }
}
