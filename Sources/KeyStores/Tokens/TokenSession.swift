// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority
import SecretMemory

/// One session with a token; it ends with the value, and with it every object that lives only as long.
@safe
final class TokenSession: @unchecked Sendable {
    let token: Token
    private let module: TokenModule
    /// Held until the session is closed.
    private let turn: TokenTurn?
    private let handle: CK_SESSION_HANDLE
    private var isLoggedIn = false

    private var functions: CK_FUNCTION_LIST { module.functions }

    /// - Throws: ``TokenError``
    init(_ module: TokenModule, _ token: Token, forWriting: Bool, _ turn: TokenTurn?) throws(TokenError) {
        var handle: CK_SESSION_HANDLE = 0
        let flags = CK_FLAGS(CKF_SERIAL_SESSION) | (forWriting ? CK_FLAGS(CKF_RW_SESSION) : 0)
        try TokenError.check(
            "C_OpenSession",
            unsafe module.functions.C_OpenSession!(token.slot, flags, nil, nil, &handle)
        )
        self.turn = turn
        self.module = module
        self.token = token
        self.handle = handle
    }

    deinit {
        // A token that is gone cannot be left in good order.
        if isLoggedIn {
            _ = functions.C_Logout!(handle)
        }
        _ = functions.C_CloseSession!(handle)
    }

    /// Tries a PIN: once, for tokens count wrong ones and lock.
    ///
    /// - Throws: ``TokenError``
    func logIn(_ pin: borrowing SecretBytes) throws(TokenError) {
        let functions = functions
        let handle = handle
        let status = unsafe pin.span.withUnsafeBytes { pin in
            let start = unsafe UnsafeMutablePointer(mutating: pin.baseAddress!.assumingMemoryBound(to: UInt8.self))
            return unsafe functions.C_Login!(handle, CK_USER_TYPE(CKU_USER), start, CK_ULONG(pin.count))
        }
        try judgeLogin(status)
    }

    /// Lets the token itself ask for the PIN.
    ///
    /// - Throws: ``TokenError``
    func logInAtToken() throws(TokenError) {
        try judgeLogin(functions.C_Login!(handle, CK_USER_TYPE(CKU_USER), nil, 0))
    }

    private func judgeLogin(_ status: CK_RV) throws(TokenError) {
        // Another session of this process is logged in, and will log out.
        guard status != CKR_USER_ALREADY_LOGGED_IN else {
            return
        }
        try TokenError.check("C_Login", status)
        isLoggedIn = true
    }

    // MARK: Reading

    /// The handles of all objects with these attributes.
    ///
    /// - Throws: ``TokenError/tooManyObjects(limit:)`` and other ``TokenError``
    func find(_ attributes: [TokenAttribute]) throws(TokenError) -> [CK_OBJECT_HANDLE] {
        let status = unsafe Template(attributes).withAttributes {
            unsafe functions.C_FindObjectsInit!(handle, $0, $1)
        }
        try TokenError.check("C_FindObjectsInit", status)
        defer { _ = functions.C_FindObjectsFinal!(handle) }
        var found: [CK_OBJECT_HANDLE] = []
        while true {
            var batch = [CK_OBJECT_HANDLE](repeating: 0, count: 64)
            var count: CK_ULONG = 0
            try TokenError.check(
                "C_FindObjects",
                unsafe functions.C_FindObjects!(handle, &batch, CK_ULONG(batch.count), &count)
            )
            guard count > 0 else {
                return found
            }
            found += batch.prefix(Int(min(count, CK_ULONG(batch.count))))
            guard found.count <= Self.objectLimit else {
                throw .tooManyObjects(limit: Self.objectLimit)
            }
        }
    }

    /// A public attribute of an object, or nothing when it has none or does not show it.
    ///
    /// - Throws: ``TokenError/tooLong(what:limit:)`` and other ``TokenError``
    func bytes(_ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE) throws(TokenError) -> [UInt8]? {
        var attribute = unsafe CK_ATTRIBUTE(type: type, pValue: nil, ulValueLen: 0)
        guard try unsafe hasValue(functions.C_GetAttributeValue!(handle, object, &attribute, 1)),
            unsafe attribute.ulValueLen != CK_ULONG.max  // CK_UNAVAILABLE_INFORMATION
        else {
            return nil
        }
        let count = unsafe attribute.ulValueLen
        guard count <= CK_ULONG(Self.byteLimit) else {
            throw .tooLong(what: "attribute 0x\(String(type, radix: 16))", limit: Self.byteLimit)
        }
        guard count > 0 else {
            return []
        }
        var value = [UInt8](repeating: 0, count: Int(count))
        let status = unsafe value.withUnsafeMutableBytes { value in
            unsafe attribute.pValue = value.baseAddress
            return unsafe functions.C_GetAttributeValue!(handle, object, &attribute, 1)
        }
        guard try hasValue(status), unsafe attribute.ulValueLen <= count else {
            return nil
        }
        return Array(value.prefix(Int(unsafe attribute.ulValueLen)))
    }

    private func hasValue(_ status: CK_RV) throws(TokenError) -> Bool {
        switch status {
        case CK_RV(CKR_ATTRIBUTE_TYPE_INVALID), CK_RV(CKR_ATTRIBUTE_SENSITIVE): return false
        default:
            try TokenError.check("C_GetAttributeValue", status)
            return true
        }
    }

    func flag(_ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE) throws(TokenError) -> Bool {
        try bytes(type, of: object)?.contains { $0 != 0 } ?? false
    }

    /// A text, such as a label; nothing when it is not UTF-8.
    func text(_ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE) throws(TokenError) -> String? {
        try bytes(type, of: object).flatMap { String(validating: $0, as: UTF8.self) }
    }

    func number(_ type: CK_ATTRIBUTE_TYPE, of object: CK_OBJECT_HANDLE) throws(TokenError) -> CK_ULONG? {
        let value = try bytes(type, of: object)
        guard let value, value.count == MemoryLayout<CK_ULONG>.size else {
            return nil
        }
        return unsafe value.withUnsafeBytes { unsafe $0.loadUnaligned(as: CK_ULONG.self) }
    }

    // MARK: Writing

    func create(_ attributes: [TokenAttribute]) throws(TokenError) -> CK_OBJECT_HANDLE {
        var object: CK_OBJECT_HANDLE = 0
        let status = unsafe Template(attributes).withAttributes {
            unsafe functions.C_CreateObject!(handle, $0, $1, &object)
        }
        try TokenError.check("C_CreateObject", status)
        return object
    }

    func create(
        _ attributes: [TokenAttribute],
        _ secret: borrowing SecretAttributes
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        var object: CK_OBJECT_HANDLE = 0
        let status = unsafe Template(attributes).withAttributes(secret) {
            unsafe functions.C_CreateObject!(handle, $0, $1, &object)
        }
        try TokenError.check("C_CreateObject", status)
        return object
    }

    /// - Throws: ``TokenError``
    func destroy(_ object: CK_OBJECT_HANDLE) throws(TokenError) {
        try TokenError.check("C_DestroyObject", functions.C_DestroyObject!(handle, object))
    }

    // MARK: Keys

    /// Takes a private key out under another key.
    ///
    /// - Throws: ``TokenError``
    func wrap(
        _ key: CK_OBJECT_HANDLE,
        under wrapping: CK_OBJECT_HANDLE,
        _ mechanism: CK_MECHANISM_TYPE
    ) throws(TokenError) -> [UInt8] {
        var mechanism = unsafe CK_MECHANISM(mechanism)
        var count: CK_ULONG = 0
        try TokenError.check("C_WrapKey", unsafe functions.C_WrapKey!(handle, &mechanism, wrapping, key, nil, &count))
        guard count <= CK_ULONG(KeyWrapping.byteLimit) else {
            throw .tooLong(what: "wrapped key", limit: KeyWrapping.byteLimit)
        }
        var wrapped = [UInt8](repeating: 0, count: max(1, Int(count)))
        try TokenError.check(
            "C_WrapKey",
            unsafe functions.C_WrapKey!(handle, &mechanism, wrapping, key, &wrapped, &count)
        )
        return Array(wrapped.prefix(Int(min(count, CK_ULONG(wrapped.count)))))
    }

    /// Brings a private key in under another key.
    ///
    /// - Throws: ``TokenError``
    func unwrap(
        _ wrapped: [UInt8],
        under wrapping: CK_OBJECT_HANDLE,
        _ mechanism: CK_MECHANISM_TYPE,
        _ attributes: [TokenAttribute]
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        var mechanism = unsafe CK_MECHANISM(mechanism)
        var wrapped = wrapped
        let count = CK_ULONG(wrapped.count)
        var object: CK_OBJECT_HANDLE = 0
        let status = unsafe Template(attributes).withAttributes {
            unsafe functions.C_UnwrapKey!(handle, &mechanism, wrapping, &wrapped, count, $0, $1, &object)
        }
        try TokenError.check("C_UnwrapKey", status)
        return object
    }

    /// Signs with a private key that stays where it is.
    ///
    /// - Throws: ``TokenError``
    func sign(
        _ data: [UInt8],
        with key: CK_OBJECT_HANDLE,
        _ mechanism: inout CK_MECHANISM
    ) throws(TokenError) -> [UInt8] {
        try TokenError.check("C_SignInit", unsafe functions.C_SignInit!(handle, &mechanism, key))
        var data = data
        let dataCount = CK_ULONG(data.count)
        var signature = [UInt8](repeating: 0, count: Self.signatureLimit)
        var count = CK_ULONG(signature.count)
        try TokenError.check("C_Sign", unsafe functions.C_Sign!(handle, &data, dataCount, &signature, &count))
        return Array(signature.prefix(Int(min(count, CK_ULONG(signature.count)))))
    }

    /// More objects of one kind than any token of a certification authority holds.
    static let objectLimit = 4096
    /// The longest attribute or wrapped key, in bytes: RSA-16384 is 9 KiB.
    static let byteLimit = 64 << 10
    /// RSA-16384.
    private static let signatureLimit = 2048
}

extension CK_MECHANISM {
    /// One without parameters.
    init(_ type: CK_MECHANISM_TYPE) {
        unsafe self.init(mechanism: type, pParameter: nil, ulParameterLen: 0)
    }
}
