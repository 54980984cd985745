// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What one person does to a request, on the program itself: its words are in `refusals.txt` among the transcripts.
@Suite("Attacks on requests") struct RefusalAttackTests {
    /// An escrow with a request that two officers have signed; `request` holds its digest.
    private static let asked = """
        world.sh complete; echo 'a passphrase for one restore' > pass
        ca-escrow request acme.escrow --purpose x --destination y --key a.key -i olga.identity \\
            --passphrase-file request=pass > log 2>&1
        ca-escrow sign acme.escrow -i omar.identity --yes > log 2>&1
        sha256sum acme.escrow/0001-*/requests/*.json | cut -c1-64 > request
        """

    /// What a release says, and whether anything has left.
    private static let release = """
        ca-escrow release acme.escrow -i bob.identity --confirm "$(cat request)" > log 2>&1
        sed -n '1s/^ca-escrow: error: request [0-9a-f]*: //;1s/[^ ]*refusals[^ ]*: /… /;1p' log; ls bob-release-*.release
        """

    @Test("an unreadable refusal stops a release")
    func unreadableRefusal() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            _ = try shell.run(Self.asked)
            _ = try shell.run("ca-escrow refuse acme.escrow -i dave.identity --reason no; cp -a acme.escrow refused")
            let none = "ls: cannot access 'bob-release-*.release': No such file or directory\n[exit 2]\n"
            let damages = [
                (
                    "rm acme.escrow/0001-*/refusals/*.sig",
                    "refused, by a file that does not verify: … not signed by dave"
                ),
                (
                    "f=$(ls acme.escrow/0001-*/refusals/*.json); rm $f; ln -s nowhere $f",
                    "who has refused cannot be read: … a symbolic link, where a file itself is needed"
                ),
                (
                    "f=$(ls acme.escrow/0001-*/refusals/*.json); rm $f; mkdir $f",
                    "who has refused cannot be read: … Is a directory"
                ),
                (
                    "rm acme.escrow/0001-*/refusals/*.json",
                    "refused, by a file that does not verify: … a signature whose refusal is missing"
                ),
            ]
            for (damage, finding) in damages {
                let shown = try shell.run("rm -r acme.escrow; cp -a refused acme.escrow; \(damage)\n\(Self.release)")
                #expect(shown == "\(finding)\n\(none)")
            }
        }
    }

    @Test("a bad challenge keeps no release from leaving")
    func badChallenge() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            _ = try shell.run(Self.asked)
            // One of the future, one without its signature, and a request that one officer alone has signed.
            _ = try shell.run(
                """
                ca-escrow challenge acme.escrow -i olga.identity --at 2040-01-01T00:00:00Z
                for name in omar otto; do ca-escrow challenge acme.escrow -i $name.identity; done
                rm acme.escrow/0001-*/challenges/otto-*.sig
                ca-escrow request acme.escrow --purpose x --destination y --key b.key -i otto.identity \\
                    --passphrase-file request=pass
                """
            )
            let answer = "ca-escrow answer all.parcel -i bob.identity --yes --confirm \"$(cat request)\""
            let shown = try shell.run("ca-escrow pack acme.escrow --out all.parcel > log 2>&1; \(answer)")
            #expect(shown.matches(of: #/error: /#).count == 3)
            #expect(shown.contains("\nparcel: bob-proofs-<4 hex>.parcel\n") && shown.hasSuffix("\n[exit 2]\n"))
            #expect(try shell.run("ls *.release") == "bob-release-<4 hex>.release\n")
            #expect(try shell.run("ca-escrow show bob-*.parcel | grep -c 'proofs/bob-.*json$'") == "1\n")
        }
    }
}
