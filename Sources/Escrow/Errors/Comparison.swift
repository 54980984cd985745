// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// A digest that somebody hears or reads from paper and types: never shown beforehand, never answered by a mere yes.
package enum Comparison: Equatable, Sendable {
    /// Of a manifest: docs/format.md, section 5.8.
    case manifest
    /// Of a request: docs/format.md, section 5.9.
    case request(identifier: String)

    /// Why what was said is not the digest.
    package enum Fault: Equatable, Sendable {
        /// What was given beforehand is another.
        case givenIsAnother
        case nothingWasTyped
        case malformed(TypedCodeError)
        case typedIsAnother
    }
}

extension Comparison: CustomStringConvertible {
    /// What is compared.
    package var description: String {
        switch self {
        case .manifest: "the manifest's digest"
        case .request(let identifier): "request \(identifier.prefix(8))"
        }
    }

    /// What did not happen when it is another one.
    package var outcome: String {
        switch self {
        case .manifest: "nothing was signed"
        case .request: "nothing was sent"
        }
    }
}

extension Comparison.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .givenIsAnother: "not the one that was given"
        case .nothingWasTyped: "nothing was typed"
        case .malformed(let error): "\(error)"
        case .typedIsAnother: "a different digest was typed"
        }
    }
}
