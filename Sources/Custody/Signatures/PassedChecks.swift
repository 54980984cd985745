// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What has passed a check, remembered for the time of the process: the same few people's keys and cards stand in thousands
/// of escrows, and each check costs a multiplication on the curve or a signature.
package struct PassedChecks<Subject: Hashable & Sendable>: ~Copyable, Sendable {
    /// How many are remembered at most, so that a hostile archive fills no memory.
    private var limit: Int { 4096 }

    private let subjects = Mutex<Set<Subject>>([])

    package init() {}

    /// Whether `subject` passed before, or passes now.
    ///
    /// What fails is checked every time.
    package func contains(_ subject: Subject, orPasses check: () throws -> Bool) rethrows -> Bool {
        guard !subjects.withLock({ $0.contains(subject) }) else {
            return true
        }
        guard try check() else {
            return false
        }
        subjects.withLock { subjects in
            if subjects.count >= limit {
                subjects.removeAll()
            }
            subjects.insert(subject)
        }
        return true
    }
}
