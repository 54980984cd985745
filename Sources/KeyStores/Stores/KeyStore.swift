// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import SecretMemory
import SystemPackage

/// A store of keys: read for a backup, written by a restore.
public struct KeyStore: Equatable, Sendable, CustomStringConvertible {
    package let location: StoreURI
    /// What to tell when the kind of store was found by looking, such as `reading /root/ca as openssl-ca`.
    package let recognisedAs: String?

    /// What a passphrase is for.
    public struct PassphraseRequest: Equatable, Sendable {
        /// The file that is encrypted, as the prompt names it.
        public let subject: String
        /// 1 to 3; more than 1 after a wrong passphrase.
        public let attempt: Int
        /// That it is the PIN of a token, or the password of a database: asked for and tried once.
        public let pin: PINTries?
    }

    /// How many wrong PINs a token still takes before it locks.
    @nonexhaustive public enum PINTries: Equatable, Sendable {
        /// The token does not tell.
        case notSaid
        /// A wrong one was tried before.
        case few
        /// One more wrong PIN locks it.
        case last
        /// Nobody gives it to this program: it is typed at the token, which is told to people now.
        case typedAtToken
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
    /// - Parameter environment: For kinds that are named without a path.
    /// - Throws: ``StoreError``
    package init(parsing text: String, environment: StoreEnvironment = StoreEnvironment()) throws(StoreError) {
        if let location = try StoreURI.explicit(text, environment) {
            self.init(location)
        } else {
            let location = try StoreRecognition.location(of: FilePath(text))
            self.init(location, recognisedAs: "reading \(text) as \(location.kind)")
        }
    }

    /// The text that names it, such as `openssl-ca:/root/ca`.
    public var description: String { location.description }

    /// What is behind a store.
    enum Layout {
        case pem(PEMFiles)
        case pkcs12(FilePath)
        case token(TokenStore)
    }

    /// What is behind this one.
    ///
    /// - Parameter certutilFile: Which file of a folder of `certutil` is meant.
    /// - Throws: ``StoreError``
    func layout(certutilFile: (FilePath) throws(StoreError) -> FilePath) throws(StoreError) -> Layout {
        switch location {
        case .pem(let key, let certificates):
            .pem(PEMFiles(key: FilePath(key), certificates: certificates.map { FilePath($0) }))
        case .p12(let path): .pkcs12(FilePath(path))
        case .certutil(let path): .pkcs12(try certutilFile(FilePath(path)))
        case .pkcs11(let uri): .token(TokenStore(place: .pkcs11(uri)))
        case .nss(let database): .token(TokenStore(place: .nss(database)))
        case .opensslCA, .easyRSA, .stepCA: .pem(try location.files())
        }
    }
}

/// How a key is protected in a store.
package struct KeyProtection: ~Copyable, Sendable {
    let passphrase: SecretBytes?
    /// That nothing protects it.
    let isPlain: Bool
    /// Of a PKCS#12 file.
    let profile: PKCS12Writer.Profile

    /// The passphrase as typed, 1 to 1,024 bytes; for a PKCS#12 file as ``PKCS12Writer/check(travelling:)`` has it.
    package static func encrypted(
        passphrase: consuming SecretBytes,
        profile: PKCS12Writer.Profile = .interchange
    ) -> KeyProtection {
        KeyProtection(passphrase: passphrase, isPlain: false, profile: profile)
    }

    /// Not at all; PKCS#12 files are not written so.
    package static var plain: KeyProtection {
        KeyProtection(passphrase: nil, isPlain: true, profile: .interchange)
    }

    /// By the PIN or password that the store has already.
    package static var byStore: KeyProtection {
        KeyProtection(passphrase: nil, isPlain: false, profile: .interchange)
    }
}

/// The keys of a restore as they lie in their store now.
package struct RestoredKey: Sendable {
    /// Newest first: sign and verify with these to prove the restore.
    package let signers: [any RestoredSigner]
    package internal(set) var places: RestoredPlaces

    /// The keys that were read back; none that stayed in a token.
    package var generations: [KeyGeneration] { signers.compactMap { $0 as? KeyGeneration } }
}

/// What a restore wrote: nothing secret, and no key that could sign.
package struct RestoredPlaces: Sendable {
    /// The places that were written: absolute paths of files, or objects of a token.
    package let written: [String]
    /// The places that held the same key or certificate already, likewise.
    package let unchanged: [String]
    /// Certificates that the store lacks, since another file is in their place.
    package let notWritten: [Certificate]
    /// What is different about a restored key in this store, for people.
    package internal(set) var remarks: [String] = []
    /// An NSS database with the nickname of a certificate that it does not trust yet: that is for its owner to say.
    package internal(set) var untrusted: NSSDatabase?
    /// That a token's own software has written files that nobody but root opens: SoftHSM's, when root restores.
    package internal(set) var isForRootAlone = false
    /// The store that a backup of this key names, where the name of the one restored into may not say enough.
    package internal(set) var location: StoreURI?
}
