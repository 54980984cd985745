// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the program prints for somebody to run, pasted by somebody into a shell, where names wish them ill.
@Suite("Printed commands") struct PrintedCommandTests {
    /// A quote with an accent is one character to Swift, and ends a quotation in every shell.
    private static let name = "a'\u{301}; touch ran; '\u{301}"

    /// Acts whose output says what to run next; `$N` is the name.
    private static let acts = #"""
        world.sh approved; mv acme.escrow "$N.escrow"; rm acme*.p12; cp alice.identity "$N.identity"
        mv officers.signers "$N.signers"; ca-escrow show --allowed-signers otto.card > "$N.strangers"
        O='-i olga.identity --yes'
        ca-escrow check "$N.escrow" -i "$N.identity"
        ca-escrow status "$N.escrow" --certificate ca/cacert.pem --signers "$N.signers"
        ca-escrow audit "$N.escrow" --certificate ca/cacert.pem --signers "$N.strangers"
        ca-escrow acknowledge "$N.escrow" -i alice.identity --signers "$N.strangers"
        ca-escrow request "$N.escrow" --purpose p --destination d --machine m --key "$N.key" -i olga.identity
        ca-escrow pack "$N.escrow" --out "$N.parcel"
        ca-escrow challenge "$N.escrow" -i olga.identity
        ca-escrow challenge "$N.escrow" -i olga.identity --out "$N-2.parcel"
        ca-escrow enrol challenge cards -i omar.identity --out "$N-3.parcel"
        ca-escrow envelope print "$N.escrow" --out envelopes.html
        openssl req -x509 -key ca/private/cakey.pem -subj '/CN=Acme Root CA' -days 4000 -out "$N.crt"
        ca-escrow add-certificate "$N.escrow" "$N.crt" $O
        ca-escrow suspend "$N.escrow" carol -i olga.identity --because lost
        ca-escrow suspend "$N.escrow" dave -i olga.identity --because unreachable
        ca-escrow rotate open "$N.escrow" --officers '1 of (omar)' --card cards $O
        ca-escrow backup "$N-2.escrow" --from openssl-ca:ca --policy '3 of all' --officers '1 of (olga, omar)' --card cards
        ca-escrow acknowledge "$N-2.escrow" -i alice.identity
        ca-escrow status "$N-2.escrow" --certificate "$N.crt"
        ca-escrow sign "$N-2.escrow" $O
        ca-escrow restore "$N-2.escrow" --certificate ca/cacert.pem --signers "$N.signers" --unverified test \
            --plain-key --to "pem:$N.new,$N.new.crt" --identity alice.identity --identity bob.identity --identity carol.identity
        mkdir "$N.nss"; touch "$N.nss/cert8.db" "$N.nss/key3.db"
        ca-escrow status "$N-2.escrow" --certificate "nss:$N.nss"
        ceremony-world.sh backup > /dev/null 2>&1; sed 's/"date": .*/"date": "2020-01-01T00:00:00Z",/' plan.json > "$N.plan.json"
        ca-escrow ceremony script "$N.plan.json" --out sheet.html
        ca-escrow sign "$N.plan.json" $O
        """#

    private static let tools = ["ca-escrow", "ssh-keygen", "certutil", "curl"]

    /// What stands on a line for somebody to run: from the first program's name on, and the whole text as well.
    private static func commands(in output: String) -> [String] {
        output.split(separator: "\n").flatMap { line -> [String] in
            guard let text = line.firstMatch(of: /^ca-escrow: (?:next|hint): (.*)$/)?.output.1 else {
                return []
            }
            let starts = tools.compactMap { text.firstRange(of: "\($0) ")?.lowerBound }
            return starts.map { String(text[$0...]) } + [String(text)]
        }
    }

    @Test("a directory's name with a quote and an accent runs nothing, in whatever is printed to be run")
    func hostileName() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let file = folder.appending(path: "acts.sh")
            try Self.acts.write(to: file, atomically: false, encoding: .utf8)
            try Self.name.write(to: folder.appending(path: "name"), atomically: false, encoding: .utf8)
            let printed = try shell.output(of: #"N=$(cat name) . ./acts.sh; true"#, limit: 300).text
            try #require(
                !printed.contains("[no-output]") && !FileManager.default.fileExists(atPath: "\(folder.path)/ran")
            )

            let commands = Self.commands(in: printed)
            let hostile = commands.filter { $0.contains("touch") }
            #expect(hostile.count >= 30, "\(printed)")
            try #"for word in "${0##*/}" "$@"; do printf '%s\0' "$word"; done >> "$LOG""#
                .write(to: folder.appending(path: "stub"), atomically: false, encoding: .utf8)
            _ = try shell.run("mkdir stubs; (echo '#!/bin/bash'; cat stub) > stubs/stub; chmod 755 stubs/stub")
            for (number, command) in commands.enumerated() {
                try command.write(to: folder.appending(path: "line-\(number)"), atomically: false, encoding: .utf8)
            }
            let run = """
                for tool in \(Self.tools.joined(separator: " ")); do ln -s stub stubs/$tool; done
                export LOG=$PWD/words PATH=$PWD/stubs:/usr/bin:/bin
                for line in line-*; do for shell in sh bash; do $shell $line < /dev/null > /dev/null 2>&1; done; done; true
                """
            _ = try shell.run(run)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.filter { $0.hasPrefix("ran") } == [])
            // The programs were given the names as they are.
            let words = try Data(contentsOf: folder.appending(path: "words")).split(separator: 0)
            let named = words.filter { String(decoding: $0, as: UTF8.self).contains("touch ran") }
            #expect(named.count >= 30)
            #expect(named.filter { $0.firstRange(of: Data(Self.name.utf8)) == nil } == [])
        }
    }
}
