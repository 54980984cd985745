// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// Parcels: what is in them goes to the places that an escrow has, and to no others.
@Suite struct ParcelTests {
    static let epoch = "0001-3fa9c2d1"
    static let digest = String(repeating: "0a", count: 16)

    private func json(_ files: [(escrow: String, path: String)]) -> JSONValue {
        .object([
            "about": .string("a test"), "format": .string("ca-escrow/v1/parcel"),
            "files": .array(
                files.map { file in
                    .object([
                        "content": .string("AAEC"), "escrow": .string(file.escrow), "path": .string(file.path),
                    ])
                }
            ),
        ])
    }

    private func expect(
        _ error: DocumentError,
        of json: JSONValue,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: sourceLocation) { try Parcel(canonical: json.encoded()) }
    }

    @Test(
        "every place of an escrow is one in a parcel",
        arguments: [
            "README.txt", "\(epoch)/README.txt", "\(epoch)/manifest.json", "\(epoch)/manifest.json.olga.sig",
            "\(epoch)/cards/alice.json", "\(epoch)/receipts/alice-\(digest).json",
            "\(epoch)/receipts/alice-\(digest).json.alice.sig", "\(epoch)/challenges/ada-lovelace-\(digest).json",
            "\(epoch)/records/20260301T120000Z-restore-\(digest).json",
            "\(epoch)/records/20260301T120000Z-added-certificate-\(digest).json.olga.sig",
            "\(epoch)/records/20260301T120000Z-drill-\(digest).json.casig",
            "9999-00000000/releases/a.b-c-\(digest).json",
        ]
    )
    func places(path: String) throws {
        #expect(EscrowPlace.isKnown(path))
        let bytes = json([("acme.escrow", path)]).encoded()
        let parcel = try Parcel(canonical: bytes)
        #expect(parcel.encoded() == bytes)
        #expect(parcel.files == [Parcel.File(escrow: "acme.escrow", path: path, content: [0, 1, 2])])
    }

    static let strayPaths = [
        "", ".", "..", "/", "/README.txt", "../README.txt", "readme.txt", "README.txt/", "./README.txt",
        "\(epoch)", "\(epoch)/", "\(epoch)//manifest.json", "\(epoch)/../x", "\(epoch)/../README.txt",
        "\(epoch)/./manifest.json", "/\(epoch)/manifest.json", "\(epoch)/manifest.json/", "\(epoch)\\manifest.json",
        "\(epoch)/..\\x", "\(epoch)/manifest.json.sig", "\(epoch)/manifest.json..sig",
        "\(epoch)/manifest.json.OLGA.sig", "\(epoch)/Manifest.json",
        "\(epoch)/manifest.json.olga..sig", "\(epoch)/MANIFEST.JSON", "0000-3fa9c2d1/manifest.json",
        "1-3fa9c2d1/manifest.json", "00001-3fa9c2d1/manifest.json", "0001-3FA9C2D1/manifest.json",
        "0001-3fa9c2d/manifest.json", "+001-3fa9c2d1/manifest.json", "\(epoch)/cards/../alice.json",
        "\(epoch)/cards/.json", "\(epoch)/cards/alice.card", "\(epoch)/cards/Alice.json", "\(epoch)/cards/alice.json/x",
        "\(epoch)/receipts/alice.json", "\(epoch)/receipts/alice-\(digest)", "\(epoch)/receipts/-\(digest).json",
        "\(epoch)/receipts/alice-\(digest.uppercased()).json", "\(epoch)/receipts/alice-\(digest)00.json",
        "\(epoch)/receipts/..-\(digest).json", "\(epoch)/receipts/alice-\(digest).json.sig",
        "\(epoch)/receipts/alice-\(digest).json.alice.sig.json", "\(epoch)/receipts/x/alice-\(digest).json",
        "\(epoch)/others/alice-\(digest).json", "\(epoch)/records/restore-\(digest).json",
        "\(epoch)/records/20260301T120000Z-\(digest).json", "\(epoch)/records/20260301t120000Z-restore-\(digest).json",
        "\(epoch)/records/2026-03-01T12:00:00Z-restore-\(digest).json", "\(epoch)/alice.release",
        "\(epoch)/releases/alice.release", "acme.p12", "\(epoch)/acme.p12", "alice.identity", ".git/config",
        "\(epoch)/.manifest.json.x.partial", "\(epoch)/manifest.json.casig", "\(epoch)/records/-drill-.casig",
        "\(epoch)/receipts/alice-drill-\(digest).json.casig", "\(epoch)/records/x-drill-\(digest).json.casig",
        "\(epoch)/records/20260301T120000Z-restore-\(digest).json.casig",
        "\(epoch)/records/20260301T120000Z-drill-\(digest).casig",
    ]

    @Test("no other path is taken", arguments: strayPaths)
    func strayPath(path: String) {
        expect(
            .wrongValue(field: "files[0].path", expected: "a place in an escrow"),
            of: json([("acme.escrow", path)])
        )
    }

    @Test(
        "a path that is not plain ASCII is not read at all",
        arguments: ["\u{2025}/x", "0001\u{2010}3fa9c2d1/manifest.json"]
    )
    func notASCII(path: String) {
        expect(.wrongValue(field: "files[0].path", expected: "printable ASCII"), of: json([("acme.escrow", path)]))
    }

    @Test(
        "an escrow's name is a plain one",
        arguments: [
            "", ".", "..", "../other", "a/b", "/tmp", ".hidden", "-rf", "a b", "a\\b", "_x",
            String(repeating: "a", count: 65),
        ]
    )
    func names(escrow: String) {
        expect(
            .wrongValue(
                field: "files[0].escrow",
                expected: "a plain name of letters, digits, '.', '_' and '-'"
            ),
            of: json([(escrow, "README.txt")])
        )
    }

    @Test("files are in order, each once")
    func order() throws {
        let order = DocumentError.wrongValue(field: "files", expected: "order by escrow and path, each once")
        let manifest = "\(Self.epoch)/manifest.json"
        expect(order, of: json([("a", manifest), ("a", manifest)]))
        expect(order, of: json([("a", "README.txt"), ("a", manifest)]))
        expect(order, of: json([("b", manifest), ("a", manifest)]))
        let parcel = try Parcel(canonical: json([("a", manifest), ("a", "README.txt"), ("b", manifest)]).encoded())
        #expect(parcel.escrows == ["a", "b"])
        // Whoever makes one need not care.
        let made = Parcel(about: "a test", files: parcel.files.reversed() + parcel.files)
        #expect(made.files == parcel.files && made.encoded() == parcel.encoded())
    }

    @Test("members are exact, and content is base64 of something")
    func members() throws {
        let json = json([("a", "README.txt")])
        for key in ["about", "files", "format", "files[0].content", "files[0].escrow", "files[0].path"] {
            expect(.missing(field: key), of: json.setting(key, to: nil))
        }
        expect(.unknown(field: "more"), of: json.setting("more", to: .boolean(true)))
        expect(.unknown(field: "files[0].mode"), of: json.setting("files[0].mode", to: .integer(0o777)))
        for garbage in ["", "A", "AAE", "AAED=", "AAF=", "AA EC", "AAE\u{2212}"] {
            expect(
                .wrongValue(field: "files[0].content", expected: "base64"),
                of: json.setting("files[0].content", to: .string(garbage))
            )
        }
        let format = DocumentError.wrongFormat(found: "ca-escrow/v2/parcel", expected: "ca-escrow/v1/parcel")
        expect(format, of: json.setting("format", to: .string("ca-escrow/v2/parcel")))
    }

    @Test("what is packed is every public file and nothing else, and reads back")
    func packed() throws {
        let complete = try CompleteEscrow()
        let directory = try complete.world.directory()
        // What does not belong there stays.
        try complete.world.folder.write("acme.escrow/alice.identity", "{\n  \"format\": \"ca-escrow/v1/identity\"\n}\n")
        try complete.world.folder.write(
            complete.releases[0].encoded(),
            to: complete.world.epoch.appending("releases").appending("alice.release")
        )
        try complete.world.folder.copy(
            complete.world.pkcs12,
            to: complete.world.epoch.appending("receipts").appending("alice-\(Self.digest).json")
        )
        let parcel = Parcel(about: "all of it", files: try directory.packed())
        #expect(try Parcel(canonical: parcel.encoded()).files == parcel.files)
        let files = try complete.world.folder.sh("cd acme.escrow && find . -type f").split(separator: "\n")
            .map { String($0.dropFirst(2)) }
        let strays = ["alice.identity", "alice.release", "alice-\(Self.digest).json"]
        #expect(
            parcel.files.map(\.path).sorted()
                == files.filter { file in !strays.contains { file.hasSuffix($0) } }.sorted()
        )
        #expect(parcel.files.allSatisfy { $0.escrow == "acme.escrow" })
        // One request with what concerns it, and what says who has acknowledged: the rest of what was added stays.
        let one = try directory.packed(only: [complete.request.identifier])
        let all = one.map(\.path).filter { $0.split(separator: "/").count == 3 && !$0.contains("/cards/") }
        let custody = files.filter { $0.contains("/receipts/") || $0.contains("-suspension-") }
            .filter { file in !strays.contains { file.hasSuffix($0) } }
        #expect(!custody.isEmpty && Set(all).isSuperset(of: custody))
        let added = all.filter { !custody.contains($0) }
        let request = try #require(complete.request.path.lastComponent).string
        let place = "\(try #require(complete.world.epoch.lastComponent).string)/requests/\(request)"
        // Whatever refuses it has its digits in its name, and comes along.
        let refusals = files.filter { $0.contains("/refusals/") && $0.contains(complete.request.identifier) }
        #expect(refusals.count == 2)
        let signed = ["olga", "omar", "otto"].map { "\(place).\($0).sig" }
        #expect(added.sorted() == (refusals + [place] + signed).sorted())
    }

    @Test("a release under a lawful name, a link and a FIFO are left out by name, and the audit names them")
    func leftOut() throws {
        let complete = try CompleteEscrow()
        let world = complete.world
        let before = try world.directory().packed().count
        let release = world.epoch.appending("releases").appending("alice-\(Self.digest).json")
        try world.folder.write(complete.releases[0].encoded(), to: release)
        try world.folder.sh("cd acme.escrow/0001-*/receipts && mkfifo alice-\(Self.digest).json")
        try world.folder.sh("cd acme.escrow/0001-*/receipts && ln -s /etc/passwd bob-\(Self.digest).json")
        var leftOut: [String] = []
        let files = try world.directory().packed { leftOut.append($0) }
        #expect(files.count == before)
        let receipts = world.epoch.appending("receipts")
        #expect(
            leftOut == [
                "\(receipts)/alice-\(Self.digest).json: not a regular file",
                "\(receipts)/bob-\(Self.digest).json: a symbolic link, where a file itself is needed",
                "\(release): a release: it is for the restoring machine, and never lies in an escrow",
            ]
        )
        let audit = try world.fullAudit(time: CompleteEscrow.end)
        guard case .fail(let findings)? = audit.outcomes.first(where: { $0.0 == .layout })?.1 else {
            Issue.record("\(audit.outcomes)")
            return
        }
        #expect(findings.contains(leftOut[2]))
    }

    @Test("an empty file that somebody has put there does not spoil the parcel")
    func emptyFile() throws {
        let world = try World()
        try world.folder.write([], to: world.epoch.appending("manifest.json.eve.sig"))
        try world.folder.write([], to: world.epoch.appending("receipts").appending("alice-\(Self.digest).json"))
        let parcel = Parcel(about: "all of it", files: try world.directory().packed())
        #expect(try Parcel(canonical: parcel.encoded()).files == parcel.files)
    }
}
