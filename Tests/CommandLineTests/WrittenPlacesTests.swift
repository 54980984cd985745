// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// Where a restore writes, seen by strace: in the store's own directory, and its record in the escrow's.
@Suite("Places that a restore writes")
struct WrittenPlacesTests {
    /// A store in `DIR`, and what must be there before.
    struct Store: Sendable, CustomTestStringConvertible {
        let name: String
        var setup = ":"
        var options = "--plain-key"

        var testDescription: String { name }
    }

    static let stores = [
        Store(name: "pem:DIR/private/ca.key,DIR/ca.crt"),
        Store(name: "pem:DIR//./private/../ca.key,DIR/certs//ca.crt", setup: "mkdir -p DIR/private"),
        Store(name: "p12:DIR/ca.p12", options: "--passphrase-file to=pass"),
        Store(name: "certutil:DIR", options: "--passphrase-file to=pass"),
        Store(name: "openssl-ca:DIR", options: "--plain-key --with-state"),
        Store(name: "openssl-ca:DIR", setup: "mkdir -p DIR; cat slash.cnf > DIR/openssl.cnf"),
        Store(name: "openssl-ca:DIR/openssl.cnf", setup: "mkdir -p DIR/link; cat slash.cnf > DIR/openssl.cnf"),
        Store(name: "easy-rsa:DIR"),
        Store(name: "step-ca:DIR#root"),
        Store(
            name: "nss:DIR?nickname=ca",
            setup: "mkdir -p DIR; certutil -N -d sql:DIR -f pass",
            options: "--passphrase-file to=pass"
        ),
        Store(
            name: "pkcs11:token=ca;object=ca?module-path=/usr/lib/softhsm/libsofthsm2.so",
            setup: "mkdir -p DIR/tokens; printf 'directories.tokendir = %s\\nobjectstore.backend = file\\n' "
                + "\"$(realpath DIR)/tokens\" > soft.conf; "
                + "softhsm2-util --init-token --free --label ca --so-pin 12345678 --pin \"$(cat pass)\"",
            options: "--passphrase-file to=pass"
        ),
    ]

    /// Ways to write one directory; the last one lies elsewhere than its text says.
    static let spellings = ["s", ".//s/", "../here/s", "link/../s"]

    private static let calls = [
        "open", "openat", "openat2", "creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat",
        "symlink", "symlinkat", "mknod", "mknodat", "truncate", "chmod", "fchmodat", "chown", "lchown", "fchownat",
    ].joined(separator: ",")

    @Test("a restore writes in the store's own directory and in the escrow, and nowhere else")
    func places() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run(Self.world) == "")
            for (number, store) in Self.stores.enumerated() {
                for spelling in TestRun.isWhole ? Self.spellings : [Self.spellings[number % Self.spellings.count]] {
                    func named(_ text: String) -> String { text.replacing("DIR", with: spelling) }
                    let command = """
                        export SOFTHSM2_CONF=soft.conf; cd here; rm -rf s ../far/s; (\(named(store.setup))) > ../setup 2>&1 || cat ../setup
                        strace -f -y -s 4096 -e trace=\(Self.calls) -o ../trace \
                        ca-escrow restore ../acme.escrow --to '\(named(store.name))' --certificate ../ca.crt \
                        --signers ../olga.signers -i ../alice.identity -i ../carol.identity \(store.options) \
                        > ../out 2>&1 || cat ../out
                        """
                    #expect(try shell.run(command) == "", "\(named(store.name))")
                    let here = folder.appending(path: "here")
                    let own = real(spelling, in: here.path())
                    let escrow = real("acme.escrow", in: folder.path())
                    let written = try written(folder.appending(path: "trace"), in: here.path())
                    // What the search finds, it must find.
                    #expect(written.contains { $0.hasPrefix("\(own)/") }, "\(named(store.name))")
                    #expect(written.contains { $0.hasPrefix("\(escrow)/") })
                    let elsewhere = written.filter { path in
                        ![own, escrow].contains { path == $0 || path.hasPrefix("\($0)/") }
                            && !Self.isTemporary(path, for: own)
                    }
                    #expect(elsewhere == [], "\(named(store.name))")
                }
            }
        }
    }

    /// What is gone when a restore ends: the store's directory under the hidden name under which it is made, and a private
    /// directory in which the archive's configuration is read.
    private static func isTemporary(_ path: String, for own: String) -> Bool {
        let parts = own.split(separator: "/")
        let parent = parts.dropLast().map { "/\($0)" }.joined()
        return path.wholeMatch(of: /\/tmp\/ca-escrow-[0-9a-z]+(\/.*)?/) != nil
            || path.hasPrefix("\(parent)/.\(parts.last ?? "").") && path.hasSuffix(".partial")
    }

    @Test("what is written elsewhere is found")
    func control() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let command = """
                mkdir -p here/in far/away; ln -s ../far/away here/link; cd here
                strace -f -y -s 4096 -e trace=\(Self.calls) -o ../trace \
                sh -c 'mkdir link/../c; echo > in/a; cd in; echo > ../b; mv ../b ../d; ln a ../e; cat a > /dev/null'
                """
            #expect(try shell.run(command) == "")
            let top = real(".", in: folder.path())
            let found = try written(folder.appending(path: "trace"), in: folder.appending(path: "here").path())
            #expect(
                found == ["far/c", "here/b", "here/d", "here/e", "here/in/a"].map { "\(top)/\($0)" }
            )
        }
    }

    /// A CA by `openssl ca`, escrowed with its state.
    static let world = """
        world.sh people; ca-escrow show --allowed-signers olga.card > olga.signers; mkdir -p ca/private ca/newcerts
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca/private/cakey.pem \
        -out ca/cacert.pem -subj '/CN=Acme CA' -days 365 2> log; cp ca/cacert.pem ca.crt
        touch ca/index.txt; echo 01 > ca/serial; echo 01 > ca/crlnumber
        ca-escrow backup acme.escrow --from openssl-ca:ca --policy '2 of (alice, bob, carol)' --with-state \
        --officers '1 of (olga)' --card cards -i olga.identity > log 2>&1 || cat log
        mkdir -p here far/away; ln -s ../far/away here/link; echo 'correct horse battery' > here/pass
        printf '%s\\n' '[ca]' 'default_ca = x' '[x]' 'dir = ./' 'private_key = $dir/ca.key' \
        'certificate = $dir/./certs/../ca.crt' > here/slash.cnf
        """

    /// The paths that calls may have written, made or renamed, in order, links followed.
    private func written(_ trace: URL, in start: String) throws -> [String] {
        var found: Set<String> = []
        for line in try String(contentsOf: trace, encoding: .utf8).split(separator: "\n") {
            let reads = line.contains("open") && !line.contains("creat(")
            let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC"].contains { line.contains($0) }
            guard line.contains("("), !line.contains("+++"), !line.contains("---"), !reads || writes else {
                continue
            }
            // The directory of a call stands before its path, as AT_FDCWD</where> or 5</where>.
            for match in line.matches(of: /(?:<([^>"]*)>, )?"((?:[^"\\]|\\.)*)"/) {
                let folder = match.output.1.map(String.init) ?? start
                found.insert(real(String(match.output.2), in: folder))
            }
        }
        return found.subtracting(["/dev/null", "/dev/tty"]).sorted()
    }

    /// The path without links, which may be gone itself.
    private func real(_ path: String, in folder: String) -> String {
        var parts: [Substring] = path.split(separator: "/").filter { $0 != "." }
        var missing: [Substring] = []
        while true {
            let existing = (path.hasPrefix("/") ? "/" : "\(folder)/") + parts.joined(separator: "/")
            if let real = unsafe realpath(existing, nil) {
                defer { unsafe free(real) }
                let start = unsafe String(cString: real)
                return ([start == "/" ? "" : start] + missing.map(String.init)).joined(separator: "/")
            }
            guard let last = parts.popLast() else {
                return path
            }
            missing.insert(last, at: 0)
        }
    }
}
