// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// What an epoch must be vouched for.
package enum VouchedPurpose: Equatable, Sendable {
    /// Opening it: a reason would be enough.
    case opening
    /// These shares under another manifest.
    case newEpoch
    /// New shares, which go to the people whom it names.
    case newShares
}
