// SPDX-License-Identifier: Apache-2.0

/// A password as OpenSSL's functions take it, lent for one call.
///
/// PKCS#12 knows two ways to have none, and programs write either: the empty password, which as a BMPString is two zero
/// bytes, and no bytes at all.
@unsafe
struct LentPassword {
    let characters: UnsafePointer<CChar>?
    let count: Int32
}
