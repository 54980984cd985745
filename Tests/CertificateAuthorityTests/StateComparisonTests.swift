// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// A later state is told from an earlier one.
@Suite struct StateComparisonTests {
    let scene: StateScene
    let figures: StateFigures

    init() throws {
        scene = try StateScene()
        let (read, faults) = StateFigures.read(try scene.layout)
        figures = try #require(read)
        #expect(faults.isEmpty)
    }

    private func compare() throws -> StateComparison { StateComparison(of: figures, at: try scene.layout) }

    @Test("the figures are those of the files")
    func read() throws {
        #expect(figures.store == "openssl-ca")
        #expect(figures.serial?.text == "1003")
        #expect(figures.crlNumber?.text == "0a")
        let index = try #require(figures.index)
        #expect((index.rowCount, index.revokedCount) == (3, 1))
        #expect(index.sha256 == OpenSSL.sha256(try scene.folder.read("ca/index.txt")))
        #expect(index.serials == OpenSSL.sha256(Array("1000\n1001\n1002\n".utf8)))
    }

    @Test("nothing has happened: equal, also when rows were marked as expired")
    func equal() throws {
        var comparison = try compare()
        #expect(comparison.isHarmless && !comparison.isNewer)
        try scene.index(StateScene.rows.map { $0.hasPrefix("V") ? "E" + $0.dropFirst() : $0 })
        comparison = try compare()
        #expect(comparison.index?.standing == .equal)
        try scene.folder.write("ca/serial", "001003\r\n")
        try scene.folder.write("ca/crlnumber", "0A")
        #expect(try compare().isHarmless)
    }

    @Test("certificates issued or revoked since make it newer")
    func newer() throws {
        try scene.index(StateScene.rows + ["V\t301231000000Z\t\t1003\tunknown\t/CN=four"])
        #expect(try compare().index?.standing == .newer)
        var rows = StateScene.rows
        rows[1] = "R\t301231000000Z\t261126000000Z\t1001\tunknown\t/CN=two"
        try scene.index(rows)
        #expect(try compare().index?.standing == .newer)
        try scene.folder.write("ca/serial", "1004\n")
        try scene.folder.write("ca/crlnumber", "0100\n")
        let comparison = try compare()
        #expect(comparison.serial?.standing == .newer && comparison.crlNumber?.standing == .newer)
        #expect(comparison.isNewer && comparison.isHarmless)
    }

    @Test("fewer rows, fewer revocations or lower numbers make it older")
    func older() throws {
        try scene.index(Array(StateScene.rows.dropLast()))
        #expect(try compare().index?.standing == .older)
        var rows = StateScene.rows
        rows[0] = "V\t301231000000Z\t\t1000\tunknown\t/CN=one"
        try scene.index(rows)
        #expect(try compare().index?.standing == .older)
        // A revocation forgotten, and a certificate more: what is lost counts.
        try scene.index(rows + ["V\t301231000000Z\t\t1003\tunknown\t/CN=four"])
        #expect(try compare().index?.standing == .older)
        try scene.folder.write("ca/serial", "FFF\n")
        try scene.folder.write("ca/crlnumber", "09\n")
        let comparison = try compare()
        #expect(comparison.serial?.standing == .older && comparison.crlNumber?.standing == .older)
        #expect(!comparison.isNewer && !comparison.isHarmless)
    }

    @Test("another CA's index, none, or one that cannot be read")
    func others() throws {
        try scene.index(StateScene.rows.map { $0.replacing("\t100", with: "\t200") })
        #expect(try compare().index?.standing == .another)
        try scene.folder.write("ca/index.txt", "V\n")
        #expect(try compare().index?.standing == .unreadable(.index(path: scene.folder("ca/index.txt"), line: 1)))
        try scene.folder.write("ca/serial", "ten\n")
        #expect(try compare().serial?.standing == .unreadable(.number(path: scene.folder("ca/serial"))))
        try scene.folder.sh("rm ca/index.txt ca/serial ca/crlnumber")
        let comparison = try compare()
        #expect(comparison.index?.standing == .missing && comparison.serial?.standing == .missing)
        #expect(comparison.crlNumber?.standing == .missing)
    }

    @Test("an absent or broken part is a fault, and no reason to count nothing")
    func faults() throws {
        try scene.folder.sh("rm ca/index.txt; echo x > ca/crlnumber")
        let (read, faults) = StateFigures.read(try scene.layout)
        #expect(read == StateFigures(store: "openssl-ca", serial: HexNumber("1003"), crlNumber: nil, index: nil))
        #expect(
            faults == [.missing(path: scene.folder("ca/index.txt")), .number(path: scene.folder("ca/crlnumber"))]
        )
        try scene.folder.sh("rm -r ca; mkdir ca ca/newcerts; touch ca/openssl.cnf")
        #expect(StateFigures.read(try scene.layout).figures == nil)
    }

    @Test(
        "numbers are compared by value, and the one far above is above",
        arguments: [
            ("0", "100000"), ("1003", "101003"), ("FFFFF", "1FFFFF"), ("0a", "10000A"), ("F00000", "01000000"),
            ("FFFFFF", "010FFFFF"),
            ("7fffffffffffffffffffffffffffffffffefffff", "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"),
        ]
    )
    func numbers(_ text: String, _ far: String) throws {
        let number = try #require(HexNumber(text))
        let above = try #require(number.farAbove)
        #expect(above.text == far)
        #expect(number.isLess(than: above) && !above.isLess(than: number))
        #expect(number.isEqual(to: try #require(HexNumber("00" + text.lowercased()))))
        #expect(HexNumber("") == nil && HexNumber("1 0") == nil && HexNumber(String(repeating: "1", count: 65)) == nil)
    }

    @Test(
        "no number is far above those that leave no room in 20 octets",
        arguments: [
            "7ffffffffffffffffffffffffffffffffff00000", "7fffffffffffffffffffffffffffffffffffffff",
            "ffffffffffffffffffffffffffffffffffffffff", "010000000000000000000000000000000000000000",
        ]
    )
    func noRoom(_ text: String) throws {
        #expect(try #require(HexNumber(text)).farAbove == nil)
    }

    @Test("a serial number in the index, or in its file, counts when a number above all is looked for")
    func highest() throws {
        #expect(try compare().serial?.highest.text == "1003")
        try scene.folder.write("ca/serial", "5000\n")
        #expect(try compare().serial?.highest.text == "5000")
        let more = ["0A0000", "1004"].map { "V\t301231000000Z\t\t\($0)\tunknown\t/CN=\($0)" }
        try scene.index(StateScene.rows + more)
        var comparison = try compare()
        #expect(comparison.serial?.highest.text == "0A0000" && comparison.serial?.alreadyUsed?.text == "0A0000")
        #expect(comparison.isNewer && !comparison.isHarmless)
        try scene.folder.write("ca/serial", "0A0001\n")
        comparison = try compare()
        #expect(comparison.serial?.alreadyUsed == nil && comparison.isHarmless)
        try scene.folder.write("ca/serial", "0A0000\n")
        #expect(try compare().serial?.alreadyUsed?.text == "0A0000")
        try scene.folder.sh("rm ca/serial")
        comparison = try compare()
        #expect(comparison.serial?.standing == .missing && comparison.serial?.highest.text == "0A0000")
        #expect(comparison.serial?.alreadyUsed == nil)
    }

    @Test("of a state that is newer in part, the newer parts are named")
    func mixed() throws {
        try scene.index([])
        try scene.folder.write("ca/serial", "2000\n")
        #expect(try compare().newerParts == ["serial 2000, where the escrow has 1003"])
    }
}
