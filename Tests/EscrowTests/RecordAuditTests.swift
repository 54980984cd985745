// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import Foundation
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// What an audit makes of strange files among an epoch's records.
@Suite("An audit of records")
struct RecordAuditTests {
    @Test("a file beside a restore's record that is no signature is named")
    func signature() throws {
        let outcome = try outcome { records in
            let restore = try #require(try ExampleEscrow.expected().epochs[0].records).last
            let name = try #require(restore).file + ".eve.sig"
            try Files.create(records.appending(name), Array("garbage\n".utf8), permissions: .publicFile)
            return name
        } expecting: { path in
            .fail(["\(path): the file is not an SSH signature in the form that ssh-keygen writes"])
        }
        #expect(outcome.found == outcome.expected)
    }

    @Test("a record of a kind that nobody knows is not called checked")
    func unknown() throws {
        let outcome = try outcome { records in
            let name = "20260101T000000Z-whatever-00000000000000000000000000000000.json"
            try Files.create(records.appending(name), Array("{".utf8), permissions: .publicFile)
            return name
        } expecting: { path in
            let names = path.components.suffix(3).map(\.string).joined(separator: "/")
            return .notChecked("\(names): of a kind that this version does not know")
        }
        #expect(outcome.found == outcome.expected)
    }

    /// Audits a copy of the example with one more file, which `add` makes and names.
    private func outcome(
        _ add: (_ records: FilePath) throws -> String,
        expecting: (_ added: FilePath) -> AuditOutcome
    ) throws -> (found: AuditOutcome?, expected: AuditOutcome) {
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending("escrow-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        try FileManager.default.copyItem(atPath: ExampleEscrow.directory().path.string, toPath: folder.string)
        let directory = try ExampleEscrow.expected().epochs[0].directory
        let records = folder.appending(directory).appending(Record.directoryName)
        let added = records.appending(try add(records))
        let input = AuditInput(
            anchor: nil,
            certificates: [],
            pkcs12: nil,
            isWithoutPKCS12: true,
            time: "2027-01-01T00:00:00Z",
            epoch: nil
        )
        let audit = try Audit(of: folder, with: input)
        return (audit.outcomes.first { $0.check == .records }?.outcome, expecting(added))
    }
}
