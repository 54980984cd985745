// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import SystemPackage

/// A pipe to or from another program; each end is closed once, at the latest with the value.
final class Pipe {
    /// Negative once it is closed.
    private(set) var reading: Int32
    private(set) var writing: Int32

    init(for program: Program) throws(ProgramError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe CLinux_pipe(&ends) == 0 else {
            throw .system(path: program.path.string, Errno.last)
        }
        reading = ends[0]
        writing = ends[1]
    }

    deinit {
        closeReading()
        closeWriting()
    }

    func closeReading() { Self.close(&reading) }

    func closeWriting() { Self.close(&writing) }

    /// Our end alone: the program's own blocks, as programs expect.
    func doNotBlock(_ end: Int32) {
        let status = fcntl(end, F_SETFL, O_NONBLOCK)
        precondition(status == 0, "an open pipe takes its flags")
    }

    private static func close(_ end: inout Int32) {
        if end >= 0 {
            _ = Glibc.close(end)  // nothing is lost with it
            end = -1
        }
    }
}

/// What goes to a program's standard input, as fast as it takes it.
final class ProgramInput {
    let pipe: Pipe
    private let bytes: [UInt8]
    private var written = 0

    init(_ bytes: [UInt8], to pipe: Pipe) {
        self.bytes = bytes
        self.pipe = pipe
        pipe.doNotBlock(pipe.writing)
    }

    func write(for program: Program) throws(ProgramError) {
        guard pipe.writing >= 0 else {
            return
        }
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe Glibc.write(pipe.writing, buffer.baseAddress.map { unsafe $0 + written }, bytes.count - written)
        }
        guard count >= 0 else {
            switch Errno.last {
            case .interrupted, .wouldBlock: return
            case .brokenPipe: return pipe.closeWriting()  // it has read what it wanted
            default: throw .system(path: program.path.string, Errno.last)
            }
        }
        written += count
        if written == bytes.count {
            pipe.closeWriting()
        }
    }
}

/// What a program writes.
final class ProgramOutput {
    let pipe: Pipe
    private(set) var bytes: [UInt8] = []

    init(of pipe: Pipe) {
        self.pipe = pipe
        pipe.doNotBlock(pipe.reading)
    }

    var isOpen: Bool { pipe.reading >= 0 }

    /// Takes what is there, at most a piece.
    func read(for program: Program) throws(ProgramError) {
        guard isOpen else {
            return
        }
        var piece = [UInt8](repeating: 0, count: 16384)
        let count = unsafe Glibc.read(pipe.reading, &piece, piece.count)
        guard count >= 0 else {
            switch Errno.last {
            case .interrupted, .wouldBlock: return
            default: throw .system(path: program.path.string, Errno.last)
            }
        }
        bytes += piece.prefix(count)
        if count == 0 {
            pipe.closeReading()
        }
    }

    /// Forgets all but the first bytes.
    func keep(_ limit: Int) {
        bytes.removeLast(max(0, bytes.count - limit))
    }
}

extension Program {
    /// posix_spawn(3), with these descriptors as standard input, output and error.
    func start(_ arguments: [String], _ environment: [String], _ descriptors: [Int32]) throws(ProgramError) -> pid_t {
        func check(_ status: Int32) throws(ProgramError) {
            guard status == 0 else {
                throw .cannotStart(path: path.string, Errno(rawValue: status))
            }
        }
        var actions = unsafe posix_spawn_file_actions_t()
        try check(unsafe posix_spawn_file_actions_init(&actions))
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (standard, descriptor) in descriptors.enumerated() {
            try check(unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(standard)))
        }
        try check(unsafe CLinux_close_from(&actions, 3))
        var attributes = posix_spawnattr_t()
        try check(unsafe posix_spawnattr_init(&attributes))
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var ignored = none
        // What we ignore, it would ignore as well.
        unsafe sigaddset(&ignored, SIGPIPE)
        unsafe sigaddset(&ignored, SIGXFSZ)
        try check(unsafe posix_spawnattr_setsigmask(&attributes, &none))
        try check(unsafe posix_spawnattr_setsigdefault(&attributes, &ignored))
        let flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        try check(unsafe posix_spawnattr_setflags(&attributes, flags))
        var child: pid_t = 0
        let status = unsafe withCStrings([path.string] + arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe posix_spawn(&child, path.string, &actions, &attributes, arguments, environment)
            }
        }
        try check(status)
        return child
    }
}

/// Lends texts as the null-terminated list that exec(3) takes.
private func withCStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    var pointers = unsafe texts.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(pointers)
}
