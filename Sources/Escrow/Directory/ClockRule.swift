// SPDX-License-Identifier: Apache-2.0

package import Encoding
import SystemPackage

/// What dates decide, and what they do not: docs/format.md, section 5.4.
///
/// A clock may be wrong, and a date may be a lie. So only the epoch in force and the request that is acted on stop an
/// act by being newer than the clock; anything else that is dated ahead does not count, and stops nothing.
package enum ClockRule {
    /// How far clocks may differ.
    package static let slackSeconds = 300

    /// Whether a document's date is still to come.
    package static func isAhead(_ created: Timestamp, of now: Timestamp) -> Bool {
        created.secondsSinceEpoch > now.secondsSinceEpoch + slackSeconds
    }

    /// Holds the epoch that is acted on against the clock.
    ///
    /// - Throws: ``TrustFault/clockIsWrong(newest:path:now:)``
    package static func check(_ epoch: EpochDocument, at now: Timestamp) throws(EscrowError) {
        try check(epoch.manifest.created, of: epoch.manifestPath.string, at: now)
    }

    /// Holds the request that is acted on, or a document that is signed, against the clock.
    ///
    /// - Throws: ``TrustFault/clockIsWrong(newest:path:now:)``
    package static func check(_ created: Timestamp, of path: String, at now: Timestamp) throws(EscrowError) {
        guard !isAhead(created, of: now) else {
            throw .trust(.clockIsWrong(newest: created, path: path, now: now))
        }
    }

    /// The date of a document about a manifest: now, and never before the manifest, whose clock may have been a little
    /// ahead.
    package static func date(about manifest: Manifest, at now: Timestamp) -> Timestamp {
        isAhead(manifest.created, of: now) ? now : max(now, manifest.created)
    }
}
