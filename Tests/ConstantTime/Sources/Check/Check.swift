// SPDX-License-Identifier: Apache-2.0

import CMemcheck
import Glibc

@testable import Ristretto255
@testable import SecretMemory
@testable import SecretSharing

/// Runs what handles secrets under memcheck with the secrets marked as undefined.
///
/// memcheck reports every branch and every memory address that depends on undefined bytes: a routine for which it reports
/// none takes the same instructions and the same addresses whatever the secret is.
@main
struct Check {
    static func main() {
        guard CMemcheck_is_running() != 0 else {
            print("constant-time: run it by 'make constant-time'")
            exit(64)
        }
        var isRight = true
        for routine in Controls.all + Routines.all {
            // Without marked bytes the routine has no finding, so that all that follow are of the secrets.
            let before = CMemcheck_error_count()
            routine.run { _, _ in }
            let calm = CMemcheck_error_count()
            routine.run { unsafe CMemcheck_make_undefined($0, $1) }
            let count = Int(CMemcheck_error_count() - calm)
            let holds = calm == before && routine.expected.holds(for: count)
            isRight = isRight && holds
            print("\(holds ? "PASS" : "FAIL")  \(count) on secrets: \(routine.name)\(routine.expected.note)")
        }
        exit(isRight ? 0 : 1)
    }
}

/// How many decisions, and addresses, depend on marked bytes.
enum Expected: Sendable {
    case none
    /// It leaks, so that memcheck is seen to find it.
    case some
    /// So many and no more, which tell nothing of the secret.
    case explained(count: Int, why: String)

    func holds(for count: Int) -> Bool {
        switch self {
        case .none: count == 0
        case .some: count > 0
        case .explained(let expected, _): count == expected
        }
    }

    var note: String {
        switch self {
        case .none: ""
        case .some: ": found, as it must be"
        case .explained(let count, let why): ": \(count) expected: \(why)"
        }
    }
}

/// Marks bytes as secret, or does nothing.
typealias Mark = (_ start: UnsafeRawPointer, _ count: Int) -> Void

/// Something that is run once with plain and once with marked secrets.
struct Routine: Sendable {
    let name: String
    let expected: Expected
    let run: @Sendable (_ mark: Mark) -> Void
}

extension Scalar {
    /// A number whose bytes are marked.
    static func marked(_ text: String, _ mark: Mark) -> Scalar {
        let bytes = PublicScalar(hashing: Array(text.utf8)).bytes
        do {
            let scalar = try Scalar(canonical: bytes.span)
            scalar.mark(mark)
            return scalar
        } catch {
            preconditionFailure("\(error)")
        }
    }

    func mark(_ mark: Mark) {
        bytes.withSpan { span in unsafe span.withUnsafeBytes { unsafe mark($0.baseAddress!, $0.count) } }
    }
}
