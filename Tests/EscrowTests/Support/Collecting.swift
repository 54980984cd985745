// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage

@testable import Escrow

extension World {
    /// Collects a parcel of files, which is written for the purpose.
    ///
    /// - Returns: What became of each part of which something is told, by its place.
    /// - Throws: What is wrong with the parcel itself.
    func collect(parcel files: [Parcel.File]) throws -> [String: Result<Collected, CollectError>] {
        let parcel = try Parcel(canonical: Parcel(about: "a test", files: files).encoded())
        let sent = try TemporaryFolder()
        try sent.write(parcel.encoded(), to: sent("x.parcel"))
        var results: [String: Result<Collected, CollectError>] = [:]
        var fault: CollectError?
        try Collect([sent("x.parcel")], into: escrow).run(attended: Script()) { outcome in
            if let part = outcome.part, let result = outcome.result {
                results[part] = result
            } else if case .failure(let error)? = outcome.result {
                fault = error
            }
        }
        if let fault {
            throw fault
        }
        return results
    }
}
