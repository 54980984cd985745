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
            certificate = Self.read("ca.certificate", plan.faults) {
                try Certificate(at: folder.pushing(FilePath(path)))
            }
        }
        if let path = plan.inventory {
            earlier = Self.read("inventory", plan.faults) { try EarlierInventory(at: folder.pushing(FilePath(path))) }
        }
    }

    /// The file that a member names; why it cannot be read is a fault at that member.
    private static func read<File>(_ member: String, _ faults: PlanFaults, _ file: () throws -> File) -> File? {
        do {
            return try file()
        } catch let error as CertificateError {
            faults.note(.certificate(error), at: member)
        } catch let error as EarlierInventoryError {
            faults.note(.earlier(error), at: member)
        } catch let error as FileError {
            faults.note(.file(field: member, error), at: member)
        } catch {
            preconditionFailure("only these three are thrown: \(error)")
        }
        return nil
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
