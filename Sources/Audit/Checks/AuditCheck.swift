// SPDX-License-Identifier: Apache-2.0

/// The checks of an audit, in the order in which they are shown; the codes are stable.
package enum AuditCheck: String, CaseIterable, Sendable {
    case layout
    case manifest
    case chain
    case people
    case cards
    case policy
    case commitments
    case shares
    case readme
    case clock
    case signatures
    case approval
    case succession
    case anchor
    case certificate
    case validity
    case key
    case pkcs12
    case protection
    case state
    case records
    case receipts
    case equivocation
    case challenges
    case proofs
    case requests
    case releases
    case refusals
    case quorum

    /// What it means when the check passes.
    package var meaning: String {
        switch self {
        case .layout: "nothing lies here that does not belong"
        case .manifest: "every manifest is in canonical form, and complete"
        case .chain: "the epochs follow one another by digest, none twice"
        case .people: "the custodians are those of the policy, with different keys"
        case .cards: "every custodian's card is here, signed and as the manifest names it"
        case .policy: "no one person can restore"
        case .commitments: "every gate has exactly its threshold, and every share is another"
        case .shares: "one sealed share a custodian, of the right size, in tree order"
        case .readme: "README.txt is what the manifest makes it"
        case .clock: "nothing here is newer than this machine's clock"
        case .signatures: "every signature file here holds"
        case .approval: "as many officers have signed as the manifest demands"
        case .succession: "every later epoch was approved by the one before"
        case .anchor: "officers whom the auditor knows have signed"
        case .certificate: "it is the escrow of the certificate given"
        case .validity: "the certificate is valid"
        case .key: "the key is of a strength that is accepted"
        case .pkcs12: "the PKCS#12 file is the one of the manifest"
        case .protection: "the PKCS#12 file holds no clear key, and its algorithms are those of the manifest"
        case .state: "the archive of the CA's state is the one of the manifest"
        case .records: "every record is in canonical form and proven"
        case .receipts: "every custodian has opened their share and said so"
        case .equivocation: "nobody was shown a different manifest"
        case .challenges: "every challenge is signed by the key in it"
        case .proofs: "every custodian has answered the newest challenge"
        case .requests: "every request is in canonical form, and its signatures hold"
        case .releases: "every release answers a request that is here"
        case .refusals: "every refusal answers a request that is here"
        case .quorum: "those who are not suspended can restore"
        }
    }
}
