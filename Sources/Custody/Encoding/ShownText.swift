// SPDX-License-Identifier: Apache-2.0

extension Unicode.Scalar {
    /// Whether it shows, stays in its place and leaves the others in theirs.
    package var isShown: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: !properties.isDefaultIgnorableCodePoint
        }
    }
}
