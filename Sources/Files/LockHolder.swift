// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The process that has a lock, as far as the system says: proc_locks(5).
package struct LockHolder: Equatable, Sendable, CustomStringConvertible {
    /// Its number, as this process sees it.
    package let process: Int32
    /// The first 15 bytes of its program's name, when that can be read and is printable ASCII.
    package let name: String?

    package var description: String { "\(process)\(name.map { " (\($0))" } ?? "")" }
}

extension LockHolder {
    /// Who holds the flock(2) lock on an open file; nothing when it was given up meanwhile, or cannot be told: by a process
    /// of another machine or container, or where the file system shows another number than the kernel.
    init?(of file: Int32) {
        var status = stat()
        guard unsafe fstat(file, &status) == 0,
            let process = Self.process(holding: Self.identity(status), in: Self.text("/proc/locks"))
        else {
            return nil
        }
        let name = Self.text("/proc/\(process)/comm").filter { $0 != UInt8(ascii: "\n") }
        let isPrintable = !name.isEmpty && name.allSatisfy(\.isPrintable)
        self.init(process: process, name: isPrintable ? String(decoding: name, as: UTF8.self) : nil)
    }

    /// Finds the line `1: FLOCK  ADVISORY  WRITE 4711 fe:00:16220366 0 EOF`; who only waits has `->` in it.
    ///
    /// - Parameter identity: `fe:00:16220366`.
    static func process(holding identity: String, in locks: [UInt8]) -> Int32? {
        for line in locks.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            guard words.count == 8, words[1].utf8.elementsEqual("FLOCK".utf8),
                words[5].utf8.elementsEqual(identity.utf8), let process = Int32(words[4]), process > 0
            else {
                continue
            }
            return process
        }
        return nil
    }

    /// The numbers of the device, in hex of two digits at least, and of the file: *makedev(3), of glibc*.
    private static func identity(_ status: stat) -> String {
        func hex(_ number: UInt64) -> String {
            let digits = String(number, radix: 16)
            return digits.utf8.count < 2 ? "0\(digits)" : digits
        }
        let device = UInt64(status.st_dev)
        let major = device >> 8 & 0xfff | device >> 32 & 0xffff_f000
        let minor = device & 0xff | device >> 12 & 0xffff_ff00
        return "\(hex(major)):\(hex(minor)):\(status.st_ino)"
    }

    /// A file of the kernel's, which says of no size; nothing of one that cannot be read.
    private static func text(_ path: String) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            return []
        }
        defer { _ = close(file) }
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while text.count < byteLimit, case let count = unsafe read(file, &piece, piece.count), count > 0 {
            text += piece[..<count]
        }
        return text
    }

    /// Some ten thousand locks.
    private static let byteLimit = 1 << 20
}
