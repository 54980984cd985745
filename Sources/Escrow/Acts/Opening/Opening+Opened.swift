// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import Ristretto255
package import SystemPackage

extension Opening {
    /// What a quorum has opened, erased with the value.
    package struct Opened: ~Copyable {
        /// s.
        package let secret: Scalar
        package let material: CAMaterial
        /// Those whose shares were used, in the order in which they came.
        package let custodians: [Name]
    }
}

extension Opening.Trusted {
    /// Collects a quorum, rebuilds the secret, and opens the PKCS#12 file with it.
    package func opened(attended attendance: any Attendance) throws(EscrowError) -> Opening.Opened {
        let (document, act) = (found.document, found.act)
        var quorum = Quorum(of: document, in: found.directory, attended: attendance)
        if let answered {
            let taken = try quorum.take(from: answered)
            if act.records == nil {
                taken.forEach { file(statementOf: $0, attended: attendance) }
            }
        }
        quorum.take(from: act.identities)
        let isCustodianHere = act.identities.contains { document.manifest.person(named: $0.name) != nil }
        // Where nobody is, those who answered from afar may be enough.
        if !isCustodianHere, answered == nil || attendance.isAnybodyThere {
            try quorum.ask()
        }
        let custodians = quorum.accepted
        let secret = try quorum.finish()
        let (bytes, path) = found.pkcs12
        let material = try document.material(from: bytes, at: path.string, secret: secret, added: found.added)
        return Opening.Opened(secret: secret, material: material, custodians: custodians)
    }

    /// Files what a custodian signed with their release: also when the opening stops later.
    private func file(statementOf release: ReleaseBox, attended attendance: any Attendance) {
        do throws(EscrowError) {
            attendance.tell(.filed(.statement, try SignedDocument(statementOf: release, in: found.document).file()))
        } catch {
            attendance.tell(.statementOnlyInRelease(error, of: release.statement.custodian))
        }
    }

    /// Files the record of a restore.
    package func file(
        recordOf opened: borrowing Opening.Opened,
        to store: String,
        attended attendance: any Attendance
    ) throws(EscrowError) -> FilePath {
        let record = RestoreRecord(
            of: found.document,
            by: opened.custodians,
            to: store,
            request: answered?.review.request.digest,
            overrides: overrides,
            at: found.now,
            provenBy: opened.secret
        )
        return try Record.file(
            record.encoded(),
            .restore,
            created: found.now,
            in: found.records,
            signatures: try found.signatures(of: record, attended: attendance)
        )
    }
}
