// SPDX-License-Identifier: Apache-2.0

package import Encoding

extension PlanFiles {
    /// The digests that are known before the day.
    package var known: [Step.Subject: SHA256Digest] { [.plan: digest, .certificate: plan.authority.sha256] }
}
