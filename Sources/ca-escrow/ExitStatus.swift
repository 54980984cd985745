// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// How a command ends: 0, 1 and 2 as monitoring reads them, then those of `sysexits.h`.
enum ExitStatus: Int32 {
    /// Done; every check was made and passed.
    case done = 0
    /// Nothing is wrong, but something is due, missing or was not checked.
    case notYet = 1
    /// A check failed.
    case failed = 2
    case usage = 64
    /// A file that cannot be read as what it should be.
    case data = 65
    /// A file that is not there.
    case noInput = 66
    /// A terminal, token or provider that is needed is not there, or another process is at work with it.
    case unavailable = 69
    /// Our own fault.
    case software = 70
    /// The machine cannot protect secrets.
    case system = 71
    /// The output exists or cannot be made.
    case cannotCreate = 73
    /// Reading or writing failed.
    case inputOutput = 74
    /// A wrong passphrase, a comparison that was not confirmed, or a state that forbids it.
    case refused = 77
}

extension ExitStatus {
    /// Ends a command, unless all is done.
    static func end(_ status: Int32) throws {
        guard status == done.rawValue else {
            throw ExitCode(status)
        }
    }
}
