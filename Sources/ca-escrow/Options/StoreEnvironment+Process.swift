// SPDX-License-Identifier: Apache-2.0

import Glibc
import KeyStores

extension StoreEnvironment {
    /// What this process was given.
    static var ofProcess: StoreEnvironment {
        StoreEnvironment(
            easyRSAPKI: value("EASYRSA_PKI"),
            stepPath: value("STEPPATH"),
            home: value("HOME"),
            opensslConfiguration: value("OPENSSL_CONF")
        )
    }

    /// What a variable of this process says.
    static func value(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
