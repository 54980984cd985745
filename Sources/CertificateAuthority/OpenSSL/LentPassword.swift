// SPDX-License-Identifier: Apache-2.0

/// A password as OpenSSL's functions take it, lent for one call.
///
/// PKCS#12 knows two ways to have none, and programs write either: the empty password, which as a BMPString is two zero
/// bytes, and no bytes at all.
@unsafe
struct LentPassword {
    let characters: UnsafePointer<CChar>?
    let count: Int32

    init(_ characters: UnsafePointer<CChar>?, _ count: Int32) {
        unsafe self.characters = unsafe characters
        unsafe self.count = count
    }
}
