// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
public import SystemPackage

extension Anchor {
    /// Reads the officers whom one believes from an `allowed_signers` file: docs/format.md, section 5.3.
    ///
    /// - Parameters:
    ///   - signers: The file; it never comes with the escrow.
    ///   - required: How many of them must have signed, from 1 to 1000; as the file says when not given, or more than
    ///     half of them.
    /// - Throws: ``EscrowFailure``
    public init(signers: FilePath, required: Int? = nil) throws(EscrowFailure) {
        self = try failing { () throws(EscrowError) in
            try Anchor(path: signers.string, signers: AllowedSigners(at: signers), required: required)
        }
    }

    /// What the file allows and is unwise, in words: a key that counts for every kind of document.
    public var warnings: [String] { signers.warnings.map { "\(path): \($0)" } }
}

/// Turns our error into the one that other programs see.
package func failing<Result: ~Copyable>(_ work: () throws(EscrowError) -> Result) throws(EscrowFailure) -> Result {
    do {
        return try work()
    } catch {
        throw EscrowFailure(error)
    }
}
