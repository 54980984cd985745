// SPDX-License-Identifier: Apache-2.0

import CSodium

/// Overwrites 64 KiB of the stack below the caller, where C functions that have returned may have left copies.
///
/// For right after a call that takes a passphrase: OpenSSL asks for it through a buffer on its stack, and leaves it there.
package func eraseUnusedStack() {
    sodium_stackzero(64 << 10)
}
