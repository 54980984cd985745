// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// How a store's software writes its files: what a restore writes like it.
enum PEMForm {
    /// Certificates 0644 in folders of 0755, keys in PKCS#8: as `openssl ca` is set up.
    case usual
    /// Everything for the owner alone, keys in PKCS#8: easy-rsa.
    case closed
    /// Everything for the owner alone, keys in the older form of PEM where there is one: step.
    case step

    var isKeyTraditional: Bool { self == .step }

    /// Of certificate files; keys are 0600 everywhere.
    var certificatePermissions: FilePermissions {
        switch self {
        case .usual: [.ownerReadWrite, .groupRead, .otherRead]
        case .closed, .step: [.ownerReadWrite]
        }
    }

    /// Of the folders of certificates; those of keys are 0700 everywhere.
    var folderPermissions: FilePermissions {
        switch self {
        case .usual: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute]
        case .closed, .step: [.ownerReadWriteExecute]
        }
    }
}
