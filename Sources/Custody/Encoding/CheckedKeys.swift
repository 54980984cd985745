// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Public keys that passed a check, remembered for the time of the process: the same few people's keys stand in their cards,
/// in manifests and in every document of thousands of escrows, and each check costs a multiplication on the curve.
struct CheckedKeys: ~Copyable {
    /// How many are remembered at most, so that a hostile archive fills no memory.
    private static let limit = 4096

    private let keys = Mutex<Set<[UInt8]>>([])

    /// Whether `key` passed before, or passes now.
    ///
    /// What fails is checked every time.
    func contains(_ key: [UInt8], orPasses check: () -> Bool) -> Bool {
        guard !keys.withLock({ $0.contains(key) }) else {
            return true
        }
        guard check() else {
            return false
        }
        keys.withLock { keys in
            if keys.count >= Self.limit {
                keys.removeAll()
            }
            keys.insert(key)
        }
        return true
    }
}
