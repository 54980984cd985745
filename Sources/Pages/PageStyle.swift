// SPDX-License-Identifier: Apache-2.0

/// How everything looks that is printed: one style of run sheets, reports, envelopes and audits.
///
/// On paper in black and white first; an audit's report is read on a screen too, by day and by night. Lengths of what is
/// written on or scanned are in millimetres: a box for a digit is 5 mm wide, a module of an envelope's code at least 0.7 mm.
package enum PageStyle: Sendable {
    /// An audit's report.
    case audit
    /// A ceremony's run sheet, or its report.
    case sheet
    /// Sheets for bags.
    case envelope

    /// Around a sheet, with room for what stands at its head and foot.
    var margins: StaticString { self == .envelope ? "margin: 13mm 12mm 11mm; " : "margin: 16mm 12mm 14mm; " }

    /// The rules of this kind of page, behind those that all have.
    var rules: [StaticString] {
        switch self {
        case .audit: [Self.common, Self.blocks, Self.auditRules]
        case .sheet: [Self.common, Self.blocks, Self.forms, Self.sheetRules]
        case .envelope: [Self.common, Self.envelopeRules]
        }
    }

    /// Letters, boxes, and what stays together on paper.
    private static let common: StaticString = """
        :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #333; --line: #777; --band: #eee }
        * { box-sizing: border-box }
        body { margin: 0 auto; background: var(--paper); color: var(--ink); \
        font: 10pt/1.4 system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
        p { margin: .25em 0 }
        dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .15em 1.25em; margin: .5em 0 }
        dt { color: var(--soft) }
        dd { margin: 0; overflow-wrap: anywhere }
        code, pre, .hex, .digest, svg text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
        h1, h2, h3, caption { break-after: avoid }
        tr, li, dt, dd, svg, figure, .whole { break-inside: avoid }
        """

    /// Headings and tables of documents with many of them.
    private static let blocks: StaticString = """
        h1 { margin: 0 0 .4em; font-size: 1.75em; line-height: 1.2; overflow-wrap: anywhere }
        h2 { margin: 1.2em 0 .5em; font-size: 1.3em; line-height: 1.25; overflow-wrap: anywhere }
        h3 { margin: 1em 0 .4em; font-size: 1.05em }
        table { width: 100%; border-collapse: collapse; line-height: 1.35 }
        th, td { padding: .35em .6em; text-align: left; vertical-align: top; overflow-wrap: anywhere }
        tbody th { font-weight: 600 }
        thead { display: table-header-group }
        pre { margin: .4em 0; white-space: pre-wrap; overflow-wrap: anywhere }
        """

    /// What is filled in with a pen, and digests that are read aloud.
    private static let forms: StaticString = """
        .box { display: inline-block; width: 4mm; height: 4mm; margin: 0 1mm 0 0; border: .4mm solid; vertical-align: -.7mm }
        .answer { display: inline-block; margin-right: 4mm; white-space: nowrap }
        .cells { display: inline-flex; margin: .5mm 2mm .5mm 0; border-left: .25mm solid var(--line); vertical-align: middle }
        .cells i { width: 5mm; height: 6mm; border: .25mm solid var(--line); border-left: 0 }
        .cells i:nth-child(4n) { border-right-color: var(--ink); border-right-width: .4mm }
        .blank { display: inline-block; min-width: 22mm; height: 5mm; border-bottom: .25mm solid }
        .line, .fill { height: 8mm; border-bottom: .25mm solid var(--line) }
        table.digest { width: auto; margin: 1mm 0; line-height: 1.3; font-size: .95em }
        .digest th, .digest td { padding: 0 2mm 0 0; border: 0; height: auto; vertical-align: middle; white-space: nowrap }
        .digest th { color: var(--soft); font-weight: 400 }
        .digest .cells { margin: .25mm 0 } .digest .blank { min-width: 17mm }
        """

    private static let sheetRules: StaticString = """
        @media screen { body { max-width: 194mm; padding: 4mm } }
        th, td { border: .25mm solid var(--line) }
        thead th { background: var(--band); print-color-adjust: exact; overflow-wrap: normal }
        table { table-layout: fixed; break-inside: avoid } table.long { break-inside: auto }
        table.digest { table-layout: auto }
        .page { break-before: page }
        .number { width: 11mm; text-align: center } .short { width: 19mm } .when { width: 25mm } .person { width: 48mm }
        .initials { width: 29mm } .fields { width: 88mm }
        td.number { font-weight: 700 } td.number .box { display: block; width: 6mm; height: 6mm; margin: 1mm auto 0 }
        .form td, .form th { height: 9mm }
        main { padding: 0 .3mm }
        .sign { height: 10mm; padding-top: .4mm; font-size: .8em; line-height: 1.2; overflow-wrap: anywhere; border-bottom: .25mm dotted var(--line) }
        td .sign:last-child { border: 0 }
        .soft { color: var(--soft); font-size: .9em; font-weight: 400 } .warning { font-weight: 700 }
        .final td { border-top: .8mm solid; border-bottom: .8mm solid }
        td ul { margin: .5mm 0; padding-left: 4.5mm }
        td pre { padding: 1mm 1.5mm; border-left: .8mm solid var(--line); font-size: .82em; line-height: 1.3 }
        .label { display: inline-block; width: 17mm; font-size: .9em }
        .rehearsal, .verdict { margin: 0 0 3mm; padding: 1.5mm 3mm; border: 1mm solid; font-weight: 700; text-align: center }
        .verdict { text-align: left; font-size: 1.15em }
        .rehearsal { border-style: double }
        .mark { position: fixed; z-index: -1; top: 42%; left: 0; right: 0; text-align: center; font-size: 64pt; \
        font-weight: 700; color: #d8d8d8; transform: rotate(-30deg); print-color-adjust: exact }
        .files td { font-size: .85em } .hex { font-size: .85em; overflow-wrap: anywhere }
        """

    private static let auditRules: StaticString = """
        :root { color-scheme: light dark; --ink: #1c1c1c; --soft: #555; --line: #c4c4c4; \
        --band: #f3f3f1; --bad: #9d0019; --wait: #704500; --good: #0a5a2c }
        @media (prefers-color-scheme: dark) { :root { --ink: #ececec; --paper: #171717; --soft: #b4b4b4; \
        --line: #505050; --band: #232323; --bad: #ff97a3; --wait: #f2c274; --good: #86d9a6 } }
        @media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #333; --line: #888; \
        --band: #fff; --bad: #000; --wait: #000; --good: #000 } }
        body { padding: 1.5rem 1.25rem 3rem; max-width: 62rem; font-size: 1rem; line-height: 1.5 }
        h1 { margin-bottom: .5rem } h2 { margin: 0 0 .75rem } h3 { margin: 2rem 0 .5rem }
        p { margin: .5rem 0 }
        a { color: inherit }
        a:focus-visible, pre:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
        .skip { position: absolute; left: -100rem }
        .skip:focus { left: 1rem; top: 1rem; padding: .25rem .75rem; background: var(--paper) }
        article, .end { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 2px solid var(--ink) }
        main > section:first-child { margin-top: 1.75rem }
        dl { gap: .15rem 1.25rem; margin: .75rem 0; break-inside: avoid }
        .hex { font-size: .8125em; overflow-wrap: anywhere }
        .verdict { margin: 1rem 0; padding: .75rem 1rem; border: 3px solid; border-left-width: .9rem; break-inside: avoid }
        .verdict strong { display: block; font-size: 1.25rem; line-height: 1.4 }
        .verdict span.why { color: var(--ink) }
        .verdict.bad { border-style: double; border-width: 6px; border-left-width: .9rem }
        .verdict.wait { border-style: dashed; border-left-style: solid }
        .bad { color: var(--bad) } .wait { color: var(--wait) } .good { color: var(--good) }
        .soft { color: var(--soft) }
        table { font-size: .9375rem; line-height: 1.4 }
        caption { padding-bottom: .35rem; text-align: left; color: var(--soft) }
        th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line) }
        thead th, .checks th, .date, td code { overflow-wrap: normal; white-space: nowrap }
        thead th { border-bottom: 2px solid var(--ink) }
        tfoot th, tfoot td { border-bottom: 0; font-weight: 600 }
        .checks td:first-child, .word { white-space: nowrap; font-weight: 600 }
        .age { display: block; padding-left: 1.15em; color: var(--soft); font-size: .9em }
        .place { margin: -.5rem 0 .75rem; color: var(--soft); overflow-wrap: anywhere }
        figure { margin: .5rem 0 }
        svg { display: block; width: 100%; height: auto }
        svg text { font-size: 13px; fill: var(--ink) }
        svg .box { fill: var(--paper); stroke: var(--ink); stroke-width: 1.25 }
        svg .enough { stroke-width: 3 }
        svg .weak { stroke-dasharray: 4 3 }
        svg .edge { fill: none; stroke: var(--soft); stroke-width: 1.25 }
        svg .full { fill: var(--ink); stroke: var(--ink); stroke-width: 1.5 }
        svg .hollow { fill: none; stroke: var(--ink); stroke-width: 1.5 }
        svg .tick { fill: none; stroke: var(--paper); stroke-width: 2 }
        .timeline { margin: .5rem 0; padding: 0; list-style: none }
        .timeline li { display: grid; grid-template-columns: 6rem 1.75rem minmax(0, 1fr); align-items: baseline }
        .timeline time { color: var(--soft); font-variant-numeric: tabular-nums }
        .timeline .dot { position: relative; align-self: stretch; text-align: center }
        .timeline .dot::before { content: ""; position: absolute; z-index: -1; top: 0; bottom: 0; left: 50%; \
        border-left: 1px solid var(--line) }
        .timeline .dot span { padding: .1rem 0; background: var(--paper) }
        .timeline .what { padding: .1rem 0 .1rem .25rem; overflow-wrap: anywhere }
        pre { margin: .5rem 0; padding: .75rem 1rem; border: 1px solid var(--line); background: var(--band); \
        font-size: .8125rem; line-height: 1.5; word-break: break-all }
        pre code { display: block; padding-left: 2ch; text-indent: -2ch }
        .strong { font-weight: 700 }
        .note { padding: .5rem .75rem; border-left: .35rem solid var(--ink); background: var(--band) }
        @media (max-width: 40rem) { .wide { display: block; overflow-x: auto } \
        .timeline li { grid-template-columns: 5.75rem 1.4rem minmax(0, 1fr) } }
        @media print { body { padding: 0; max-width: none; font-size: 10pt } table { font-size: 9pt } \
        pre { font-size: 7.5pt } .hex { font-size: 7.25pt } tfoot { display: table-row-group } .skip { display: none } \
        article + article { break-before: page; border-top: 0 } a { text-decoration: none } }
        """

    private static let envelopeRules: StaticString = """
        body { font-size: 9.5pt; line-height: 1.35 }
        .sheet { position: relative; display: flex; flex-direction: column; overflow: hidden; margin: 0 auto }
        .sheet + .sheet { margin-top: 12mm }
        h1 { margin: 0; font-size: 14pt; line-height: 1.25; overflow-wrap: anywhere }
        .of { margin: 0 0 2mm; padding-bottom: 1.2mm; border-bottom: .6mm solid; font-size: 11pt; overflow-wrap: anywhere }
        h2 { margin: 0 0 .6mm; font-size: 9pt }
        p { margin: 0 0 1.4mm }
        dl { gap: .1mm 4mm; margin: 0 0 1.8mm; font-size: 9pt; line-height: 1.3 }
        dt { color: inherit; font-weight: 600 }
        .hex { font-size: 8.5pt }
        .long { font-size: 7pt; line-height: 1.7 }
        .small { font-size: 8.5pt }
        .mark { margin: 0 0 2mm; padding: .6mm 3mm; border: 1mm double; text-align: center; font-size: 11pt; \
        font-weight: 700; letter-spacing: .12em }
        .digest { display: grid; grid-template-columns: max-content max-content; justify-content: space-between; \
        gap: 0 5mm; margin-bottom: 2mm; padding: 1.3mm 0; border: solid; border-width: .3mm 0 }
        .digest h2 { grid-column: 1 / -1 }
        .digest table { border-collapse: collapse }
        .digest th { padding: 0 2.5mm 0 0; text-align: left; font: inherit; font-size: 8pt; white-space: nowrap }
        .digest td { padding: 0 2.2mm 0 0; white-space: nowrap }
        .main { display: grid; grid-template-columns: 80mm minmax(0, 1fr); gap: 5mm; margin-bottom: 1mm }
        svg { display: block }
        svg.share { width: 80mm; height: 80mm }
        svg.label { width: 43mm; height: 43mm }
        .words { font-size: 8.25pt; line-height: 1.3 }
        .words code { font-size: 7.25pt; overflow-wrap: anywhere }
        .blanks { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1.5mm 5mm; margin-bottom: 2mm }
        .blanks div { height: 9mm; border-bottom: .25mm solid; font-size: 7.5pt }
        .cut { display: grid; grid-template-columns: 43mm minmax(0, 1fr); gap: 0 4mm; align-items: center; \
        margin-top: auto; border-top: .3mm dashed }
        .cut .note { grid-column: 1 / -1; margin: .5mm 0 0; font-size: 7pt }
        .cut .name { margin: 0; font-size: 11pt; font-weight: 700; line-height: 1.2; overflow-wrap: anywhere }
        .cut .mark { display: inline-block; margin: 0 0 1mm; padding: 0 2mm; font-size: 9pt }
        .cut dl { margin: 0; gap: .1mm 3mm; font-size: 8pt; line-height: 1.3 }
        .cut .hex { font-size: 7.5pt }
        .cut .blank { width: 60mm; height: 6mm; border-bottom: .25mm solid }
        @media print { .sheet + .sheet { margin-top: 0; break-before: page } .sheet { break-inside: avoid } }
        """
}

/// What a page is printed on.
package enum Paper: String, CaseIterable, Sendable {
    /// 210 mm × 297 mm.
    case a4
    /// 8.5 in × 11 in, 215.9 mm × 279.4 mm.
    case letter

    /// Its size, as CSS says it.
    var size: StaticString { self == .a4 ? "size: A4; " : "size: letter; " }

    /// An envelope's sheet within the margins; a hair less high, so that rounding adds no page.
    var envelope: StaticString {
        switch self {
        case .a4: ".sheet { width: 186mm; height: 272.5mm }"
        case .letter: ".sheet { width: 191.9mm; height: 254.9mm }"
        }
    }
}
