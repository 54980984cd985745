// SPDX-License-Identifier: Apache-2.0

import Files

extension Unicode.Scalar {
    /// Whether it shows, stays in its place and leaves the others in theirs.
    package var isShown: Bool { !isHidden }
}
