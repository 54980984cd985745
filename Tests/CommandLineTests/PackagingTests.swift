// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What is installed beside the program: manual pages, completions, units, alert rules; and where.
///
/// Whole packages are tried in chroots by `make check-release`.
@Suite("Packaging")
struct PackagingTests {
    private static let root = Checkout.root.path()

    /// Makes manual pages and completions of the program under test, in `manual`.
    private static let make = "\(root)/docs/man/make.sh \"$(command -v ca-escrow)\" manual"

    private func output(of commands: String...) throws -> String {
        try withTemporaryFolder { folder in
            try Shell(folder: folder).run(commands.joined(separator: " && "), isNormalised: false, limit: 600)
        }
    }

    @Test("a manual page says what the help says, of every command, and has the program's exit statuses")
    func manualAgrees() throws {
        let check = "\(Self.root)/Tests/Packaging/manual-agrees.py \"$(command -v ca-escrow)\" manual"
        #expect(try output(of: Self.make, check) == "")
        // A page that was made of an older help is found.
        let older = "sed -i 's/Where the key goes/Where it goes/' manual/ca-escrow-restore.1"
        #expect(
            try output(of: Self.make, older, "\(check) | grep -o '^ca-escrow-restore.1, OPTIONS'")
                == "ca-escrow-restore.1, OPTIONS\n[exit 1]\n"
        )
    }

    @Test("no formatter has anything to say of a manual page")
    func manualIsClean() throws {
        #expect(try output(of: Self.make, "mandoc -T lint -W warning manual/*.[157]") == "")
    }

    /// What is typed before Tab, and what the line becomes.
    private static let completions = [
        ("ca-escrow ackn", "ca-escrow acknowledge "), ("ca-escrow identity cr", "ca-escrow identity create "),
        ("ca-escrow restore --cert", "ca-escrow restore --certificate "),
        ("ca-escrow answer acme", "ca-escrow answer acme.parcel "), ("ca-escrow nothingofthekind", "nothing"),
    ]

    @Test("Tab completes commands, options and files, in bash and in zsh")
    func completion() throws {
        let files = """
            touch acme.parcel && printf '%s\n' '. /usr/share/bash-completion/bash_completion' \
            '. manual/completions/ca-escrow' 'PS1="at-your-service> "' > rc && \
            printf '%s\n' 'PS1="at-your-service> "' 'fpath=(manual/completions $fpath)' 'autoload -Uz compinit' \
            'compinit -u' 'unsetopt zle_bracketed_paste prompt_sp' > .zshrc
            """
        let typed = ["bash --noprofile --rcfile rc -i", "ZDOTDIR=$PWD zsh -i"].flatMap { shell in
            Self.completions.map { "\(Self.root)/Tests/Packaging/complete.py '\($0.0)' -- env \(shell)" }
        }
        let shown = Self.completions.map { $0.1 + "\n" }.joined()
        #expect(try output(of: Self.make, files, typed.joined(separator: " && ")) == shown + shown)
    }

    @Test("fish completes commands, options and files")
    func fish() throws {
        let lines = ["ca-escrow ackn", "ca-escrow restore --cert", "ca-escrow answer acme"].map {
            "fish --no-config -c 'source manual/completions/ca-escrow.fish; complete -C \"\($0)\"' | cut -f 1"
        }
        let shown = try output(of: (["touch acme.parcel", Self.make] + lines).joined(separator: " && "))
        #expect(shown == "acknowledge\n--certificate\nacme.parcel\n")
    }

    @Test("make install puts everything under DESTDIR and PREFIX, and make uninstall takes it away")
    func install() throws {
        let make = """
            make -s -C \(Self.root) -o manual RELEASE="$(realpath "$(command -v ca-escrow)")" MANUAL=$PWD/manual \
            DESTDIR=$PWD/stage PREFIX=/opt/escrow STRIP=
            """
        let list = "find stage -type f | grep -v -e /doc/ -e /man1/ca-escrow- | sort"
        #expect(
            try output(of: Self.make, "\(make) install", list, "grep ^ExecStart= $(find stage -name '*.service')")
                == """
                stage/opt/escrow/bin/ca-escrow
                stage/opt/escrow/lib/systemd/system/ca-escrow-status.service
                stage/opt/escrow/lib/systemd/system/ca-escrow-status.timer
                stage/opt/escrow/share/bash-completion/completions/ca-escrow
                stage/opt/escrow/share/ca-escrow/break-glass/README.md
                stage/opt/escrow/share/ca-escrow/break-glass/audit.py
                stage/opt/escrow/share/ca-escrow/break-glass/restore.py
                stage/opt/escrow/share/ca-escrow/break-glass/verify-ceremony.py
                stage/opt/escrow/share/ca-escrow/monitoring/ca-escrow.default
                stage/opt/escrow/share/ca-escrow/monitoring/ca-escrow.rules.yml
                stage/opt/escrow/share/fish/vendor_completions.d/ca-escrow.fish
                stage/opt/escrow/share/man/man1/ca-escrow.1
                stage/opt/escrow/share/man/man5/ca-escrow-format.5
                stage/opt/escrow/share/man/man7/ca-escrow.7
                stage/opt/escrow/share/zsh/site-functions/_ca-escrow
                ExecStart=/opt/escrow/bin/ca-escrow status --quiet \
                --prometheus /var/lib/ca-escrow/metrics/ca_escrow.prom $STATUS_OPTIONS

                """
        )
        #expect(try output(of: Self.make, "\(make) install", "\(make) uninstall", "find stage -type f") == "")
    }

    @Test("systemd has nothing to say of the units")
    func units() throws {
        // It looks for the program.
        let units = """
            for unit in service timer; do sed "s|^ExecStart=ca-escrow|ExecStart=$(realpath "$(command -v ca-escrow)")|" \
            \(Self.root)/docs/monitoring/ca-escrow-status.$unit > ca-escrow-status.$unit; done
            """
        let verify = "systemd-analyze verify --man=no ./ca-escrow-status.service ./ca-escrow-status.timer"
        #expect(try output(of: units, verify) == "")
        let wrong = "sed -i 's/^OnCalendar=.*/OnCalendar=soon/' ca-escrow-status.timer"
        #expect(try output(of: units, wrong, verify).contains("Failed to parse calendar specification"))
    }

    @Test("the alert rules fire when they should, and only then")
    func rules() throws {
        let promtool = "\(Self.root)/.build-tools/usr/bin/promtool"
        let checked = try output(of: "\(promtool) check rules \(Self.root)/docs/monitoring/ca-escrow.rules.yml")
        #expect(checked.hasSuffix("SUCCESS: 4 rules found\n\n"))
        let tested = try output(of: "\(promtool) test rules \(Self.root)/Tests/Packaging/rules-test.yml")
        #expect(tested.hasSuffix("SUCCESS\n\n"))
    }

    @Test("the package and the changelog are of the program's version")
    func version() throws {
        let version = String(try output(of: "ca-escrow --version").dropLast())
        let debian = try String(contentsOf: Checkout.root.appending(path: "debian/changelog"), encoding: .utf8)
        #expect(debian.hasPrefix("ca-escrow (\(version.replacing("-rc", with: "~rc"))) "))
        let changes = try String(contentsOf: Checkout.root.appending(path: "CHANGELOG.md"), encoding: .utf8)
        #expect(changes.contains("\n## \(version)\n"))
    }

    @Test("a custodian's kit makes an identity, answers a parcel, and refuses to start when it was altered")
    func kit() throws {
        let make = "\(Self.root)/Fixtures/kit/make.sh \"$(realpath \"$(command -v ca-escrow)\")\" kit > /dev/null"
        let identity = """
            answer.py 'know it: ' bob "new passphrase: " 'correct horse battery' "new passphrase, again: " \
            'correct horse battery' 'Press Enter to close. ' '' -- kit/start.sh > shown && ls kit
            """
        #expect(
            try output(of: make, identity) == """
                SHA256SUMS
                bob.card
                bob.identity
                ca-escrow
                guide.css
                guide.html
                guide.txt
                start.sh

                """
        )
        let altered = try output(
            of: make,
            "echo >> kit/guide.txt",
            "answer.py 'Press Enter to close. ' '' -- kit/start.sh 2>&1 | grep -o 'use nothing of it'"
        )
        #expect(altered == "use nothing of it\n[exit 65]\n")
    }
}
