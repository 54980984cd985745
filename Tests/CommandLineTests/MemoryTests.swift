// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What is in a command's memory when all is done: `memory.py` stops it while it exits, and `needles.py` searches.
///
/// Needs root, as whoever reads the memory of a process does that forbids dumps.
@Suite("Memory after use", .enabled(if: TestRun.isWhole && getuid() == 0, "in `make whole`, by root"))
struct MemoryTests {
    /// Each command that handles a secret, in an order in which it can.
    private static let commands = [
        ("create", "identity create zoe --passphrase-file zoe.pass"),
        (
            "passphrase",
            "identity passphrase zoe.identity --out new.identity --passphrase-file zoe=zoe.pass "
                + "--passphrase-file to=new.pass"
        ),
        ("enrol", "enrol challenge alice.card -i olga.identity --out ask.parcel"),
        ("enrolled", "answer ask.parcel -i alice.identity --yes --out alice.parcel"),
        ("verify", "enrol verify alice.parcel -i olga.identity --out ."),
        (
            "backup",
            "backup acme.escrow --from openssl-ca:ca --policy '3 of all' --officers '2 of (olga, omar)' "
                + "--card cards -i olga.identity"
        ),
        ("sign", "sign acme.escrow -i omar.identity --yes"),
        ("check", "check acme.escrow -i bob.identity"),
        ("acknowledge", "acknowledge acme.escrow -i bob.identity --manifest $digest"),
        ("challenge", "challenge acme.escrow -i omar.identity"),
        ("prove", "prove acme.escrow -i bob.identity"),
        ("drill", "drill acme.escrow $trust $quorum"),
        (
            "request",
            "request acme.escrow --purpose p --destination d --machine m --key request.key -i olga.identity "
                + "--passphrase-file request=zoe.pass"
        ),
        ("approve", "sign acme.escrow -i omar.identity --yes"),
        ("release", "release acme.escrow -i bob.identity --confirm \"$digits\""),
        ("refuse", "refuse acme.escrow -i dave.identity --reason no"),
        ("suspend", "suspend acme.escrow carol -i olga.identity --because lost"),
        ("rekey", "rekey acme.escrow -i erin.identity --card new/erin.card --yes --manifest $digest"),
        (
            "restore",
            "restore acme.escrow --epoch 1 $trust $quorum --to pem:new.key,new.crt --passphrase-file to=new.pass"
        ),
        ("step", "restore acme.escrow --epoch 1 $trust $quorum --to 'step-ca:step#root' --passphrase-file to=new.pass"),
        (
            "encrypted",
            "backup encrypted.escrow --from pem:encrypted.key,ca/cacert.pem --passphrase-file from=zoe.pass "
                + "--policy '3 of all' --officers '1 of (olga)' --card cards"
        ),
        ("p12", "restore acme.escrow --epoch 1 $trust $quorum --to p12:new.p12 --passphrase-file to=new.pass"),
        ("plain", "restore acme.escrow --epoch 1 $trust $quorum --to pem:plain.key,plain.crt --plain-key"),
    ]

    /// Runs them all; what a command needs of an earlier one's output is taken from there.
    private static var script: String {
        let before: [String] = [
            "world.sh ca; mkdir dumps out new; openssl pkey -in ca/private/cakey.pem -outform DER -out key.der",
            "echo 'violet hammock ninety' > zoe.pass; echo 'quartz umbrella sixty' > new.pass",
            "ca-escrow identity create erin --no-passphrase --out new > out/new 2>&1",
            "openssl ec -aes256 -in ca/private/cakey.pem -out encrypted.key -passout file:zoe.pass 2> out/openssl",
            "ca-escrow show --allowed-signers olga.card omar.card > officers.signers",
            "trust='--certificate ca/cacert.pem --signers officers.signers'",
            "quorum='-i alice.identity -i bob.identity -i carol.identity'",
        ]
        let steps = commands.map { name, command in
            let digest = "digest=$(sha256sum acme.escrow/0001-*/manifest.json 2>/dev/null | cut -c1-64)"
            let digits = "digits=$(sed -n 's/^digits: //p' out/request 2>/dev/null)"
            return "\(digest); \(digits); memory.py dumps/\(name) -- ca-escrow \(command) > out/\(name) 2>&1 "
                + "|| { echo \"\(name): status $?\"; tail -n 3 out/\(name); }"
        }
        return (before + steps).joined(separator: "\n")
    }

    private static let search =
        "needles.py --identities --passphrase 'violet hammock ninety' --passphrase 'quartz umbrella sixty' acme.escrow key.der "
        + "{alice,bob,carol,dave,erin,olga,omar,otto}.identity --"

    private static let nothing = "searched \(2 * commands.count) files for 42 secrets: 0 found\n"

    /// What the commands have written and shown: all but the CA's own folder, the passphrases, and a key written plain.
    private static let written = "out acme.escrow cards new *.parcel *.release *.identity *.card new.key new.p12"

    @Test("when a command has ended, no page that is not locked holds a secret that it had")
    func afterUse() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let complaints = try shell.run(Self.script)
            #expect(complaints == "")
            let found = try shell.run("\(Self.search) dumps")
            #expect(found == Self.nothing)
            let inFiles = try shell.run("\(Self.search) \(Self.written) | sed 's/searched [0-9]*/searched <n>/'")
            #expect(inFiles == "searched <n> files for 42 secrets: 0 found\n")
        }
    }

    /// The loss that the threat model names, and the proof that the search finds what is there.
    @Test("while shares are held, they are in locked pages and nowhere else; root can read them there")
    func whileHeld() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let held =
                "answer.py 'Enter stops): ' alice.identity 'Enter stops): ' bob.identity 'Enter stops): ' "
                + "'=memory.py dumps/held --of $PID; kill -TERM $PID' -- ca-escrow restore acme.escrow --unverified reason "
                + "--certificate ca/cacert.pem --plain-key --to pem:new.key,new.crt > shown"
            let world = "world.sh escrow; mkdir dumps; openssl pkey -in ca/private/cakey.pem -outform DER -out key.der"
            let ended = try shell.run("\(world); \(held)")
            #expect(ended == "[exit 143]\n")
            #expect(
                try shell.run("\(Self.search) dumps") == """
                    searched 2 files for 42 secrets: 2 found
                    dumps/held.locked: share 1, raw
                    dumps/held.locked: share 2, raw
                    [exit 1]

                    """
            )
        }
    }
}
