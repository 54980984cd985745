// SPDX-License-Identifier: Apache-2.0

@testable import CertificateAuthority
@testable import KeyStores

extension Reader {
    /// Where a key is, `KIND:…`; a text without a kind is a path, and not looked up.
    public static let store = Reader("Store") { bytes in
        // No argument of a program holds a zero, and the documents that name stores refuse it.
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            return
        }
        let environment = StoreEnvironment(home: "/home/ca")
        guard let store = try accepted(isTyped: true, { try StoreURI.explicit(text, environment) }) ?? nil else {
            return
        }
        _ = store.places
        let written = store.description
        guard let again = try accepted(isTyped: true, { try StoreURI.explicit(written, environment) }) ?? nil else {
            throw Violation(description: "a store that was written is not read: \(written.debugDescription)")
        }
        try require(
            again.description.utf8.elementsEqual(written.utf8),
            "a store is written in two ways: \(written.debugDescription), \(again.description.debugDescription)"
        )
        if case .easyRSA(_, isPKI: true) = store {
            // The place of the environment: what it is called names the folder itself.
        } else {
            try require(again == store, "a store that was written is read as another one: \(written.debugDescription)")
        }
        if case .pkcs11(let uri) = store {
            try requireNaming(uri, bytes)
        }
    }
}

/// The URI of one of a token's keys names that key.
private func requireNaming(_ uri: PKCS11URI, _ bytes: [UInt8]) throws {
    let identifier = Array(bytes.suffix(4))
    for label in [nil, "root", "50 % of \u{e9};?&=/\u{301}"] {
        let named = uri.naming(label, identifier)
        let isNamed = label.map { named.object == $0 } ?? (named.id == identifier)
        try require(isNamed, "the URI of a key names another one: \(named.text.debugDescription)")
        try require(
            named.modulePath == uri.modulePath && named.token == uri.token,
            "the URI of a key has another token"
        )
    }
}
