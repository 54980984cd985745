// SPDX-License-Identifier: Apache-2.0

package import Custody

/// Why no plan is made.
package enum DraftError: Error, Equatable {
    /// Nobody can be asked, and nothing says what these members are.
    case missing([String])
    /// A member cannot be what was given for it.
    case wrong(member: String, needed: String)
    /// No plan has such a member, nobody in it is called so.
    case unknown(member: String, meant: String?)
    /// A card is another one than last time.
    case anotherCard(name: String, was: String, is: SHA256Digest)
    /// Somebody stopped; nothing is written.
    case stopped
}

extension DraftError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let members): "not known, and there is no terminal to ask at: \(members.joined(separator: ", "))"
        case .wrong(let member, let needed): "\(member): needed is \(needed)"
        case .unknown(let member, let meant):
            "\(member): no member of this plan\(meant.map { ": perhaps \($0) is meant" } ?? "")"
        case .anotherCard(let name, let old, let new):
            "\(name).card: its SHA-256 is \(new), where the plan before has \(old)"
        case .stopped: "stopped; nothing is written"
        }
    }
}

extension DraftError {
    /// Whether somebody said no, and nothing was given that cannot be.
    package var isRefusal: Bool {
        switch self {
        case .anotherCard, .stopped: true
        case .missing, .wrong, .unknown: false
        }
    }

    /// What helps.
    package var hint: String? {
        switch self {
        case .missing: "--set MEMBER=VALUE, once for each; at a terminal they are asked for; over ssh use 'ssh -t'"
        case .anotherCard(let name, _, let digest):
            "once \(name) has read it to you over a second channel: --set \(name).sha256=\(digest)"
        case .wrong, .unknown, .stopped: nil
        }
    }
}
