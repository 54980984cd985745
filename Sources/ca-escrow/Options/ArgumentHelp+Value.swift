// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

extension ArgumentHelp {
    /// What help says of an option or operand, and what it calls its value.
    static func of(_ valueName: String, _ text: String) -> ArgumentHelp {
        ArgumentHelp("\(text)", valueName: valueName)
    }
}
