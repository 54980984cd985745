// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing

/// Why shares do not open a key file, or its key does not go where it is wanted.
package indirect enum OpeningFault: Error, Equatable {
    case releaseFile(path: String, String)
    case headDigest(Name, Path)
    case notEnough(found: Int, needed: Int, candidates: [Name])
    case secretDoesNotMatch(path: String)
    case noPKCS12(path: String)
    case pkcs12IsAnother(path: String, expected: SHA256Digest, found: SHA256Digest)
    case keysDoNotMatchManifest(path: String)
    /// The name of a store, as somebody gave it.
    case storeName
    /// A store's own software makes its files: nobody else says whose they are.
    case ownedByStore(kind: String)
    /// Something that only a PKCS#12 file can be.
    case notPKCS12(kind: String)
    /// The archive of the CA's state is not where it should be.
    case noStateArchive(path: String)
    case stateIsNotArchived(path: String, epoch: Int)
    case readBackFailed(store: String)
}

extension OpeningFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .releaseFile(let path, let finding): "\(path): \(finding)"
        case .headDigest(let name, let path):
            "share of \(name) (path \(path)): sealed for another manifest: officers, policy, certificate or file differ"
        case .notEnough(let found, let needed, let candidates):
            "\(found) of \(needed) custodians: \(needed - found) more needed of (\(candidates.listed))"
        case .secretDoesNotMatch(let path): "\(path): the shares do not rebuild the secret of this manifest"
        case .noPKCS12(let path): "\(path): No such file or directory"
        case .pkcs12IsAnother(let path, let expected, let found):
            "\(path): not the file of this manifest: SHA-256 \(found.short)…, where \(expected.short)… is expected"
        case .keysDoNotMatchManifest(let path): "\(path): its keys are not those of the manifest's certificates"
        case .storeName: "1 to 500 characters, no control or invisible ones"
        case .ownedByStore(let kind): "the files of \(kind) are made by its own software"
        case .notPKCS12(let kind): "\(kind) is not a PKCS#12 file"
        case .noStateArchive(let path): "\(path): No such file or directory"
        case .stateIsNotArchived(let path, let epoch):
            "\(path): epoch \(epoch) has no archive of the CA's state"
        case .readBackFailed(let store): "\(store): the key read back does not sign for the certificate"
        }
    }
}
