/// The page's style sheet. Colours stand out by 4.5 to 1 (text) and 3 to 1 (marks) at least, in light and in dark; nothing is
/// told by colour alone.
enum PageStyle {
    static let text = """
        :root { --page: #fff; --ink: #1b1f24; --soft: #535c66; --rule: #dfe3e8; --card: #f4f6f8; --accent: #0072B2;
          --unseen: #e9ecef; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #15181c; --ink: #eceff3; --soft: #aab3bd; --rule: #363d46; --card: #1e2329; --accent: #56B4E9;
            --unseen: #2a3038; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 48px; }
        h1 { margin: 0 0 .2rem; font-size: 1.8rem; line-height: 1.2; overflow-wrap: anywhere; }
        h2 { margin: 2.6rem 0 .7rem; font-size: 1.25rem; padding-top: .9rem; border-top: 1px solid var(--rule); }
        h3 { margin: 1.6rem 0 .4rem; font-size: 1rem; overflow-wrap: anywhere; }
        p { margin: .5rem 0; } a { color: var(--accent); }
        .meta, figcaption, caption { color: var(--soft); font-size: .92rem; }
        caption { text-align: left; }
        .badge { display: inline-block; margin-right: .6em; padding: 1px 12px; border-radius: 14px; font-weight: 600;
          border: 2px solid #0072B2; }
        .bad { border-color: #D55E00; } .reasons { margin: .3rem 0; padding-left: 1.3rem; overflow-wrap: anywhere; }
        .answer { background: var(--card); border-left: 5px solid var(--accent); margin: 1.2rem 0; padding: 14px 18px;
          font-size: 1.15rem; overflow-wrap: anywhere; }
        .wide { overflow-x: auto; } .hint { display: none; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 6px 6px; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; }
        td { white-space: nowrap; } thead th { vertical-align: bottom; }
        .sum th, .sum td { border-top: 2px solid var(--soft); font-weight: 600; }
        th:first-child { text-align: left; } tbody th { font-weight: 600; overflow-wrap: break-word; min-width: 6.5em; }
        .stack td, .stack th { padding: 6px 4px; } .stack td.words { min-width: 6.5em; } .pinned { margin-bottom: 1.2rem; }
        .pinned th:first-child { position: sticky; left: 0; background: var(--page); }
        td.words, th.words { text-align: left; white-space: normal; } td.chart { min-width: 160px; }
        td small { display: block; color: var(--soft); font-size: .82rem; }
        figure { margin: 0 0 .6rem; } svg { display: block; width: 100%; height: auto; }
        figure.chart { overflow-x: auto; } figure.chart > svg { min-width: 800px; }
        figure.small { max-width: 640px; overflow-x: auto; } figure.small > svg { min-width: 480px; }
        svg text { font: 13px system-ui, sans-serif; fill: var(--ink); }
        .curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 20px; }
        .curves figure { max-width: 340px; } .curves h3 { margin: 0 0 .2rem; }
        code { font-size: .82rem; overflow-wrap: anywhere; }
        details { margin: .4rem 0; } details table { font-size: .82rem; } details .wide { max-height: 26rem; overflow: auto; }
        summary { cursor: pointer; color: var(--soft); font-size: .92rem; min-height: 24px; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .4rem 0; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        .plan-row { display: grid; grid-template-columns: minmax(90px, 1.2fr) 2fr 9.5em 5.5em; gap: .6rem; align-items: center;
          padding: 3px 0; }
        .plan-row label { overflow-wrap: anywhere; } .plan-row output { text-align: right; font-variant-numeric: tabular-nums; }
        .plan-row input[type=range] { width: 100%; min-height: 24px; accent-color: var(--accent); }
        .plan-row input[type=number], button { font: inherit; color: var(--ink); background: var(--page);
          border: 1px solid var(--soft); border-radius: 4px; padding: 3px 8px; width: 100%; min-height: 28px; }
        button { width: auto; cursor: pointer; padding: 4px 12px; } [aria-invalid] { outline: 3px dashed #D55E00; }
        .plan-result { max-width: 720px; margin-top: .6rem; }
        #moved:empty { display: none; }
        @media screen and (max-width: 860px) { .hint { display: block; color: var(--soft); font-size: .85rem; margin: .2rem 0; } }
        @media screen and (max-width: 700px) {
          .plan-result td { white-space: normal; }
          main { padding: 18px 14px 32px; } h1 { font-size: 1.45rem; } dl { grid-template-columns: 1fr; }
          .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .stack tbody, .stack tr, .stack th { display: block; } .stack tr { padding: .5rem 0; }
          .stack tbody th { font-size: 1rem; border: 0; padding: 2px 0; }
          .stack td { display: flex; justify-content: space-between; gap: 1rem; padding: 2px 0; border: 0; white-space: normal; }
          .stack td::before { content: attr(data-label); color: var(--soft); text-align: left; }
          .stack tr { border-bottom: 1px solid var(--rule); } .stack td small { display: inline; margin-left: .5em; }
          .plan-row { grid-template-columns: 1fr 6em; } .plan-row input[type=range] { grid-column: 1 / 3; }
        }
        @media print {
          :root { --page: #fff; --ink: #000; --soft: #444; --rule: #ccc; --card: #f4f4f4; --accent: #0072B2; --unseen: #e9ecef; }
          @page { size: A4; margin: 10mm 11mm; }
          html { font-size: 10.5px; } body { font-size: 1rem; line-height: 1.35; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main { padding: 0; max-width: none; } details:not([open]), #planner, .hint, .source { display: none; }
          h1 { font-size: 1.6rem; } h2 { break-after: avoid; margin-top: .8rem; padding-top: .3rem; font-size: 1.05rem; }
          h3 { break-after: avoid; margin: .5rem 0 .2rem; } th, td { padding: 2px 5px; } p { margin: .2rem 0; }
          .answer { margin: .5rem 0; padding: 7px 10px; } figure, tr, .answer { break-inside: avoid; }
          figure.chart > svg, figure.small > svg { min-width: 0; } figure.chart { max-width: 70%; } figure.small { max-width: 38%; }
          .curves { grid-template-columns: repeat(4, 1fr); gap: 8px; } .curves h3 { font-size: .9rem; }
          .many { font-size: .92rem; line-height: 1.25; } .many td, .many th { padding: 1px 4px; } .many h2 { margin-top: .5rem; }
          .many figure.chart { max-width: 66%; } .many figure.small { max-width: 38%; } .many .curves figure > svg text { font-size: 17px; }
          .many .curves { grid-template-columns: repeat(6, 1fr); gap: 3px 8px; } .many h3 { margin: .2rem 0 .1rem; }
          .many figure { margin-bottom: .2rem; } .many table { font-size: .84rem; } .long table { font-size: .8rem; }
          .rest { break-before: page; }
        }
        @media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
        """
}
