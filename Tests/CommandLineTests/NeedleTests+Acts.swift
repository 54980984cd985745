// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Acts of one person that open an identity, and those that write a secret under a passphrase: each under strace.
extension NeedleTests {
    /// The name of the trace, and the command.
    private static let acts = [
        ("create", "identity create zoe --passphrase-file ../outside/zoe.pass"),
        (
            "change",
            "identity passphrase zoe.identity --out new.identity --passphrase-file zoe=../outside/zoe.pass "
                + "--passphrase-file to=../outside/new.pass"
        ),
        ("add", "add-certificate acme.escrow ../outside/renewed.crt -i olga.identity --yes"),
        ("suspend", "suspend acme.escrow carol -i olga.identity --because lost"),
        (
            "request",
            "request acme.escrow --purpose p --destination d --machine m --key request.key -i olga.identity "
                + "--passphrase-file request=../outside/zoe.pass"
        ),
        ("refuse", "refuse acme.escrow -i dave.identity --reason no"),
        ("p12", "\(restore) --to p12:new.p12 --passphrase-file to=../outside/new.pass"),
        ("rekey", "rekey acme.escrow -i erin.identity --card ../outside/erin.card --yes --manifest $digest"),
        ("sign", "sign acme.escrow -i olga.identity --yes --confirm erin"),
        ("rotate", "rotate open acme.escrow --officers '1 of (omar)' --card cards -i olga.identity --yes"),
    ]

    private static var script: String {
        let before = [
            backup,
            "echo 'violet hammock ninety' > ../outside/zoe.pass; echo 'quartz umbrella sixty' > ../outside/new.pass",
            "ca-escrow identity create erin --no-passphrase --out ../outside > ../outside/log 2>&1",
            "openssl req -x509 -key ../outside/ca/private/cakey.pem -subj '/CN=Acme Root CA' -days 4000 -out ../outside/renewed.crt",
            "digest=$(sha256sum acme.escrow/0001-*/manifest.json | cut -c1-64)",
        ]
        let steps = acts.map { name, command in
            "{ \(trace) -o \(name).trace ca-escrow \(command) > \(name).out 2>&1 || { echo \(name) $?; tail -n 2 \(name).out; }; }"
        }
        return (before + steps).joined(separator: " && ")
    }

    @Test("acts of one person let nothing out: no key of theirs, and no passphrase")
    func acts() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let complaints = try shell.run(Self.script)
            #expect(complaints == "")
            let search =
                "needles.py --identities --passphrase 'violet hammock ninety' --passphrase 'quartz umbrella sixty' "
                + "inside/acme.escrow outside/key.der inside/{alice,bob,carol,dave,erin,olga,omar,otto}.identity -- inside "
                + "| sed 's/searched [0-9]*/searched <n>/'"
            let found = try shell.run(search)
            #expect(found == "searched <n> files for 43 secrets: 0 found\n")
        }
    }
}
