// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow
import Files
import SystemPackage

/// The files that a plan names, as far as both can be read: each that cannot is a fault of the plan.
struct NamedFiles {
    private(set) var people = PeopleGiven()
    private(set) var certificate: Certificate?
    private(set) var earlier: EarlierInventory?

    /// - Parameter folder: Where relative paths start.
    init(of plan: PlanReading, in folder: FilePath) {
        for (person, place, subject) in plan.people {
            guard let card = person.card else {
                continue
            }
            do throws(EscrowError) {
                people.fill(from: try PeopleGiven(at: [folder.pushing(FilePath(card))]))
            } catch {
                plan.faults.note(.card(error), at: "\(place).card", of: subject)
            }
        }
        if let path = plan.authority?.certificate {
            readCertificate(at: folder.pushing(FilePath(path)), plan.faults)
        }
        if let path = plan.inventory {
            readInventory(at: folder.pushing(FilePath(path)), plan.faults)
        }
    }

    private mutating func readCertificate(at path: FilePath, _ faults: PlanFaults) {
        do {
            certificate = try Certificate(at: path)
        } catch let error as CertificateError {
            faults.note(.certificate(error), at: "ca.certificate")
        } catch let error as FileError {
            faults.note(.file(field: "ca.certificate", error), at: "ca.certificate")
        } catch {
            preconditionFailure("only these two are thrown: \(error)")
        }
    }

    private mutating func readInventory(at path: FilePath, _ faults: PlanFaults) {
        do {
            earlier = try EarlierInventory(at: path)
        } catch let error as EarlierInventoryError {
            faults.note(.earlier(error), at: "inventory")
        } catch let error as FileError {
            faults.note(.file(field: "inventory", error), at: "inventory")
        } catch {
            preconditionFailure("only these two are thrown: \(error)")
        }
    }
}

extension Certificate {
    /// Reads one in PEM or DER.
    ///
    /// - Throws: ``CertificateError``, ``FileError``
    init(at path: FilePath) throws {
        let bytes = try Files.read(path, limit: ByteLimit.document, followingLinks: true)
        self = bytes.first == 0x30 ? try Certificate(der: bytes) : try Certificate(pem: bytes)
    }
}
