// SPDX-License-Identifier: Apache-2.0

/// Whether this program is the portable one, which `make portable` links statically.
///
/// It can load no code at run time: with another glibc than the one that it was linked with it would crash there, instead
/// of failing.
package enum PortableBuild {
    #if PORTABLE
    package static let isThis = true
    #else
    package static let isThis = false
    #endif

    /// Why it refuses what needs code from elsewhere.
    package static let reason = "the portable program loads none: use the ca-escrow that is installed"
}
