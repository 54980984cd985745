// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What commands print with `--json`, held against `docs/schemas` by Python's jsonschema.
@Suite("Reports for programs")
struct ReportTests {
    private static let schemas = Checkout.root.appending(path: "docs/schemas").path()

    /// The exit status of each command, and the command.
    private static let commands = """
        1 ceremony check 1
        2 ceremony preflight 2
        0 sign 3
        2 ceremony verify 4
        1 policy check 5
        1 enrol verify 6
        0 backup 7
        1 backup 8
        0 sign 9
        0 backup 10
        65 collect 11
        0 check 12
        66 check 13
        0 acknowledge 14
        0 acknowledge 15
        0 prove 16
        0 prove 17
        0 drill 18
        0 request 19
        0 release 20
        0 restore 21
        0 show 22
        0 show 23
        66 envelope check 24
        2 audit 25
        1 status 26
        0 sign 27

        """

    @Test(
        "each meets its schema, which takes no less and no more; an error has one, too; and nothing in them is secret"
    )
    func documents() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run("reports.sh", isNormalised: false, limit: 300) == Self.commands)
            let names = try FileManager.default.contentsOfDirectory(atPath: Self.schemas)
                .map { $0.replacing(".schema.json", with: "") }.sorted()
            let seen = try shell.run("schemas.py \(Self.schemas) out/*.json", isNormalised: false)
            #expect(seen.split(separator: "\n").map(String.init) == names)
            // A name of two lines stands on one; people are told the same.
            #expect(
                try shell.run("cat out/13.json; grep error: out/13.err") == """
                    {
                      "errors": [
                        {
                          "message": "no\\\\u{a}escrow: No such file or directory",
                          "status": 66
                        }
                      ],
                      "exitStatus": 66,
                      "format": "ca-escrow/v1/check-report"
                    }
                    ca-escrow: error: no\\u{a}escrow: No such file or directory

                    """
            )
            // A signature lies beside its document; what was passed over, or done already, is said.
            let members = #"grep -hoE '"path": ".*omar.sig"|"passedOver"|"withoutShare"|"signedAlready"'"#
            #expect(
                try shell.run("\(members) out/{11,7,5,27}.json") == """
                    "path": "copy.escrow/0001-<8 hex>/manifest.json.omar.sig"
                    "passedOver"
                    "withoutShare"
                    "signedAlready"

                    """
            )
            let needles =
                "needles.py --request kept.key \"$(cat pass)\" --identities acme.escrow ca.der *.identity -- out"
            let found = try shell.run(needles, isNormalised: false)
            #expect(found.hasSuffix(": 0 found\n"), "\(found)")
        }
    }

    @Test("what is not understood has no document, and a full disk is told")
    func without() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let misunderstood = try shell.run("ca-escrow check --json --nonsense 2> log")
            #expect(misunderstood == "[exit 64]\n")
            let full = try shell.output(of: "ca-escrow policy check '2 of (a, b, c)' --json > /dev/full")
            #expect(full.status == 74)
        }
    }
}
