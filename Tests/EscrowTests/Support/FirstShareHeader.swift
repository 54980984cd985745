// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding

@testable import Escrow

extension EpochDocument {
    /// What a box of the share at path 1 of epoch 1 says of itself, sealed to any key.
    func headerOfFirstShare(to sealingKey: [UInt8]) -> BoxHeader {
        BoxHeader(
            purpose: .share,
            set: manifest.set.bytes,
            epoch: 1,
            path: [1],
            context: manifest.headDigest,
            recipient: sealingKey
        )
    }
}
