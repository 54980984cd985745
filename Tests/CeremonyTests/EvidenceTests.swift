// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Escrow
import SystemPackage
import Testing

@testable import Ceremony

@Suite("Evidence made of plan and transcript")
struct EvidenceTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test("the inventory says where everything is")
    func inventory() throws {
        let held = try HeldCeremony()
        let inventory = Inventory(of: held.plan, held.transcript)
        #expect(inventory.items.count == 12)
        #expect(inventory.items[0].bagOut == "B1-out-USB-vera" && inventory.items[0].bagIn == "B1-in-USB-vera")
        #expect(inventory.faults.isEmpty && inventory.changed.isEmpty && inventory.unknown.isEmpty)
        // A bag that was opened is not used again, for whatever medium.
        let vera = inventory.items[0].medium
        #expect(
            inventory.fault(ofBag: "B1-out-USB-kurt", with: vera, .into)
                == "bag 'B1-out-USB-kurt': USB-kurt went out of it"
        )
        #expect(inventory.fault(ofBag: "B-7", with: vera, .into) == nil)
        #expect(inventory.items[0].serial == "S-USB-vera")
        let document = text(inventory.encoded())
        #expect(document.contains("\"timeIn\": \"2027-") && document.contains("\"timeOut\": \"2027-"))
        // What is read back is what the next ceremony expects.
        let earlier = try EarlierInventory(inventory.encoded(), path: "inventory.json")
        #expect(earlier.bags["USB-vera"] == "B1-in-USB-vera" && earlier.bags.count == 12)
        #expect(earlier.serials["USB-vera"] == "S-USB-vera")
    }

    @Test("a bag has media of one holder, but for a sealed pack")
    func shared() throws {
        for (kind, direction, isOne) in [("backup", "out", true), ("backup", "in", false), ("drill", "out", false)] {
            let bags = ["\(direction) USB-vera": "B-7", "\(direction) USB-kurt": "B-7"]
            let held = try HeldCeremony(SamplePlan(kind: kind), bags: bags)
            let faults = ["USB-vera: bag 'B-7': has USB-kurt of kurt", "USB-kurt: bag 'B-7': has USB-vera of vera"]
            #expect(Inventory(of: held.plan, held.transcript).faults == (isOne ? [] : faults))
        }
        let held = try HeldCeremony(bags: ["in USB-alice": "B-7", "in USB-alice-2": "B-7"])
        #expect(Inventory(of: held.plan, held.transcript).faults == [])
    }

    @Test("a bag that was opened and used again is found")
    func reused() throws {
        let held = try HeldCeremony(bags: ["out USB-vera": "B-1", "in USB-vera": "B-1"])
        #expect(
            Inventory(of: held.plan, held.transcript).faults == [
                "USB-vera: bag 'B-1': USB-vera went into it", "USB-vera: bag 'B-1': USB-vera went out of it",
            ]
        )
    }

    @Test("a medium with another serial number than plan or inventory say needs an exception")
    func serials() throws {
        let held = try HeldCeremony(serials: ["USB-vera": "S-1", "USB-kurt": "-"])
        let inventory = Inventory(of: held.plan, held.transcript)
        let found = inventory.strangers(in: held.transcript, known: ["USB-vera": "S-0", "USB-alice": "S-USB-alice"])
        #expect(found.map(\.item.medium.label) == ["USB-vera"] && found.map(\.expected) == ["S-0"])
        #expect(inventory.items[1].serial == "-")
        // One that was raised by hand says nothing of what was read.
        for isOfAttempt in [true, false] {
            let excused = try HeldCeremony(
                exceptions: ["open-bags"],
                expectation: .serial("S-0", of: "USB-vera"),
                isOfAttempt: isOfAttempt,
                serials: ["USB-vera": "S-1"]
            )
            let found = inventory.strangers(in: excused.transcript, known: ["USB-vera": "S-0"])
            #expect(found.isEmpty == isOfAttempt)
        }
    }

    @Test("a medium that comes back in another bag is flagged, in inventory and report")
    func changed() throws {
        let sample = SamplePlan(kind: "drill", member: #""inventory": "earlier.json""#)
        let held = try HeldCeremony(
            sample,
            bags: ["out USB-vera": "B-9"],
            expected: ["USB-vera": "B-1", "USB-kurt": "B1-out-USB-kurt"]
        )
        let inventory = Inventory(of: held.plan, held.transcript)
        #expect(inventory.changed.map(\.medium.label) == ["USB-vera"])
        #expect(text(inventory.encoded()).contains("\"expected\": \"B-1\""))
    }

    @Test("an earlier inventory and a plan that do not know one another's media are warned of")
    func strangers() throws {
        let drill = try SamplePlan(kind: "drill", member: #""inventory": "x""#).plan()
        let bytes = Array(
            """
            {
              "format": "ca-escrow/v1/inventory",
              "items": [
                {
                  "bagIn": "B-1",
                  "content": "share",
                  "holder": "zoe",
                  "medium": "USB-zoe",
                  "site": "Lyon"
                }
              ]
            }

            """.utf8
        )
        let findings = try EarlierInventory(bytes, path: "x").findings(for: drill).map(\.text)
        #expect(findings.count == 13)
        #expect(findings[0] == "medium 'USB-vera': no bag of it in the earlier inventory")
        #expect(findings[12] == "medium 'USB-zoe': in the earlier inventory, not in the plan")
        let doubled = text(bytes).replacing("\"bagIn\"", with: "\"x\"")
        #expect(throws: DocumentError.self) { try EarlierInventory(Array(doubled.utf8), path: "x") }
    }

    @Test("not to agree is an answer, and is kept with its words")
    func attestations() throws {
        let held = try HeldCeremony(disagreeing: "wanda")
        let attestations = CeremonyEvidence(of: held.plan, held.transcript).attestations
        #expect(attestations.count == 13)
        #expect(attestations.filter { !$0.agrees }.map(\.name.description) == ["wanda"])
        #expect(attestations.filter { $0.exceptions != nil }.count == 1)
        let document = text(try #require(attestations.first { !$0.agrees }).encoded())
        #expect(document.contains("\"agrees\": false") && document.contains("camera"))
    }

    private func report(_ held: HeldCeremony, _ certificate: Certificate) -> CeremonyReport {
        CeremonyReport(of: held.plan, held.digest, held.script, held.transcript, certificate)
    }

    @Test("the report is the same bytes every time, and states what an auditor looks for")
    func reported() throws {
        let certificate = try SampleCertificate.make()
        let held = try HeldCeremony(exceptions: ["clock", "audit"], disagreeing: "wanda")
        let again = try HeldCeremony(exceptions: ["clock", "audit"], disagreeing: "wanda")
        let made = report(held, certificate)
        #expect(made.json == report(again, certificate).json && made.html == report(again, certificate).html)
        let json = text(made.json)
        for words in [
            "\"exceptionCount\": 2", "\"agreed\": 12", "\"disagreed\": 1", "\"end\": \"closed\"", "\"keepUntil\": ",
            "\"peopleToRestore\": 3", "\"sitesToRestore\": \"3\"", "\"budget\": ", "\"headWords\": ", "\"limits\": ",
        ] {
            #expect(json.contains(words), "\(words)")
        }
        let html = text(made.html)
        for words in [
            "Exceptions: 2", "12 agree, 1 do not; 1 added something; 0 did not attest",
            "Findings of the plan, as far as it and the certificate show them: 1",
            "error: certificate: ", "a fire alarm", "&lt;b&gt;camera&lt;/b&gt;", "What this does not show",
            "keep this until",
        ] {
            #expect(html.contains(words), "\(words)")
        }
        #expect(!html.contains("<b>") && !html.contains("http:") && !html.contains("https"))
    }

    @Test("no exception is stated as none")
    func none() throws {
        let made = report(try HeldCeremony(), try SampleCertificate.make())
        #expect(text(made.json).contains("\"exceptionCount\": 0"))
        #expect(text(made.html).contains("There was none."))
    }

    @Test("it is kept two years beyond the certificate, 29 February too")
    func retention() throws {
        let made = report(try HeldCeremony(), try SampleCertificate.make())
        let end = made.certificateEnd.description
        #expect(made.retention.description == "\(try #require(Int(end.prefix(4))) + 2)\(end.dropFirst(4))")
    }

    @Test("what check says of the plan stands in the report")
    func findings() throws {
        let sample = SamplePlan(policy: "5 of all")
        let made = report(try HeldCeremony(sample), try SampleCertificate.make())
        #expect(text(made.json).contains("\"code\": \"no-margin\""))
        #expect(text(made.html).contains("warning: no-margin: "))
    }

    @Test("a rehearsal says so, in every artefact; the CA that it makes is not the certificate's")
    func rehearsal() throws {
        let sample = SamplePlan(member: #""rehearsal": true"#)
        let held = try HeldCeremony(sample)
        let made = report(held, try SampleCertificate.make())
        #expect(text(made.html).contains("REHEARSAL") && text(made.json).contains("\"rehearsal\": true"))
        #expect(text(made.html).contains("<div class=\"mark\" aria-hidden=\"true\">REHEARSAL</div>"))
        for file in CeremonyEvidence(of: held.plan, held.transcript).files {
            #expect(text(file.bytes).contains("\"rehearsal\": true"), "\(file.name)")
        }
        let production = try HeldCeremony()
        for file in CeremonyEvidence(of: production.plan, production.transcript).files {
            #expect(!text(file.bytes).contains("rehearsal"), "\(file.name)")
        }
        let bytes = sample.bytes("\"store\": \"openssl-ca:ca\",", "")
        let plan = try Plan(json: bytes)
        let transcript = Transcript(of: SHA256Digest(of: bytes))
        let certificate = try SampleCertificate.make()
        let report = CeremonyReport(of: plan, transcript.plan, try SamplePlan.script(plan), transcript, certificate)
        #expect(report.authority == "one made for this rehearsal; the plan names \(certificate.subject)")
    }

    @Test("an inventory of a rehearsal is not one of a ceremony")
    func rehearsedInventory() throws {
        let held = try HeldCeremony(SamplePlan(member: #""rehearsal": true"#))
        let earlier = try EarlierInventory(Inventory(of: held.plan, held.transcript).encoded(), path: "earlier.json")
        let drill = try SamplePlan(kind: "drill", member: #""inventory": "x""#).plan()
        #expect(earlier.findings(for: drill) == [.warning("inventory", "earlier.json: of a rehearsal")])
    }
}

/// A CA's certificate.
enum SampleCertificate {
    static func make() throws -> Certificate {
        try Certificate(pem: Array(pem.utf8))
    }

    private static let pem = """
        -----BEGIN CERTIFICATE-----
        MIIBgzCCASmgAwIBAgIUD5CoGE6SVzwUTpYsOAmWoCQDfjUwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMQWNtZSBSb290IENBMB4XDTI2MTEyNjAwMjExM1oXDTQ2MTEy
        MTAwMjExM1owFzEVMBMGA1UEAwwMQWNtZSBSb290IENBMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAESGzaXRvs+pzeNo7M8KPSg/sYsP68CYx5xg0SVHJwgHoQ6fY+
        KF/jQhEgx5iEEbZPrFdW0EQUTCNXDkKS1ZqcSqNTMFEwHQYDVR0OBBYEFO+GV1sK
        eS777FM0HmpemkNnqqNgMB8GA1UdIwQYMBaAFO+GV1sKeS777FM0HmpemkNnqqNg
        MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgCNtOXWPgTk5T32o/
        j8cRgJwyZzCj8yPVNBHcewarrUECIQDSmwtIkeTaJTqo4zblGd438Obk99WxuggN
        e7fm2cVr1w==
        -----END CERTIFICATE-----

        """
}
