// SPDX-License-Identifier: Apache-2.0

/// What somebody does at a ceremony.
package enum Role: String, CaseIterable, Hashable, Sendable {
    /// Runs the sheet, says go or no-go, decides on exceptions.
    case administrator
    /// The only person who touches the keyboard; their printed sheet is the record.
    case `operator`
    /// Compares every digest, keeps the exception record, countersigns.
    case witness
    /// Observes from outside, and keeps a copy of the digests.
    case auditor
    /// Signs the plan, the manifest, the request.
    case officer
    /// Holds the key to one sealed share.
    case custodian
    /// Holds a copy of the PKCS#12 file.
    case keeper

    /// What the run sheet calls them.
    package var title: String {
        switch self {
        case .administrator: "ceremony administrator"
        case .operator: "operator"
        case .witness: "witness"
        case .auditor: "auditor"
        case .officer: "officer"
        case .custodian: "custodian"
        case .keeper: "keeper"
        }
    }

    /// The roles that nobody has without a card or key.
    package static let withCard: [Role] = [.custodian, .officer, .operator, .witness]

    /// Whether exactly one person has it.
    package var isOnePersons: Bool { self == .administrator || self == .operator }

    /// The roles that nobody should have besides this one.
    package var excludes: Set<Role> {
        switch self {
        case .administrator: [.operator, .custodian]
        case .operator: [.administrator, .witness, .custodian]
        case .witness: [.operator, .custodian]
        case .auditor: [.administrator, .operator, .officer, .keeper]
        case .officer: [.auditor]
        case .custodian: [.administrator, .operator, .witness, .keeper]
        case .keeper: [.custodian, .auditor]
        }
    }
}

extension Plan.Participant {
    /// Their roles, and those that they take over, as people read them.
    var inWords: String {
        (roles.map(\.title) + alternateFor.map { "alternate \($0.title)" }).joined(separator: ", ")
    }
}
