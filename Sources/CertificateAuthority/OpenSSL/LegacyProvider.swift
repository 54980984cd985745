// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// OpenSSL's provider of old algorithms such as RC2, for as long as it is needed.
@safe
struct LegacyProvider: ~Copyable {
    private let handle: OpaquePointer  // OSSL_PROVIDER *, never null

    /// - Returns: Nothing when it is not installed, or cannot be loaded into this program.
    init?() {
        // Its key derivations take their digests from the default provider, and see only one that was there before them.
        unsafe EVP_MD_free(EVP_MD_fetch(nil, "SHA256", nil))
        // The last argument keeps the default provider, which is only loaded when nobody names another.
        guard !PortableBuild.isThis, let handle = unsafe OSSL_PROVIDER_try_load(nil, "legacy", 1) else {
            OpenSSLError.clearQueue()
            return nil
        }
        unsafe self.handle = unsafe handle
    }

    consuming func unload() {}

    deinit {
        unsafe OSSL_PROVIDER_unload(handle)
    }
}
