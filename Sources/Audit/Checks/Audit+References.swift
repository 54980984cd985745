// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SystemPackage

// What people have added, and the documents that it names.
extension AuditReading {
    /// Every release answers a request that is here.
    var releases: AuditOutcome {
        AuditOutcome(findings: faults(\.releases.faults, and: \.releaseFindings), otherwise: passUnlessRefused)
    }

    /// Every refusal answers a request that is here.
    var refusals: AuditOutcome {
        AuditOutcome(findings: faults(\.refusals.faults, and: \.refusalFindings), otherwise: passUnlessRefused)
    }

    /// Every record is in canonical form and proven.
    var records: AuditOutcome {
        var found: [String] = []
        for content in countedContents {
            let evidence = content.evidence
            switch content.added {
            case .success(let added): found += added.flatMap(\.signatures.faults).findings
            case .failure(let error) where evidence.unread[Record.directoryName]?.contains(error) ?? false: break
            case .failure(let error): found += [error].findings
            }
            found += (evidence.overrides.faults + evidence.suspensions.faults).findings
            found += (evidence.reinstatements.faults + evidence.voids.faults).findings
            found += (evidence.restores.faults + evidence.drills.faults).findings
            found += evidence.recordFindings
        }
        let lookedAt = epochs.filter { $0.content.map { chain.isLookedAt($0.document) } ?? false }
        let unknown = lookedAt.compactMap(\.unknownRecord).last
        return AuditOutcome(findings: found, otherwise: unknown.map { .notChecked($0) } ?? passUnlessRefused)
    }
}

extension EpochReading {
    /// A record of a kind that this version does not know: it is not called checked.
    fileprivate var unknownRecord: String? {
        guard let content, let folder = folders[Record.directoryName] else {
            return nil
        }
        let unknown = folder.items.map(\.name).first { name in
            Record.kind(of: name).map { !Record.kinds.contains(bytesOf: $0) } ?? false
        }
        return unknown.map { name in
            "\(AuditReading.shown(folder.path.appending(name), in: content.document)): "
                + "of a kind that this version does not know"
        }
    }
}

extension Evidence {
    /// Releases that answer no request here; none while requests could not be read.
    fileprivate var releaseFindings: [String] {
        let requests = requestsHere
        return releases.documents.compactMap { filed in
            guard let request = requests[filed.document.request] else {
                return isUnread(Request.self) ? nil : "\(filed.path): answers a request that is not here"
            }
            let isInTime = request.notBefore <= filed.document.created && filed.document.created <= request.expires
            return isInTime ? nil : "\(filed.path): made outside the time of its request"
        }
    }

    /// Refusals that answer no request here; none while requests could not be read.
    fileprivate var refusalFindings: [String] {
        let requests = requestsHere
        return refusals.documents.filter { requests[$0.document.request] == nil && !isUnread(Request.self) }
            .map { "\($0.path): answers a request that is not here" }
    }

    /// Records that name what is not here; none while that could not be read.
    fileprivate var recordFindings: [String] {
        let requests = requestsHere
        func isMissing(_ request: SHA256Digest?) -> Bool {
            request.map { requests[$0] == nil && !isUnread(Request.self) } ?? false
        }
        var found: [String] = []
        for filed in overrides.documents {
            let stopping = refusals.digests(of: filed.document.request)
            let isOpen = isUnread(Refusal.self) || stopping.isSuperset(of: filed.document.refusals)
            if isMissing(filed.document.request) || !isOpen {
                found.append("\(filed.path): names a request or refusal that is not here")
            }
        }
        for filed in restores.documents where isMissing(filed.document.request) {
            found.append("\(filed.path): names a request that is not here")
        }
        for filed in drills.documents {
            if isMissing(filed.document.request) {
                found.append("\(filed.path): names a request that is not here")
            }
            do throws(DocumentError) {
                if let challenge = filed.document.challenge {
                    _ = try challenges.documents.answered(challenge, at: filed.document.created)
                }
            } catch {
                let fault = EscrowError.document(path: filed.path.string, error)
                if !(isUnread(Challenge.self) && fault.isMissing("challenge")) {
                    found.append(fault.description)
                }
            }
        }
        return found
    }

    private var requestsHere: [SHA256Digest: Request] {
        Dictionary(filedRequests.map { ($0.digest, $0.document) }) { first, _ in first }
    }
}
