// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("README.md")
struct ReadmeTests {
    @Test("the session that it shows is what happens")
    func session() throws {
        let page = try String(contentsOf: Checkout.root.appending(path: "README.md"), encoding: .utf8)
        let transcript = Transcript(markdown: page)
        compare(try run(transcript), with: transcript)
    }
}
