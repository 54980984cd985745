// SPDX-License-Identifier: Apache-2.0

import CSodium

/// The library beneath this module.
package enum Libraries {
    /// The version of the libsodium that was loaded.
    package static var sodiumVersion: String { unsafe String(cString: sodium_version_string()) }
}
