// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// Why another program did not do what it was started for.
package enum ProgramError: Error, Equatable {
    case cannotStart(path: String, Errno)
    case tookTooLong(path: String, secondLimit: Int)
    case wroteTooMuch(path: String, byteLimit: Int)
    /// Ended by a signal of this number.
    case died(path: String, signal: Int32)
    /// The pipes to it, or its end, could not be had.
    case system(path: String, Errno)
}

extension ProgramError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .cannotStart(let path, let errno): "\(path): does not start: \(errno.description)"
        case .tookTooLong(let path, let limit): "\(path): not done after \(limit) seconds"
        case .wroteTooMuch(let path, let limit): "\(path): wrote more than \(limit) bytes"
        case .died(let path, let signal): "\(path): ended by signal \(signal)"
        case .system(let path, let errno): "\(path): \(errno.description)"
        }
    }
}
