// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Pages

/// How far a custodian can be counted on, by what lies in the escrow.
enum CustodyState: Equatable {
    case suspended(Suspension.Cause)
    /// They have answered the newest challenge that counts; its age.
    case proven(age: String)
    /// They have answered an older one; its age.
    case provenBefore(age: String)
    /// They have opened their share once.
    case acknowledged
    case nothing

    init(_ custodian: ReportedEvidence.Custodian, at now: Timestamp) {
        if let suspension = custodian.suspension {
            self = .suspended(suspension.because)
        } else if let answer = custodian.answer {
            let age = answer.asked.ago(at: now)
            self = custodian.isProven ? .proven(age: age) : .provenBefore(age: age)
        } else {
            self = custodian.receipt == nil ? .nothing : .acknowledged
        }
    }

    var isProven: Bool { if case .proven = self { true } else { false } }

    var words: String {
        switch self {
        case .suspended(let cause): "suspended: \(cause.rawValue)"
        case .proven(let age): "proven \(age)"
        case .provenBefore(let age): "last proven \(age)"
        case .acknowledged: "acknowledged"
        case .nothing: "no evidence"
        }
    }

    /// How the policy's drawing frames it.
    var boxClass: String {
        switch self {
        case .proven: "box enough"
        case .suspended, .nothing: "box weak"
        case .provenBefore, .acknowledged: "box"
        }
    }

    /// Its shape: a full circle with a tick, a half one, a ring with a dot, an empty ring, a cross.
    func draw(at x: Int, _ y: Int, in page: inout HTMLWriter) {
        func circle(_ radius: Int, _ style: String, in page: inout HTMLWriter) {
            page.shape("circle", [("class", style), ("cx", "\(x)"), ("cy", "\(y)"), ("r", "\(radius)")])
        }
        func line(_ path: String, _ style: String, in page: inout HTMLWriter) {
            page.shape("path", [("class", style), ("d", "M\(x) \(y)\(path)")])
        }
        switch self {
        case .suspended: line("m-6-6l12 12m0-12l-12 12", "hollow", in: &page)
        case .proven:
            circle(7, "full", in: &page)
            line("m-4 0l3 3l5-6", "tick", in: &page)
        case .provenBefore:
            circle(7, "hollow", in: &page)
            line("v-7a7 7 0 0 0 0 14z", "full", in: &page)
        case .acknowledged:
            circle(7, "hollow", in: &page)
            circle(2, "full", in: &page)
        case .nothing: circle(7, "hollow", in: &page)
        }
    }
}
