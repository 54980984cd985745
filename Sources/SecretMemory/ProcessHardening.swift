// SPDX-License-Identifier: Apache-2.0

import CLinux
import CSodium
import Glibc

/// Why this process cannot protect secrets.
package enum HardeningError: Error, Equatable {
    case coresStayOn
    case dumpsStayOn
    case sodiumDidNotStart
    case notEnoughLockedMemory(lockable: UInt64, needed: UInt64)
}

extension HardeningError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .coresStayOn: "this process cannot turn core dumps off"
        case .dumpsStayOn: "this process cannot forbid others to read its memory"
        case .sodiumDidNotStart: "libsodium did not start"
        case .notEnoughLockedMemory(let lockable, let needed):
            "this process may lock \(lockable / 1024) KiB of memory, ca-escrow needs \(needed / 1024)"
        }
    }
}

/// What `main` does before anything else, so that a crash shows no memory.
package enum ProcessHardening {
    /// What a command locks, in bytes: OpenSSL's secure heap of 1 MiB, and as much again for secrets of our own.
    package static let lockedBytesNeeded: UInt64 = 2 << 20

    /// Takes the crash handlers away, turns cores and dumps off, sets umask 077 and starts libsodium.
    ///
    /// SIGPIPE and SIGXFSZ are ignored so that a closed output and a file that may not grow are errors of `write`, which
    /// can be told.
    ///
    /// - Throws: ``HardeningError``, with exit status 71 in mind.
    package static func apply() throws(HardeningError) {
        // Swift's runtime has read SWIFT_BACKTRACE and set its handlers before `main` starts; they print registers and
        // the memory at them, even of a process that is not dumpable.
        for signal in [SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP] {
            CLinux_reset_signal(signal)
        }
        CLinux_ignore_signal(SIGPIPE)
        CLinux_ignore_signal(SIGXFSZ)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0 else {
            throw .coresStayOn
        }
        guard CLinux_forbid_dumps() == 0 else {
            throw .dumpsStayOn
        }
        _ = umask(0o077)  // the previous mask is of no interest
        guard sodium_init() >= 0 else {
            throw .sodiumDidNotStart
        }
        let lockable = lockableBytes()
        // The limit does not bind a process with CAP_IPC_LOCK, such as root: only a failed attempt counts.
        guard lockable >= lockedBytesNeeded || canLock(Int(lockedBytesNeeded)) else {
            throw .notEnoughLockedMemory(lockable: lockable, needed: lockedBytesNeeded)
        }
    }

    /// Whether memory for secrets can be locked now, beside OpenSSL's secure heap, which is half of what is needed.
    package static var canLockMemory: Bool { canLock(Int(lockedBytesNeeded / 4)) }

    /// Whether a crash would write no core.
    package static var areCoresOff: Bool {
        var limit = rlimit(rlim_cur: 1, rlim_max: 1)
        return unsafe getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 && limit.rlim_cur == 0
    }

    /// Whether the kernel keeps other processes from reading this one's memory.
    package static var areDumpsOff: Bool { CLinux_dumps_are_forbidden() == 1 }

    /// Ends the process with status 71: memory for a secret could not be had, or not be locked.
    static func stopForLackOfLockedMemory() -> Never {
        let text = "ca-escrow: error: no locked memory is left for a secret\nca-escrow: hint: ulimit -l 16384\n"
        _ = unsafe text.withCString { unsafe write(STDERR_FILENO, $0, strlen($0)) }
        exit(71)
    }

    /// Raises the soft limit of locked memory to the hard one, which needs no privilege.
    private static func lockableBytes() -> UInt64 {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &limit) == 0 else {
            return 0
        }
        var raised = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
        let isRaised = unsafe setrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &raised) == 0
        return UInt64(isRaised ? limit.rlim_max : limit.rlim_cur)
    }

    private static func canLock(_ count: Int) -> Bool {
        guard let region = unsafe sodium_malloc(count) else {
            return false
        }
        defer { unsafe sodium_free(region) }
        return unsafe sodium_mlock(region, count) == 0
    }
}
