// SPDX-License-Identifier: Apache-2.0

import CSodium
package import SecretMemory

/// Draws a passphrase that people can read and type: five groups of five, `k3vhq-2mzta-…`, 125 random bits.
///
/// - Returns: 29 bytes of ASCII: lower-case letters, the digits 2 to 7, and hyphens between the groups.
package func generatePassphrase() -> SecretBytes {
    let (groupCount, groupSize) = (5, 5)
    return SecretBytes(count: groupCount * (groupSize + 1) - 1) { bytes in
        unsafe bytes.withUnsafeMutableBufferPointer { unsafe randombytes_buf($0.baseAddress!, $0.count) }
        for index in bytes.indices {
            let isBetweenGroups = index % (groupSize + 1) == groupSize
            // 32 divides 256: every character is as likely as any other.
            bytes[index] = isBetweenGroups ? UInt8(ascii: "-") : Base32.character(bytes[index] & 31)
        }
    }
}
