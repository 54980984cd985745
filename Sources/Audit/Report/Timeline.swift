// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Pages

/// What happened to an escrow, from the first day on.
struct Timeline {
    let events: [CeremonyEvent]

    private var isOfSeveralEpochs: Bool { Set(events.map(\.epoch)).count > 1 }

    func draw(in page: inout HTMLWriter) {
        page.element("ol", [("class", "timeline")]) { page in
            for event in events {
                page.element("li") { page in
                    page.element("time", [("datetime", event.time.description)], text: event.time.date)
                    page.element("span", [("class", "dot"), ("aria-hidden", "true")]) { page in
                        page.element("span", text: event.kind.mark)
                    }
                    page.element("span", [("class", "what")]) { draw(event, in: &$0) }
                }
            }
        }
    }

    private func draw(_ event: CeremonyEvent, in page: inout HTMLWriter) {
        let people = event.people.listed
        page.element("strong", text: event.kind.rawValue)
        page.text(people.isEmpty ? ": " : " \(event.kind.preposition) \(people): ")
        page.words(event.detail)
        if isOfSeveralEpochs {
            page.element("span", [("class", "soft")], text: " (epoch \(event.epoch))")
        }
    }
}

extension CeremonyEvent.Kind {
    fileprivate var mark: String {
        switch self {
        case .epoch: "■"
        case .certificate: "□"
        case .receipt: "●"
        case .challenge: "◆"
        case .proof: "✔"
        case .request: "◇"
        case .release: "→"
        case .refusal, .suspension: "✖"
        case .override: "↷"
        case .restore: "▲"
        case .drill: "△"
        }
    }

    fileprivate var preposition: String {
        [.release, .refusal, .override, .restore, .drill].contains(self) ? "by" : "of"
    }
}
