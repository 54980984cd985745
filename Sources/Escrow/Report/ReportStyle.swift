// SPDX-License-Identifier: Apache-2.0

/// How the page looks: on a screen by day and by night, and on A4 in black and white.
enum ReportStyle {
    static let sheet: StaticString = """
        :root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --soft: #555; --line: #c4c4c4; \
        --band: #f3f3f1; --bad: #9d0019; --wait: #704500; --good: #0a5a2c }
        @media (prefers-color-scheme: dark) { :root { --ink: #ececec; --paper: #171717; --soft: #b4b4b4; \
        --line: #505050; --band: #232323; --bad: #ff97a3; --wait: #f2c274; --good: #86d9a6 } }
        @media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #333; --line: #888; \
        --band: #fff; --bad: #000; --wait: #000; --good: #000 } }
        * { box-sizing: border-box }
        body { margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 62rem; background: var(--paper); \
        color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
        h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2 }
        h2 { margin: 0 0 .75rem; font-size: 1.35rem; line-height: 1.25; overflow-wrap: anywhere }
        h3 { margin: 2rem 0 .5rem; font-size: 1.05rem }
        p { margin: .5rem 0 }
        a { color: inherit }
        a:focus-visible, pre:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
        .skip { position: absolute; left: -100rem }
        .skip:focus { left: 1rem; top: 1rem; padding: .25rem .75rem; background: var(--paper) }
        article, .end { margin-top: 2.5rem; padding-top: 1.5rem; border-top: 2px solid var(--ink) }
        main > section:first-child { margin-top: 1.75rem }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.25rem; margin: .75rem 0 }
        dt { color: var(--soft) }
        dd { margin: 0; overflow-wrap: anywhere }
        code, .hex, svg text { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
        .hex { font-size: .8125em; overflow-wrap: anywhere }
        .verdict { margin: 1rem 0; padding: .75rem 1rem; border: 3px solid; border-left-width: .9rem }
        .verdict strong { display: block; font-size: 1.25rem; line-height: 1.4 }
        .verdict span.why { color: var(--ink) }
        .verdict.bad { border-style: double; border-width: 6px; border-left-width: .9rem }
        .verdict.wait { border-style: dashed; border-left-style: solid }
        .bad { color: var(--bad) } .wait { color: var(--wait) } .good { color: var(--good) }
        .soft { color: var(--soft) }
        table { width: 100%; border-collapse: collapse; font-size: .9375rem; line-height: 1.4 }
        caption { padding-bottom: .35rem; text-align: left; color: var(--soft) }
        th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; \
        vertical-align: top; overflow-wrap: anywhere }
        thead th, .checks th, .date, td code { overflow-wrap: normal; white-space: nowrap }
        thead th { border-bottom: 2px solid var(--ink) }
        tbody th { font-weight: 600 }
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
        .timeline li { display: grid; grid-template-columns: 6rem 1.75rem 1fr; align-items: baseline }
        .timeline time { color: var(--soft); font-variant-numeric: tabular-nums }
        .timeline .dot { position: relative; align-self: stretch; text-align: center }
        .timeline .dot::before { content: ""; position: absolute; z-index: -1; top: 0; bottom: 0; left: 50%; \
        border-left: 1px solid var(--line) }
        .timeline .dot span { padding: .1rem 0; background: var(--paper) }
        .timeline .what { padding: .1rem 0 .1rem .25rem; overflow-wrap: anywhere }
        pre { margin: .5rem 0; padding: .75rem 1rem; border: 1px solid var(--line); background: var(--band); \
        font-size: .8125rem; line-height: 1.5; white-space: pre-wrap; word-break: break-all }
        pre code { display: block; padding-left: 2ch; text-indent: -2ch }
        .strong { font-weight: 700 }
        .note { padding: .5rem .75rem; border-left: .35rem solid var(--ink); background: var(--band) }
        @media (max-width: 40rem) { .wide { display: block; overflow-x: auto } \
        .timeline li { grid-template-columns: 5.75rem 1.4rem 1fr } }
        @page { size: A4; margin: 16mm 14mm }
        @media print { body { padding: 0; max-width: none; font-size: 10pt } table { font-size: 9pt } \
        pre { font-size: 7.5pt } .hex { font-size: 7.25pt } tfoot { display: table-row-group } .skip { display: none } article + article { break-before: page; border-top: 0 } \
        h2, h3, caption { break-after: avoid } tr, li, .verdict, figure { break-inside: avoid } \
        a { text-decoration: none } }
        """
}
