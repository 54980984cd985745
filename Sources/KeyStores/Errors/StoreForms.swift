// SPDX-License-Identifier: Apache-2.0

/// The texts that name stores.
package enum StoreForms {
    /// One for each kind, as people type it.
    package static let all = [
        "pem:KEY,CERT[,CERT…]", "p12:FILE", "certutil:DIR", "openssl-ca:[DIR|FILE.cnf][#SECTION]", "easy-rsa:[DIR]",
        "step-ca:[DIR][#root|#intermediate]", "pkcs11:token=NAME;object=NAME?module-path=FILE",
        "nss:DIR[?nickname=NAME]",
    ]
}
