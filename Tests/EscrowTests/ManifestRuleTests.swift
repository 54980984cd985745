// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SecretSharing
import Testing

@testable import Escrow

/// What must hold between the members of a manifest.
@Suite struct ManifestRuleTests {
    private func expect(
        _ error: ManifestError,
        _ json: JSONValue,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: sourceLocation) { try Manifest(canonical: json.encoded()) }
    }

    @Test("what we write reads back, byte for byte")
    func roundTrip() throws {
        for json in [try SampleManifest.first, try SampleManifest.second] {
            let bytes = json.encoded()
            let manifest = try Manifest(canonical: bytes)
            #expect(manifest.encoded() == bytes)
            #expect(manifest.encodedHead() == json.removing("shares").encoded())
        }
        let retired = try SampleManifest.first.setting("retired", to: .boolean(true))
            .setting("title", to: .string("Café \u{1f512} e\u{301}")).setting("rehearsal", to: .boolean(true))
        let manifest = try Manifest(canonical: retired.encoded())
        #expect(manifest.isRetired && manifest.isRehearsal)
        #expect(manifest.encoded() == retired.encoded())
    }

    @Test("retired is true or absent")
    func retired() throws {
        expect(
            .document(.wrongValue(field: "retired", expected: "true, or no such member")),
            try SampleManifest.first.setting("retired", to: .boolean(false))
        )
    }

    @Test("the epoch before is named exactly in every epoch but the first")
    func previous() throws {
        let (first, second) = (try SampleManifest.first, try SampleManifest.second)
        expect(
            .document(.wrongValue(field: "previous", expected: "no such member in epoch 1")),
            first.setting("previous", to: second["previous"])
        )
        expect(
            .document(.wrongValue(field: "previous", expected: "epoch 1")),
            second.setting("previous", to: nil)
        )
        expect(
            .document(.wrongValue(field: "previous", expected: "epoch 1")),
            second.setting("previous.epoch", to: .integer(2))
        )
        expect(
            .document(.wrongValue(field: "previous", expected: "epoch 2")),
            second.setting("epoch", to: .integer(3))
        )
    }

    @Test("officers are ordered, different, and as many as the threshold at least")
    func officers() throws {
        let json = try SampleManifest.first
        let officers = try #require(json["approval.officers"])
        expect(
            .document(.wrongValue(field: "approval.officers", expected: "order by name")),
            json.setting("approval.officers", to: officers.swapping(0, 1))
        )
        expect(
            .approval(.officerAppearsTwice("olga")),
            json.setting("approval.officers[1].name", to: .string("olga"))
        )
        expect(
            .approval(.keyAppearsTwice("olga", "omar")),
            json.setting("approval.officers[1].key", to: json["approval.officers[0].key"])
        )
        expect(
            .approval(.thresholdOutOfRange(threshold: 3, officerCount: 2)),
            json.setting("approval.threshold", to: .integer(3))
        )
        let many = try (0...1000).map { number in
            let key = try Somebody("x").card.signingKey.openSSH
            return JSONValue.object(["key": .string(key), "name": .string("x\(number)")])
        }
        expect(.approval(.officerCountOutOfRange(1001)), json.setting("approval.officers", to: .array(many)))
    }

    @Test("people are ordered, different, and exactly the policy's")
    func people() throws {
        let json = try SampleManifest.first
        let people = try #require(json["people"])
        let dave = try Somebody("dave").card
        expect(.people(.notOrdered("alice")), json.setting("people", to: people.swapping(0, 1)))
        expect(.people(.notOrdered("alice")), json.setting("people[1].name", to: .string("alice")))
        expect(.people(.notThePolicy(extra: nil, missing: "carol")), json.setting("people[2]", to: nil))
        expect(
            .people(.notThePolicy(extra: "dave", missing: "carol")),
            json.setting("people[2].name", to: .string("dave"))
        )
        let four =
            people.items + [
                people.items[2].setting("name", to: .string("dave"))
                    .setting("sealingKey", to: .string(Hex.encode(dave.sealingKey)))
                    .setting("signingKey", to: .string(dave.signingKey.openSSH))
            ]
        expect(.people(.notThePolicy(extra: "dave", missing: nil)), json.setting("people", to: .array(four)))
        expect(
            .people(.keyAppearsTwice("alice", "bob")),
            json.setting("people[1].sealingKey", to: json["people[0].sealingKey"])
        )
        expect(
            .people(.keyAppearsTwice("alice", "carol")),
            json.setting("people[2].signingKey", to: json["people[0].signingKey"])
        )
    }

    @Test("certificates are ordered, newest first, none twice")
    func certificates() throws {
        let json = try SampleManifest.first
        func listing(_ issues: Acme.Issue...) throws -> JSONValue {
            json.setting(
                "certificates",
                to: .array(try issues.map { .string(Base64.encode(try Acme.certificate($0).der)) })
            )
        }
        _ = try Manifest(canonical: listing(.renewedAgain, .renewed, .root, .earlier).encoded())
        let unordered = "out of order: the newest comes first"
        expect(.certificate(field: "certificates[1]", unordered), try listing(.root, .renewed))
        expect(.certificate(field: "certificates[2]", unordered), try listing(.renewed, .root, .renewedAgain))
        let twice = "a certificate that stands there twice"
        expect(.certificate(field: "certificates[1]", twice), try listing(.root, .root))
    }

    @Test("a custodian stands in the policy once")
    func custodianTwice() throws {
        let json = try SampleManifest.first
        expect(
            .policy(.custodianAppearsTwice("alice")),
            json.setting("policy.members[2].custodian", to: .string("alice"))
        )
    }

    @Test("thresholds and members of gates have limits")
    func gates() throws {
        let json = try SampleManifest.first
        func gate(_ threshold: UInt64, _ members: [JSONValue]) -> JSONValue {
            .object([
                "commitments": json["policy.commitments"]!, "members": .array(members),
                "threshold": .integer(threshold),
            ])
        }
        func custodians(_ numbers: Range<Int>) -> [JSONValue] {
            numbers.map { .object(["custodian": .string("c\($0)")]) }
        }
        func expect(_ error: PolicyError<Name>, _ policy: JSONValue) {
            self.expect(.policy(error), json.setting("policy", to: policy))
        }
        expect(.thresholdOutOfRange(threshold: 4, memberCount: 3), gate(4, custodians(0..<3)))
        expect(.memberCountOutOfRange(1), gate(1, custodians(0..<1)))
        expect(.memberCountOutOfRange(1001), gate(2, custodians(0..<1001)))
        expect(.onePersonAlone("c0"), gate(1, custodians(0..<3)))
        expect(.rootThresholdTooLow, gate(1, [gate(2, custodians(0..<2)), gate(2, custodians(2..<4))]))
        expect(
            .onePersonAlone("c2"),
            gate(1, [gate(2, custodians(0..<2)), gate(1, custodians(2..<4))])
        )
        expect(
            .tooManyCustodians(1001, limit: 1000),
            gate(2, [gate(2, custodians(0..<501)), gate(2, custodians(501..<1001))])
        )
        // Inner gates are no exception.
        expect(
            .thresholdOutOfRange(threshold: 3, memberCount: 2),
            gate(2, [gate(3, custodians(0..<2))] + custodians(2..<4))
        )
    }

    @Test("more than four gates one inside the other are refused, and so is deeper JSON")
    func depth() throws {
        let json = try SampleManifest.first
        func nested(_ depth: Int) -> JSONValue {
            .object([
                "commitments": json["policy.commitments"]!,
                "members": .array(
                    (depth == 1 ? [] : [nested(depth - 1)])
                        + (0..<3).map { .object(["custodian": .string("c\(depth)x\($0)")]) }
                ),
                "threshold": .integer(2),
            ])
        }
        expect(
            .document(
                .wrongValue(
                    field: "policy.members[0].members[0].members[0].members[0]",
                    expected: "at most 4 gates one inside the other"
                )
            ),
            json.setting("policy", to: nested(5))
        )
        // Four are read; these have the wrong commitments.
        expect(.sharing(.gateDoesNotMatchParent("1")), json.setting("policy", to: nested(4)))
        // What cannot even be written: the fifth gate with a sixth in it, as text.
        let text = String(decoding: json.setting("policy", to: nested(5)).encoded(), as: UTF8.self)
        let deeper = text.replacing("\"custodian\": \"c1x0\"", with: "\"custodian\": [\"c1x0\"]")
        let line = deeper.split(separator: "[\"c1x0\"]")[0].split(separator: "\n", omittingEmptySubsequences: false)
            .count
        #expect(throws: ManifestError.document(.tooDeep(line: line))) {
            try Manifest(canonical: Array(deeper.utf8))
        }
    }

    @Test("there is one share a custodian, in tree order, none from the future")
    func shares() throws {
        let json = try SampleManifest.first
        let shares = try #require(json["shares"])
        expect(.shares(.wrongCount(expected: 3, found: 2)), json.setting("shares[2]", to: nil))
        expect(
            .shares(.wrongCount(expected: 3, found: 4)),
            json.setting("shares", to: .array(shares.items + [shares.items[0]]))
        )
        expect(
            .shares(.wrongPath(position: 0, expected: "1", found: "2")),
            json.setting("shares", to: shares.swapping(0, 1))
        )
        expect(
            .shares(.wrongPath(position: 1, expected: "2", found: "1")),
            json.setting("shares[1].path", to: .string("1"))
        )
        expect(
            .shares(.wrongPath(position: 2, expected: "3", found: "3.1")),
            json.setting("shares[2].path", to: .string("3.1"))
        )
        expect(
            .shares(.sealedLater("1", sealedIn: 2, epoch: 1)),
            json.setting("shares[0].sealedIn", to: .integer(2))
        )
        _ = try Manifest(canonical: SampleManifest.second.setting("shares[0].sealedIn", to: .integer(1)).encoded())
    }
}
