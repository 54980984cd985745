// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How much a run of the tests looks at.
package enum TestRun {
    /// Whether tests that do one thing in very many places do it in all of them.
    ///
    /// That is so with `CA_ESCROW_TESTS=whole`, which `make whole` sets; otherwise they take a sample.
    package static let isWhole = ProcessInfo.processInfo.environment["CA_ESCROW_TESTS"] == "whole"

    /// The step from one place to the next: 1 in a whole run.
    package static func step(_ step: Int) -> Int { isWhole ? 1 : step }
}
