// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority
import Files
import Glibc
import SystemPackage

/// A PKCS#11 module: code of somebody else's that runs inside this process.
///
/// It is started with the value and stopped with it. Its file stays loaded, since modules leave handlers behind that run
/// when the process ends.
@safe
final class TokenModule: @unchecked Sendable {
    let functions: CK_FUNCTION_LIST
    /// Somebody else in this process, a test beside this one, may have started it before.
    private let isOurs: Bool

    /// Loads and starts a module.
    ///
    /// - Parameter parameters: What softokn takes beside the arguments of the standard.
    /// - Throws: ``TokenError``
    init(path: String, parameters: String? = nil) throws(TokenError) {
        let functions = try Self.load(path)
        let status = Self.start(functions, parameters)
        guard status == CKR_OK || status == CKR_CRYPTOKI_ALREADY_INITIALIZED else {
            throw TokenError("C_Initialize", status)
        }
        self.functions = functions
        isOurs = status == CKR_OK
    }

    deinit {
        if isOurs {
            _ = functions.C_Finalize!(nil)  // nothing to do about a module that will not stop
        }
    }

    private static func load(_ path: String) throws(TokenError) -> CK_FUNCTION_LIST {
        guard !PortableBuild.isThis else {
            throw .moduleNotLoaded(reason: PortableBuild.reason)
        }
        // dlopen waits for ever at a pipe; what is not there, it says itself.
        if let real = try? Files.resolved(FilePath(path)), let kind = try? Files.kind(of: real), kind != .regular {
            throw .moduleNotLoaded(reason: "not a regular file")
        }
        guard let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "no reason given"
            // It names the file once more.
            throw .moduleNotLoaded(reason: reason.replacing(bytesOf: "\(path): ", with: ""))
        }
        typealias Place = UnsafeMutablePointer<UnsafeMutablePointer<CK_FUNCTION_LIST>?>
        typealias GetFunctionList = @convention(c) (Place?) -> CK_RV
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        guard let symbol = unsafe dlsym(library, "C_GetFunctionList"),
            unsafe unsafeBitCast(symbol, to: GetFunctionList.self)(&list) == CKR_OK, let list = unsafe list,
            isComplete(unsafe list.pointee)
        else {
            throw .notAModule
        }
        return unsafe list.pointee
    }

    /// Whether every function that is called is there.
    private static func isComplete(_ list: CK_FUNCTION_LIST) -> Bool {
        unsafe list.C_Initialize != nil && list.C_Finalize != nil && list.C_GetSlotList != nil
            && list.C_GetTokenInfo != nil && list.C_OpenSession != nil && list.C_CloseSession != nil
            && list.C_Login != nil && list.C_Logout != nil && list.C_CreateObject != nil
            && list.C_DestroyObject != nil && list.C_GetAttributeValue != nil && list.C_FindObjectsInit != nil
            && list.C_FindObjects != nil && list.C_FindObjectsFinal != nil && list.C_SignInit != nil
            && list.C_Sign != nil && list.C_WrapKey != nil && list.C_UnwrapKey != nil
    }

    private static func start(_ functions: CK_FUNCTION_LIST, _ parameters: String?) -> CK_RV {
        guard let parameters else {
            var arguments = unsafe CK_C_INITIALIZE_ARGS()
            unsafe arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
            return unsafe functions.C_Initialize!(&arguments)
        }
        return unsafe parameters.withCString { parameters in
            var arguments = unsafe CPKCS11_NSS_initialize_args()
            unsafe arguments.flags = CK_FLAGS(CKF_OS_LOCKING_OK)
            unsafe arguments.LibraryParameters = parameters
            return unsafe functions.C_Initialize!(&arguments)
        }
    }

    /// The tokens that are in.
    ///
    /// - Throws: ``TokenError``
    func tokens() throws(TokenError) -> [Token] {
        var count: CK_ULONG = 0
        try TokenError.check("C_GetSlotList", unsafe functions.C_GetSlotList!(CK_BBOOL(CK_TRUE), nil, &count))
        guard count <= Self.slotLimit else {
            throw .tooManyObjects(limit: Int(Self.slotLimit))
        }
        guard count > 0 else {
            return []
        }
        var slots = [CK_SLOT_ID](repeating: 0, count: Int(count))
        try TokenError.check("C_GetSlotList", unsafe functions.C_GetSlotList!(CK_BBOOL(CK_TRUE), &slots, &count))
        var tokens: [Token] = []
        for slot in slots.prefix(Int(min(count, CK_ULONG(slots.count)))) {
            var info = CK_TOKEN_INFO()
            // A slot whose token cannot be read is not the one that is looked for.
            if unsafe functions.C_GetTokenInfo!(slot, &info) == CKR_OK {
                tokens.append(Token(slot: slot, info))
            }
        }
        return tokens
    }

    private static let slotLimit: CK_ULONG = 1024
}
