// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Where each kind of CA software keeps its state, over real folders.
@Suite struct StateLayoutTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    /// Archives a layout.
    ///
    /// - Returns: The names in the archive.
    private func archived(_ layout: StateLayout) throws -> [String] {
        let file = try StagedFile(in: FilePath(folder.path), named: "state")
        _ = try StateCapture.archive(layout, to: file)
        try file.publish(as: FilePath(folder("state.tar")), permissions: [.ownerReadWrite])
        return try folder.sh("tar -tf state.tar; rm state.tar").split(separator: "\n").map(String.init)
    }

    private func openssl(_ name: String = "ca") throws -> StateLayout {
        try StateLayout.opensslCA(FilePath(folder(name)), section: nil)
    }

    @Test("openssl-ca: what the configuration says, with what it includes, inside and outside of its folder")
    func configured() throws {
        try folder.write(
            "ca/openssl.cnf",
            """
            .include more.cnf
            [ca]
            default_ca = acme
            [acme]
            dir = .
            database = $dir/db/list
            serial = \(folder.path)/ca/db/next
            crlnumber = \(folder.path)/far/crl
            new_certs_dir = $dir/all
            private_key = $dir/ca.key
            certificate = $dir/ca.crt
            """
        )
        try folder.write("ca/more.cnf", "[policy]\n")
        for name in ["ca/db/list", "ca/db/list.attr", "ca/db/next", "far/crl", "ca/all/01.pem", "ca/ca.key"] {
            try folder.write(name, name.hasSuffix("next") || name.hasSuffix("crl") ? "01\n" : "")
        }
        let layout = try openssl()
        #expect(layout.entry(.index)?.name == "db/list")
        #expect(layout.entry(.serial)?.name == "db/next")
        let outside = try #require(layout.entry(.crlNumber))
        #expect(outside.path.string == folder("far/crl") && outside.name == "outside" + folder("far/crl"))
        let names = try archived(layout).filter { !$0.hasPrefix("outside/") }
        #expect(
            names == [
                "all/", "all/01.pem", "db/", "db/list", "db/list.attr", "db/next", "more.cnf", "openssl.cnf",
            ]
        )
    }

    @Test("openssl-ca: random serials leave no serial file to count")
    func random() throws {
        try folder.write(
            "ca/openssl.cnf",
            "[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\nserial=serial\nrand_serial=yes\nnew_certs_dir=n\n"
        )
        let layout = try openssl()
        #expect(layout.entry(.serial) == nil && !layout.hasCountingSerials)
    }

    @Test("openssl-ca: two parts of which one lies in the other cannot be put back")
    func overlap() throws {
        try folder.write(
            "ca/openssl.cnf",
            "[ca]\ndefault_ca=a\n[a]\ndatabase=all/index.txt\nserial=serial\nnew_certs_dir=all\n"
        )
        try folder.write("ca/all/index.txt", "")
        #expect(throws: StateError.overlap(folder("ca/all"), folder("ca/all/index.txt"))) {
            try archived(try openssl())
        }
    }

    @Test("easy-rsa: everything but keys, also those of revoked certificates")
    func easyRSA() throws {
        for name in [
            "index.txt.attr", "serial", "crl.pem", "certs_by_serial/01.pem", "issued/a.crt", "reqs/a.req",
            "revoked/certs_by_serial/02.crt", "revoked/reqs_by_serial/02.req", "revoked/private_by_serial/02.key",
            "renewed/certs_by_serial/03.crt", "renewed/private_by_serial/03.key", "expired/certs_by_serial/04.crt",
            "new/in-easy-rsa-4", "private/ca.key", "private/a.key", "inline/a.inline", "vars", "openssl-easyrsa.cnf",
            "safessl-easyrsa.cnf",
            "x509-types/server", "ca.crt", "index.txt.old",
        ] {
            try folder.write("pki/\(name)", name == "serial" ? "5F\n" : "x\n")
        }
        try folder.write("pki/index.txt", "R\t301231000000Z\t261125000000Z\t02\tunknown\t/CN=a\n")
        let layout = StateLayout.easyRSA(root: FilePath(folder("pki")))
        #expect(
            try archived(layout) == [
                "certs_by_serial/", "certs_by_serial/01.pem", "crl.pem", "expired/", "expired/certs_by_serial/",
                "expired/certs_by_serial/04.crt", "index.txt", "index.txt.attr", "index.txt.old", "issued/",
                "issued/a.crt", "new/", "new/in-easy-rsa-4", "openssl-easyrsa.cnf", "renewed/",
                "renewed/certs_by_serial/", "renewed/certs_by_serial/03.crt", "reqs/", "reqs/a.req", "revoked/",
                "revoked/certs_by_serial/", "revoked/certs_by_serial/02.crt", "revoked/reqs_by_serial/",
                "revoked/reqs_by_serial/02.req", "safessl-easyrsa.cnf", "serial", "vars", "x509-types/",
                "x509-types/server",
            ]
        )
        let figures = try #require(StateFigures.read(layout).figures)
        #expect(figures.store == "easy-rsa" && figures.index?.revokedCount == 1 && figures.crlNumber == nil)
        // A random serial that is lower says nothing.
        try folder.write("pki/serial", "01\n")
        #expect(StateComparison(of: figures, at: layout).isHarmless)
    }

    @Test("openssl-ca: a CA that keeps everything in one folder comes back whole, without its key")
    func oneFolder() throws {
        try folder.write(
            "ca/openssl.cnf",
            """
            [ca]
            default_ca = a
            [a]
            dir = .
            database = $dir/index.txt
            serial = $dir/serial
            new_certs_dir = $dir
            private_key = $dir/ca.key
            certificate = $dir/ca.crt
            """
        )
        try folder.write("ca/serial", "02\n")
        try folder.write("ca/index.txt", "V\t301231000000Z\t\t01\tunknown\t/CN=a\n")
        for name in ["01.pem", "ca.crt", "crl/first.crl"] {
            try folder.write("ca/\(name)", "x\n")
        }
        try folder.sh("openssl genpkey -algorithm ed25519 -out ca/ca.key && cp ca/ca.key ca/copy.key")
        let expected = ["01.pem", "crl/", "crl/first.crl", "index.txt", "openssl.cnf", "serial"]
        #expect(try archived(openssl()) == expected)
        let file = try StagedFile(in: FilePath(folder.path), named: "state")
        let archive = try StateCapture.archive(openssl(), to: file).archive
        let copy = StateCapture.LeftOut(path: FilePath(folder("ca/copy.key")), reason: .privateKey(kind: "PEM"))
        #expect(archive.leftOut == [copy])
        try file.publish(as: FilePath(folder("state.tar")), permissions: [.ownerReadWrite])
        try folder.sh("mkdir new && cp ca/openssl.cnf new")
        let state = try StateArchive(at: FilePath(folder("state.tar")), sha256: archive.sha256)
        let restore = try StateRestore(of: state, to: openssl("new"), nil)
        try restore.stage()
        _ = try restore.publish()
        #expect(
            try folder.sh("diff -r ca new | sort")
                == "Only in ca: ca.crt\nOnly in ca: ca.key\nOnly in ca: copy.key\n"
        )
    }

    @Test("openssl-ca: beside a configured file in a folder below, all belongs to a CA of one folder")
    func besideConfigured() throws {
        try folder.write(
            "ca/openssl.cnf",
            "[ca]\ndefault_ca=a\n[a]\ndir=.\ndatabase=$dir/db/index.txt\nnew_certs_dir=$dir\n"
        )
        for name in ["db/index.txt", "db/other.txt", "db/deep/x", "db/private/k", "notes"] {
            try folder.write("ca/\(name)", "")
        }
        let names = ["db/", "db/deep/", "db/deep/x", "db/index.txt", "db/other.txt", "notes", "openssl.cnf"]
        #expect(try archived(openssl()).sorted() == names)
        let file = try StagedFile(in: FilePath(folder.path), named: "state")
        let archive = try StateCapture.archive(openssl(), to: file).archive
        let keys = StateCapture.LeftOut(path: FilePath(folder("ca/db/private")), reason: .folderOfKeys)
        #expect(archive.leftOut == [keys])
        try file.publish(as: FilePath(folder("state.tar")), permissions: [.ownerReadWrite])
        try folder.sh("mkdir new && cp ca/openssl.cnf new")
        let state = try StateArchive(at: FilePath(folder("state.tar")), sha256: archive.sha256)
        let restore = try StateRestore(of: state, to: openssl("new"), nil)
        try restore.stage()
        _ = try restore.publish()
        #expect(try folder.sh("diff -r ca new || true") == "Only in ca/db: private\n")
    }

    @Test("openssl-ca: the folders of certificates and CRLs that settings name, wherever they lie")
    func named() throws {
        try folder.write(
            "ca/openssl.cnf",
            """
            [ca]
            default_ca = a
            [a]
            dir = .
            certs = $dir/all
            crl_dir = \(folder.path)/far
            crl = $dir/crl.pem
            database = $dir/all/index.txt
            new_certs_dir = $dir/all/new

            """
        )
        for name in ["all/index.txt", "all/new/01.pem", "all/other", "crl.pem", "csr/a", "all/index.txt.old"] {
            try folder.write("ca/\(name)", "")
        }
        try folder.sh("mkdir far")
        let file = try StagedFile(in: FilePath(folder.path), named: "state")
        let left = try StateCapture.archive(openssl(), to: file).archive.leftOut
        #expect(
            left == [
                StateCapture.LeftOut(path: FilePath(folder("ca")), reason: .notNamed(["csr"])),
                StateCapture.LeftOut(path: FilePath(folder("far")), reason: .elsewhere),
            ]
        )
        #expect(
            try archived(openssl()) == [
                "all/", "all/index.txt", "all/index.txt.old", "all/new/", "all/new/01.pem", "all/other", "crl.pem",
                "openssl.cnf",
            ]
        )
        // What may be missing may also be a link: it is left out, and named.
        try folder.sh("rm ca/crl.pem && ln -s /etc ca/crl.pem")
        let again = try StateCapture.archive(openssl(), to: StagedFile(in: FilePath(folder.path), named: "x")).archive
        #expect(
            again.leftOut.contains(StateCapture.LeftOut(path: FilePath(folder("ca/crl.pem")), reason: .symbolicLink))
        )
    }

    @Test("an archive brings nothing to where keys lie")
    func noKeyPlaces() throws {
        for name in ["private/ca.key", "renewed/private/1.key", "inline/a.inline"] {
            try folder.sh(
                """
                rm -rf evil evil.tar; mkdir -p evil/$(dirname \(name)); : > evil/index.txt; echo x > evil/\(name)
                cd evil && find * -type d -print0 -o -print0 | sort -z | xargs -0 \
                    tar --format=ustar --no-recursion --owner=0 --group=0 --mtime=@0 -cf ../evil.tar
                """
            )
            let (digest, _) = try StateArchive.digest(at: FilePath(folder("evil.tar")))
            let layout = StateLayout.easyRSA(root: FilePath(folder("pki")))
            let error = try #require(throws: StateError.self) {
                _ = try StateRestore(
                    of: StateArchive(at: FilePath(folder("evil.tar")), sha256: digest),
                    to: layout,
                    nil
                )
            }
            let place = name.hasPrefix("private") || name.hasPrefix("inline") ? name.prefix { $0 != "/" } + "" : name
            let inside = name.hasPrefix("renewed") ? "renewed/private" : String(place)
            #expect(error == .noPlace(path: folder("evil.tar"), name: inside, store: "easy-rsa"))
        }
    }

    @Test("step-ca: its database, configuration, certificates and templates, never its secrets")
    func stepCA() throws {
        for name in [
            "config/ca.json", "config/defaults.json", "certs/root_ca.crt", "secrets/root_ca_key", "secrets/password",
            "templates/ssh/host.tpl", "db/000001.vlog", "db/MANIFEST",
        ] {
            try folder.write("step/\(name)", "x\n")
        }
        let layout = try StateLayout.stepCA(root: FilePath(folder("step")))
        #expect(layout.needsStandstill)
        #expect(
            try archived(layout) == [
                "certs/", "certs/root_ca.crt", "config/", "config/ca.json", "config/defaults.json", "db/",
                "db/000001.vlog", "db/MANIFEST", "templates/", "templates/ssh/", "templates/ssh/host.tpl",
            ]
        )
        #expect(
            StateFigures.read(layout).figures
                == StateFigures(store: "step-ca", serial: nil, crlNumber: nil, index: nil)
        )
        try folder.sh("rm -r step/db")
        #expect(StateFigures.read(layout).figures == nil)
        #expect(throws: StateError.nothingThere(path: folder("step"))) { try archived(layout) }
    }

    @Test("stores that keep no state say so, and what to do", arguments: ["pem:k,c", "p12:x.p12", "certutil:backup"])
    func none(_ text: String) throws {
        let store = try KeyStore(parsing: text)
        let reason =
            text.hasPrefix("pem")
            ? "name the CA's directory as openssl-ca:DIR"
            : "the database of Certificate Services is what certutil -backupDB saves"
        #expect(throws: StateError.noState(store: text, reason: reason)) { try store.stateLayout() }
    }
}
