// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// Why an `allowed_signers` file is refused, and in which line.
package indirect enum AllowedSignersError: Error, Equatable {
    case notUTF8
    case controlCharacter(line: Int)
    case noKey(line: Int)
    case pattern(line: Int, found: String)
    case principal(line: Int, NameError)
    case certificateAuthority(line: Int)
    case unknownOption(line: Int, option: String)
    case malformedOption(line: Int, option: String)
    case repeatedOption(line: Int, option: String)
    case namespace(line: Int, found: String)
    case time(line: Int, found: String)
    case timesReversed(line: Int)
    case key(line: Int, SigningKeyError)
    case requirement(line: Int, found: String)
    case repeatedRequirement(line: Int)
}

extension AllowedSignersError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notUTF8: "the text is not UTF-8"
        case .controlCharacter(let line): "line \(line): a control character, such as a carriage return"
        case .noKey(let line): "line \(line): no key behind the names"
        case .pattern(let line, let found): "line \(line): \(found.quoted): patterns are not taken, name each person"
        case .principal(let line, let reason): "line \(line): \(reason)"
        case .certificateAuthority(let line): "line \(line): cert-authority: certificates are not taken"
        case .unknownOption(let line, let option):
            "line \(line): unknown option \(option.quoted): known are namespaces, valid-after and valid-before"
        case .malformedOption(let line, let option): "line \(line): option \(option): its value must stand in \"…\""
        case .repeatedOption(let line, let option): "line \(line): option \(option) stands there twice"
        case .namespace(let line, let found): "line \(line): namespace \(found.quoted): needed is a word, not a pattern"
        case .time(let line, let found):
            "line \(line): time \(found.quoted): needed is YYYYMMDDZ, YYYYMMDDHHMMZ or YYYYMMDDHHMMSSZ"
        case .timesReversed(let line): "line \(line): valid-before is not later than valid-after"
        case .key(let line, let reason): "line \(line): \(reason)"
        case .requirement(let line, let found):
            "line \(line): \(found.quoted): needed is '# ca-escrow: require K', K from 1 to 1000"
        case .repeatedRequirement(let line): "line \(line): 'require' stands there twice"
        }
    }
}
