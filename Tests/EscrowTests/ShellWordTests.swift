// SPDX-License-Identifier: Apache-2.0

import Encoding
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
            "'\u{301}", "'\u{301}; touch ran; '\u{301}", "''\u{301}'", "\\\u{301}'", "-\u{301}", "\u{301}", "'\u{37e}'",
            "'\u{301}\n; touch ran; '\u{301}",
        ]
    )
    func words(text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("script.sh", "printf '%s.' \(ShellWord.of(text))")
        #expect(try folder.sh("bash script.sh").utf8.elementsEqual("\(text).".utf8))
    }

    @Test(
        "a quote with an accent ends no quotation: nothing of a name is run, by no shell",
        arguments: ["sh", "bash"],
        [
            "a'\u{301}; touch ran; '", "'\u{301}$(touch ran)'\u{301}", "a'\u{301}\n touch ran #",
            "\u{301}'\u{301}|touch ran|'",
        ]
    )
    func attack(shell: String, name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "script.sh",
            "cat \(ShellWord.path(name)) < /dev/null\nprintf '%s' \(ShellWord.of(name)) > name\n"
        )
        _ = try? folder.sh("\(shell) script.sh")
        #expect(try folder.listing().filter { $0.hasPrefix("ran") } == [])
        let isKnown = shell == "bash" || !name.utf8.contains(UInt8(ascii: "\n"))  // $'…' is for bash alone
        #expect(try !isKnown || folder.read("name") == Array(name.utf8))
    }

    @Test("a path is no option")
    func path() {
        #expect(ShellWord.path("-x") == "./-x")
        #expect(ShellWord.path("x y") == "'x y'")
        #expect(ShellWord.path("-\u{301}x").utf8.elementsEqual("'./-\u{301}x'".utf8))
    }
}
