// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage
import TestSupport
import Testing

@testable import Audit
@testable import Escrow

/// One changed bit anywhere in an escrow, or in its key file, fails the audit: in every byte, one after the other, or in
/// every seventh when the run is not a whole one.
@Suite struct ByteFlipTests {
    /// The files of an escrow, and of long ones every n-th byte: the suites share the work of one file.
    enum Place: CaseIterable, Sendable {
        case manifest0, manifest1, manifest2, manifest3
        case signature, otherSignature, aliceCard, bobCard, carolCard, readme, pkcs12

        func path(in world: World) -> FilePath {
            switch self {
            case .manifest0, .manifest1, .manifest2, .manifest3: world.epoch.appending("manifest.json")
            case .signature: world.epoch.appending("manifest.json.olga.sig")
            case .otherSignature: world.epoch.appending("manifest.json.omar.sig")
            case .aliceCard: world.epoch.appending("cards").appending("alice.json")
            case .bobCard: world.epoch.appending("cards").appending("bob.json")
            case .carolCard: world.epoch.appending("cards").appending("carol.json")
            case .readme: world.escrow.appending("README.txt")
            case .pkcs12: world.pkcs12
            }
        }

        func indices(of bytes: [UInt8]) -> [Int] {
            let step = TestRun.step(17)
            return switch self {
            case .manifest0: Array(stride(from: 0, to: bytes.count, by: 4 * step))
            case .manifest1: Array(stride(from: 1, to: bytes.count, by: 4 * step))
            case .manifest2: Array(stride(from: 2, to: bytes.count, by: 4 * step))
            case .manifest3: Array(stride(from: 3, to: bytes.count, by: 4 * step))
            default: Array(stride(from: 0, to: bytes.count, by: step))
            }
        }

        /// What fails at least, whatever else does.
        func isNamed(by failed: [AuditCheck]) -> Bool {
            switch self {
            case .manifest0, .manifest1, .manifest2, .manifest3:
                // Either it cannot be read, or its directory's name is not its digest.
                !Set(failed).isDisjoint(with: [.manifest, .chain, .people, .policy, .commitments, .shares])
            case .signature, .otherSignature: failed.starts(with: [.signatures])
            case .aliceCard, .bobCard, .carolCard: failed == [.cards]
            case .readme: failed == [.readme]
            case .pkcs12: failed == [.pkcs12]
            }
        }
    }

    /// Another bit at each position.
    private static func mask(_ index: Int) -> UInt8 { 1 << UInt8(index % 8) }

    @Test("an audit of the unchanged escrow finds nothing")
    func unchanged() throws {
        let audit = try World().audit()
        #expect(audit.failed.isEmpty)
        #expect(audit.verdict == .incomplete)
    }

    @Test("every changed byte fails the audit, and the file is named", arguments: Place.allCases)
    func flipped(_ place: Place) throws {
        let world = try World()
        let path = place.path(in: world)
        let bytes = try world.folder.read(path)
        let input = try world.auditInput()
        for index in place.indices(of: bytes) {
            var altered = bytes
            altered[index] ^= Self.mask(index)
            try world.folder.write(altered, to: path)
            let audit = try Audit(of: world.escrow, with: input)
            guard audit.verdict == .failed, place.isNamed(by: audit.failed) else {
                Issue.record("byte \(index) ^ \(Self.mask(index)): \(audit.verdict), \(audit.failed)")
                continue
            }
        }
        try world.folder.write(bytes, to: path)
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("every shorter file fails the audit", arguments: Place.allCases.dropFirst(3))
    func truncated(_ place: Place) throws {
        let world = try World()
        let path = place.path(in: world)
        let bytes = try world.folder.read(path)
        for count in stride(from: 0, to: bytes.count, by: 61) + [bytes.count - 1] {
            try world.folder.write(Array(bytes[..<count]), to: path)
            let audit = try world.audit()
            #expect(audit.verdict == .failed && place.isNamed(by: audit.failed), "\(count) bytes: \(audit.failed)")
        }
        for more in [[0x0a], [0x00], bytes] as [[UInt8]] {
            try world.folder.write(bytes + more, to: path)
            let audit = try world.audit()
            #expect(audit.verdict == .failed && place.isNamed(by: audit.failed), "+\(more.count): \(audit.failed)")
        }
    }

    @Test("a file that is gone fails the audit, and the key file alone is not checked")
    func gone() throws {
        for place in Place.allCases.dropFirst(3) {
            let world = try World()
            try world.folder.remove(place.path(in: world))
            let audit = try world.audit()
            switch place {
            case .pkcs12:
                #expect(audit.failed.isEmpty && audit.verdict == .incomplete)
            case .signature, .otherSignature:
                // One of two: below the threshold, and one of those that the auditor needs.
                #expect(audit.failed == [.approval, .anchor])
            default:
                #expect(audit.verdict == .failed && place.isNamed(by: audit.failed), "\(place)")
            }
        }
    }

    @Test("a changed manifest under its own digest's name, with a README of its own, fails by its signatures")
    func renamed() throws {
        let world = try World()
        let bytes = try world.folder.read(world.epoch.appending("manifest.json"))
        let input = try world.auditInput()
        var count = 0
        for index in stride(from: 0, to: bytes.count, by: 3 * TestRun.step(17)) {
            var altered = bytes
            altered[index] ^= 0x01
            guard let manifest = try? Manifest(canonical: altered), manifest.epoch == 1 else {
                continue
            }
            count += 1
            let digest = SHA256Digest(of: altered)
            let place = world.escrow.appending(EpochDirectory.name(of: 1, digest))
            let epochs = try world.directory().epochs
            try world.folder.move(epochs[0].path, to: place)
            try world.folder.write(altered, to: place.appending("manifest.json"))
            try world.folder.write(
                Readme.text(of: manifest, digest: digest),
                to: world.escrow.appending("README.txt")
            )
            let audit = try Audit(of: world.escrow, with: input)
            guard audit.verdict == .failed, audit.failed.contains(.signatures) else {
                Issue.record("byte \(index): \(audit.verdict), \(audit.failed)")
                continue
            }
        }
        // Digests, boxes, keys, names, times: many bytes can be changed into something that reads well.
        #expect(count > 200 / TestRun.step(17))
    }
}

private func + (left: StrideTo<Int>, right: [Int]) -> [Int] { Array(left) + right }
