// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Holds back the signals that end a process politely, from the first file of a piece of work to its last rename.
///
/// The work takes a moment; then the signal acts. So an interrupted run leaves the old state or the new one, and nothing
/// half made. SIGKILL and a power cut are met by the order of writing instead.
package struct SignalShield: ~Copyable {
    private let previous: sigset_t

    package init() {
        var blocked = sigset_t()
        var previous = sigset_t()
        unsafe sigemptyset(&blocked)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] {
            unsafe sigaddset(&blocked, signal)
        }
        unsafe pthread_sigmask(SIG_BLOCK, &blocked, &previous)
        self.previous = previous
    }

    deinit {
        var mask = previous
        unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
    }

    /// Does a piece of work behind the shield.
    package static func during<Result: ~Copyable, Failure: Error>(
        _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let shield = SignalShield()
        let result = try work()
        _ = consume shield
        return result
    }
}
