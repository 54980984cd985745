// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Escrow

@Suite struct ShellWordTests {
    @Test(
        "a text is one word to bash, byte for byte",
        arguments: [
            "plain-1.2_x/@%+:,", "", " ", "two words", "it's", "'", "''", "\"", "$HOME `id` $(id) ${x}", "\\", "a\\'b",
            "*?[a]",
            "~", "#", "!!", "a=b", "{a,b}", "<>&|;()", "\t", "\n", "a\nb'c\\d", "\u{1b}[31m", "\u{7f}", "é", "e\u{301}",
            "\u{202e}abc", "日本", "😀", "\u{e000}", "ends in \\",
        ]
    )
    func words(text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("script.sh", "printf '%s.' \(ShellWord.of(text))")
        #expect(try folder.sh("bash script.sh").utf8.elementsEqual("\(text).".utf8))
    }

    @Test("a path is no option")
    func path() {
        #expect(ShellWord.path("-x") == "./-x")
        #expect(ShellWord.path("x y") == "'x y'")
    }
}
