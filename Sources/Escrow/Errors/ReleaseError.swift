// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
package import SecretSharing

/// Why a release is not used.
package indirect enum ReleaseError: Error, Equatable {
    case anotherRequest(found: SHA256Digest, expected: SHA256Digest)
    case anotherManifest(found: SHA256Digest, expected: SHA256Digest)
    case anotherSet(found: SetIdentifier, expected: SetIdentifier)
    case nobody(Name)
    case anotherPath(Name, Path)
    case signature(Name, SignatureError)
    case anotherBox(Name)
    case outOfTime(Name, Timestamp)
    case box(BoxError)
}

extension ReleaseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .anotherRequest(let found, let expected):
            "a release for request \(found.short), not for \(expected.short)"
        case .anotherManifest(let found, let expected):
            "a release of manifest \(found.short)…, where \(expected.short)… is restored"
        case .anotherSet(let found, let expected): "a release of set \(found), where \(expected) is restored"
        case .nobody(let name): "\(name) is not a custodian of this escrow"
        case .anotherPath(let name, let path): "path \(path) is not \(name)'s"
        case .signature(let name, let error): "the statement of \(name): \(error)"
        case .anotherBox(let name): "the box is not the one that \(name) signed for"
        case .outOfTime(let name, let time): "\(name) made it on \(time.forPeople), outside the time of the request"
        case .box(let error): "the box: \(error)"
        }
    }
}
