// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding

/// Who must sign: `threshold` different ones of `officers`.
package struct Approval: Hashable, Sendable {
    /// Ordered by name; names and keys are distinct.
    package let officers: [Signer]
    package let threshold: Int

    /// - Throws: ``ApprovalError``
    package init(threshold: Int, of officers: [Signer]) throws(ApprovalError) {
        let sorted = officers.sorted { $0.name < $1.name }
        try Self.check(threshold: threshold, of: sorted.map(\.name))
        var owners: [SigningKey: Name] = [:]
        for officer in sorted {
            if let other = owners.updateValue(officer.name, forKey: officer.key) {
                throw .keyAppearsTwice(other, officer.name)
            }
        }
        self.officers = sorted
        self.threshold = threshold
    }

    /// Whether so many of these can be who must sign, whatever their keys are.
    ///
    /// - Throws: ``ApprovalError``
    package static func check(threshold: Int, of names: [Name]) throws(ApprovalError) {
        guard (1...1000).contains(names.count) else {
            throw .officerCountOutOfRange(names.count)
        }
        guard (1...names.count).contains(threshold) else {
            throw .thresholdOutOfRange(threshold: threshold, officerCount: names.count)
        }
        var seen: Set<Name> = []
        for name in names where !seen.insert(name).inserted {
            throw .officerAppearsTwice(name)
        }
    }

    /// The officer of this name.
    package func officer(named name: Name) -> Signer? { officers.first { $0.name == name } }

    /// As people write it: `2 of (olga, omar, otto)`.
    package var text: String {
        "\(threshold) of (\(officers.map(\.name.description).joined(separator: ", ")))"
    }
}

extension PolicyText {
    /// How many of whom must sign, of a text that says who approves.
    ///
    /// - Throws: ``ApprovalError/nested``
    package func approvers() throws(ApprovalError) -> (threshold: Int, names: [Name]) {
        guard case .gate(let threshold, let members) = self else {
            throw .nested
        }
        var names: [Name] = []
        for member in members {
            guard case .custodian(let name) = member else {
                throw .nested
            }
            names.append(name)
        }
        return (threshold, names)
    }
}

/// Why officers and a threshold are no approval.
package enum ApprovalError: Error, Equatable {
    case officerCountOutOfRange(Int)
    case thresholdOutOfRange(threshold: Int, officerCount: Int)
    case officerAppearsTwice(Name)
    case keyAppearsTwice(Name, Name)
    case nested
}

extension ApprovalError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .officerCountOutOfRange(let count):
            "officers: \(count) of them: it takes 1 to 1,000"
        case .thresholdOutOfRange(let threshold, let count):
            "officers: \(threshold) of \(count): the threshold runs from 1 to the number of officers"
        case .officerAppearsTwice(let name):
            "officers: '\(name)' appears twice"
        case .keyAppearsTwice(let first, let second):
            "officers: '\(first)' and '\(second)' have one key: a quorum counts different keys"
        case .nested:
            "officers: written flat, as in '2 of (olga, omar, otto)'"
        }
    }
}
