// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Directories whose names mean something to NSS, one test after the other: softokn is one in a process.
@Suite(.serialized) struct NSSDatabaseTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    /// A database with one CA, made under a harmless name.
    func database(_ name: String, _ subject: String) throws {
        try folder.sh(
            """
            mkdir made && certutil -N -d sql:made --empty-password && head -c 64 /dev/urandom > noise &&
            printf 'y\\n\\ny\\n' | certutil -S -d sql:made -z noise -n acme -s 'CN=\(subject)' -m 1 -x -t CT,C,C -2 \\
                -k ec -q nistp256
            """
        )
        try FileManager.default.moveItem(atPath: folder("made"), toPath: folder(name))
    }

    @Test(
        "a directory with a quote and an accent opens its own database and no other",
        arguments: [
            "other'\u{301}", "other'\u{301} configdir='sql:other", "other\\\u{301}", "other'", "sql:\u{301}other",
            "\u{e9}",
            "e\u{301}",
        ]
    )
    func quoteAndAccent(name: String) throws {
        try database("other", "Another CA")
        let isDecomposed = name.utf8.elementsEqual("e\u{301}".utf8)
        try database(isDecomposed ? "\u{e9}" : "e\u{301}", "Another CA")
        try database(name, "Its Own CA")
        let before = try folder.sh("cat other/*.db | sha256sum")
        let found = try KeyStore.authority(at: "nss:sql:\(folder(""))\(name)").current
        #expect(found.subject == "CN=Its Own CA")
        #expect(try folder.sh("cat other/*.db | sha256sum") == before)
    }

    @Test(
        "what softokn reads as a value has each quote and backslash escaped, whatever follows it",
        arguments: [
            ("a'b", "a\\'b"), ("a'\u{301}b", "a\\'\u{301}b"), ("\\\u{301}'", "\\\\\u{301}\\'"),
            ("\\'\u{301}", "\\\\\\'\u{301}"),
        ]
    )
    func parameters(directory: String, escaped: String) throws {
        let parameters = NSSDatabase(directory: directory, nickname: nil).parameters(forWriting: true)
        let expected = "configdir='sql:\(escaped)' certPrefix='' keyPrefix='' secmod='secmod.db' flags="
        #expect(parameters.utf8.elementsEqual(expected.utf8))
    }

    @Test("the directory ends at the first question mark, and sql: is taken off once, whatever follows either")
    func reading() throws {
        #expect(NSSDatabase("sql:\u{301}a?\u{301}") == nil)
        let database = try #require(NSSDatabase("sql:\u{301}a?nickname=\u{301}n"))
        #expect(database.directory.utf8.elementsEqual("\u{301}a".utf8))
        #expect(try #require(database.nickname).utf8.elementsEqual("\u{301}n".utf8))
    }
}
