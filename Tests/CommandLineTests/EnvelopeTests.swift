// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The envelopes in a real browser: what is printed is what a scanner reads.
@Suite("Envelopes in Chromium")
struct EnvelopeTests {
    private static let browser =
        "chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir=profile"

    /// A nested policy, and people who say about themselves all that fits, and more: in markup, in long words.
    private static let people = #"""
        exec 2>log >&2
        long=$(printf 'Wolfeschlegelsteinhausenbergerdorff %.0s' 1 2 3 4 5 6 7 8 9 10)end
        wide=$(printf '株式会社認証局%.0s' 1 2 3 4 5 6 7 8 9 10)
        for name in alice bob carol dave; do
            ca-escrow identity create $name --no-passphrase --full-name "<script>$name & \"$name\"</script>" \
                --organisation 'Acme SA, finance' --site 'Paris, vault 3'
        done
        last=erin-with-a-very-long-name.of.four.and_eight@acm
        ca-escrow identity create $last --no-passphrase --full-name "$long" --organisation "$wide" --site "$long"
        ca-escrow identity create olga --no-passphrase
        mkdir cards; cp *.card cards
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out ca.pem -days 3650 \
            -subj "/O=${long:0:60}/OU=${long:0:60}/CN=REHEARSAL Acme Root CA"
        ca-escrow backup acme.escrow --from pem:key.pem,ca.pem --policy "2 of (1 of (alice, bob), 2 of (carol, dave, $last))" \
            --officers '1 of (olga)' --card cards -i olga.identity --rehearsal --title "$long"
        """#

    /// Papers of a test; one of them in a run that is not whole.
    private static func papers(or paper: String) -> [String] { TestRun.isWhole ? ["a4", "letter"] : [paper] }

    @Test("every code is read back from the picture, and each sheet is one page", arguments: papers(or: "a4"))
    func roundTrip(paper: String) throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run("world.sh approved") == "")
            let people = [("alice", "1"), ("bob", "2"), ("carol", "3"), ("dave", "4"), ("erin", "5")]
            try check(people, on: paper, shell)
        }
    }

    @Test("the same when names are long, the policy is nested, and it is a rehearsal", arguments: papers(or: "letter"))
    func longNames(paper: String) throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run(Self.people) == "")
            let last = "erin-with-a-very-long-name.of.four.and_eight@acm"
            let people = [("alice", "1.1"), ("bob", "1.2"), ("carol", "2.1"), ("dave", "2.2"), (last, "2.3")]
            try check(people, on: paper, shell, mark: ", of a rehearsal")
            let dom = try shell.run("\(Self.browser) --dump-dom file://$PWD/page.html 2> log", isNormalised: false)
            // On each sheet and on each label.
            #expect(dom.components(separatedBy: ">REHEARSAL: a test key<").count == 11)
            #expect(dom.contains("&lt;script&gt;bob &amp; \"bob\"&lt;/script&gt;") && !dom.contains("<script"))
        }
    }

    /// How one sheet is drawn, with rules of a style in place of an accident.
    private static func accident(_ style: String) -> String {
        """
        sed 's|</style>|\(style)</style>|' page.html > stained.html; \(browser) --force-device-scale-factor=2 \
            --window-size=800,1100 --screenshot=stained.png file://$PWD/stained.html > log 2>&1
        ca-escrow envelope check acme.escrow stained.png
        """
    }

    @Test("a stain, a crooked sheet, poor light and a blur do no harm; half a code is no code")
    func damage() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let print = "ca-escrow envelope print acme.escrow --custodian bob --out page.html > log 2>&1"
            let made = try shell.run("world.sh approved; \(print)")
            #expect(made == "")
            let label = "stained.png: label of bob, path 2, epoch 1: right: epoch 1 is in force\n"
            let share = "stained.png: share of bob, path 2, epoch 1: right: epoch 1 is in force\n"
            let stain =
                ".main { position: relative } .main::after { content: \"\"; position: absolute; background: #000;"
            for style in [
                "\(stain) left: 30mm; top: 32mm; width: 14mm; height: 14mm }",
                ".sheet { transform: rotate(7deg) scale(.9) }",
                "body { filter: brightness(.75) blur(.3px) }",
            ] {
                #expect(try shell.run(Self.accident(style)) == label + share, "\(style)")
            }
            #expect(try shell.run(Self.accident("\(stain) left: 0; top: 0; width: 40mm; height: 82mm }")) == label)
        }
    }

    @Test("the example's pictures are read")
    func example() throws {
        let vectors = Checkout.root.appending(path: "Fixtures/vectors")
        let check = "ca-escrow envelope check escrow/example-root-ca.escrow envelope/carol-*.png"
        #expect(
            try Shell(folder: vectors).run(check) == """
                envelope/carol-label.png: label of carol, path 2.2, epoch 2: right: epoch 2 is in force, of a rehearsal
                envelope/carol-share.png: share of carol, path 2.2, epoch 2: right: epoch 2 is in force, of a rehearsal

                """
        )
    }

    private func check(
        _ people: [(name: String, path: String)],
        on paper: String,
        _ shell: Shell,
        mark: String = ""
    ) throws {
        let made = "ca-escrow envelope print acme.escrow --paper \(paper) --out page.html > log 2>&1"
        #expect(try shell.run(made) == "")
        // Five sheets below one another, at 192 dots an inch.
        let picture =
            "\(Self.browser) --force-device-scale-factor=2 --window-size=800,5700 --screenshot=page.png file://$PWD/page.html"
        #expect(
            try shell.run("\(picture) > log 2>&1; ca-escrow envelope check acme.escrow page.png | sort > found") == ""
        )
        let expected = ["label", "share"].flatMap { kind in
            people.map {
                "page.png: \(kind) of \($0.name), path \($0.path), epoch 1: right: epoch 1 is in force\(mark)\n"
            }
        }
        #expect(try shell.run("cat found") == expected.sorted().joined())
        #expect(try shell.run("fits.py page.html \(paper)") == "\(paper): 5 sheets\n")
        let print = "\(Self.browser) --no-pdf-header-footer --print-to-pdf=page.pdf file://$PWD/page.html > log 2>&1"
        let size = paper == "a4" ? "594.95996 841.91998" : "612 792"
        #expect(
            try shell.run(
                "\(print); grep -a -o 'MediaBox \\[[^]]*' page.pdf | sort -u; grep -a -c '/Type /Page$' page.pdf"
            )
                == "MediaBox [0 0 \(size)\n5\n"
        )
    }
}
