// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Escrow
package import SystemPackage

extension BundleVerification {
    /// Verifies the bundle that lies somewhere; what cannot be read at all says which file and why.
    ///
    /// - Throws: ``BundleError/transcript(path:_:)``, ``BundleError/plan(path:_:)``, and errors of files.
    package init(at path: FilePath, anchor: Anchor?, authorities: [UInt8]?, now: Timestamp) throws {
        let bundle = Bundle(at: path)
        do {
            try self.init(of: bundle, anchor: anchor, authorities: authorities, now: now)
        } catch let error as TranscriptError {
            throw BundleError.transcript(path: bundle.transcript.string, error)
        } catch PlanError.file(let error) {
            throw error
        } catch let error as PlanError {
            throw BundleError.plan(path: bundle.plan.string, error)
        }
    }
}
