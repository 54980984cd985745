// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// Why an identity file is refused, not opened, or not made.
package indirect enum IdentityError: Error, Equatable {
    case document(DocumentError)
    case passesOutOfRange(Int)
    case memoryOutOfRange(byteCount: Int)
    case memoryNotWholeKiB(byteCount: Int)
    case tooMuchWork(passes: Int, memoryByteCount: Int)
    case passphraseOutOfRange(byteCount: Int)
    case passphraseNeeded(Name)
    case passphraseNotUsed(Name)
    case wrongPassphrase(Name)
    /// Of a file without passphrase.
    case altered(Name)
    case keysDoNotMatch(Name)
    case notEnoughMemory(byteCount: Int)
    case unknownUnlocks(Name, kinds: [String])
    case noneBesideOthers(Name)
}

extension IdentityError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .document(let reason): reason.description
        case .passesOutOfRange(let passes): "key derivation: \(passes) passes: needed are 1 to 16"
        case .memoryOutOfRange(let byteCount):
            "key derivation: \(byteCount) bytes of memory: needed are 64 MiB to 1 GiB"
        case .memoryNotWholeKiB(let byteCount): "key derivation: \(byteCount) bytes of memory: needed are whole KiB"
        case .tooMuchWork(let passes, let memoryByteCount):
            "key derivation: \(passes) passes over \(memoryByteCount) bytes: more than 4 GiB in all"
        case .passphraseOutOfRange(let byteCount): "passphrase: \(byteCount) bytes: needed are 1 to 1024"
        case .passphraseNeeded(let name): "identity of \(name): a passphrase is needed"
        case .passphraseNotUsed(let name): "identity of \(name): it has no passphrase: one was given"
        case .wrongPassphrase(let name): "wrong passphrase for \(name)"
        case .altered(let name): "identity of \(name): the file was altered: it opens no more"
        case .keysDoNotMatch(let name): "identity of \(name): the file names other keys than its seed gives"
        case .notEnoughMemory(let byteCount): "key derivation: \(byteCount) bytes of memory cannot be had here"
        case .unknownUnlocks(let name, let kinds):
            "identity of \(name): only '\(kinds.joined(separator: "', '"))' opens it, which this version does not know"
        case .noneBesideOthers(let name):
            "identity of \(name): something else opens it: without a passphrase that would protect nothing"
        }
    }
}
