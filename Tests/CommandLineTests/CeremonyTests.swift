// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Whole ceremonies, held in a terminal of 80 by 24 that `ceremony.py` reads and types at.
@Suite("Ceremonies")
struct CeremonyTests {
    private static let run = "ca-escrow ceremony run plan.json"
    /// Checks that do not pass: none of a whole ceremony.
    private static let passed = "[exit 1]\n"
    private static let verify =
        "ca-escrow ceremony verify plan.ceremony --signers officers.signers | sed -n '/^[A-Z ]*: /p' | grep -v '^PASS\\|^NOT APPLICABLE\\|^REHEARSAL'"
    private static let verifyAll =
        "ca-escrow ceremony verify plan.ceremony --signers officers.signers "
        + "| sed -n 's/^\\(PASS: [a-z]*\\):.*/\\1/; /^[A-Z ]*: /p'"
    private static let quorum = "--identity alice.identity --identity bob.identity --identity carol.identity"
    /// Where it is killed: at every kind of question in a step, or at some of them and wherever something is done.
    private static let killing = "--kill-each kind --kill-every \(TestRun.step(5))"
    /// Three custodians, of whom two restore: fewer people to wait for.
    private static let few = "POLICY='2 of (alice, bob, carol)'"

    /// Holds a ceremony to its end in a world of its own.
    private func hold(_ options: String, in world: String, _ shell: Shell) throws {
        #expect(
            try shell.run("\(world) && ceremony.py \(options) \(Self.run) > answers || cat answers", limit: 300) == ""
        )
        #expect(try shell.run(Self.verify) == Self.passed)
        // docs/format-ceremony.md, Annex G: every document, line, file and policy of the bundle, and no altered copy.
        let kinds =
            "grammar.py ceremony plan.ceremony "
            + "| sed 's/^[0-9]* \\(documents\\|names\\) are of the grammar.*/\\1/'"
        #expect(try shell.run(kinds, isNormalised: false) == "documents\nnames\n")
    }

    /// How often a line of the transcript says something.
    private func count(_ pattern: String, _ shell: Shell) throws -> Int? {
        let text = try shell.run("grep -cE '\(pattern)' plan.ceremony/transcript.jsonl || true", isNormalised: false)
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    @Test("a backup, from the signed plan to the signed bundle: an exception, another digest, and nothing secret")
    func backup() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let options = "--exception 'Sign in' --differ certificate --passphrase bob=bob.pass --capture screens"
            try hold(options, in: "ceremony-world.sh backup", shell)
            #expect(try count(#""act":"exception".*the witness came late"#, shell) == 1)
            #expect(try count(#""act":"exception".*another digest was read"#, shell) == 1)
            #expect(try count(#""act":"differed".*the certificate with SHA-256"#, shell) == 1)
            // Two quorums that together cover all five, whose shares are accepted.
            #expect(
                try shell.run(
                    "ls acme.escrow/*/records | grep -c 'drill.*json$'; ls acme.escrow/*/receipts | grep -c 'json$'"
                ) == "2\n5\n"
            )
            let people = #"grep -o '"custodians": \[[^]]*' acme.escrow/*/records/*drill*.json -z | tr -d '\0'"#
            #expect(
                try shell.run("\(people) | grep -oE 'alice|bob|carol|dave|erin' | sort -u | wc -l", isNormalised: false)
                    == "5\n"
            )
            // Everything that came to the escrow is in the transcript.
            let files =
                "(cd acme.escrow && find * -type f | sort) > there; "
                + "grep -oE '\"name\":\"[^\"]*\"' plan.ceremony/transcript.jsonl | cut -d'\"' -f4 | sort -u > named; comm -23 there named"
            #expect(try shell.run(files) == "")
            // Neither the terminal nor the bundle has seen a secret.
            let search =
                "mkdir seen; cp -r plan.ceremony answers screens seen; openssl pkey -in ca/private/cakey.pem -outform DER -out key.der; "
                + "needles.py --pin \"$(cat bob.pass)\" acme.escrow key.der alice.identity carol.identity dave.identity erin.identity "
                + "-- seen | sed 's/searched [0-9]*/searched <n>/'"
            #expect(try shell.run(search) == "searched <n> files for 8 secrets: 0 found\n")
            try tamper(shell)
        }
    }

    /// One line removed, moved or altered is named.
    private func tamper(_ shell: Shell) throws {
        let verify = "ca-escrow ceremony verify plan.ceremony --signers officers.signers"
        for (edit, line) in [
            ("20d", "line 20: numbered 21: a line was removed or moved before it"),
            ("'20{h;d};21G'", "line 20: numbered 21: a line was removed or moved before it"),
            (
                "'20s/,\"step\":\"/,\"step\":\"x/'",
                "line 21: not written after the line before it: one of them was altered or moved"
            ),
        ] {
            let text = try shell.run(
                "cp plan.ceremony/transcript.jsonl kept; sed -i \(edit) plan.ceremony/transcript.jsonl; \(verify); "
                    + "status=$?; cp kept plan.ceremony/transcript.jsonl; exit $status"
            )
            #expect(text == "ca-escrow: error: plan.ceremony/transcript.jsonl: \(line)\n[exit 2]\n")
        }
        #expect(
            try shell.run("sed -i '$s/\"closed\"/\"abandoned\"/' plan.ceremony/transcript.jsonl; \(Self.verify)")
                .contains("FAIL: signatures")
        )
    }

    @Test("a restore, from the signed plan to the signed bundle: the key is the CA's, its passphrase nowhere")
    func restore() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            // An exception by hand settles nothing, whatever its words: the key is restored all the same.
            let options =
                "--exception 'Restore the key' --answer 'What was expected=the key is restored' --differ plan "
                + "--passphrase to=to.pass \(Self.quorum) --capture screens"
            try hold(options, in: "ceremony-world.sh restore", shell)
            let keys =
                "openssl pkey -in new.key -passin file:to.pass -pubout > a; openssl pkey -in ca/private/cakey.pem -pubout | cmp a"
            #expect(
                try shell.run(
                    "\(keys); ls acme.escrow/*/records | wc -l; grep -rlf to.pass plan.ceremony answers screens"
                ) == "1\n[exit 1]\n"
            )
            #expect(try count(#""act":"exception".*the witness came late"#, shell) == 1)
            #expect(try count(#""act":"exception".*another digest was read"#, shell) == 1)
            let search =
                "mkdir seen; cp -r plan.ceremony answers screens seen; openssl pkey -in ca/private/cakey.pem -outform DER -out key.der; "
                + "needles.py acme.escrow key.der alice.identity bob.identity carol.identity -- seen | sed 's/searched [0-9]*/searched <n>/'"
            #expect(try shell.run(search) == "searched <n> files for 6 secrets: 0 found\n")
        }
    }

    @Test("a backup that is killed at kinds of questions of every step goes on where it was, and deals once")
    func killedBackup() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let options =
                "\(Self.killing) --elsewhere 'Deal the shares=' --exception 'Sign in' --differ certificate --passphrase bob=bob.pass"
            try hold(options, in: "\(Self.few) ceremony-world.sh backup", shell)
            let killed = try shell.run("grep -c killed answers", isNormalised: false)
            #expect(Int(killed.dropLast()) ?? 0 > 60 / TestRun.step(5))
            #expect(
                try shell.run("ls -d acme.escrow/0* | wc -l; ls acme.escrow/*/records | grep -c 'drill.*json$'")
                    == "1\n2\n"
            )
            #expect(try count(#""act":"began""#, shell) == count(#""act":"done""#, shell).map { $0 + 1 })
            #expect(try count("done before the interruption", shell) == 1)
            #expect(try count(#""act":"differed".*the certificate with SHA-256"#, shell) == 1)
        }
    }

    @Test(
        "a restore that is killed at kinds of questions of every step, and as each custodian comes, restores once"
    )
    func killedRestore() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            try hold("\(Self.killing) --passphrase to=to.pass \(Self.quorum)", in: "ceremony-world.sh restore", shell)
            let killed = try shell.run("grep -c killed answers", isNormalised: false)
            #expect(Int(killed.dropLast()) ?? 0 > 40 / TestRun.step(5))
            #expect(
                try shell.run(
                    "grep -c '^.killed. .*(Enter stops)' answers; ls acme.escrow/*/records | wc -l; "
                        + "openssl pkey -in new.key -passin file:to.pass -noout"
                ) == "3\n1\n"
            )
        }
    }

    @Test("a restore that dies after its record and before the transcript's line is not repeated")
    func restoredBeforeDeath() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let more = "-i alice.identity -i bob.identity -i carol.identity --passphrase-file to=to.pass"
            try hold("--elsewhere 'Restore the key=\(more)'", in: "ceremony-world.sh restore", shell)
            #expect(
                try shell.run("ls acme.escrow/*/records | wc -l; openssl pkey -in new.key -passin file:to.pass -noout")
                    == "1\n"
            )
            #expect(try count("done before the interruption", shell) == 1)
        }
    }

    @Test("a drill at a terminal that knows no sequence is shown none")
    func drill() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            // What lies in the escrow under names that cannot be written down is passed over; a receipt of others, made
            // while the ceremony was interrupted, is not the step's; what an interrupted run left is removed first.
            let world = "ceremony-world.sh drill && touch $'acme.escrow/a\\nb' $'acme.escrow/a\\xe2\\x80\\x8bb'"
            let others =
                "ca-escrow drill acme.escrow -i carol.identity -i dave.identity -i erin.identity --signers officers.signers --certificate ca/cacert.pem; cd acme.escrow/0001-*/records; touch left.json.alice.sig"
            try hold("--term dumb --capture screens --at 'Trial restore 1 of 2=\(others)'", in: world, shell)
            #expect(
                try shell.run("grep -c $'\\x1b' screens; ls acme.escrow/*/records | grep -c 'drill.*json$'") == "0\n3\n"
            )
            #expect(
                try shell.run("grep -c '^Remove what an interrupted run left' answers; cat acme.escrow/*/records/left*")
                    == "1\ncat: 'acme.escrow/*/records/left*': No such file or directory\n[exit 1]\n"
            )
            #expect(try count(#""direction":"in","name":"[^"]*-drill-[^"]*json""#, shell) == 1)
            #expect(try count(#""text":"done before the interruption""#, shell) == 0)
            #expect(try shell.run("grep -c 'names that cannot be written down' screens", isNormalised: false) != "0\n")
        }
    }

    @Test("a drill with an absent custodian, a replaced witness, a slip of the keyboard, and somebody who leaves")
    func people() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let answers = [
                "Initials of Wanda=absent", "No witness is there=wim", "Initials of Dave Martin=absent",
                "Initials of Omar=\(String(repeating: "O", count: 1100))", "Initials of Erin Martin=NO",
                "number of what is wrong=1", "what is right=B-900", "GO or NO-GO=people",
                "Who comes, or leaves=audrey", "Audrey Abel leaves=yes",
            ]
            let first = answers.map { "--first '\($0)'" }.joined(separator: " ")
            let world = "ALTERNATE=wim ceremony-world.sh drill"
            try hold("\(Self.killing) \(first) --capture screens", in: world, shell)
            #expect(try count(#""act":"replaced".*"text":"wanda".*"text":"wim""#, shell) == 1)
            #expect(try count(#""act":"absent""#, shell) == 3)
            #expect(
                try shell.run("grep -c B-900 plan.ceremony/inventory.json; ls plan.ceremony/attestations | wc -l")
                    == "1\n11\n"
            )
            #expect(try shell.run("grep -c 'initials are 1 to 4 letters' screens") == "1\n")
            // A line that is too long ends nothing: it is asked for again.
            #expect(try shell.run("grep -c 'the ceremony: more than 1024 bytes' screens") == "1\n")
            let verify = "ca-escrow ceremony verify plan.ceremony --signers officers.signers"
            #expect(
                try shell.run(
                    "\(verify) | grep -E '^(absent|left|witness|line|in no)' | sed 's/line [0-9]*/line <n>/; s/USB-[^:]*/<label>/'"
                )
                    == """
                    absent: wanda (witness)
                    left: audrey (auditor)
                    absent: dave (custodian)
                    witness: wim in the place of wanda
                    line <n> corrected, opened bag of <label>: 'B-001' was meant to be 'B-900'
                    in no trial restore: dave

                    """
            )
            let second =
                "\"$(dirname \"$(command -v world.sh)\")/../../Fixtures/break-glass/verify-ceremony.py\" --without-report plan.ceremony --signers officers.signers | tail -n 1"
            #expect(try shell.run(second) == "verdict: sound\n")
            // One that has ended is not held again, and that is no error.
            #expect(try shell.run("ceremony.py \(Self.run) | tail -n 2") == "bundle: plan.ceremony\n[exit 0]\n")
        }
    }

    @Test("a backup with OpenSSH keys of an officer and the witness, who sign outside")
    func outsideSignatures() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            // What shows that bob can unseal comes on the day, and is kept as any other.
            let world = "OPENSSH='omar wanda' \(Self.few) ceremony-world.sh backup; mkdir away; mv cards/bob-* away"
            let options = "--at 'Verify the cards=mv away/bob-* cards' --decide again --passphrase bob=bob.pass"
            try hold(options, in: world, shell)
            #expect(try shell.run("grep -c '\\.sig$' answers") == "2\n")
            #expect(try shell.run("ls plan.ceremony/cards | grep -c '^bob-'; ls cards | grep -c '^bob-'") == "4\n4\n")
            #expect(try count(#""act":"compared".*"name":"cards/bob-.*bob has shown that they can unseal"#, shell) == 1)
        }
    }

    @Test("a rehearsal makes a CA of its own, and three quorums cover a nested policy")
    func rehearsal() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let world = "POLICY='2 of (alice, 1 of (bob, carol, dave))' ceremony-world.sh rehearsal"
            try hold("--term vt100 --passphrase bob=bob.pass", in: world, shell)
            #expect(
                try shell.run(
                    "ca-escrow show acme.escrow | grep -c REHEARSAL; ls acme.escrow/*/records | grep -c 'drill.*json$'"
                )
                    == "2\n3\n"
            )
        }
    }

    @Test("whoever stops, leaves, presses Ctrl-C or loses the line goes on; NO-GO and 'abandon' close the record")
    func interruptions() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run("ceremony-world.sh drill") == "")
            let hint = "ca-escrow: hint: go on with: \(Self.run)\n"
            let stopped =
                "ca-escrow: error: step 2, 'Sign in': interrupted; what is done is written down\n\(hint)[exit 1]\n"
            let run = Self.run
            // Another program that goes on, and another card than the ceremony was opened with, are noticed.
            let other = "./other ceremony run plan.json"
            #expect(try shell.run("cp \"$(command -v ca-escrow)\" other; echo >> other") == "")
            for (answer, end, status, run) in [
                ("Initials of Wanda=stop", stopped, 1, run), ("Initials of Olga=^D", stopped, 1, run),
                ("Initials of Olga=stop", stopped, 1, other),
                (
                    "Initials of Omar=^C",
                    "ca-escrow: error: interrupted; what is done is written down\n\(hint)[exit 130]\n", 130, run
                ),
                ("Bag number=!HUP", "[exit 129]\n", 129, run),
                ("GO or=NO-GO", "ca-escrow: error: abandoned at step 11; the record is closed\n[exit 77]\n", 77, run),
            ] {
                let held = try shell.run(
                    "ceremony.py --answer '\(answer)' \(run) | grep -E '^(ca-escrow: |.exit)'"
                )
                #expect(held == end + "[exit \(status)]\n", "\(answer)")
                #expect(try shell.run(Self.verifyAll).hasPrefix("PASS: chain\n"), "\(answer)")
            }
            #expect(try count(#""act":"resumed""#, shell) == 5)
            #expect(
                try count(#""act":"exception".*the program is the plan.*"text":"SHA-256 [0-9a-f]{64}""#, shell) == 1
            )
            // Who dies after the decision and before its line does not go on.
            let cut =
                "sed -i '$d' plan.ceremony/transcript.jsonl; rm plan.ceremony/report.* plan.ceremony/transcript.jsonl.*"
            #expect(
                try shell.run("\(cut); ceremony.py \(Self.run) | grep -E '^(ca-escrow: |.exit)'")
                    == "ca-escrow: error: abandoned at step 11; the record is closed\n[exit 77]\n[exit 77]\n"
            )
            #expect(try count(#""act":"resumed""#, shell) == 5)
            #expect(
                try shell.run(
                    "\(Self.verifyAll); ls plan.ceremony | grep report; ls acme.escrow/*/records 2>&1 | wc -l"
                )
                .contains(
                    "NOT APPLICABLE: end: abandoned at step go\nPASS: acts\nPASS: program\nPASS: people\nPASS: plan\nPASS: anchor\nPASS: signatures\n"
                )
            )
            let verify = "plan.ceremony --signers officers.signers"
            #expect(
                try shell.run(
                    "ca-escrow ceremony verify \(verify) | head -n 1; "
                        + "\"$(dirname \"$(command -v world.sh)\")/../../Fixtures/break-glass/verify-ceremony.py\" --without-report \(verify) | tail -n 1"
                )
                    == "plan.ceremony: ABANDONED, WHOLE RECORD: Escrow of the Acme Root CA\nverdict: ABANDONED, WHOLE RECORD\n[exit 1]\n"
            )
            let again = "ceremony.py \(Self.run) | grep -E '^(ca-escrow: |.exit)'"
            #expect(
                try shell.run(again)
                    == "ca-escrow: error: abandoned at step 11; the record is closed\n[exit 77]\n[exit 77]\n"
            )
            let abandon =
                "rm -r plan.ceremony; ceremony.py --exception 'Compare the clock' --decide abandon \(Self.run) | tail -n 2"
            #expect(
                try shell.run(abandon)
                    == "ca-escrow: error: abandoned at step 4; the record is closed\n[exit 77]\n[exit 77]\n"
            )
            try changed(shell)
        }
    }

    /// What is not what it was: a card that the ceremony was opened with, the manifest that was compared.
    private func changed(_ shell: Shell) throws {
        let begin = "rm -r plan.ceremony; ceremony.py --stop 'Sign in' \(Self.run) > log; mkdir new"
        let card = "ca-escrow identity create wanda --no-passphrase --out new > log 2>&1; cp cards/wanda.card kept"
        let again =
            "cp new/wanda.card cards; ceremony.py \(Self.run) | grep -E '^ca-escrow: '; cp kept cards/wanda.card"
        #expect(
            try shell.run("\(begin); \(card); \(again)") == """
                ca-escrow: error: plan.json: a plan with errors is not held: line 21: witness 1, wanda: cards/wanda.card: its SHA-256 is <sha256>, where the plan has <sha256>
                ca-escrow: hint: ca-escrow ceremony check plan.json

                """
        )
        let epoch =
            "ca-escrow backup acme.escrow --from openssl-ca:ca --occasion scheduled -i olga.identity --yes; "
            + "ca-escrow sign acme.escrow -i omar.identity --confirm SET --confirm KEYFILE --yes"
        #expect(
            try shell.run("ceremony.py --at 'Audit the escrow=\(epoch)' --decide abandon \(Self.run) | tail -n 2")
                == "ca-escrow: error: abandoned at step 10; the record is closed\n[exit 77]\n[exit 77]\n"
        )
        #expect(
            try count(#""act":"differed".*the newest manifest is [0-9a-f]{64}, where [0-9a-f]{64} was compared"#, shell)
                == 1
        )
    }

    @Test("nobody goes on without the shares; a new epoch of an escrow that is there is made with an occasion")
    func newEpoch() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let failing =
                "\(Self.few) ceremony-world.sh again; ceremony.py --at 'Deal the shares=mv ca/private/cakey.pem .' "
                + "\(Self.run) | grep -E \"^Mick Moore: 'again' or|^ca-escrow: |^.exit\""
            let held = try shell.run(failing)
            #expect(
                held == """
                    Mick Moore: 'again' or 'abandon' [stop]: abandon
                    ca-escrow: error: abandoned at step 11; the record is closed
                    [exit 77]
                    [exit 77]

                    """
            )
            // An act's error is written down in words.
            #expect(try count("Diagnostic|message:", shell) == 0)
            #expect(
                try count(#""act":"differed".*"text":"ca/private/cakey.pem: No such file or directory""#, shell) == 1
            )
            let making =
                "rm -r plan.ceremony; mv cakey.pem ca/private; ceremony.py --stop 'Compare the manifest' \(Self.run) | tail -n 1"
            #expect(try shell.run("\(making); ls -d acme.escrow/0* | wc -l") == "[exit 1]\n2\n")
            #expect(try count(#""act":"noted".*"direction":"out","name":"0002-[0-9a-f]{8}/manifest.json""#, shell) == 1)
        }
    }
}
