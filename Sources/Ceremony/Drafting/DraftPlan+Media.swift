// SPDX-License-Identifier: Apache-2.0

import SystemPackage

// Every medium that leaves the room: two for each share, the PKCS#12 file at each keeper's.
extension DraftPlan {
    /// Who holds what, and on how many media.
    private static let rule = [(Role.keeper, Plan.Medium.Content.pkcs12, 1), (.custodian, .share, 2)]

    /// Lists what is missing.
    ///
    /// - Parameter only: Of whom alone: what was taken out of others stays out.
    func drawMedia(of only: String? = nil) throws {
        try takeInventory()
        for (role, content, count) in Self.rule {
            let holders = draft.people(with: role).filter { name in
                (only ?? name) == name
                    && !draft.media.contains { $0["holder"]?.text == name && $0["content"]?.text == content.rawValue }
            }
            for name in holders {
                for _ in 0..<count {
                    draft.add([
                        "label": nextLabel, "content": content.rawValue, "holder": name,
                        "site": draft["\(name).site"]?.text ?? "",
                    ])
                }
            }
        }
        for label in draft.labels {
            for entry in PlanQuestion.ofMedium where given["\(label).\(entry.member)"] != nil {
                try ask(entry.question(of: label))
            }
        }
    }

    /// Media of somebody whose role is another now go to whom the role has.
    func redrawMedia(of name: String) throws {
        for (role, content, _) in Self.rule where !draft.people(with: role).contains(name) {
            draft.removeMedia { $0["holder"]?.text == name && $0["content"]?.text == content.rawValue }
        }
        try drawMedia(of: name)
        try keep()
    }

    /// Lists them all anew.
    func redrawMedia() throws {
        draft.removeMedia { _ in true }
        try drawMedia()
        try keep()
    }

    /// Media that come back are those of the ceremony before.
    private func takeInventory() throws {
        guard draft.media.isEmpty, let path = draft["inventory"]?.text else {
            return
        }
        let names = draft.names
        for (label, members) in try EarlierInventory(at: folder.pushing(FilePath(path))).media {
            if let holder = members["holder"], names.contains(holder) {
                draft.add(members.merging(["label": label]) { $1 })
            }
        }
    }

    private var nextLabel: String {
        let taken = Set(draft.labels)
        let labels = (1...(taken.count + 1)).map { "USB-\($0 < 10 ? "0" : "")\($0)" }
        return labels.first { !taken.contains($0) } ?? "USB-\(taken.count + 1)"
    }
}
