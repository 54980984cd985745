// SPDX-License-Identifier: Apache-2.0

import Foundation
import KeyStores
import SecretMemory
import Testing

@testable import CertificateAuthority

/// PEM files of which a reader would silently see a part.
@Suite struct PEMFaultTests {
    private let folder: TemporaryFolder
    private let good: String
    private let other: String

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        good = String(decoding: try Sample.p256.certificate.pem, as: UTF8.self)
        other = String(decoding: try Sample.p384.certificate.pem, as: UTF8.self)
        try folder.write("k.pem", Sample.p256.pem)
    }

    /// How many lines a text has.
    private static func lineCount(_ text: some StringProtocol) -> Int { text.utf8.count { $0 == UInt8(ascii: "\n") } }

    private func changed(_ text: String, _ old: String, _ new: String) -> String {
        text.replacingOccurrences(of: old, with: new)
    }

    @Test("a spoilt block beside a good one is named with its line, for every reader of certificates")
    func certificates() throws {
        let (first, second) = (Self.lineCount(good), Self.lineCount(other))
        let indented = other.split(separator: "\n").map { "  \($0)\n" }.joined()
        let withoutBegin = String(other.drop { $0 != "\n" }.dropFirst())
        let files: [(String, Int, PEMFault.Problem)] = [
            ("\u{FEFF}" + good, 1, .byteOrderMark),
            ("\u{FEFF}# the CA\n" + good, 1, .byteOrderMark),
            (good + indented, first + 1, .indented),
            (good + changed(other, "-----BEGIN", "----BEGIN"), first + 1, .malformedLine),
            (changed(good, "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----") + other, 1, .malformedLine),
            (good + changed(other, "-----END", "----END"), first + second, .malformedLine),
            (good + other.prefix(200), first + 1, .noEnd),
            (other.prefix(200) + "\n" + good, 1, .noEnd),
            (good + withoutBegin, first + second - 1, .noBegin),
            (good + changed(other, "END CERTIFICATE", "END X509 CRL"), first + 1, .noEnd),
            (good + changed(other, "\nMI", "\n*I"), first + 1, .content),
        ]
        for (text, line, problem) in files {
            let fault = PEMFault(line: line, label: "CERTIFICATE", problem: problem)
            #expect(throws: CertificateError.pem(fault), "\(fault)") { try Certificate.all(pem: Array(text.utf8)) }
            try folder.write("c.pem", text)
            let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
            #expect(throws: StoreError.certificate(path: folder("c.pem"), .pem(fault)), "\(fault)") {
                _ = try store.export { _ in nil }
            }
        }
    }

    @Test("the same of a key file, be it the key's block or one beside it")
    func keys() throws {
        let key = String(decoding: try Sample.p256.pem, as: UTF8.self)
        let files: [(String, Int, String, PEMFault.Problem)] = [
            ("\u{FEFF}" + key, 1, "PRIVATE KEY", .byteOrderMark),
            (" " + key, 1, "PRIVATE KEY", .indented),
            (
                changed(key, "END PRIVATE KEY-----", "END PRIVATE KEY----"), Self.lineCount(key), "PRIVATE KEY",
                .malformedLine
            ),
            (key + good.prefix(100), Self.lineCount(key) + 1, "CERTIFICATE", .noEnd),
            (String(key.prefix(60)), 1, "PRIVATE KEY", .noEnd),
        ]
        try folder.write("c.pem", good)
        for (text, line, label, problem) in files {
            let fault = PEMFault(line: line, label: label, problem: problem)
            try folder.write("k.pem", text)
            let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
            #expect(throws: StoreError.key(path: folder("k.pem"), .pem(fault)), "\(fault)") {
                _ = try store.export { _ in nil }
            }
            #expect(throws: StoreError.key(path: folder("k.pem"), .pem(fault)), "\(fault)") {
                _ = try KeyStore(parsing: folder("k.pem"))
            }
        }
        try folder.write("k.pem", [0xFF, 0xFE] + key.utf8.flatMap { [$0, 0] })
        let fault = PEMFault(line: 1, label: "", problem: .utf16)
        #expect(throws: StoreError.key(path: folder("k.pem"), .pem(fault))) {
            _ = try KeyStore(parsing: folder("k.pem"))
        }
    }

    @Test("text around blocks, spaces behind a line and every line end are no fault")
    func harmless() throws {
        let text =
            "Certificate:\n    Data: --- BEGIN ---\n# -----\n---- BEGIN SSH2 PUBLIC KEY ----\n"
            + changed(good, "-----\n", "----- \t\r\n") + "-- \nBEGIN CERTIFICATE\n" + other.dropLast()
        let certificates = try Certificate.all(pem: Array(text.utf8))
        #expect(certificates == [try Sample.p256.certificate, try Sample.p384.certificate])
    }
}
