// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What is wrong with the folders and configurations of certification authorities that keep their keys in files.
package indirect enum FileStoreError: Error, Equatable {
    case include(path: String, line: Int, name: String, IncludeProblem)
    /// Neither OpenSSL's configuration nor any text holds a byte of zero.
    case notText(path: String)
    /// The section may stand in an included file that is not there.
    case noSection(path: String, section: String, missing: [String])
    /// A relative path that leads nowhere from the configuration's folder, and somewhere from the working directory.
    case elsewhere(path: String, here: String, there: String)
    /// The setting names a key in a token, an engine or a service; the address is without a PIN.
    case keyNotInFile(path: String, setting: String, address: String)
    case json(path: String, JSONSyntaxError)
    case notAText(path: String, setting: String)
    /// JSON whose outermost value is no object.
    case noSettings(path: String)
    /// Empty, with a slash at its end, or with a byte of zero.
    case namesNoFile(path: String, setting: String)
    /// A `file:` address whose path does not begin with a slash.
    case relativeAddress(path: String, setting: String, address: String)
    case notUTF8(path: String, setting: String)
    /// A relative path that begins with a tilde; no folder of that name is there.
    case homeInSetting(path: String, setting: String, folder: String)
    /// A store's path that begins with `~NAME`, or with `~` when it is not known whose that is.
    case homeUnknown(path: String)
    /// None of the keys is there; `choices` are the texts that name one of them.
    case noKey(path: String, keys: [String], choices: [String])
    /// More than one key is there.
    case severalKeys(path: String, choices: [String])
    /// Neither the text nor the environment names a folder or file.
    case noPlace(kind: String, variable: String)
}

/// Why an `.include` of a configuration was not followed.
package enum IncludeProblem: Equatable, Sendable {
    case loop
    case tooDeep(limit: Int)
    case tooMany(limit: Int)
    /// More bytes than all files together may have.
    case tooLong(limit: Int)
    /// The file says `.pragma abspath:true`.
    case notAbsolute
    /// OpenSSL allows no folder within a folder.
    case folderInFolder
    /// The word stands after another name, where OpenSSL may or may not take it as what it says.
    case unclear
}

extension FileStoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .include(let path, let line, "", let problem): "\(path): line \(line): .include: \(problem)"
        case .include(let path, let line, let name, let problem): "\(path): line \(line): .include \(name): \(problem)"
        case .notText(let path): "\(path): not a text: it holds a byte of zero"
        case .noSection(let path, let section, let missing):
            "\(path): no section [\(section)], and files that it includes are not there: "
                + missing.joined(separator: ", ")
        case .elsewhere(let path, let here, let there):
            "\(path): names \(there), which starts at its own directory: \(here) is not there"
        case .keyNotInFile(let path, let setting, let address):
            "\(path): '\(setting)' is not a file: \(KeyAddress.withoutPIN(address))"
        case .json(let path, let error): "\(path): \(error)"
        case .notAText(let path, let setting): "\(path): '\(setting)' is not a string"
        case .noSettings(let path): "\(path): no settings in it: a JSON object is needed"
        case .namesNoFile(let path, let setting):
            "\(path): '\(setting)' names no file: it is empty, ends in a slash, or holds a byte of zero"
        case .relativeAddress(let path, let setting, let address):
            "\(path): '\(setting)': \(address): not absolute, which an address of a file must be"
        case .notUTF8(let path, let setting): "\(path): '\(setting)' is not UTF-8"
        case .homeInSetting(let path, let setting, let folder):
            "\(path): '\(setting)' starts in a directory called '\(folder)', which is not there: "
                + "its reader expands no tilde"
        case .homeUnknown(let path): "\(path): only ~ and ~/ are expanded, and only when HOME is set"
        case .noKey(let path, let keys, let choices):
            "\(path): none of these is there: \(keys.joined(separator: ", ")): name one: "
                + choices.joined(separator: " or ")
        case .severalKeys(let path, let choices):
            "\(path): several keys are there: \(choices.joined(separator: " or "))"
        case .noPlace(let kind, let variable): "\(kind): no directory or file is named, and \(variable) is not set"
        }
    }
}

extension IncludeProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .loop: "it includes itself"
        case .tooDeep(let limit): "more than \(limit) files deep"
        case .tooMany(let limit): "more than \(limit) files"
        case .tooLong(let limit): "more than \(limit) bytes in all files"
        case .notAbsolute: "not an absolute path, which .pragma abspath asks for"
        case .folderInFolder: "a directory, from a file in an included directory"
        case .unclear: "not the first word of its line"
        }
    }
}
