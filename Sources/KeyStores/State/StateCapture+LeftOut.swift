// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

extension StateCapture {
    /// What lies in the state and is not archived.
    package struct LeftOut: Equatable, Sendable {
        package let path: FilePath
        package let reason: Reason

        package enum Reason: Equatable, Sendable {
            /// A private key of this kind is in it.
            case privateKey(kind: String)
            /// A setting that is a password or a key, by its name.
            case secretSetting(String)
            /// The passphrase that opened the CA's key is in it.
            case passphrase
            /// Its name says that a password is in it.
            case passwordFile
            /// Nobody can look into it.
            case compressed
            case tooLarge
            case symbolicLink
            /// A device, a socket, a pipe.
            case notAFile
            /// Keys lie there, and more than comes back with the CA's key.
            case folderOfKeys
            /// Names in the CA's folder that no setting has.
            case notNamed([String])
            /// A setting names it, and it lies outside of the CA's folder.
            case elsewhere
            /// An archive has that name for what lies elsewhere.
            case reservedName
            /// An interrupted run has left it.
            case halfMade
        }
    }
}

extension StateCapture.LeftOut: CustomStringConvertible {
    package var description: String { "\(path): \(reason)" }
}

extension StateCapture.LeftOut.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .privateKey(let kind): "a private key (\(kind))"
        case .secretSetting(let setting): "\(setting): a secret"
        case .passphrase: "the passphrase of the CA's key is in it"
        case .passwordFile: "a file of a password, by its name"
        case .compressed: "compressed, or an archive: it cannot be searched"
        case .tooLarge: "too large to be searched for secrets"
        case .symbolicLink: "a symbolic link"
        case .notAFile: "neither a file nor a directory"
        case .folderOfKeys: "a directory of keys: copy by hand what does not come back with the CA's key"
        case .notNamed(let names): "no setting of the CA names \(names.map(\.quotedPath).joined(separator: ", "))"
        case .elsewhere: "outside of the CA's directory"
        case .reservedName: "archives have that name for what lies elsewhere: rename it"
        case .halfMade: "left half-made by an interrupted run"
        }
    }

    /// What is said of a file without which the CA does not go on.
    func refusal(of path: String) -> StateError {
        switch self {
        case .privateKey(let kind): .privateKey(path: path, kind: kind)
        case .secretSetting(let setting): .secretSetting(path: path, setting: setting)
        default: .incomplete(path: path, why: self)
        }
    }
}
