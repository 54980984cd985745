// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files

/// What a parcel may cost its reader: docs/format.md, section 4.21.
extension Parcel {
    /// How many members the gates of all manifests have, in all escrows; nothing is computed.
    ///
    /// One that is no JSON counts nothing: its reader refuses it as soon.
    package static func memberCount(of files: [File]) -> Int {
        files.reduce(0) { count, file in
            let name = file.path.words(between: "/").last
            guard name?.utf8.elementsEqual(EpochDocument.manifestName.utf8) == true,
                let value = try? JSONValue(canonical: file.content), case .object(let manifest) = value
            else {
                return count
            }
            return count + (manifest["policy"].map(members) ?? 0)
        }
    }

    /// Those of a gate and of the gates inside it.
    private static func members(in gate: JSONValue) -> Int {
        guard case .object(let gate) = gate, case .array(let members)? = gate["members"] else {
            return 0
        }
        return members.reduce(members.count) { $0 + Self.members(in: $1) }
    }
}
