// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// The programs that draw and read QR codes; neither ever sees a secret.
package struct CodeProgram: Sendable {
    private let program: Program

    /// `qrencode`, which draws.
    ///
    /// - Parameter searchPath: Such as `PATH`.
    package static func qrencode(in searchPath: String) throws(CodeProgramError) -> CodeProgram {
        try CodeProgram("qrencode", package: "qrencode", in: searchPath)
    }

    /// `zbarimg`, which reads.
    static func zbarimg(in searchPath: String) throws(CodeProgramError) -> CodeProgram {
        try CodeProgram("zbarimg", package: "zbar-tools", in: searchPath)
    }

    private init(_ name: String, package: String, in searchPath: String) throws(CodeProgramError) {
        guard let program = Program(named: name, in: searchPath) else {
            throw .notFound(name, package: package)
        }
        self.program = program
    }

    /// Draws a code, which goes in through standard input.
    ///
    /// - Throws: ``CodeProgramError/program(_:)``, ``CodeProgramError/drewNothing(path:status:complaint:)``
    package func symbol(of payload: String) throws(CodeProgramError) -> QRSymbol {
        let outcome: Program.Outcome
        do {
            outcome = try program.run(
                ["-l", "H", "-m", "0", "-t", "ASCII", "-o", "-"],
                environment: Self.environment,
                input: Array(payload.utf8),
                within: Program.Limits(secondCount: 10, byteCount: 1 << 18)
            )
        } catch {
            throw .program(error)
        }
        guard outcome.status == 0, let symbol = QRSymbol(ascii: outcome.output) else {
            let complaint = String(decoding: outcome.complaint, as: UTF8.self).words(between: "\n").first
            throw .drewNothing(path: program.path.string, status: outcome.status, complaint: complaint)
        }
        return symbol
    }

    /// Reads all codes of a picture, which goes in through standard input, so that its name means nothing there.
    ///
    /// - Parameter scan: What errors call the picture.
    func codes(in picture: [UInt8], _ format: PictureFormat, named scan: String) throws(CodeProgramError) -> [String] {
        let outcome: Program.Outcome
        do throws(ProgramError) {
            outcome = try program.run(
                ["--raw", "-q", "-S", "disable", "-S", "qrcode.enable", "\(format.rawValue):-"],
                environment: Self.environment,
                input: picture,
                within: Program.Limits(secondCount: 60, byteCount: 1 << 18)
            )
        } catch .cannotStart(let path, let errno) {
            throw .program(.cannotStart(path: path, errno))
        } catch {
            throw .picture(scan, error)
        }
        let codes = String(decoding: outcome.output, as: UTF8.self).words(between: "\n")
        guard codes.isEmpty else {
            return codes
        }
        // 4 says that it found none; of a picture that it could not unfold it complains, and ends with 0 or 1.
        guard outcome.status == 4 else {
            throw .notRead(scan)
        }
        throw .noCode(scan)
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
