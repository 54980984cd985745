// SPDX-License-Identifier: Apache-2.0

import Encoding
package import Files

/// Why no code was drawn, or none was read from a scan.
package indirect enum CodeProgramError: Error, Equatable {
    /// `package` has it.
    case notFound(String, package: String)
    case program(ProgramError)
    case drewNothing(path: String, status: Int32, complaint: String?)
    // About a scan, as the caller named it
    case file(FileError)
    case picture(String, ProgramError)
    case notRead(String)
    case noCode(String)
    case neitherPictureNorText(String)
    case emptyText(String)
    case anotherFile(String, RecognisedFile)
}

extension CodeProgramError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFound(let name, _): "\(name): not found in PATH"
        case .program(let error): "\(error)"
        case .drewNothing(let path, let status, let complaint):
            "\(path): drew no code: status \(status), \(complaint?.quoted ?? "without a word")"
        case .file(let error): "\(error)"
        case .picture(let scan, let error): "\(scan): \(error)"
        case .notRead(let scan): "\(scan): not read as a picture: damaged, or too large"
        case .noCode(let scan): "\(scan): no code in the picture"
        case .neitherPictureNorText(let scan): "\(scan): neither a PNG or JPEG picture nor the text of a code"
        case .emptyText(let scan): "\(scan): no code: the text is empty"
        case .anotherFile(let scan, let found): "\(scan): \(found); a picture or the text of a code is wanted"
        }
    }
}
