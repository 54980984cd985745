// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow

// For commands whose act is not in the library yet.
extension IdentityOnDisk {
    /// Opens it: with the passphrase from a file, or asked for up to three times.
    func open(_ files: PassphraseFiles) throws -> Identity {
        try Terminal(files).attend { terminal in try opened(attended: terminal) }
    }

    /// Signs something and stays open.
    func sign(
        _ bytes: [UInt8],
        _ format: DocumentFormat,
        _ files: PassphraseFiles
    ) throws -> (signer: Name, signature: SSHSignature) {
        try Terminal(files).attend { terminal in try sign(bytes, format, attended: terminal) }
    }
}
