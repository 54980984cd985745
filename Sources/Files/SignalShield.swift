// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Synchronization
package import SystemPackage

/// Holds back the signals that end a process politely, from the first file of a piece of work to its last rename.
///
/// The work takes a moment; then the signal acts. So an interrupted run leaves the old state or the new one, and nothing
/// half made. SIGKILL and a power cut are met by the order of writing instead. Several may hold at a time, and end in any
/// order: the signal waits for the last. Work that takes longer asks ``check(_:)`` in between.
package struct SignalShield: ~Copyable {
    /// How many hold in a thread, and what it let through before.
    private struct Hold {
        var count: Int
        let previous: sigset_t
    }

    private static let holds = Mutex<[pthread_t: Hold]>([:])

    private let thread: pthread_t

    package init() {
        var blocked = sigset_t()
        var previous = sigset_t()
        unsafe sigemptyset(&blocked)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP] {
            unsafe sigaddset(&blocked, signal)
        }
        unsafe pthread_sigmask(SIG_BLOCK, &blocked, &previous)
        let (thread, hold) = (pthread_self(), Hold(count: 0, previous: previous))
        Self.holds.withLock { $0[thread, default: hold].count += 1 }
        self.thread = thread
    }

    deinit {
        let last = Self.holds.withLock { holds -> Hold? in
            holds[thread]?.count -= 1
            return holds[thread]?.count == 0 ? holds.removeValue(forKey: thread) : nil
        }
        if let last {
            var mask = last.previous
            unsafe pthread_sigmask(SIG_SETMASK, &mask, nil)
        }
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

    /// Ends a long piece of work when a signal waits: what was made of it is removed on the way out, and then the signal
    /// acts.
    ///
    /// - Throws: ``FileError/system(path:_:)`` with `EINTR`.
    package static func check(_ path: FilePath) throws(FileError) {
        guard CLinux_is_interrupted() == 0 else {
            throw .system(path: path.string, .interrupted)
        }
    }
}
