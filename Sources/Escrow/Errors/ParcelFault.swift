// SPDX-License-Identifier: Apache-2.0

/// Why no parcel is made.
package enum ParcelFault: Equatable, Sendable {
    // About an escrow
    case secondOfTheName(String)
    case unusualName
    // About a parcel that is named in the place of an escrow
    case noEscrow
    case severalEscrows([String])
    // More than a parcel holds
    case files(Int)
    case members(Int)
    case bytes(Int)

    /// Whether other escrows have to be named.
    package var isOfWish: Bool {
        switch self {
        case .secondOfTheName, .unusualName, .severalEscrows: true
        case .noEscrow, .files, .members, .bytes: false
        }
    }

    /// The most files in one parcel.
    package static let fileLimit = 10_000
    /// The most members of gates in all manifests of one parcel.
    package static let memberLimit = 4_000
}

extension ParcelFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .secondOfTheName(let name): "a second escrow of the name \(name)"
        case .unusualName: "a name with characters other than letters, digits, '.', '_', '-'"
        case .noEscrow: "no escrow: a parcel without a manifest"
        case .severalEscrows(let names):
            "several escrows: \(names.joined(separator: ", ")): one is dealt with at a time"
        case .files(let count): "\(count) files: a parcel has at most \(Self.fileLimit)"
        case .members(let count): "\(count) members of policies: a parcel has at most \(Self.memberLimit)"
        case .bytes(let count): "\(count) bytes: a parcel has at most \(ByteLimit.parcel)"
        }
    }
}
