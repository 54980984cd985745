// SPDX-License-Identifier: Apache-2.0

package import Custody
import Files

/// One step with the lines that were written in it.
package struct HeldStep {
    let step: Step
    let lines: [TranscriptLine]
    /// What was attempted, in the order of the first attempts.
    let attempts: [Attempt]

    init(_ step: Step, _ lines: [TranscriptLine]) {
        self.step = step
        self.lines = lines
        attempts = Attempt.all(in: lines)
    }

    var isDone: Bool { lines.contains { $0.act == .done || $0.act == .closed } }

    /// Files that any of its lines names.
    var files: [TranscriptLine.File] { lines.flatMap(\.files) }

    /// Something that the program attempted, and what came of it.
    struct Attempt {
        /// What was expected, in the transcript's words.
        let name: String
        var standing: Standing
        /// The line that says so.
        var line: TranscriptLine

        enum Standing {
            /// It came out as expected.
            case met
            /// It did not, and the administrator went on without.
            case excused
            /// It did not, and is to be done again.
            case again
            /// It did not, and nobody has decided what follows.
            case open
        }

        /// What lines with a note `attempt` come to.
        ///
        /// An exception counts behind a line that differs: one that somebody raises by hand settles nothing.
        static func all(in lines: [TranscriptLine]) -> [Attempt] {
            var found: [Attempt] = []
            for line in lines {
                // A step that was done after all has been carried out: no line of its own says so.
                if line.act == .done || line.act == .closed {
                    found.removeAll { $0.name == HeldStep.feasibility && $0.standing == .again }
                }
                guard let name = line.attempt else {
                    continue
                }
                let index = found.firstIndex { $0.name.isEqual(bytesOf: name) }
                let standing: Standing
                switch line.act {
                case .compared, .noted: standing = .met
                case .differed: standing = .open
                case .exception:
                    guard let index, found[index].standing == .open else {
                        continue
                    }
                    standing = line.texts["decision"] == "again" ? .again : .excused
                default: continue
                }
                if let index {
                    found[index].standing = standing
                    found[index].line = line
                } else {
                    found.append(Attempt(name: name, standing: standing, line: line))
                }
            }
            return found
        }
    }

    /// What is written down when something in a step went wrong that no line of its own is for.
    package static let feasibility = "the step can be carried out"

    /// Whether the administrator went on although the step could not be carried out.
    var isGivenUp: Bool { attempts.contains { $0.name == Self.feasibility && $0.standing == .excused } }

    /// What came out as expected.
    var met: [TranscriptLine] { attempts.filter { $0.standing == .met }.map(\.line) }

    /// Whether something did not come out as expected, and the ceremony went on.
    var isExcused: Bool { attempts.contains { $0.standing == .excused } }

    /// Whether somebody gave their initials.
    func isInitialled(by name: Name) -> Bool {
        lines.contains { $0.act == .initialled && $0.actor == name && $0.texts["initials"] != nil }
    }
}

extension TranscriptLine {
    /// What the program attempted.
    fileprivate var attempt: String? { texts["attempt"] }
}

/// A kind of file that a step leaves in the escrow, as its lines name it: by a path inside of the escrow.
package enum EscrowArtefact: Sendable {
    case manifest
    case signature(Name)
    case receipt(Name)
    case drill
    case restore

    /// In words, without an article.
    package var words: String {
        switch self {
        case .manifest: "manifest"
        case .signature(let name): "signature of \(name)"
        case .receipt(let name): "receipt of \(name)"
        case .drill: "drill receipt"
        case .restore: "record of a restore"
        }
    }

    /// Whether a path is of such a file.
    package func isNamed(by path: String) -> Bool {
        let parts = path.parts(between: "/")
        guard let file = parts.last else {
            return false
        }
        switch self {
        case .manifest: return parts.count == 2 && file.isEqual(bytesOf: "manifest.json")
        case .signature(let name): return parts.count == 2 && file.isEqual(bytesOf: "manifest.json.\(name).sig")
        case .receipt(let name):
            let digits = file.rest(after: "\(name)-")?.rest(before: ".json") ?? ""
            return parts.count == 3 && parts[1].isEqual(bytesOf: "receipts") && Hex.decode(digits)?.count == 16
        case .drill, .restore:
            let kind = if case .drill = self { "drill" } else { "restore" }
            return parts.count == 3 && parts[1].isEqual(bytesOf: "records") && file.hasSuffix(bytesOf: ".json")
                && file.contains(bytesOf: "-\(kind)-")
        }
    }
}
