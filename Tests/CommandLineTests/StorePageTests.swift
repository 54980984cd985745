// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The walk-throughs of `docs/stores`.
@Suite("Pages on stores")
struct StorePageTests {
    @Test("the session that a page shows is what happens", arguments: ["pkcs11.md", "nss.md"])
    func session(page name: String) throws {
        let file = Checkout.root.appending(path: "docs/stores/\(name)")
        let page = try String(contentsOf: file, encoding: .utf8)
        let transcript = Transcript(markdown: page)
        guard ProcessInfo.processInfo.environment["RECORD_TRANSCRIPTS"] == nil else {
            let outputs = try run(transcript, isNormalised: false)
            return try Transcript.markdown(page, with: outputs).write(to: file, atomically: true, encoding: .utf8)
        }
        compare(try run(transcript), with: transcript)
    }
}
