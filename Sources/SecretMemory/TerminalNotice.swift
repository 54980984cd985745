// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A secret shown to the person at the terminal, and to nobody else: never on standard output or error.
package enum TerminalNotice {
    /// Writes `text`, the secret and a newline to `/dev/tty`.
    ///
    /// - Throws: ``PromptError/noTerminal``, ``PromptError/terminalFailed(errno:)``
    package static func show(_ text: String, _ secret: borrowing SecretBytes) throws(PromptError) {
        let terminal = unsafe open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else {
            throw .noTerminal
        }
        defer { _ = close(terminal) }
        let heading = Array(text.utf8)
        let newline: [UInt8] = [0x0a]
        let span = secret.span
        for part in 0..<3 {
            let isWritten: Bool
            switch part {
            case 0: isWritten = unsafe write(terminal, heading, heading.count) == heading.count
            case 1:
                isWritten = unsafe span.withUnsafeBytes {
                    unsafe write(terminal, $0.baseAddress!, $0.count) == $0.count
                }
            default: isWritten = unsafe write(terminal, newline, 1) == 1
            }
            guard isWritten else {
                throw .terminalFailed(errno: errno)
            }
        }
    }
}
