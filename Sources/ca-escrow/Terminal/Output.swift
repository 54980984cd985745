// SPDX-License-Identifier: Apache-2.0

import Audit
import Encoding
import Escrow
import Files
import Glibc
import Synchronization
import SystemPackage

/// What a command says: results on standard output, all else on standard error.
enum Output {
    /// A result, one line; nothing where a program reads it.
    static func line(_ text: String) {
        if !Report.isWanted {
            write(lines(text), to: .standardOutput)
        }
    }

    /// Moves the cursor or clears the screen of a terminal; nothing anywhere else.
    static func screen(_ sequence: StaticString) {
        if Screen.movesCursor(STDOUT_FILENO) {
            write("\(sequence)", to: .standardOutput)
        }
    }

    /// A result as it is.
    static func bytes(_ bytes: [UInt8]) {
        write(String(decoding: bytes, as: UTF8.self), to: .standardOutput)
    }

    /// A line for the person at the terminal, such as what is going on.
    static func error(_ text: String) {
        write(shown(text, on: STDERR_FILENO), to: .standardError)
    }

    /// A line of a report, which stands on standard output later.
    static func lines(_ text: String) -> String { shown(text, on: STDOUT_FILENO) }

    /// A line with its end, or the lines that it becomes.
    private static func shown(_ text: String, on file: Int32) -> String {
        Screen.lines(renamed(text).harmless, on: file).map { "\($0)\n" }.joined()
    }

    /// What lies in a temporary place, called as people call it.
    static func renamed(_ text: String) -> String {
        laidOut.withLock { $0.reduce(text) { $0.replacing(bytesOf: $1.place, with: $1.shown) } }
    }

    /// From now on nobody is shown this place.
    static func call(_ place: String, _ shown: String) {
        laidOut.withLock { $0.append((place, shown)) }
    }

    private static let laidOut = Mutex<[(place: String, shown: String)]>([])

    /// What to do next, and who.
    static func next(_ text: String) {
        error("ca-escrow: next: \(text)")
        Report.note(.text(text), in: "next")
    }

    /// What is not wrong but should be known.
    static func warning(_ text: String) {
        error("ca-escrow: warning: \(text)")
        Report.note(.text(text), in: "warnings")
    }

    /// Runs work that takes a second or more, with a line on a terminal that is wiped afterwards.
    static func whileShowing<Result: ~Copyable, Failure: Error>(
        _ text: String,
        _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        begin(text)
        defer { end() }
        return try work()
    }

    /// Writes a line on a terminal that ``end()`` wipes.
    static func begin(_ text: String) {
        if Screen.movesCursor(STDERR_FILENO) {
            write("\(text) …", to: .standardError)
        }
    }

    /// Wipes what ``begin(_:)`` wrote.
    static func end() {
        if Screen.movesCursor(STDERR_FILENO) {
            write("\r\u{1b}[K", to: .standardError)
        }
    }

    /// Puts a line in the place of the one that shows how far it is, on a terminal; nothing anywhere else.
    static func progress(_ text: String) {
        if Screen.movesCursor(STDERR_FILENO) {
            write("\r\u{1b}[K\(text.harmless)", to: .standardError)
        }
    }

    /// Tells what was done when it can no longer be undone: a result that cannot be written ends the program afterwards only,
    /// so that standard error has all of the advice.
    static func toTheEnd<Stage: ~Copyable>(
        _ stage: consuming Stage,
        _ work: (consuming Stage) throws -> Void
    ) throws {
        isTelling.store(true, ordering: .relaxed)
        defer { isTelling.store(false, ordering: .relaxed) }
        try work(stage)
        if hasFailed.load(ordering: .relaxed) {
            Glibc.exit(ExitStatus.inputOutput.rawValue)
        }
    }

    private static let isTelling = Atomic(false)
    private static let hasFailed = Atomic(false)

    private static func write(_ text: String, to file: FileDescriptor) {
        do {
            try file.writeAll(text.utf8)
        } catch {
            // A closed standard error leaves nobody to tell; a result that cannot be written is an error, told once.
            if file == .standardOutput, !hasFailed.exchange(true, ordering: .relaxed) {
                if error as? Errno != .brokenPipe {
                    self.error("ca-escrow: error: standard output: \(error)")
                }
                if !isTelling.load(ordering: .relaxed) {
                    Glibc.exit(ExitStatus.inputOutput.rawValue)
                }
            }
        }
    }
}

extension Output {
    /// Says who must sign, and how.
    static func next(signers shortfalls: [Shortfall], of escrow: String) {
        Report.note(["waitsFor": .texts(shortfalls.flatMap(\.missing))])
        NextStep.sign(shortfalls, in: FilePath(escrow)).map(next)
    }

    /// Who signs next what waits in an escrow for as many officers as approve.
    static func next(signersOf approval: Approval, besides officer: Name?, of escrow: String) {
        next(
            signers: [Shortfall(of: approval.officers.filter { $0.name == officer }, for: approval)].compactMap(\.self),
            of: escrow
        )
    }
}
