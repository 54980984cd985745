// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// Which file something is, and since when it is as it is: equal for the same bytes in the same place, also under another
/// path.
package struct FileStamp: Hashable, Sendable {
    /// The file system that it is on.
    package let device: UInt64
    private let inode: UInt64
    private let changedSeconds: Int
    private let changedNanoseconds: Int

    /// - Throws: ``FileError/system(path:_:)``
    package init(of path: FilePath) throws(FileError) {
        let status = try Files.status(of: path)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        (changedSeconds, changedNanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
    }
}
