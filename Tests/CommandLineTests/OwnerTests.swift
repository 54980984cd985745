// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

/// Restores by root into somebody's directory, with the program itself, seen by strace.
@Suite("Owners of what root restores", .enabled(if: getuid() == 0))
struct OwnerTests {
    private static let calls = "chown,lchown,fchownat,fchown,rename,renameat,renameat2,link,linkat"

    @Test("all of it is the owner's of the directory, given away while it is open and has no name")
    func owners() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run(WrittenPlacesTests.world) == "")
            for store in WrittenPlacesTests.stores {
                func named(_ text: String) -> String { text.replacing("DIR", with: "s") }
                let command = """
                    export SOFTHSM2_CONF=soft.conf; cd here; rm -rf s; mkdir -m 711 s
                    (\(named(store.setup))) > ../setup 2>&1 || cat ../setup; chown -R nobody:nogroup s
                    strace -f -e trace=\(Self.calls) -o ../trace \
                    ca-escrow restore ../acme.escrow --to '\(named(store.name))' --certificate ../ca.crt \
                    --signers ../olga.signers -i ../alice.identity -i ../carol.identity \(store.options) \
                    > ../out 2>&1 || cat ../out
                    """
                #expect(try shell.run(command) == "", "\(store)")
                let foreign = "! -user nobody -o ! -group nogroup -o -perm -20 -o -perm -2"
                let others = try shell.run("cd here; find s \(foreign)")
                let text = try String(contentsOf: folder.appending(path: "out"), encoding: .utf8)
                let trace = try String(contentsOf: folder.appending(path: "trace"), encoding: .utf8)
                let isToken = store.name.hasPrefix("pkcs11")
                #expect(others.isEmpty != isToken, "\(store)\n\(others)")
                #expect(text.contains("\nowner: nobody:nogroup\n") != (isToken || store.name.hasPrefix("nss")))
                #expect(text.contains("chown -h --reference=token.object *\n") == isToken)
                // By path, one could be led elsewhere.
                #expect(trace.matches(of: /\b(chown|lchown|fchownat)\(/).isEmpty, "\(store)")
                guard text.contains("owner:") else {
                    continue
                }
                // Each name is given to what was given away just before.
                let own = trace.split(separator: "\n").filter {
                    !$0.contains("-restore-") && !$0.contains(".records.")
                }
                let renames = own.indices.filter { own[$0].contains("rename") }
                let isGivenFirst = renames.allSatisfy { own[..<$0].last?.contains("fchown(") == true }
                #expect(!renames.isEmpty && (isGivenFirst || store.options.contains("state")), "\(store)\n\(trace)")
            }
            // What the message says lets the token's owner find the key.
            let list = """
                chmod 755 . here; cd here; export SOFTHSM2_CONF=soft.conf; setpriv --reuid nobody --regid nogroup \
                --clear-groups pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label ca --login \
                --pin 'correct horse battery' --list-objects --type privkey 2>&1 | grep -c '^Private Key'
                """
            #expect(try shell.run(list) == "0\n[exit 1]\n")
            #expect(try shell.run("cd here/s/tokens/*/; chown -h --reference=token.object *") == "")
            #expect(try shell.run(list) == "1\n")
        }
    }
}
