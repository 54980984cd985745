// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// A manifest with the bytes it was read from: what is verified is what was parsed.
package struct EpochDocument: Sendable {
    /// The epoch's directory.
    package let path: FilePath
    /// The file as it was read.
    package let bytes: [UInt8]
    /// What `sha256sum` prints of the file.
    package let digest: SHA256Digest
    /// What the bytes say.
    package let manifest: Manifest

    /// The manifest's name in the directory.
    package static let manifestName = "manifest.json"

    /// The manifest's file.
    package var manifestPath: FilePath { path.appending(Self.manifestName) }
}
