// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Files

/// Why a certification authority's state was not read, archived, or put back; paths are shown as the caller gave them.
package indirect enum StateError: Error, Equatable {
    case file(FileError)
    case store(StoreError)

    // The store.
    /// The kind of store keeps none.
    case noState(store: String, reason: String)
    /// Nothing of it is there.
    case nothingThere(path: String)
    /// A part without which the rest is worth nothing.
    case missing(path: String)
    case index(path: String, line: Int)
    case number(path: String)
    /// Two parts of it lie one in the other.
    case overlap(String, String)

    // What goes into an archive.
    case fileName(path: String)
    case nameTooLong(path: String)
    case tooDeep(path: String)
    case sameName(path: String, other: String)
    case privateKey(path: String, kind: String)
    /// A password or a key among settings; the value is never said.
    case secretSetting(path: String, setting: String)
    /// Something is to be in no archive without which the CA does not go on.
    case incomplete(path: String, why: StateCapture.LeftOut.Reason)
    case changed(path: String)
    case tooManyEntries(path: String, limit: Int)
    case tooManyBytes(path: String, limit: Int)

    // What comes out of one.
    case archive(path: String, TarError)
    /// SHA-256 in lower-case hex.
    case archiveIsAnother(path: String, expected: String, found: String)
    case archiveChanged(path: String)
    case anotherStore(escrowed: String, store: String)
    case noPlace(path: String, name: String, store: String)
    /// The configuration in the archive cannot be read.
    case archivedConfiguration(path: String, name: String, StoreError)
    case configuredElsewhere(path: String, name: String, place: String, root: String)
    /// Of step-ca: a configuration in the archive that looks for a key or certificate elsewhere than the restore puts it.
    case unusualPlace(path: String, name: String, place: String)
    case notEmpty(path: String, Difference)
    case newer(path: String, how: String)

    /// How a place differs from an archive.
    package enum Difference: Equatable, Sendable {
        case missing(path: String)
        case another(path: String)
        /// The archive does not have it.
        case added(path: String)
    }
}

extension StateError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .store(let error): "\(error)"
        case .noState(let store, let reason): "\(store): no state is kept with it: \(reason)"
        case .nothingThere(let path): "\(path): no state of a CA in it"
        case .missing(let path): "\(path): not there: the CA's database is nothing without it"
        case .index(let path, let line): "\(path): line \(line): not a row of a CA's index: six columns are needed"
        case .number(let path): "\(path): not a hexadecimal number"
        case .overlap(let first, let second): "\(second): lies in \(first), which is archived as a whole"
        case .fileName(let path): "\(path.quotedPath): a name that is not archived: \(path.nameFault)"
        case .nameTooLong(let path):
            "\(path): a name too long for an archive: at most 100 bytes, and 155 for its directories"
        case .tooDeep(let path): "\(path): directories one in the other: at most \(StateLayout.depthLimit) deep"
        case .sameName(let path, let other): "\(path): the name differs from \(other) only in upper and lower case"
        case .privateKey(let path, let kind): "\(path): holds a private key (\(kind)): none goes into an archive"
        case .secretSetting(let path, let setting): "\(path): \(setting): a secret: none goes into an archive"
        case .incomplete(let path, let why): "\(path): \(why): the CA does not go on without it"
        case .changed(let path): "\(path): changed while it was read"
        case .tooManyEntries(let path, let limit): "\(path): more than \(limit) files"
        case .tooManyBytes(let path, let limit): "\(path): the state has more than \(limit) bytes"
        case .archive(let path, let error): "\(path): \(error)"
        case .archiveIsAnother(let path, let expected, let found):
            "\(path): not the archive of this manifest: SHA-256 \(found.prefix(8))…, where \(expected.prefix(8))… is expected"
        case .archiveChanged(let path): "\(path): changed after it had been checked"
        case .anotherStore(let escrowed, let store): "\(store): the archive holds the state of \(escrowed)"
        case .noPlace(let path, let name, let store): "\(path): \(name.quotedPath): \(store) has no place for it"
        case .archivedConfiguration(let path, let name, let error): "\(path): \(name): \(error)"
        case .configuredElsewhere(let path, let name, let place, let root):
            "\(path): \(name) puts \(place) outside of \(root)"
        case .unusualPlace(let path, let name, let place):
            "\(path): \(name) looks for \(place), which is not where step puts it"
        case .notEmpty(let path, let difference):
            "\(path): there already: a state is only put back into an empty place\(difference.words(besides: path))"
        case .newer(let path, let how): "\(path): a newer state is here: \(how)"
        }
    }
}

extension StateError.Difference {
    /// What tells the place from one where all of the state was put back.
    fileprivate func words(besides place: String) -> String {
        switch self {
        case .missing(let path): "; \(path) is not there: half restored, perhaps"
        case .another(let path): path.isEqual(bytesOf: place) ? "" : "; \(path) is not the archive's"
        case .added(let path): "; \(path) is not in the archive"
        }
    }
}

extension String {
    /// What is wrong with the name at the end of a path.
    fileprivate var nameFault: String {
        let name = parts(between: "/").last ?? ""
        for scalar in name.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control: return "it holds a control character"
            case .format, .lineSeparator, .paragraphSeparator: return "it holds an invisible character"
            default: break
            }
        }
        return name.contains(bytesOf: "\u{FFFD}") ? "it is not UTF-8" : "it begins with an accent"
    }

    /// A path from outside, as a message may show it: everything but printable characters by its number.
    var quotedPath: String {
        unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }.joined()
    }
}

/// Does something with files, with errors of a state.
func stated<Success: ~Copyable>(_ body: @autoclosure () throws(FileError) -> Success) throws(StateError) -> Success {
    try rethrowing(as: StateError.file, body())
}

/// Does something with a store, with errors of a state.
func stated<Success: ~Copyable>(
    store body: @autoclosure () throws(StoreError) -> Success
) throws(StateError) -> Success {
    try rethrowing(as: StateError.store, body())
}
