// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// A user and a group, by their numbers.
package struct Owner: Hashable, Sendable {
    let user: uid_t
    let group: gid_t

    /// Whoever runs this.
    package static var running: Owner { Owner(user: geteuid(), group: getegid()) }

    /// Whether it is root's user, to whom no file is closed and who gives files to others.
    package var isRoot: Bool { user == 0 }

    /// Gives them an open file or directory, unless it is theirs: fchown(2).
    ///
    /// - Throws: ``FileError/cannotGive(path:owner:_:)``
    func take(_ file: Int32, shownAs path: FilePath) throws(FileError) {
        guard Owner(try Files.status(of: file, shownAs: path)) != self, fchown(file, user, group) != 0 else {
            return
        }
        let errno = Errno.last
        throw .cannotGive(path: path.string, owner: description, errno)
    }

    /// Whether whoever runs this may make files theirs: root, or they themselves with one of their groups.
    var isWithinReach: Bool {
        let running = Owner.running
        guard !running.isRoot, self != running else {
            return true
        }
        var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
        let count = unsafe getgroups(Int32(groups.count), &groups)
        return user == running.user && groups.prefix(Int(max(0, count))).contains(group)
    }
}

extension Owner {
    init(_ status: stat) {
        self.init(user: status.st_uid, group: status.st_gid)
    }

    /// Reads `USER[:GROUP]`, names or decimal numbers; without a group it is the one that the user's account has.
    ///
    /// - Throws: ``OwnerError``
    init(parsing text: String) throws(OwnerError) {
        let parts = text.parts(between: ":", maxSplits: 1)
        let account = unsafe getpwnam(parts[0])
        guard let user = unsafe account?.pointee.pw_uid ?? Self.number(parts[0]) else {
            throw .unknownUser(parts[0])
        }
        self.user = user
        if parts.count == 2 {
            guard let group = unsafe getgrnam(parts[1])?.pointee.gr_gid ?? Self.number(parts[1]) else {
                throw .unknownGroup(parts[1])
            }
            self.group = group
        } else if let group = unsafe (account ?? getpwuid(user))?.pointee.pw_gid {
            self.group = group
        } else {
            throw .noAccount(parts[0])
        }
    }

    /// A user's or group's number; the highest of 32 bits is none, and would mean that all stays as it is.
    private static func number(_ text: String) -> UInt32? {
        guard text.utf8.allSatisfy(\.isDigit), let number = UInt32(text), number < .max else {
            return nil
        }
        return number
    }
}

extension Owner: CustomStringConvertible {
    /// `USER:GROUP`, names where there are some.
    package var description: String {
        let account = unsafe getpwuid(user)
        let name = unsafe account.map { unsafe String(cString: $0.pointee.pw_name) } ?? "\(user)"
        let entry = unsafe getgrgid(group)
        return unsafe name + ":" + (entry.map { unsafe String(cString: $0.pointee.gr_name) } ?? "\(group)")
    }
}

/// Why nobody can be made the owner of what is written.
package enum OwnerError: Error, Equatable {
    case unknownUser(String)
    case unknownGroup(String)
    /// A number that no account has, without a group.
    case noAccount(String)
    /// Only root gives files to others.
    case notRoot(Owner)
}

extension OwnerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownUser(let name): "no user is called '\(name)' here"
        case .unknownGroup(let name): "no group is called '\(name)' here"
        case .noAccount(let number): "user \(number) has no account here that names a group: \(number):GROUP is needed"
        case .notRoot(let owner): "only root gives files to \(owner): this is \(Owner.running)"
        }
    }
}

extension Files {
    /// Whose a file or directory is, symbolic links followed.
    ///
    /// - Throws: ``FileError/system(path:_:)``
    package static func owner(of path: FilePath) throws(FileError) -> Owner {
        Owner(try status(of: path))
    }
}
