// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

// The directory in which relative paths start.
extension Files {
    /// Makes a folder the working directory; the empty path is the one that it is.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package static func enter(_ folder: FilePath) throws(FileError) {
        guard !folder.isEmpty else {
            return
        }
        try FileError.check(unsafe folder.withPlatformString { unsafe chdir($0) }, folder)
    }
}
