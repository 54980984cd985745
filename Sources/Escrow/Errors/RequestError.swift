// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// Why a request is not answered.
package indirect enum RequestError: Error, Equatable {
    case notApproved(signed: [Name], needed: Int, missing: [Name])
    /// The officer whom it names has not signed it.
    case notAsked(by: Name)
    case notYet(Timestamp, now: Timestamp)
    case expired(Timestamp, now: Timestamp)
    /// - Parameter isAhead: Whether it is dated ahead, which lifts nothing.
    case refused(by: Name, Timestamp, String, isAhead: Bool = false)
    /// A refusal stops it whether or not it verifies.
    case refusalDoesNotVerify(finding: String)
    /// Nor need it be one that can be read, which no override can name.
    case refusalIsUnreadable(finding: String)
    case anotherManifest(found: SHA256Digest, acknowledged: SHA256Digest)
    case keyIsAnother(path: String)
    /// The key came back for it, or was drilled for it: nothing is needed any more.
    case restored(Timestamp)
    case drilled(Timestamp)
}

extension RequestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notApproved(let signed, let needed, let missing):
            "signed by \(signed.count) of \(needed) officers"
                + (signed.isEmpty ? "" : " (\(signed.listed))")
                + ": \(needed - signed.count) more needed of (\(missing.listed))"
        case .notAsked(let name): "\(name), who is said to ask, has not signed it"
        case .notYet(let time, let now): "not before \(time.forPeople) (this machine: \(now.forPeople))"
        case .expired(let time, let now): "expired \(time.forPeople) (this machine: \(now.forPeople))"
        case .refused(let name, let time, let reason, let isAhead):
            "refused by \(name) on \(time.date)\(isAhead ? ", which is in the future" : ""): '\(reason)'"
        case .refusalDoesNotVerify(let finding): "refused, by a file that does not verify: \(finding)"
        case .refusalIsUnreadable(let finding): "who has refused cannot be read: \(finding)"
        case .anotherManifest(let found, let acknowledged):
            "for manifest \(found.short)…, but you acknowledged \(acknowledged.short)…"
        case .keyIsAnother(let path): "\(path) is not the key that it asks releases for"
        case .restored(let time): "the key was restored on \(time.forPeople): nothing is needed any more"
        case .drilled(let time): "answered by a drill on \(time.forPeople): nothing is needed any more"
        }
    }
}
