// SPDX-License-Identifier: Apache-2.0

import Encoding
package import SystemPackage

/// Why what changes is not confirmed.
package enum ChangeFault: Equatable, Sendable {
    /// Several manifests change something: one is signed after the other.
    case severalManifests([FilePath])
    /// Nothing changes that has the name which was said beforehand.
    case givenDoesNotChange(String)
    case notNamed(String)
    case doesNotChange(String)
}

extension ChangeFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .severalManifests(let paths):
            "\(paths.count) manifests change something: \(paths.map(\.string).joined(separator: ", "))"
        case .givenDoesNotChange(let name): "\(name.quoted): nothing of that name changes"
        case .notNamed(let name): "not confirmed: \(name) changes and was not named: nothing was signed"
        case .doesNotChange(let name): "not confirmed: \(name.quoted) does not change: nothing was signed"
        }
    }
}
