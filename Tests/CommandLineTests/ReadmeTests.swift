// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("README.md")
struct ReadmeTests {
    @Test("the session that it shows is what happens")
    func session() throws {
        let file = Checkout.root.appending(path: "README.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        let transcript = Transcript(markdown: page)
        guard ProcessInfo.processInfo.environment["RECORD_TRANSCRIPTS"] == nil else {
            let outputs = try run(transcript, isNormalised: false, calling: "/root", columns: 80)
            return try Transcript.markdown(page, with: outputs).write(to: file, atomically: true, encoding: .utf8)
        }
        compare(try run(transcript, calling: "/root", columns: 80), with: transcript)
    }
}
