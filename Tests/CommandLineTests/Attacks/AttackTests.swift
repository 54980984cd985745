// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The rows of `docs/threat-model.md` that take the whole program: the others are in `EscrowTests`, where a test holds the
/// names of both against the table.
@Suite("Attacks on the machine") struct AttackTests {
    @Test(
        "another user of the machine: memory, environment and open files are closed to them, and what is written is, too"
    )
    func anotherUser() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            // Of a process that forbids dumps these belong to root, so that even its own user may not read them.
            let look = """
                reader=; test "$(id -u)" != 0 || reader='setpriv --reuid 65534 --regid 65534 --clear-groups'
                for name in mem environ maps; do $reader cat /proc/$PID/$name > read; done 2> denied
                $reader ls /proc/$PID/fd >> read 2>> denied; $reader strace -p $PID >> read 2>> denied
                sed -i "s/$PID/<PID>/" denied; tr '\\0' ' ' < /proc/$PID/cmdline > cmdline
                grep -o 'Max core file size *0 *0' /proc/$PID/limits | tr -s ' ' > limits
                awk '/^VmLck:/ { print($2 >= 1024 ? "locked" : $2) }' /proc/$PID/status >> limits
                """
            try look.write(to: folder.appending(path: "look.sh"), atomically: false, encoding: .utf8)
            let restore =
                "restore acme.escrow --unverified reason --certificate ca/cacert.pem --plain-key --to pem:new.key,new.crt"
            let held =
                "answer.py 'Enter stops): ' alice.identity 'Enter stops): ' bob.identity 'Enter stops): ' '=bash look.sh' "
                + "'' carol.identity -- ca-escrow \(restore) > shown"
            #expect(try shell.run("umask 022; world.sh escrow; ulimit -c unlimited; \(held)") == "")
            #expect(
                try shell.run("cat denied limits cmdline; wc -c < read") == """
                    cat: /proc/<PID>/mem: Permission denied
                    cat: /proc/<PID>/environ: Permission denied
                    cat: /proc/<PID>/maps: Permission denied
                    ls: cannot open directory '/proc/<PID>/fd': Permission denied
                    strace: attach: ptrace(PTRACE_SEIZE, <PID>): Operation not permitted
                    Max core file size 0 0
                    locked
                    ca-escrow \(restore) 0

                    """
            )
            // The private key and identities are for their owner alone, whatever the umask.
            #expect(
                try shell.run("stat -c '%a %n' new.key alice.identity acme*.p12")
                    == "600 new.key\n600 alice.identity\n600 acme-<8 hex>.p12\n"
            )
            // The loss, that root reads it all, is in MemoryTests.
        }
    }

    @Test("a hostile picture: its decoder gets bytes, a bare environment and bounds; its flaws run as the user")
    func hostilePicture() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            // A decoder that an attacker's picture has taken over.
            let owned = """
                #!/bin/sh
                env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= | cut -d= -f1 | sort > /tmp/owned; echo "$@" >> /tmp/owned
                ls /proc/self/fd | wc -l >> /tmp/owned; cat > /dev/null; echo 'CA-ESCROW/V1/SHARE/x'
                """.replacing("/tmp/owned", with: folder.appending(path: "owned").path(percentEncoded: false))
            try owned.write(to: folder.appending(path: "zbarimg"), atomically: false, encoding: .utf8)
            let check =
                "world.sh escrow; chmod 755 zbarimg; blank.py > evil.png; "
                + "SECRET=1 PATH=$PWD:$PATH ca-escrow envelope check acme.escrow evil.png"
            #expect(
                try shell.run(check) == """
                    evil.png: DAMAGED: 4 fields: 10 are needed
                    [exit 2]

                    """
            )
            // The loss: what it ran could write a file. What it saw: no variable of the caller's, no name of the picture.
            #expect(
                try shell.run("cat owned") == """
                    DBUS_SYSTEM_BUS_ADDRESS
                    LC_ALL
                    MAGICK_AREA_LIMIT
                    MAGICK_DISK_LIMIT
                    MAGICK_MAP_LIMIT
                    MAGICK_MEMORY_LIMIT
                    MAGICK_THREAD_LIMIT
                    MAGICK_TIME_LIMIT
                    PATH
                    --raw -q -S disable -S qrcode.enable png:-
                    4

                    """
            )
            // The real one: a picture that claims to unfold to 2^31 by 2^31, and one that is cut off.
            let huge =
                "python3 -c \"import struct,sys,zlib; c=lambda t,d: struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d)); "
                + "sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n'+c(b'IHDR',struct.pack('>IIBBBBB',2**31-1,2**31-1,8,2,0,0,0))"
                + "+c(b'IDAT',zlib.compress(bytes(99)))+c(b'IEND',b''))\" > huge.png; head -c 40 evil.png > cut.png"
            let error = "not read as a picture: damaged, or too large"
            #expect(
                try shell.run(
                    "\(huge); ca-escrow envelope check acme.escrow huge.png; ca-escrow envelope check acme.escrow cut.png"
                )
                    == "ca-escrow: error: huge.png: \(error)\nca-escrow: error: cut.png: \(error)\n[exit 65]\n"
            )
        }
    }
}
