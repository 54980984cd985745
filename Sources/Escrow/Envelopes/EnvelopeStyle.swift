// SPDX-License-Identifier: Apache-2.0

/// How the envelopes' sheets look: black on white, on a screen as on paper, each on a page of its own.
///
/// Lengths of what is scanned are in millimetres: a module of the large code is at least 0.7 mm wide.
enum EnvelopeStyle {
    static let sheet: StaticString = """
        :root { color-scheme: light }
        * { box-sizing: border-box }
        body { margin: 0; background: #fff; color: #000; \
        font: 9.5pt/1.35 system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
        .sheet { position: relative; display: flex; flex-direction: column; overflow: hidden; margin: 0 auto }
        .sheet + .sheet { margin-top: 12mm }
        h1 { margin: 0 0 2mm; padding-bottom: 1.2mm; border-bottom: .6mm solid; font-size: 14pt; line-height: 1.25 }
        h1 span { font-weight: 400 }
        h1, .line { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
        h2 { margin: 0 0 .6mm; font-size: 9pt }
        p { margin: 0 0 1.4mm }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .2mm 4mm; margin: 0 0 2.2mm }
        dt { font-weight: 600 }
        dd { margin: 0 }
        .two { display: -webkit-box; font-size: 8.5pt; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; \
        overflow-wrap: anywhere }
        .hex { font: 8.5pt/1.35 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
        .long { font-size: 7pt; line-height: 1.7 }
        .mark { margin: 0 0 2mm; padding: .6mm 3mm; border: 1mm double; text-align: center; font-size: 11pt; \
        font-weight: 700; letter-spacing: .12em }
        .digest { display: grid; grid-template-columns: max-content max-content; justify-content: space-between; \
        gap: 0 5mm; margin-bottom: 2mm; padding: 1.3mm 0; border: solid; border-width: .3mm 0 }
        .digest h2 { grid-column: 1 / -1 }
        .digest table { border-collapse: collapse }
        .digest th { padding: 0 2.5mm 0 0; text-align: left; font: inherit; font-size: 8pt; white-space: nowrap }
        .digest td { padding: 0 2.2mm 0 0; white-space: nowrap }
        .main { display: grid; grid-template-columns: 80mm 1fr; gap: 5mm; margin-bottom: 1mm }
        svg { display: block }
        svg.share { width: 80mm; height: 80mm }
        svg.label { width: 43mm; height: 43mm }
        .words { font-size: 8.5pt }
        .words code { font: 7.5pt ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; \
        overflow-wrap: anywhere }
        .blanks { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.5mm 5mm; margin-bottom: 2mm }
        .blanks div { height: 9mm; border-bottom: .25mm solid; font-size: 7.5pt }
        .cut { display: grid; grid-template-columns: 43mm minmax(0, 1fr); gap: 0 4mm; align-items: center; \
        margin-top: auto; border-top: .3mm dashed }
        .cut .note { grid-column: 1 / -1; margin: .5mm 0 0; font-size: 7pt }
        .cut .name { margin: 0 0 1mm; font-size: 13pt; font-weight: 700; line-height: 1.25 }
        .cut .mark { display: inline-block; margin: 0 0 1mm; padding: 0 2mm; font-size: 9pt }
        .cut dl { margin: 0; gap: .1mm 3mm; font-size: 8.5pt }
        .cut .hex { font-size: 8pt }
        .cut .blank { width: 60mm; height: 6mm; border-bottom: .25mm solid }
        @media print { .sheet + .sheet { margin-top: 0; break-before: page } .sheet { break-inside: avoid } }
        """

    /// The page's size, and that of a sheet within margins of 12 mm; a hair less high, so that rounding adds no page.
    static func size(_ paper: EnvelopePaper) -> StaticString {
        switch paper {
        case .a4: "\n@page { size: A4; margin: 12mm }\n.sheet { width: 186mm; height: 272.5mm }"
        case .letter: "\n@page { size: letter; margin: 12mm }\n.sheet { width: 191.9mm; height: 254.9mm }"
        }
    }
}

/// What envelopes are printed on.
package enum EnvelopePaper: String, CaseIterable, Sendable {
    /// 210 mm × 297 mm.
    case a4
    /// 8.5 in × 11 in, 215.9 mm × 279.4 mm.
    case letter
}
