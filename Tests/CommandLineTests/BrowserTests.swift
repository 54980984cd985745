// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The report's page in a real browser: what a reader sees is what the audit said.
@Suite("The report in Chromium", .enabled(if: TestRun.isWhole, "in `make whole`"))
struct BrowserTests {
    /// An escrow with a custodian whose receipt is missing, one who is suspended, and a request in words that are markup.
    private static let story = """
        world.sh approved && exec 2>log >&2
        digest=$(sha256sum acme.escrow/0001-*/manifest.json | cut -c1-64)
        for name in alice bob carol dave; do
            ca-escrow acknowledge acme.escrow -i $name.identity --manifest $digest --at 2030-01-02T08:00:00Z
        done
        ca-escrow suspend acme.escrow dave --because left -i olga.identity --at 2030-02-01T08:00:00Z
        echo 'long and never used' > request.pass
        ca-escrow request acme.escrow --purpose '<script>document.title = "owned"</script><h1>sound</h1>' \\
            --destination '"><img src=x onerror=alert(1)>' --machine "ca2 & ca3's" -i olga.identity \\
            --at 2030-03-01T08:00:00Z --key request.key --passphrase-file request=request.pass
        cp -r acme.escrow other.escrow && rm other.escrow/README.txt
        """

    private static let audit =
        "ca-escrow audit acme.escrow other.escrow --signers officers.signers "
        + "--certificate ca/cacert.pem --at 2030-04-01T08:00:00Z"

    private static let browser =
        "chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir=profile"

    @Test("what a reader sees is what the audit said, and hostile words stay words")
    func page() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run(Self.story) == "")
            #expect(try shell.run("\(Self.audit) --report page.html --json > audit.json") == "[exit 2]\n")
            #expect(try shell.run("page.py page.html") == "Audit of 2 key escrows; valid; 9 tables, 2 drawings\n")
            // The document as the browser has it, after any script would have run.
            #expect(try shell.run("\(Self.browser) --dump-dom file://$PWD/page.html 2> log > dom.html") == "")
            let file = folder.appending(path: "dom.html")
            let dom = try String(contentsOf: file, encoding: .utf8)
            #expect(dom.contains("<title>Audit of 2 key escrows</title>"))
            #expect(!dom.contains("<script") && !dom.contains("<img") && !dom.contains("<h1>sound"))
            for words in [
                "&lt;script&gt;document.title = \"owned\"&lt;/script&gt;&lt;h1&gt;sound&lt;/h1&gt;",
                "\"&gt;&lt;img src=x onerror=alert(1)&gt;", "ca2 &amp; ca3's", "INCOMPLETE", "FAILED",
                "other.escrow/README.txt: No such file or directory", "suspended: left", "acknowledged",
                "1 failed, 1 with open points.",
            ] {
                #expect(dom.contains(words), "\(words)")
            }
            // The lines for a shell, as a reader would copy them.
            let repeated =
                "page.py dom.html checks > repeat.sh; bash -e repeat.sh > repeat.out; echo $?; grep -c ^Good repeat.out"
            #expect(try shell.run(repeated) == "0\n16\n")
        }
    }

    @Test("it is drawn, by day and by night, on a narrow screen, and on paper")
    func drawn() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(
                try shell.run(
                    "world.sh approved; \(Self.audit.replacing(" other.escrow", with: "")) --report page.html >log"
                ) == "[exit 1]\n"
            )
            func shot(_ name: String, _ options: String) throws -> Data {
                let run = "\(Self.browser) \(options) --screenshot=\(name) file://$PWD/page.html > log 2>&1"
                #expect(try shell.run(run) == "")
                return try Data(contentsOf: folder.appending(path: name))
            }
            let day = try shot("day.png", "--window-size=1000,1400")
            let night = try shot("night.png", "--window-size=1000,1400 --blink-settings=preferredColorScheme=0")
            let narrow = try shot("narrow.png", "--window-size=500,1400")
            for picture in [day, night, narrow] {
                #expect(picture.starts(with: [0x89, 0x50, 0x4e, 0x47]))
                // An empty page of that size takes 7,000 bytes.
                #expect(picture.count > 40_000)
            }
            #expect(day != night)
            // On whatever paper, and on a small screen.
            let fits = "a4: 4 sheets\nletter: 4 sheets\n800 pixels: fits\n"
            #expect(try shell.run("fits.py page.html a4 letter 800") == fits)
        }
    }
}
