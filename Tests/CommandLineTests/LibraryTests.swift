// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Libraries with faults that were found in them: the machine is not to be trusted with a key.
@Suite("Faulty libraries")
struct LibraryTests {
    @Test("self-test ends with 71 where libsodium takes a point of mixed order for a key (CVE-2025-69277)")
    func mixedOrder() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            guard try shell.run("ldd $(command -v ca-escrow) 2>&1 | grep -c libsodium") == "1\n" else {
                return  // the library is inside the program
            }
            // What the check was before: whatever the second half of the encoding says.
            let source = "int crypto_core_ed25519_is_valid_point(const unsigned char *p) { return p[0] != 0; }"
            try source.write(to: folder.appending(path: "old.c"), atomically: false, encoding: .utf8)
            #expect(try shell.run("cc -shared -fPIC -o old.so old.c") == "")
            #expect(
                try shell.run("LD_PRELOAD=$PWD/old.so ca-escrow self-test | grep FAIL")
                    == "FAIL  CVE-2025-69277: a point of mixed order is no signing key\n[exit 71]\n"
            )
            #expect(try shell.run("ca-escrow self-test | grep -c FAIL") == "0\n[exit 1]\n")
        }
    }
}
