// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Object identifiers by name.
extension OpenSSL {
    /// The short name of an object identifier, or its numbers.
    static func name(of object: OpaquePointer?) -> String {
        let number = unsafe OBJ_obj2nid(object)
        if number != NID_undef, let name = unsafe OBJ_nid2sn(number) {
            return unsafe String(cString: name)
        }
        return unsafe numbers(of: object)
    }

    /// The numbers of an object identifier, such as `1.2.840.113549.3.7`: a name that OpenSSL finds algorithms by.
    static func numbers(of object: OpaquePointer?) -> String {
        var text = [CChar](repeating: 0, count: 128)
        let count = unsafe OBJ_obj2txt(&text, Int32(text.count), object, 1)
        return String(decoding: text.prefix(min(max(0, Int(count)), 127)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
