// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import TestSupport
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// The state of a CA goes into an archive and comes back, by us and by GNU tar.
@Suite struct StateArchiveTests {
    let scene: StateScene

    init() throws {
        scene = try StateScene()
    }

    @Test("GNU tar lists and unpacks what we write, and says nothing")
    func readByTar() throws {
        try scene.capture()
        let listed = try scene.folder.sh("tar -tf state.tar")
        #expect(
            listed.split(separator: "\n") == [
                "crlnumber", "index.txt", "index.txt.attr", "newcerts/", "newcerts/1000.pem", "newcerts/1001.pem",
                "newcerts/1002.pem", "serial",
            ]
        )
        try scene.folder.sh("mkdir out && tar -xf state.tar -C out 2>errors && test ! -s errors")
        try scene.folder.sh("rm -r ca/private && diff -r ca out")
    }

    @Test("what we read is what GNU tar writes, names of 255 bytes in two parts among them")
    func writtenByTar() throws {
        let long = String(repeating: "n", count: 96) + ".pem"
        try scene.folder.write("ca/newcerts/\(long)", "long\n")
        try scene.folder.sh(
            "cd ca && tar --format=ustar -cf ../state.tar crlnumber index.txt index.txt.attr newcerts serial"
        )
        try scene.restore(scene.digest(), to: "back")
        try scene.folder.sh("rm -r ca/private && diff -r ca back")
    }

    @Test("a log that takes no room on disk takes none in its archive, nor when it is back")
    func sparse() throws {
        // As badger makes one: some records, and zeros to its full length; records behind a hole as well.
        try scene.folder.sh(
            """
            printf 'records' > ca/newcerts/000001.vlog && truncate -s 32M ca/newcerts/000001.vlog
            head -c 5000 /dev/urandom | dd of=ca/newcerts/000001.vlog bs=1 seek=20000001 conv=notrunc status=none
            """
        )
        let (archive, _) = try scene.capture()
        try scene.restore(archive.sha256, to: "new")
        try scene.folder.sh("cmp ca/newcerts/000001.vlog new/newcerts/000001.vlog")
        for file in ["new/newcerts/000001.vlog", "state.tar"] {
            #expect(try #require(Int(scene.folder.sh("stat -c %b \(file)").dropLast())) * 512 < 1 << 20)
        }
    }

    @Test("names that ustar parts in two come back; longer ones are refused by name")
    func longNames() throws {
        let folder = String(repeating: "d", count: 60) + "/" + String(repeating: "e", count: 80)
        try scene.folder.write("ca/newcerts/\(folder)/\(String(repeating: "f", count: 100))", "x")
        let (archive, _) = try scene.capture()
        try scene.folder.sh("mkdir out && tar -xf state.tar -C out && diff -r ca/newcerts out/newcerts")
        try scene.restore(archive.sha256, to: "back")
        try scene.folder.sh("diff -r ca/newcerts back/newcerts")
        let name = String(repeating: "g", count: 101)
        try scene.folder.write("ca/newcerts/\(name)", "x")
        #expect(throws: StateError.nameTooLong(path: scene.folder("ca/newcerts/\(name)"))) { try scene.capture() }
    }

    @Test("the same state gives the same bytes, whenever it is archived")
    func deterministic() throws {
        let first = try scene.capture().archive
        try scene.folder.sh(
            "rm state.tar && touch -d 2030-01-01 ca/index.txt && cp -r ca copy && rm -r ca && mv copy ca"
        )
        #expect(try scene.capture().archive == first)
    }

    @Test("it comes back whole, with its modes, and only there where nothing is")
    func roundTrip() throws {
        try scene.folder.sh("chmod 640 ca/index.txt && chmod 700 ca/newcerts && chmod 666 ca/serial")
        let (archive, figures) = try scene.capture()
        try scene.restore(archive.sha256, to: "back/deep")
        try scene.folder.sh("rm -r ca/private && diff -r ca back/deep")
        #expect(
            try scene.folder.sh("stat -c %a back/deep/index.txt back/deep/newcerts back/deep/serial")
                == "640\n700\n644\n"
        )
        let back = try StateLayout.opensslCA(FilePath(scene.folder("back/deep")), section: nil)
        #expect(StateFigures.read(back).figures == figures)
        try scene.folder.write("back/deep/newcerts/more", "")
        let more = StateError.Difference.added(path: scene.folder("back/deep/newcerts/more"))
        #expect(throws: StateError.notEmpty(path: scene.folder("back/deep/crlnumber"), more)) {
            try scene.restore(archive.sha256, to: "back/deep")
        }
    }

    @Test("an empty folder may be there, and a configuration, which stays")
    func prepared() throws {
        try scene.folder.write("ca/openssl.cnf", "# of the CA\n")
        let (archive, _) = try scene.capture()
        try scene.folder.sh("mkdir -p back/newcerts && echo '# mine' > back/openssl.cnf")
        let layout = try StateLayout.opensslCA(FilePath(scene.folder("back")), section: nil)
        let restore = try StateRestore(of: StateArchive(at: scene.archive, sha256: archive.sha256), to: layout, nil)
        #expect(restore.kept == [scene.folder("back/openssl.cnf")])
        try restore.stage()
        let (written, differing) = try restore.publish()
        #expect(differing == restore.kept)
        #expect(written.last == scene.folder("back/index.txt"))
        #expect(try scene.folder.sh("cat back/openssl.cnf") == "# mine\n")
        try scene.folder.sh("diff -r ca/newcerts back/newcerts")
    }

    @Test("a restore that is given up leaves nothing, folders that it made included")
    func abandoned() throws {
        let (archive, _) = try scene.capture()
        let listing = "find . -not -name 'stderr*' | sort"
        let before = try scene.folder.sh(listing)
        do {
            let layout = try StateLayout.opensslCA(FilePath(scene.folder("new/place")), section: nil)
            let restore = try StateRestore(of: StateArchive(at: scene.archive, sha256: archive.sha256), to: layout, nil)
            try withExtendedLifetime(restore) {
                try restore.stage()
                #expect(try scene.folder.sh("find new -name '.serial.*.partial' | wc -l") == "1\n")
                #expect(try scene.folder.sh("find new -name index.txt") == "")
            }
        }
        #expect(try scene.folder.sh(listing) == before)
    }

    @Test("a place that is taken in the last moment is left alone, and so is everything else")
    func race() throws {
        let (archive, _) = try scene.capture()
        let layout = try StateLayout.opensslCA(FilePath(scene.folder("new")), section: nil)
        let restore = try StateRestore(of: StateArchive(at: scene.archive, sha256: archive.sha256), to: layout, nil)
        try restore.stage()
        try scene.folder.write("new/index.txt", "somebody's\n")
        #expect(throws: StateError.file(.exists(path: scene.folder("new/index.txt")))) { try restore.publish() }
        #expect(try scene.folder.sh("find new -type f") == "new/index.txt\n")
    }

    @Test("an archive that changes between its check and its unpacking is given up")
    func changedMeanwhile() throws {
        let (archive, _) = try scene.capture()
        let layout = try StateLayout.opensslCA(FilePath(scene.folder("new")), section: nil)
        let restore = try StateRestore(of: StateArchive(at: scene.archive, sha256: archive.sha256), to: layout, nil)
        // A byte of the index.
        try scene.folder.sh("printf X | dd of=state.tar bs=1 seek=1540 conv=notrunc status=none")
        #expect(throws: StateError.archiveChanged(path: scene.archive.string)) { try restore.stage() }
        #expect(try scene.folder.sh("find . -path './new*'") == "")
    }

    @Test("hundreds of files, and three thousand in a whole run, go in and come back")
    func many() throws {
        let count = TestRun.isWhole ? 3000 : 300
        try scene.folder.sh("cd ca/newcerts && seq -f 'x%06.0f.pem' 1 \(count) | xargs -n 5000 touch")
        let (archive, _) = try scene.capture()
        #expect(archive.byteCount == (count + 3 * 2 + 1 + 4 * 2 + 2) * 512)
        try scene.restore(archive.sha256, to: "back")
        #expect(try scene.folder.sh("ls back/newcerts | wc -l") == "\(count + 3)\n")
    }
}
