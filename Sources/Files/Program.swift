// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// Another program of this machine, run for what it makes of public bytes, with bounds on its time and its output.
///
/// No secret may live in this process while it runs, and none stands in its arguments or input. It gets no shell, no
/// environment but the one given, no open file but the three pipes, and the signals as they were before ours.
package struct Program: Sendable {
    /// Absolute.
    package let path: FilePath

    package init(at path: FilePath) {
        precondition(path.isAbsolute, "a program is run by its absolute path")
        self.path = path
    }

    /// Looks a program up as a shell does, but only in absolute directories.
    ///
    /// - Parameter searchPath: Directories with colons between, such as `PATH`.
    /// - Returns: `nil` when none of them holds an executable file of this name.
    package init?(named name: String, in searchPath: String) {
        let found = searchPath.words(between: ":").lazy.map { FilePath($0) }.filter(\.isAbsolute)
            .map { $0.appending(name) }.first(where: Self.isExecutable)
        guard let found else {
            return nil
        }
        path = found
    }

    /// How a program ended by itself, and what it wrote.
    package struct Outcome: Equatable, Sendable {
        /// 0 to 255.
        package let status: Int32
        package let output: [UInt8]
        /// The first bytes of what it wrote to standard error.
        package let complaint: [UInt8]
    }

    /// What a run may take.
    package struct Limits: Sendable {
        package let secondCount: Int
        /// The most bytes of output.
        package let byteCount: Int

        package init(secondCount: Int, byteCount: Int) {
            self.secondCount = secondCount
            self.byteCount = byteCount
        }
    }

    /// Runs the program to its end; one that takes too long, or writes too much, is killed.
    ///
    /// A program that does not read all of its input is not wrong: its status tells.
    ///
    /// - Parameters:
    ///   - environment: `NAME=VALUE`, all that it sees.
    ///   - input: What it reads from standard input.
    /// - Precondition: SIGPIPE is ignored, as ``ProcessHardening`` has it.
    /// - Throws: ``ProgramError``
    package func run(
        _ arguments: [String],
        environment: [String],
        input: [UInt8],
        within limits: Limits
    ) throws(ProgramError) -> Outcome {
        let input = ProgramInput(input, to: try Pipe(for: self))
        let output = ProgramOutput(of: try Pipe(for: self))
        let complaint = ProgramOutput(of: try Pipe(for: self))
        let ends = [input.pipe.reading, output.pipe.writing, complaint.pipe.writing]
        let child = try start(arguments, environment, ends)
        do throws(ProgramError) {
            let deadline = Deadline(after: limits.secondCount)
            input.pipe.closeReading()
            output.pipe.closeWriting()
            complaint.pipe.closeWriting()
            while output.isOpen || complaint.isOpen {
                try wait(for: input, output, complaint, until: deadline, limits)
                try input.write(for: self)
                try output.read(for: self)
                try complaint.read(for: self)
                guard output.bytes.count <= limits.byteCount else {
                    throw .wroteTooMuch(path: path.string, byteLimit: limits.byteCount)
                }
                complaint.keep(Self.complaintLimit)
            }
            input.pipe.closeWriting()
            return Outcome(
                status: try end(of: child, by: deadline, limits),
                output: output.bytes,
                complaint: complaint.bytes
            )
        } catch {
            // Whatever it was about to do: it is ours, and it is not waited for any longer.
            if waitpid(child, nil, WNOHANG) == 0 {
                _ = kill(child, SIGKILL)
                _ = waitpid(child, nil, 0)
            }
            throw error
        }
    }

    /// Waits until one of the pipes has something to do.
    private func wait(
        for input: ProgramInput,
        _ output: ProgramOutput,
        _ complaint: ProgramOutput,
        until deadline: Deadline,
        _ limits: Limits
    ) throws(ProgramError) {
        // poll(2) skips negative descriptors.
        var polled = [
            pollfd(fd: input.pipe.writing, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: output.pipe.reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: complaint.pipe.reading, events: Int16(POLLIN), revents: 0),
        ]
        let ready = unsafe poll(&polled, nfds_t(polled.count), deadline.millisecondsLeft)
        guard ready >= 0 || Errno.last == .interrupted else {
            throw .system(path: path.string, Errno.last)
        }
        guard deadline.millisecondsLeft > 0 else {
            throw .tookTooLong(path: path.string, secondLimit: limits.secondCount)
        }
    }

    /// The exit status, which mostly is there when the output has ended.
    private func end(of child: pid_t, by deadline: Deadline, _ limits: Limits) throws(ProgramError) -> Int32 {
        var status: Int32 = 0
        while true {
            let ended = unsafe waitpid(child, &status, WNOHANG)
            guard ended >= 0 || Errno.last == .interrupted else {
                throw .system(path: path.string, Errno.last)
            }
            if ended == child {
                break
            }
            guard deadline.millisecondsLeft > 0 else {
                throw .tookTooLong(path: path.string, secondLimit: limits.secondCount)
            }
            usleep(2000)
        }
        // WIFEXITED, WEXITSTATUS and WTERMSIG, which are macros.
        guard status & 0x7f == 0 else {
            throw .died(path: path.string, signal: status & 0x7f)
        }
        return status >> 8 & 0xff
    }

    private static func isExecutable(_ path: FilePath) -> Bool {
        var status = stat()
        return unsafe path.withPlatformString { unsafe stat($0, &status) == 0 && access($0, X_OK) == 0 }
            && status.st_mode & S_IFMT == S_IFREG
    }

    /// What is kept of standard error, in bytes.
    private static let complaintLimit = 2048
}

/// When a program must have ended, by a clock that nobody sets.
private struct Deadline {
    private let milliseconds: Int

    init(after secondCount: Int) {
        milliseconds = Self.now + secondCount * 1000
    }

    /// 0 when it has passed.
    var millisecondsLeft: Int32 { Int32(clamping: max(0, milliseconds - Self.now)) }

    private static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)  // cannot fail for this clock
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
