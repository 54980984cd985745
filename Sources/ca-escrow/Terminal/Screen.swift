// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Files
import Glibc
import KeyStores

/// Where lines appear: how wide they may be, and whether words may have a colour.
enum Screen {
    /// Columns that lines use on a terminal; as many as they need elsewhere, since a program reads them there.
    ///
    /// Two are left free, since some consoles wrap when the last one is written.
    static func width(of file: Int32) -> Int? {
        size(of: file).map { max(40, Int($0.ws_col)) - 2 }
    }

    /// How many rows it has; a serial line does not say.
    static func rows(of file: Int32) -> Int { size(of: file).map { max(16, Int($0.ws_row)) } ?? 24 }

    private static func size(of file: Int32) -> winsize? {
        var size = winsize()
        guard isatty(file) == 1, unsafe ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return size
    }

    /// A line as it appears there, in as many as it needs.
    static func lines(_ line: String, on file: Int32) -> [String] {
        let lines = width(of: file).map { ConsoleText.wrapped(line: line, width: $0) } ?? [line]
        return hasColour(file) ? [coloured(lines[0])] + lines.dropFirst() : lines
    }

    /// Whether it is a terminal that knows how to move its cursor: one that says it is dumb shows such a sequence.
    static func movesCursor(_ file: Int32) -> Bool {
        isatty(file) == 1 && StoreEnvironment.value("TERM").map { !$0.isEqual(bytesOf: "dumb") } ?? true
    }

    /// Whether colours are wanted: https://no-color.org.
    private static func hasColour(_ file: Int32) -> Bool {
        movesCursor(file) && (StoreEnvironment.value("NO_COLOR") ?? "").isEmpty
    }

    /// A line of a report with the word in colour that it begins with.
    private static func coloured(_ line: String) -> String {
        for (word, colour) in [("  PASS ", 32), ("  FAIL ", 31), ("  NOT CHECKED ", 33)] {
            if let rest = line.rest(after: word) {
                return "\u{1b}[\(colour)m\(word)\u{1b}[0m\(rest)"
            }
        }
        return line
    }
}
