// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority

extension Diagnostic {
    init(_ error: FileStoreError) {
        self.init("\(error)", hint: error.hint, error.status)
    }
}

extension FileStoreError {
    fileprivate var status: ExitStatus {
        switch self {
        case .include, .notText, .noSection, .keyNotInFile: .data
        case .elsewhere: .usage
        }
    }

    fileprivate var hint: String? {
        switch self {
        case .elsewhere(_, _, let there):
            "\(there) is in the working directory, where openssl ca looks: name its files as pem:KEY,CERT"
        case .keyNotInFile: "a key in a token is named pkcs11:token=…;object=…"
        case .include, .notText, .noSection: nil
        }
    }
}
