// SPDX-License-Identifier: Apache-2.0

package import SecretMemory
import SystemPackage

/// A store of keys: read for a backup, written by a restore.
package struct KeyStore: Sendable {
    package let location: StoreURI
    /// What to tell when the kind of store was found by looking, such as `reading /root/ca as openssl-ca`.
    package let recognisedAs: String?

    /// What a passphrase is for.
    package struct PassphraseRequest: Equatable, Sendable {
        /// The file that is encrypted, as the prompt names it.
        package let subject: String
        /// 1 to ``attemptLimit``; more than 1 after a wrong passphrase.
        package let attempt: Int
    }

    /// Asks for a passphrase; `nil` gives up, an error ends the work as it is.
    package typealias PassphraseSource = (PassphraseRequest) throws(StoreError) -> SecretBytes?

    /// How often a passphrase is asked for.
    package static let attemptLimit = 3

    package init(_ location: StoreURI, recognisedAs: String? = nil) {
        self.location = location
        self.recognisedAs = recognisedAs
    }

    /// Reads what people type: `KIND:…`, or a path whose kind is recognised.
    ///
    /// - Throws: ``StoreError``
    package init(parsing text: String) throws(StoreError) {
        if let location = try StoreURI.explicit(text) {
            self.init(location)
        } else {
            let location = try StoreRecognition.location(of: FilePath(text))
            self.init(location, recognisedAs: "reading \(text) as \(location.kind)")
        }
    }

    /// The files behind a store.
    enum Layout {
        case pem(PEMFiles)
        case pkcs12(FilePath)
    }
}

/// How a key is protected in the files of a store.
package struct KeyProtection: ~Copyable, Sendable {
    let passphrase: SecretBytes?

    /// The passphrase as typed, 1 to 1,024 bytes.
    package static func encrypted(passphrase: consuming SecretBytes) -> KeyProtection {
        KeyProtection(passphrase: passphrase)
    }

    /// Not at all; PKCS#12 files are not written so.
    package static var plain: KeyProtection { KeyProtection(passphrase: nil) }
}

/// What a restore wrote, and the keys as they were read back from there.
package struct RestoredKey: Sendable {
    /// Newest first, each with the certificates that its files hold: sign and verify with these to prove the restore.
    package let generations: [KeyGeneration]
    /// The paths of the files that were written.
    package let written: [String]
    /// The paths of files that held the same key or certificate already.
    package let unchanged: [String]
    /// Certificates that the store lacks, since another file is in their place.
    package let notWritten: [Certificate]
}
