// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Files

/// A token in its slot, as it describes itself.
struct Token: Equatable {
    let slot: CK_SLOT_ID
    let label: String
    let manufacturer: String
    let model: String
    let serial: String
    private let flags: CK_FLAGS

    init(slot: CK_SLOT_ID, _ info: CK_TOKEN_INFO) {
        self.slot = slot
        label = unsafe withUnsafeBytes(of: info.label) { unsafe Self.text($0) }
        manufacturer = unsafe withUnsafeBytes(of: info.manufacturerID) { unsafe Self.text($0) }
        model = unsafe withUnsafeBytes(of: info.model) { unsafe Self.text($0) }
        serial = unsafe withUnsafeBytes(of: info.serialNumber) { unsafe Self.text($0) }
        flags = info.flags
    }

    /// Whether somebody has ever set it up.
    var isInitialised: Bool { has(CK_FLAGS(CKF_TOKEN_INITIALIZED)) }
    /// Whether private objects need a PIN.
    var needsPIN: Bool { has(CK_FLAGS(CKF_LOGIN_REQUIRED)) }
    var hasPIN: Bool { has(CK_FLAGS(CKF_USER_PIN_INITIALIZED)) }
    /// Whether the PIN is typed at the token itself.
    var hasKeypad: Bool { has(CK_FLAGS(CKF_PROTECTED_AUTHENTICATION_PATH)) }
    var isPINLocked: Bool { has(CK_FLAGS(CKF_USER_PIN_LOCKED)) }
    /// Whether one more wrong PIN locks it.
    var isPINAtLastTry: Bool { has(CK_FLAGS(CKF_USER_PIN_FINAL_TRY)) }
    /// Whether a wrong PIN was tried before.
    var isPINCountLow: Bool { has(CK_FLAGS(CKF_USER_PIN_COUNT_LOW)) }
    var isWriteProtected: Bool { has(CK_FLAGS(CKF_WRITE_PROTECTED)) }
    /// Whether its objects are files that only whoever wrote them may open.
    var isSoftHSM: Bool { model.hasPrefix(bytesOf: "SoftHSM") }

    private func has(_ flag: CK_FLAGS) -> Bool { flags & flag != 0 }

    /// Fields of fixed length are filled up with blanks; some modules end them with zeros.
    private static func text(_ field: UnsafeRawBufferPointer) -> String {
        let bytes = unsafe Array(field)
        let end = bytes.lastIndex { $0 != UInt8(ascii: " ") && $0 != 0 }.map { $0 + 1 } ?? 0
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
