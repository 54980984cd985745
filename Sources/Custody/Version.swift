// SPDX-License-Identifier: Apache-2.0

import CSodium
import Files

/// Which version of this program runs, and from which commit it was built.
package enum Version {
    /// The version, here and nowhere else: the package, the tarballs and the manual pages take it from this line.
    package static let text = "1.0.0-rc.1"

    /// The commit, in 40 hexadecimal digits, of a program that was built from a release's source archive.
    ///
    /// Nothing in a build of a checkout, whose files may be no commit's.
    package static var commit: String? { archived.hasPrefix(bytesOf: "$") ? nil : archived }

    /// `git archive` replaces the text between the dollar signs (`export-subst` in `.gitattributes`).
    private static let archived = "$Format:%H$"
}

/// The library beneath this module.
package enum Libraries {
    /// The version of the libsodium that was loaded.
    package static var sodiumVersion: String { unsafe String(cString: sodium_version_string()) }
}
