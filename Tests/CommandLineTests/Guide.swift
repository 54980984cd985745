// SPDX-License-Identifier: Apache-2.0

/// A page with what its reader types, and with what others do in between, which the page does not show.
///
/// `<!-- test PERSON does this -->` in the page calls `does_this` of `guide-PAGE.sh` in the directory of that person, and
/// the commands of the ```` ```console ```` blocks after it are done there.
struct Guide {
    enum Step {
        /// What others do, or what the reader will answer: a function of the guide's script.
        case unseen(String)
        /// What the reader types, with the output that the page shows, if any.
        case typed(Transcript.Step)
    }

    private(set) var steps: [(person: String, step: Step)] = []

    /// The commands that the page names in its sentences, its tables and its configuration files.
    private(set) var mentioned: [String] = []

    init(_ page: String) {
        var person = ""
        var block: String?
        var others = ""
        for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let lines = block {
                block = line == "```" ? nil : "\(lines)\(line)\n"
                steps += block == nil ? Transcript(lines).steps.map { (person, .typed($0)) } : []
            } else if line == "```console" {
                block = ""
            } else if line.hasPrefix("<!-- test ") {
                let words = line.split(separator: " ").dropFirst(2).dropLast()
                person = String(words.first ?? "")
                steps += words.count > 1 ? [(person, .unseen(words.dropFirst().joined(separator: "_")))] : []
            } else {
                others += "\(line)\n"
            }
        }
        others = others.replacing("\\\n", with: " ")
        mentioned = others.matches(of: /`(ca-escrow [^`]+)`|\/(ca-escrow [a-z].*)\n/).map { String($0.1 ?? $0.2 ?? "") }
    }
}
