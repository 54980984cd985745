// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import Synchronization

/// The public shares of one sharing, or why it has none: computed once, however often the sharing is copied.
final class ComputedShares: Sendable {
    private let known = Mutex<Result<[Path: Element], SecretSharingError>?>(nil)

    /// What was computed before; else what `compute` gives.
    func result(
        _ compute: () throws(SecretSharingError) -> [Path: Element]
    ) -> Result<[Path: Element], SecretSharingError> {
        known.withLock { known in
            if let known {
                return known
            }
            let result: Result<[Path: Element], SecretSharingError>
            do throws(SecretSharingError) {
                result = .success(try compute())
            } catch {
                result = .failure(error)
            }
            known = result
            return result
        }
    }

    /// Whether it was computed already.
    var isThere: Bool { known.withLock { $0 != nil } }
}
