// SPDX-License-Identifier: Apache-2.0

/// One of the things that somebody may want.
package enum BackupWish: Equatable, Sendable {
    case policy, officers, people, title, iterationCount, pkcs12, state
}
