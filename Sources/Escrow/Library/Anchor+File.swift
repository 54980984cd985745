// SPDX-License-Identifier: Apache-2.0

public import Custody
import Files
public import SystemPackage

extension Anchor {
    /// Reads the officers whom one believes from an `allowed_signers` file: docs/format.md, section 5.3.
    ///
    /// - Parameters:
    ///   - signers: The file; it never comes with the escrow.
    ///   - required: How many of them must have signed; as the file says when not given, or more than half of them.
    ///   - now: The time to go by.
    /// - Throws: ``EscrowFailure``
    public init(signers: FilePath, required: Int? = nil, now: Timestamp) throws(EscrowFailure) {
        let allowed = try failing { () throws(EscrowError) in try AllowedSigners(at: signers) }
        self.init(path: signers.string, signers: allowed, required: required, now: now)
    }
}

/// Turns our error into the one that other programs see.
func failing<Result: ~Copyable>(_ work: () throws(EscrowError) -> Result) throws(EscrowFailure) -> Result {
    do {
        return try work()
    } catch {
        throw EscrowFailure(error)
    }
}
