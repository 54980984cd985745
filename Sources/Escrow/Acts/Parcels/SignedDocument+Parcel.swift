// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage

extension SignedDocument {
    /// The document and its signature as they travel.
    package func parcelFiles(of escrow: String) -> [Parcel.File] {
        let epoch = epoch.lastComponent?.string ?? ""
        let place = "\(epoch)/\(directoryName)/\(name)"
        return [
            Parcel.File(escrow: escrow, path: place, content: bytes),
            Parcel.File(escrow: escrow, path: "\(place).\(signer).sig", content: signature.armored),
        ]
    }
}
