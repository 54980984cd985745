// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import KeyStores
import SystemPackage

// The keys, as they are read from their store.
extension Backup {
    /// The store's keys; or those of a CA that is made for this rehearsal.
    ///
    /// - Throws: ``EscrowError/store(_:)``, ``EscrowError/absent(_:)``, ``BackupFault/testCANotMade(_:)``
    func exported(attended attendance: any Attendance) throws(EscrowError) -> CAMaterial {
        if case .store(let store, _) = source {
            return try store.exported(attended: attendance)
        }
        do throws(KeyError) {
            let material = try Rehearsal.makeCA(for: escrow.stem ?? "", at: now)
            attendance.tell(.testCAMade(material.newest))
            return material
        } catch {
            throw .backup(.testCANotMade(error))
        }
    }

    /// Keeps test keys and others apart, and tells what is odd about keys that a store holds, or is not escrowed of it.
    func check(_ material: CAMaterial, attended attendance: any Attendance) throws(EscrowError) {
        guard case .store(let store, let name) = source else {
            return
        }
        try Rehearsal.check(material, isRehearsing: isRehearsing, store: name)
        do throws(StoreError) {
            try store.keysNotEscrowed().forEach { attendance.tell(.keyIsNotEscrowed($0)) }
        } catch {
            throw .store(error)
        }
        let newest = material.newest
        if newest.notAfter < now.secondsSinceEpoch {
            attendance.tell(.hasExpired(newest, path: nil))
        }
        if case .rsa(let bitCount) = newest.keyKind, bitCount < KeyKind.fewestRSABits {
            attendance.tell(.keyIsShort(newest, bitCount: bitCount))
        }
        if !material.unescrowed.isEmpty {
            let place = store.location.places.first ?? name
            attendance.tell(.contentIsNotEscrowed(material.unescrowed, of: place))
        }
    }
}
