// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The guides of custodians, officers and auditors, followed to the letter.
///
/// Every person has a directory of their own, and what one sends another is a file that is copied. Output that a page shows is what happens; where it shows none, the
/// command succeeds, or ends as the page says.
@Suite("Guides")
struct GuideTests {
    private static let pages = ["custodian.md", "officer.md", "auditor.md"]

    @Test("every command of a guide does what the page says", arguments: pages)
    func followed(page name: String) throws {
        let file = Checkout.root.appending(path: "docs/\(name)")
        let page = try String(contentsOf: file, encoding: .utf8)
        let isRecording = ProcessInfo.processInfo.environment["RECORD_TRANSCRIPTS"] != nil
        var outputs: [String] = []
        try withTemporaryFolder { folder in
            for (person, step) in Guide(page).steps {
                let home = folder.appending(path: person)
                try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
                let shell = Shell(folder: home)
                switch step {
                case .unseen(let act):
                    let (text, status) = try shell.output(of: ". guide-\(name.dropLast(3)).sh; \(act)")
                    try #require(status == 0, "\(person) \(act)\n\(text)")
                case .typed(let typed):
                    try typed.command.write(to: folder.appending(path: "typed"), atomically: false, encoding: .utf8)
                    let shown = try shell.run(#"guide.sh "$(cat ../typed)""#, isNormalised: false)
                    let output = shown.replacing(/.* <wiped>\n/, with: "")
                    let expected = normalised(typed.output, in: nil)
                    if typed.output.hasPrefix("[exit ") || typed.output == "" {
                        // What is shown of it is how it ends.
                        let end = output.firstMatch(of: /\[exit [0-9]+\]\n$/).map { String($0.output) } ?? ""
                        #expect(end == typed.output, "\(person)$ \(typed.command)\n\(shown)")
                        outputs.append(typed.output)
                    } else {
                        let isSame = isRecording || normalised(output, in: home) == expected
                        #expect(isSame, "\(person)$ \(typed.command)\n--- expected\n\(expected)--- shown\n\(output)")
                        outputs.append(output)
                    }
                }
            }
            let unasked = try? String(contentsOf: folder.appending(path: "asked"), encoding: .utf8)
            #expect(unasked ?? "" == "", "answers to what was never asked")
        }
        if isRecording {
            try Transcript.markdown(page, with: outputs).write(to: file, atomically: true, encoding: .utf8)
        }
    }

    /// Those of the machine alone are not run: `sudo install`, `apt install`, `useradd`, `systemctl` and `node_exporter`
    /// would change the machine of whoever runs the tests.
    @Test("the program knows every command that a guide names", arguments: pages)
    func mentioned(page name: String) throws {
        let page = try String(contentsOf: Checkout.root.appending(path: "docs/\(name)"), encoding: .utf8)
        for command in Guide(page).mentioned {
            try withTemporaryFolder { folder in
                // Nothing that it names is there, in this folder; 64 would be a word that is not known, or is missing.
                let here = command.replacing(" /", with: " ./")
                let (text, status) = try Shell(folder: folder).output(of: here)
                #expect(status != 64, "\(command)\n\(text)")
            }
        }
    }
}
