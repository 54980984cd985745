// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files

/// The places that a ceremony's plan has in a parcel, and what it names: docs/format.md, section 4.21.
package enum PlanPlace {
    /// What stands in the place of an escrow's name.
    package static let parcelName = "plan"
    /// The plan itself.
    package static let planName = "plan.json"

    /// Whether a path is one of them: as in a ceremony's bundle, and without what a ceremony makes.
    package static func isKnown(_ path: String) -> Bool {
        let parts = path.parts(between: "/")
        if parts.count == 2, parts[0].isEqual(bytesOf: EpochDocument.cardsName) {
            return EnrolmentPlace.isKnown(parts[1]) || isNamed(parts[1], before: ".pub")
        }
        return [planName, "certificate.pem", "earlier-inventory.json"].contains(bytesOf: path)
            || path.rest(after: planName + ".").map { isNamed($0, before: ".sig") } ?? false
    }

    private static func isNamed(_ name: String, before ending: String) -> Bool {
        name.rest(before: ending).map { (try? Name($0)) != nil } ?? false
    }
}

extension Parcel.File {
    /// A file of a ceremony's plan: of no escrow.
    package init(plan path: String, _ content: [UInt8]) {
        self.init(escrow: PlanPlace.parcelName, path: path, content: content)
    }

    package var isOfPlan: Bool { escrow.isEqual(bytesOf: PlanPlace.parcelName) && PlanPlace.isKnown(path) }
}
