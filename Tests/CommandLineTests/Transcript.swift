// SPDX-License-Identifier: Apache-2.0

/// Commands with the output they should give, and the files they find.
///
/// A command stands after `$ ` and goes on in lines that start with `> `. Its output follows: both streams as they came,
/// then `[exit N]` unless it succeeded. A line that starts with `#` is a comment on the command after it; a blank line
/// before a comment is no output. After the commands each `-- NAME --` starts a file that lies in the folder beforehand.
struct Transcript {
    struct Step {
        var comments: [String] = []
        var command = ""
        var output = ""
    }

    private(set) var steps: [Step] = []
    private(set) var files: [(name: String, contents: String)] = []

    /// Whether it shows what only root can do.
    var needsRoot: Bool { steps.first?.comments.first?.hasPrefix("# As root.") == true }

    init(_ text: String) {
        var comments: [String] = []
        var isCommand = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) {
            if line.hasPrefix("-- "), line.hasSuffix(" --") {
                endOutput()
                files.append((String(line.dropFirst(3).dropLast(3)), ""))
            } else if !files.isEmpty {
                files[files.count - 1].contents += "\(line)\n"
            } else if line.hasPrefix("$ ") {
                steps.append(Step(comments: comments, command: String(line.dropFirst(2))))
                comments = []
                isCommand = true
            } else if isCommand, line.hasPrefix("> ") {
                steps[steps.count - 1].command += "\n\(line.dropFirst(2))"
            } else if line.hasPrefix("#") {
                endOutput()
                comments.append(line)
            } else if !steps.isEmpty, comments.isEmpty {
                steps[steps.count - 1].output += "\(line)\n"
                isCommand = false
            }
        }
    }

    /// The blank line before a comment or a file is no output.
    private mutating func endOutput() {
        guard let last = steps.indices.last, files.isEmpty else {
            return
        }
        if steps[last].output.hasSuffix("\n\n") || steps[last].output == "\n" {
            steps[last].output.removeLast()
        }
    }

    /// The ```` ```console ```` blocks of a Markdown page, one after the other.
    init(markdown text: String) {
        var lines: [Substring] = []
        var isConsole = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isConsole = line == "```console"
            } else if isConsole {
                lines.append(line)
            }
        }
        self.init(lines.joined(separator: "\n") + "\n")
    }

    /// The page with these outputs, one for each command of its blocks.
    static func markdown(_ text: String, with outputs: [String]) -> String {
        var result: [String] = []
        var outputs = outputs[...]
        var isConsole = false
        var output: String?  // of the command before, which may go on
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if isConsole, output != nil, line.hasPrefix("> ") {
                result.append(line)
                continue
            }
            result += (output ?? "").split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
                String.init
            )
            output = nil
            if line.hasPrefix("```") {
                isConsole = line == "```console"
                result.append(line)
            } else if !isConsole {
                result.append(line)
            } else if line.hasPrefix("$ ") {
                result.append(line)
                output = outputs.popFirst()
            }
        }
        return result.joined(separator: "\n")
    }

    /// The transcript with these outputs, one for each command.
    func text(with outputs: [String]) -> String {
        var text = ""
        for (step, output) in zip(steps, outputs) {
            if !step.comments.isEmpty, !text.isEmpty {
                text += "\n"
            }
            text += step.comments.map { "\($0)\n" }.joined()
            text += "$ \(step.command.replacing("\n", with: "\n> "))\n\(output)"
        }
        if !files.isEmpty {
            text += "\n"
        }
        return text + files.map { "-- \($0.name) --\n\($0.contents)" }.joined()
    }
}
