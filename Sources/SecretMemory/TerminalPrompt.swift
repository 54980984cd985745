// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Synchronization

/// Why no line came from the terminal.
package enum PromptError: Error, Equatable {
    case noTerminal
    case endOfInput
    case lineTooLong(limit: Int)
    case terminalFailed(errno: Int32)
}

/// A question on the controlling terminal, whose answer goes straight into secret memory.
///
/// Signals that would leave the terminal without echo are held back while the value lives: they are read from a
/// `signalfd`, the terminal is given back, and only then does the signal act. Echo thus returns on every way out but
/// SIGKILL and a trap.
@safe
package struct TerminalPrompt: ~Copyable {
    /// The longest line in bytes: more than this is an error, never cut.
    package static let byteLimit = 1024

    private let terminal: Int32
    private let signals: Int32
    private let previousMask: sigset_t
    private let settings: termios

    private static let caught = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]

    private static let lastWork = Mutex<(@Sendable () -> Void)?>(nil)

    /// Adds to what is done before a signal ends the process at a prompt: nothing else runs any more then.
    package static func beforeEnd(_ work: @escaping @Sendable () -> Void) {
        lastWork.withLock { last in
            let earlier = last
            last = {
                earlier?()
                work()
            }
        }
    }

    /// Whether there is a terminal to ask at.
    package static var isPossible: Bool {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else {
            return false
        }
        _ = close(terminal)
        return true
    }

    /// Opens `/dev/tty` and holds back the signals that would leave it without echo.
    ///
    /// - Throws: ``PromptError/noTerminal``
    package init() throws(PromptError) {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard terminal >= 0 else {
            throw .noTerminal
        }
        var settings = termios()
        guard unsafe tcgetattr(terminal, &settings) == 0 else {
            _ = close(terminal)
            throw .noTerminal
        }
        var mask = sigset_t()
        var previousMask = sigset_t()
        unsafe sigemptyset(&mask)
        for signal in Self.caught {
            unsafe sigaddset(&mask, signal)
        }
        unsafe pthread_sigmask(SIG_BLOCK, &mask, &previousMask)
        self.signals = unsafe signalfd(-1, &mask, Int32(SFD_CLOEXEC))
        self.terminal = terminal
        self.previousMask = previousMask
        self.settings = settings
        precondition(signals >= 0, "a signalfd of valid signals")
    }

    deinit {
        setEcho(true)
        var mask = previousMask
        unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
        _ = close(signals)
        _ = close(terminal)
    }

    /// Asks once; the newline is not part of the answer.
    ///
    /// - Parameters:
    ///   - prompt: Shown as it is, without a newline.
    ///   - isEchoed: Whether the answer may be seen; a passphrase may not.
    /// - Returns: The bytes typed, or nothing for an empty line.
    /// - Throws: ``PromptError``
    package func ask(_ prompt: String, isEchoed: Bool = false) throws(PromptError) -> SecretBytes? {
        var count = 0
        let line = try SecretBytes(count: Self.byteLimit + 1) { line throws(PromptError) in
            try show(prompt, isEchoed: isEchoed)
            while true {
                var sources = [
                    pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
                ]
                guard unsafe poll(&sources, 2, -1) > 0 else {
                    continue
                }
                if sources[0].revents != 0 {
                    try passOnSignal()
                    try show(prompt, isEchoed: isEchoed)
                    continue
                }
                let read = unsafe line.withUnsafeMutableBytes { unsafe Glibc.read(terminal, $0.baseAddress!, $0.count) }
                guard read >= 0 else {
                    throw .terminalFailed(errno: errno)
                }
                guard read > 0 else {
                    endLine()
                    throw .endOfInput
                }
                guard line[read - 1] == UInt8(ascii: "\n") else {
                    throw read > Self.byteLimit ? .lineTooLong(limit: Self.byteLimit) : .endOfInput
                }
                count = read - 1
                return
            }
        }
        guard count > 0 else {
            return nil
        }
        return SecretBytes(copying: line.span.extracting(first: count))
    }

    private func show(_ prompt: String, isEchoed: Bool) throws(PromptError) {
        setEcho(isEchoed)
        let written = unsafe prompt.utf8CString.withUnsafeBufferPointer {
            unsafe write(terminal, $0.baseAddress!, $0.count - 1)
        }
        guard written >= 0 else {
            throw .terminalFailed(errno: errno)
        }
    }

    /// What comes next is not to stand behind the prompt.
    private func endLine() {
        let newline: [UInt8] = [0x0a]
        _ = unsafe write(terminal, newline, 1)  // the error that follows says more
    }

    /// Gives the terminal back, lets the signal do its work, and goes on if the process still lives.
    private func passOnSignal() throws(PromptError) {
        var signal = signalfd_siginfo()
        let read = unsafe Glibc.read(signals, &signal, MemoryLayout<signalfd_siginfo>.size)
        guard read > 0 else {
            throw .terminalFailed(errno: errno)
        }
        setEcho(true)
        endLine()
        if Self.ends(Int32(signal.ssi_signo)), let work = Self.lastWork.withLock({ $0 }) {
            work()
        }
        raise(Int32(signal.ssi_signo))
        var previous = previousMask
        // Some parents leave signals blocked: it would wait for ever, and be read again and again.
        unsafe sigdelset(&previous, Int32(signal.ssi_signo))
        var blocking = sigset_t()
        unsafe pthread_sigmask(SIG_SETMASK, &previous, &blocking)  // the signal arrives here
        unsafe pthread_sigmask(SIG_SETMASK, &blocking, nil)
    }

    /// Whether the process is over with it: Ctrl-Z only stops it, and some parents have a signal ignored.
    private static func ends(_ signal: Int32) -> Bool {
        signal != SIGTSTP && CLinux_signal_is_ignored(signal) == 0
    }

    private func setEcho(_ isOn: Bool) {
        var settings = settings
        if !isOn {
            settings.c_lflag &= ~tcflag_t(ECHO)
            settings.c_lflag |= tcflag_t(ECHONL)
        }
        unsafe tcsetattr(terminal, TCSAFLUSH, &settings)
    }
}
