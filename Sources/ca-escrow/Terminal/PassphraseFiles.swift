// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import Files
import Glibc
import SecretMemory
import SystemPackage

/// What `--passphrase-file [NAME=]FILE` says: whose passphrase lies in which file.
///
/// NAME is a person, `from` or `to`. A bare FILE is for the only one who can be asked.
struct PassphraseFiles {
    private var files: [String: String] = [:]
    private var bare: String?

    init(_ arguments: [String]) throws {
        for argument in arguments {
            let parts = argument.parts(between: "=", maxSplits: 1)
            if parts.count == 2, (try? Name(parts[0])) != nil {
                guard files.updateValue(parts[1], forKey: parts[0]) == nil else {
                    throw Diagnostic("--passphrase-file: '\(parts[0])' is given twice", .usage)
                }
            } else {
                guard bare == nil else {
                    throw Diagnostic("--passphrase-file: two files without a name: NAME=FILE says whose it is", .usage)
                }
                bare = argument
            }
        }
    }

    /// The files where one person alone can be asked, unless their identity has no passphrase.
    ///
    /// - Throws: ``Diagnostic``, a usage error.
    init(_ arguments: [String], of person: IdentityOnDisk) throws {
        try self.init(arguments)
        try check(askable: person.askable)
    }

    /// Holds the names against those who can be asked by this command.
    ///
    /// - Throws: ``Diagnostic``, a usage error.
    mutating func check(askable: [String]) throws {
        let everyone = askable.joined(separator: ", ")
        guard !askable.isEmpty || (files.isEmpty && bare == nil) else {
            throw Diagnostic("--passphrase-file: no passphrase is asked for here", .usage)
        }
        if let unknown = files.keys.sortedByBytes().first(where: { !askable.contains(bytesOf: $0) }) {
            throw Diagnostic("--passphrase-file '\(unknown)': no such person here: \(everyone)", .usage)
        }
        if let bare {
            guard askable.count == 1 else {
                throw Diagnostic(
                    "--passphrase-file \(bare): whose passphrase? NAME=FILE, where NAME is one of: \(everyone)",
                    .usage
                )
            }
            files[askable[0]] = bare
            self.bare = nil
        }
    }

    func has(_ name: String) -> Bool { files[name] != nil }

    /// The passphrase of someone, when a file is given for them.
    ///
    /// - Throws: ``Diagnostic``
    func passphrase(of name: String) throws -> SecretBytes? {
        guard let file = files[name] else {
            return nil
        }
        return try Self.read(file, shownAs: "--passphrase-file \(file)")
    }

    /// One line, without its end, 1 to 1,024 bytes.
    ///
    /// - Parameter name: What errors call the file.
    static func read(_ file: String, shownAs name: String) throws -> SecretBytes {
        let descriptor = try open(file, name)
        defer { try? descriptor.close() }
        let limit = 1026  // 1,024 and a line end
        let shown = FilePath(name)  // what an error names
        guard let content = try Files.readSecretStream(descriptor, named: shown, limit: limit) else {
            throw Diagnostic("\(name): it is empty", .data)
        }
        var count = content.count
        if content.span[count - 1] == UInt8(ascii: "\n") {
            count -= 1
            if count > 0, content.span[count - 1] == UInt8(ascii: "\r") {
                count -= 1
            }
        }
        for index in 0..<count where content.span[index] == UInt8(ascii: "\n") {
            throw Diagnostic("\(name): more than one line", .data)
        }
        guard count > 0 else {
            throw Diagnostic("\(name): it is empty", .data)
        }
        return SecretBytes(copying: content.span.extracting(first: count))
    }

    private static func open(_ file: String, _ name: String) throws -> FileDescriptor {
        guard file != "-" else {
            return try FileDescriptor.standardInput.duplicate()
        }
        // Opening /dev/fd/3 says only that no such file exists.
        if let digits = file.rest(after: "/dev/fd/"), let number = Int32(digits), fcntl(number, F_GETFD) < 0 {
            throw Diagnostic(
                "\(name): \(Errno.badFileDescriptor)",
                hint: "sudo closes descriptors above 2: use sudo -C \(number + 1), or /dev/stdin",
                .noInput
            )
        }
        do {
            return try FileDescriptor.open(FilePath(file), .readOnly, options: .closeOnExec)
        } catch {
            throw Diagnostic("\(name): \(error)", .noInput)
        }
    }
}

extension IdentityOnDisk {
    /// Whose passphrase opens it: nobody's when it has none.
    var askable: [String] { file.isWithoutPassphrase ? [] : [name.description] }
}
