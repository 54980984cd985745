// SPDX-License-Identifier: Apache-2.0

import Files
import KeyStores

extension Diagnostic {
    init(_ error: FileStoreError) {
        self.init("\(error)", hint: error.hint, error.status)
    }
}

extension FileStoreError {
    fileprivate var status: ExitStatus {
        switch self {
        case .include, .notText, .noSection, .keyNotInFile, .json, .notAText, .noSettings, .namesNoFile,
            .relativeAddress, .notUTF8, .homeInSetting:
            .data
        case .noKey: .noInput
        case .elsewhere, .severalKeys, .noPlace, .homeUnknown: .usage
        }
    }

    fileprivate var hint: String? {
        switch self {
        case .elsewhere(_, _, let there):
            "\(there) is in the working directory, where openssl ca looks: name its files as pem:KEY,CERT"
        case .keyNotInFile(_, _, let address) where address.contains(bytesOf: "pkcs11"):
            "a key in a token is named pkcs11:token=…;object=…"
        case .keyNotInFile: "no file holds it: only what keeps the key can say whether it gives it away"
        case .relativeAddress, .homeInSetting: "write the path in full in the configuration"
        case .homeUnknown: "write the path in full"
        case .include, .notText, .noSection, .json, .notAText, .noSettings, .namesNoFile, .noKey, .severalKeys,
            .noPlace, .notUTF8:
            nil
        }
    }
}
