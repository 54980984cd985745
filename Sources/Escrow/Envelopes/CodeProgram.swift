// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Files
import Glibc
import SystemPackage

/// The programs that draw and read QR codes; neither ever sees a secret.
struct CodeProgram {
    private let program: Program

    /// `qrencode`, which draws.
    static func qrencode() throws -> CodeProgram { try CodeProgram("qrencode", package: "qrencode") }

    /// `zbarimg`, which reads.
    static func zbarimg() throws -> CodeProgram { try CodeProgram("zbarimg", package: "zbar-tools") }

    private init(_ name: String, package: String) throws {
        let searchPath = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        guard let program = Program(named: name, in: searchPath) else {
            throw Diagnostic("\(name): not found in PATH", hint: "apt install \(package)", .unavailable)
        }
        self.program = program
    }

    /// Draws a code, which goes in through standard input.
    func symbol(of payload: String) throws -> QRSymbol {
        let outcome = try program.run(
            ["-l", "H", "-m", "0", "-t", "ASCII", "-o", "-"],
            environment: Self.environment,
            input: Array(payload.utf8),
            within: Program.Limits(secondCount: 10, byteCount: 1 << 18)
        )
        guard outcome.status == 0, let symbol = QRSymbol(ascii: outcome.output) else {
            throw Diagnostic(
                "\(program.path): drew no code: status \(outcome.status), \(Self.firstLine(of: outcome.complaint))",
                .unavailable
            )
        }
        return symbol
    }

    /// Reads all codes of a picture, which goes in through standard input, so that its name means nothing there.
    ///
    /// - Parameter scan: What errors call the picture.
    func codes(in picture: [UInt8], _ format: PictureFormat, named scan: String) throws -> [String] {
        let outcome: Program.Outcome
        do throws(ProgramError) {
            outcome = try program.run(
                ["--raw", "-q", "-S", "disable", "-S", "qrcode.enable", "\(format.rawValue):-"],
                environment: Self.environment,
                input: picture,
                within: Program.Limits(secondCount: 60, byteCount: 1 << 18)
            )
        } catch .cannotStart(let path, let errno) {
            throw ProgramError.cannotStart(path: path, errno)
        } catch {
            throw Diagnostic("\(scan): \(error)", .data)
        }
        let codes = String(decoding: outcome.output, as: UTF8.self).words(between: "\n")
        guard codes.isEmpty else {
            return codes
        }
        // 4 says that it found none; of a picture that it could not unfold it complains, and ends with 0 or 1.
        guard outcome.status == 4 else {
            throw Diagnostic("\(scan): not read as a picture: damaged, or too large", .data)
        }
        throw Diagnostic(
            "\(scan): no code in the picture",
            hint: "the whole code with its white margin, sharp and evenly lit; 300 dpi from a scanner",
            .data
        )
    }

    private static func firstLine(of complaint: [UInt8]) -> String {
        let line = String(decoding: complaint, as: UTF8.self).words(between: "\n").first
        return line?.quoted ?? "without a word"
    }

    /// Nothing of the caller's: no configuration of theirs, no message on a bus, and bounds for pictures that unfold.
    private static let environment = [
        "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "DBUS_SYSTEM_BUS_ADDRESS=disabled:",
        "MAGICK_MEMORY_LIMIT=1GiB", "MAGICK_MAP_LIMIT=0", "MAGICK_DISK_LIMIT=0", "MAGICK_AREA_LIMIT=256MP",
        "MAGICK_THREAD_LIMIT=1", "MAGICK_TIME_LIMIT=60",
    ]
}

/// The kinds of picture that are read, by their first bytes; a name says nothing.
enum PictureFormat: String, CaseIterable {
    case png, jpeg

    /// - Returns: `nil` for bytes that start as neither does.
    init?(of bytes: [UInt8]) {
        guard let format = Self.allCases.first(where: { bytes.starts(with: $0.signature) }) else {
            return nil
        }
        self = format
    }

    private var signature: [UInt8] {
        switch self {
        case .png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        case .jpeg: [0xff, 0xd8, 0xff]
        }
    }
}
