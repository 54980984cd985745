// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Looks for the password, the shares, the secret and the key in everything that the program leaves behind or lets out.
///
/// strace keeps what is written to any file or stream, also to files that are gone, and what is run with which arguments
/// and environment. What is read is left out: the CA's key comes that way, and the secret itself, from the kernel's random
/// generator. `needles.py` recomputes the secrets and searches.
@Suite("Needles in what the program writes", .enabled(if: TestRun.isWhole, "in `make whole`"))
struct NeedleTests {
    static let trace = "strace -f -qq -xx -s 10000000 -e 'trace=!read,pread64,readv,getrandom'"

    /// An escrow made under strace; then the CA's key lies outside the folder that is searched.
    static let backup = [
        "mkdir outside inside; cd inside; world.sh ca",
        "openssl pkey -in ca/private/cakey.pem -outform DER -out ../outside/key.der",
        "\(trace) -o backup.trace ca-escrow backup acme.escrow --from openssl-ca:ca --policy '3 of all' "
            + "--officers '1 of (olga)' --card cards -i olga.identity > backup.out 2>&1",
        "mv ca ../outside",
    ].joined(separator: " && ")

    static let restore =
        "restore acme.escrow --certificate ../outside/ca/cacert.pem -i olga.identity "
        + "-i alice.identity -i bob.identity -i carol.identity"

    private static let search = "needles.py inside/acme.escrow outside/key.der inside/*.identity -- inside"

    static let found = "searched <n> files for 10 secrets: 0 found\n"

    /// The search, with the number of files left out; seven custodians: everybody with a card but olga.
    private func expectNothing(_ shell: Shell) throws {
        #expect(try shell.run("\(Self.search) | sed 's/searched [0-9]*/searched <n>/'") == Self.found)
    }

    @Test("a backup, a check and a restore let nothing out")
    func everyday() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let steps = [
                Self.backup,
                "\(Self.trace) -o check.trace ca-escrow check acme.escrow -i bob.identity > check.out 2>&1",
                "echo 'new and long' > to.pass",
                "\(Self.trace) -o restore.trace ca-escrow \(Self.restore) --to pem:new.key,new.crt "
                    + "--passphrase-file to=to.pass > restore.out 2>&1",
                "ca-escrow \(Self.restore) --to pem:plain.key,plain.crt --plain-key > plain.out 2>&1",
                "mv plain.key ../outside",
            ]
            #expect(try shell.run(steps.joined(separator: " && ")) == "")
            try expectNothing(shell)
            // The search finds what is there: with the files that hold the key, and a trace that shows it.
            let show = "strace -qq -xx -s 1000 -e write -o inside/shown.trace cat outside/key.der > /dev/null"
            let hits = try shell.run("mv outside/plain.key outside/ca inside; \(show); \(Self.search) | tail -n +2")
            #expect(
                hits == """
                    inside/ca/private/cakey.pem: private key, base64
                    inside/plain.key: private key, base64
                    inside/shown.trace: private key, raw
                    [exit 1]

                    """
            )
        }
    }

    @Test("a drill lets nothing out, and writes nothing but the receipt")
    func drill() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let drill =
                "cd ../inside; \(Self.trace) -o drill.trace ca-escrow drill acme.escrow -i olga.identity -i alice.identity "
                + "-i bob.identity -i carol.identity --certificate ../outside/ca/cacert.pem > drill.out 2>&1"
            let before = "find . -type f ! -name '*.trace' ! -name '*.out' | sort > ../outside/before"
            let after = "find . -type f ! -name '*.trace' ! -name '*.out' | sort | comm -13 ../outside/before -"
            let names = try shell.run("\(Self.backup) && cd ../inside && \(before) && \(drill) && \(after)")
            let new = names.split(separator: "\n").map { $0.split(separator: "/").last ?? "" }
            #expect(new.count == 3 && new.allSatisfy { $0.contains("-drill-") })
            #expect(new.map { $0.split(separator: ".").last ?? "" }.sorted() == ["casig", "json", "sig"])
            #expect(try shell.run("grep -c '^signed: by the CA' inside/drill.out") == "1\n")
            try expectNothing(shell)
        }
    }

    /// A restore from afar, each act under strace; the request's key is copied outside for the search.
    private static let afar = [
        "echo -n 'a passphrase for one restore' > ../outside/pass; mv ../outside/ca ca2",
        "digest=$(sha256sum acme.escrow/0001-*/manifest.json | cut -c1-64)",
        "\(trace) -o acknowledge.trace ca-escrow acknowledge acme.escrow -i bob.identity --manifest $digest "
            + "--out bob.parcel > acknowledge.out 2>&1",
        "\(trace) -o challenge.trace ca-escrow challenge acme.escrow -i omar.identity > challenge.out 2>&1",
        "\(trace) -o prove.trace ca-escrow prove acme.escrow -i bob.identity > prove.out 2>&1",
        "\(trace) -o request.trace ca-escrow request acme.escrow --purpose p --destination d --machine m "
            + "--key request.key -i olga.identity --passphrase-file request=../outside/pass > request.out 2>&1",
        "cp request.key ../outside; digits=$(sed -n 's/^digits: //p' request.out)",
        "ca-escrow pack acme.escrow --out request.parcel > pack.out 2>&1",
        "for name in alice bob; do \(trace) -o $name.trace ca-escrow release acme.escrow -i $name.identity "
            + "--confirm \"$digits\" --manifest $digest > $name.out 2>&1; done",
        "mkdir home; cp carol.identity home; cd home; \(trace) -o answer.trace ca-escrow answer ../request.parcel "
            + "-i carol.identity --yes --confirm \"$digits\" --manifest $digest > answer.out 2>&1; cd ..",
        "\(trace) -o restore.trace ca-escrow restore acme.escrow --request '' --key request.key -i olga.identity "
            + "--release alice-release-*.release --release bob-release-*.release --release home/carol-release-*.release "
            + "--certificate ca2/cacert.pem --plain-key --to pem:plain.key,plain.crt "
            + "--passphrase-file request=../outside/pass > restore.out 2>&1 || cat restore.out",
    ].joined(separator: " && ")

    @Test("a restore from afar lets nothing out, and leaves nothing of the request's key")
    func afar() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run("\(Self.backup) && \(Self.afar)") == "")
            // The restored key lies in clear where it was asked for, and in the trace that wrote it.
            let hits = try shell.run(
                "mv inside/ca2 outside; needles.py --request outside/request.key 'a passphrase for one restore' "
                    + "inside/acme.escrow outside/key.der inside/*.identity -- inside "
                    + "| sed 's/searched [0-9]*/searched <n>/'"
            )
            #expect(
                hits == """
                    searched <n> files for 13 secrets: 2 found
                    inside/plain.key: private key, base64
                    inside/restore.trace: private key, base64
                    [exit 1]

                    """
            )
            try expectErased("request.key", in: folder)
        }
    }

    @Test("what an enrolment's box holds is nowhere, from the officer's draw to the officer's verdict")
    func enrolment() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let steps = [
                "world.sh people; mkdir inside; cp bob.card bob.identity olga.identity inside; cd inside",
                "\(Self.trace) -o ask.trace ca-escrow enrol challenge bob.card -i olga.identity --out ask.parcel "
                    + "> ask.out 2>&1",
                "\(Self.trace) -o answer.trace ca-escrow answer ask.parcel -i bob.identity --yes --out bob.parcel > answer.out 2>&1",
                "mkdir cards",
                "\(Self.trace) -o verify.trace ca-escrow enrol verify bob.parcel -i olga.identity --out cards --json "
                    + "> verify.out 2>&1",
                "ca-escrow show bob.parcel cards/*.json > show.out",
            ]
            let shown = try shell.run(steps.joined(separator: " && "))
            #expect(shown == "")
            let search = "enrolment.py needle inside/bob.parcel inside/bob.identity inside"
            #expect(try shell.run(search) == "searched 17 files: 0 found\n")
            // The search finds what is there, also in a trace.
            let show =
                "enrolment.py open inside/bob.parcel inside/bob.identity > outside; "
                + "od -An -v -tx1 outside | tr -d ' \\n' > inside/hex"
            let cat = "strace -qq -xx -s 1000 -e write -o inside/shown.trace cat outside > /dev/null"
            #expect(
                try shell.run("\(show); \(cat); \(search)") == """
                    inside/hex: what is in the box, hexadecimal
                    inside/shown.trace: what is in the box, raw
                    searched 19 files: 2 found
                    [exit 1]

                    """
            )
        }
    }

    /// The file is gone, and as many zeros as it had bytes were written over it before.
    private func expectErased(_ name: String, in folder: URL) throws {
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "inside/\(name)").path()))
        let byteCount = try Data(contentsOf: folder.appending(path: "outside/\(name)")).count
        let trace = try String(contentsOf: folder.appending(path: "inside/restore.trace"), encoding: .utf8)
        let path = name.utf8.map { "\\x" + String($0, radix: 16) }.joined()
        let zeros = String(repeating: "\\x00", count: byteCount)
        let calls = trace.split(separator: "\n").drop { !($0.contains(path) && $0.contains("O_WRONLY")) }
        let names = calls.prefix(5).map { $0.prefix { $0 != "(" }.split(separator: " ").last ?? "" }
        #expect(names == ["openat", "newfstatat", "write", "fsync", "unlink"])
        #expect(calls.contains { $0.contains("\"\(zeros)\", \(byteCount)) = \(byteCount)") })
    }

    /// A token of SoftHSM with the CA's key in it, escrowed and brought back under strace.
    private static let token = [
        "mkdir inside; cd inside; world.sh ca; . token.sh; mkdir tokens",
        "openssl pkey -in ca/private/cakey.pem -outform DER -out ../outside/key.der",
        "openssl x509 -in ca/cacert.pem -outform DER -out cert.der; mv ca ../outside",
        "printf 'directories.tokendir = %s/tokens\\n' \"$PWD\" > softhsm2.conf; pin=$(cat ../outside/pin)",
        "tool() { pkcs11-tool --module $module --token-label ca --login --pin \"$pin\" \"$@\" > tool.log 2>&1; }",
        "softhsm2-util --init-token --free --label ca --so-pin 12345678 --pin \"$pin\" > tool.log",
        "tool --write-object ../outside/key.der --type privkey --id 01 --label root --extractable",
        "tool --write-object cert.der --type cert --id 01 --label root",
        "\(trace) -o backup.trace ca-escrow backup acme.escrow --policy '3 of all' --officers '1 of (olga)' --card cards "
            + "-i olga.identity --from \"pkcs11:token=ca?module-path=$module&pin-source=../outside/pin\" > out 2>&1",
        "tool --delete-object --type privkey --label root; tool --delete-object --type cert --label root",
        "\(trace) -o restore.trace ca-escrow \(restore) --to \"pkcs11:token=ca;object=root?module-path=$module\" "
            + "--passphrase-file to=../outside/pin > restored 2>&1 || cat restored",
    ].joined(separator: " && ")

    @Test("a key that goes out of a token and comes back lets nothing out, nor does its PIN")
    func token() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let pin = "a PIN that is long enough"
            #expect(try shell.run("mkdir outside; echo '\(pin)' > outside/pin; \(Self.token)") == "")
            let found = try shell.run(
                "needles.py --pin '\(pin)' inside/acme.escrow outside/key.der inside/*.identity -- inside "
                    + "| sed 's/searched [0-9]*/searched <n>/'; grep -c ^written inside/restored"
            )
            #expect(found == "searched <n> files for 11 secrets: 0 found\n3\n")
        }
    }

    @Test("while a custodian is asked, arguments, environment and open files show nothing")
    func whileAsked() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            // A process that forbids dumps keeps its environment from all but the almighty.
            let look = "=cat /proc/$PID/cmdline > cmdline; cat /proc/$PID/environ > environ; ls -l /proc/$PID/fd > fd"
            let restore =
                "answer.py 'Enter stops): ' alice.identity 'Enter stops): ' bob.identity 'Enter stops): ' '\(look)' "
                + "'' '' -- ca-escrow \(Self.atTerminal) > asked.out 2> /dev/null"
            #expect(try shell.run("\(Self.backup) && \(restore)") == "[exit 1]\n")
            #expect(try shell.run("cd inside; grep -c accepted asked.out; tr '\\0' ' ' < cmdline") == Self.asked)
            try expectNothing(shell)
        }
    }

    private static let asked = "2\nca-escrow \(atTerminal) \n"
    private static let atTerminal =
        "restore acme.escrow --certificate ../outside/ca/cacert.pem --unverified reason --plain-key --to pem:new.key,new.crt"

    @Test(
        "a crash while shares are held shows no memory and leaves no core",
        arguments: ["SEGV", "ABRT", "BUS", "FPE", "ILL", "TRAP"]
    )
    func crash(by signal: String) throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run(Self.backup) == "")
            let names = try shell.output(of: "ls -A inside").text
            let (text, status) = try shell.output(
                of: "cd inside; ulimit -c unlimited; export SWIFT_BACKTRACE=enable=yes,color=no; "
                    + "answer.py 'Enter stops): ' alice.identity 'Enter stops): ' bob.identity "
                    + "'Enter stops): ' '!\(signal)' -- ca-escrow \(Self.atTerminal)"
            )
            #expect(status == 128 + Self.numbers[signal, default: 0])
            // Nothing after the prompt: no backtrace, no registers, no word of a core.
            let end = "1 more needed of (carol, dave, erin, omar, otto)\nIdentity file (Enter stops): "
            #expect(text.hasSuffix(end), "\(text)")
            let namesAfterwards = try shell.output(of: "ls -A inside").text
            #expect(namesAfterwards == names)
            try text.write(to: folder.appending(path: "inside/crash.out"), atomically: false, encoding: .utf8)
            try expectNothing(shell)
        }
    }

    private static let numbers = [
        "SEGV": SIGSEGV, "ABRT": SIGABRT, "BUS": SIGBUS, "FPE": SIGFPE, "ILL": SIGILL, "TRAP": SIGTRAP,
    ]
}
