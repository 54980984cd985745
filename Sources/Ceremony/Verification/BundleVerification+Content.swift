// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Encoding
import Escrow
import Files
import SystemPackage

// What lies in a bundle besides plan, transcript and escrow: certificate, enrolments, inventory.
extension BundleVerification {
    /// The certificate is the one that the plan names.
    mutating func checkCertificate() -> Certificate? {
        do {
            let certificate = try Certificate(pem: try Files.read(bundle.certificate, limit: ByteLimit.document))
            let digest = SHA256Digest(of: certificate.der)
            guard digest == plan.authority.sha256 else {
                note(.certificate, .fail(["\(bundle.certificate): SHA-256 \(digest.short)…, not the plan's"]))
                return nil
            }
            note(.certificate, .pass)
            return certificate
        } catch {
            let place = error is FileError ? "" : "\(bundle.certificate): "
            note(.certificate, .fail(["\(place)\(error)"]))
            return nil
        }
    }

    /// Every custodian had shown that they can unseal, at the latest when the cards were verified.
    mutating func checkEnrolments(_ people: PeopleGiven, _ approval: Approval?) {
        guard plan.kind == .backup else {
            return note(.enrolment, .notApplicable("nobody becomes a custodian"))
        }
        guard let approval else {
            return note(.enrolment, .notChecked(Self.noOfficers))
        }
        // What was mended on the day is younger than the opening.
        let moment = transcript.lines.last { $0.step == "cards" }?.time ?? opened
        var faults: [String] = []
        var open: [String] = []
        for custodian in plan.people(with: .custodian) {
            guard let card = people.card(of: custodian.name) else {
                faults.append("\(custodian.name): no card")
                continue
            }
            do throws(EscrowError) {
                switch try Enrolment.state(of: card, in: bundle.cards, officers: approval.officers, now: moment) {
                case .proven: break
                case .notAnswered: open.append("\(custodian.name)")
                case .wrong(let reasons): faults += reasons.map { "\(custodian.name): \($0)" }
                }
            } catch {
                faults.append("\(error)")
            }
        }
        let words = open.isEmpty ? nil : "not shown that they can unseal: \(open.joined(separator: ", "))"
        note(.enrolment, faults: faults, open: words)
    }

    /// No bag is used twice, and a medium in another bag, or with another serial number, than before has an exception.
    ///
    /// - Returns: The inventory before, where the plan names one that can be read.
    mutating func checkInventory() -> EarlierInventory? {
        let inventory = Inventory(of: plan, transcript)
        var faults = inventory.faults
        var known: EarlierInventory?
        if plan.inventory != nil {
            let path = bundle.path.appending(Bundle.earlierName)
            do {
                let earlier = try EarlierInventory(at: path)
                known = earlier
                for item in inventory.items where item.bagOut != nil && item.expected != earlier.bags[item.medium.label]
                {
                    let known = earlier.bags[item.medium.label].map { "bag \($0.quoted)" } ?? "no bag"
                    faults.append("\(path): \(item.medium.label) in \(known), not as the transcript says")
                }
            } catch {
                faults.append("\(error)")
            }
        }
        for item in inventory.unexplained(in: transcript) {
            let bags = "bag \((item.bagOut ?? "").quoted), where \((item.expected ?? "").quoted) was expected"
            faults.append("\(item.medium.label): \(bags), and no exception says why")
        }
        for (item, expected) in inventory.strangers(in: transcript, known: known?.serials ?? [:]) {
            let numbers = "serial number \((item.serialRead ?? "").quoted), where \(expected.quoted) was expected"
            faults.append("\(item.medium.label): \(numbers), and no exception says why")
        }
        let unknown = isClosed ? inventory.unknown.first : nil
        note(.inventory, faults: faults, open: unknown.map { "\($0.medium.label): a bag of it is not written down" })
        return known
    }
}
