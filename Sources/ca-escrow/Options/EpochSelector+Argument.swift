// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow

extension EpochSelector: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}
