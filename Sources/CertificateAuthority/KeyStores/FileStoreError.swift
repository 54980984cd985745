// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the folders and configurations of certification authorities that keep their keys in files.
package enum FileStoreError: Error, Equatable {
    case include(path: String, line: Int, name: String, IncludeProblem)
    /// Neither OpenSSL's configuration nor any text holds a byte of zero.
    case notText(path: String)
    /// The section may stand in an included file that is not there.
    case noSection(path: String, section: String, missing: [String])
    /// A relative path that leads nowhere from the configuration's folder, and somewhere from the working directory.
    case elsewhere(path: String, here: String, there: String)
    /// The setting names a key in a token, an engine or a service.
    case keyNotInFile(path: String, setting: String, address: String)
}

extension FileStoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .include(let path, let line, let name, let problem): "\(path): line \(line): .include \(name): \(problem)"
        case .notText(let path): "\(path): not a text: it holds a byte of zero"
        case .noSection(let path, let section, let missing):
            "\(path): no section [\(section)], and files that it includes are not there: "
                + missing.joined(separator: ", ")
        case .elsewhere(let path, let here, let there):
            "\(path): names \(there), which starts at its own folder: \(here) is not there"
        case .keyNotInFile(let path, let setting, let address): "\(path): '\(setting)' is not a file: \(address)"
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
        case .folderInFolder: "a folder, from a file in an included folder"
        }
    }
}
