// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import KeyStores

extension KeyStore {
    /// All keys and certificates of the store.
    ///
    /// - Throws: ``EscrowError/store(_:)``, ``EscrowError/absent(_:)``
    package func exported(attended attendance: any Attendance) throws(EscrowError) -> CAMaterial {
        let secrets = StoreSecrets(of: self, as: .source, attended: attendance)
        do throws(StoreError) {
            return try export(passphrase: secrets.ask)
        } catch {
            throw secrets.fact(of: error)
        }
    }
}
