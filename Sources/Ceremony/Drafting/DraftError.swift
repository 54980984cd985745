// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// Why no plan is made.
package indirect enum DraftError: Error, Equatable {
    /// Nobody can be asked, and nothing says what these members are.
    case missing([String])
    /// A member cannot be what was given for it.
    case wrong(member: String, needed: String)
    /// A plan with it would be refused.
    case fault(PlanFault)
    /// A plan with it would be refused for what a file or the machine says.
    case finding(PlanFinding)
    /// No plan has such a member, nobody in it is called so.
    case unknown(member: String, meant: String?)
    /// A card is another one than last time.
    case anotherCard(name: String, was: String, is: SHA256Digest)
    /// A file is no plan to go on from, or what was made of all this is none.
    case plan(FilePath, PlanError)
    /// Where the draft is to lie there is another file.
    case notADraft(FilePath)
    /// A draft is there, and nobody can be asked whether to go on from it.
    case draftWaits(FilePath)
    /// Somebody stopped; no plan is written.
    case stopped
}

extension DraftError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let members): "not known, and there is no terminal to ask at: \(members.joined(separator: ", "))"
        case .wrong(let member, let needed): "\(member): \(needed)"
        case .fault(let fault): fault.description
        case .finding(let finding): finding.text
        case .unknown(let member, let meant):
            "\(member): no member of this plan\(meant.map { ": did you mean \($0)?" } ?? "")"
        case .anotherCard(let name, let old, let new):
            "\(name).card: its SHA-256 is \(new), where the plan before has \(old)"
        case .plan(let path, let error): "\(path): \(error)"
        case .notADraft(let path): "\(path): not the draft of a plan, and nothing is written over it"
        case .draftWaits(let path): "\(path): a draft that was not finished, and there is no terminal to ask at"
        case .stopped: "stopped; no plan is written"
        }
    }
}

extension DraftError {
    /// Whether somebody said no, and nothing was given that cannot be.
    package var isRefusal: Bool {
        switch self {
        case .anotherCard, .stopped, .draftWaits, .notADraft: true
        case .missing, .wrong, .unknown, .fault, .finding, .plan: false
        }
    }

    /// What helps.
    package var hint: String? {
        switch self {
        case .missing: "--set MEMBER=VALUE, once for each; at a terminal they are asked for; over ssh use 'ssh -t'"
        case .anotherCard(let name, _, let digest):
            "once \(name) has read it to you over a second channel: --set \(name).sha256=\(digest)"
        case .notADraft: "give it another name, or the plan one"
        case .draftWaits: "go on from it at a terminal, or remove it"
        case .wrong, .unknown, .fault, .finding, .plan, .stopped: nil
        }
    }
}
