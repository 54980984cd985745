// SPDX-License-Identifier: Apache-2.0

/// What a verification of a bundle asks, by the names of its checks.
enum BundleCheck: String, CaseIterable {
    case chain, end, acts, program, people, plan, anchor, signatures, stamp, files, certificate, enrolment, inventory
    case escrow, terms, coverage, evidence

    /// What holds when it passes.
    var meaning: String {
        switch self {
        case .chain: "every line is as it was written, from the plan to the last one"
        case .end: "the ceremony was closed"
        case .acts: "people did what each step demands, or an exception says why not"
        case .program: "the plan's program held it, or an exception names another"
        case .people: "cards and keys are those that the plan names by their digests"
        case .plan: "as many officers as it demands have signed the plan"
        case .anchor: "officers whom you believe have signed the plan"
        case .signatures: "operator and witnesses have signed the transcript"
        case .stamp: "a time stamp that you believe is over this transcript"
        case .files: "files are those that the transcript names, and no others"
        case .certificate: "the certificate is the one that the plan names"
        case .enrolment: "every custodian had shown that they can unseal"
        case .inventory: "no bag stands there twice, and one that changed has an exception"
        case .escrow: "the escrow is sound, and the one that was compared"
        case .terms: "policy, officers and cards of the escrow are the plan's"
        case .coverage: "everybody who could be in a quorum of those there was in a trial restore"
        case .evidence: "attestations, inventory and report are what the transcript makes"
        }
    }
}
