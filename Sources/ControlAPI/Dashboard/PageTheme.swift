/// Colours of the pages, for light and for dark surroundings; all but `rule` and `card` stand out from `page` and `card`
/// as WCAG 2.2 asks of text (1.4.3), `edge` as it asks of what else has to be seen (1.4.11).
struct PageTheme: Sendable {
    /// By the names of the style sheet's variables.
    let colours: [(name: String, hex: String)]

    static let light = PageTheme(colours: [
        ("page", "#ffffff"), ("ink", "#1b1f24"), ("soft", "#535c66"), ("rule", "#dfe3e8"), ("card", "#f4f6f8"),
        ("edge", "#7a838c"), ("accent", "#0072b2"), ("good", "#00694d"), ("warn", "#845000"), ("bad", "#ad3c06"),
    ])

    static let dark = PageTheme(colours: [
        ("page", "#15181c"), ("ink", "#eceff3"), ("soft", "#aab3bd"), ("rule", "#363d46"), ("card", "#1e2329"),
        ("edge", "#7d8791"), ("accent", "#56b4e9"), ("good", "#4fc79b"), ("warn", "#f0b64a"), ("bad", "#ff9160"),
    ])

    private var variables: String { colours.map { "--\($0.name): \($0.hex);" }.joined(separator: " ") }

    static let styleSheet = """
        :root { \(light.variables) }
        @media (prefers-color-scheme: dark) { :root { \(dark.variables) } }
        * { box-sizing: border-box; }
        html { scroll-padding-top: 4rem; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        a { color: var(--accent); text-underline-offset: .15em; }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
        .skip { position: absolute; left: -999px; } .skip:focus { left: 12px; top: 8px; z-index: 2;
          background: var(--page); padding: 8px 12px; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap; }
        header { border-bottom: 1px solid var(--rule); background: var(--card); }
        .bar, main, footer { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
        .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 20px; min-height: 56px; padding-block: 6px; }
        .brand { font-weight: 700; font-size: 1.15rem; color: var(--ink); text-decoration: none; padding: 6px 0; }
        nav ul { display: flex; flex-wrap: wrap; gap: 2px; margin: 0; padding: 0; list-style: none; }
        nav a { display: block; padding: 6px 10px; border-radius: 6px; text-decoration: none; color: var(--ink); }
        nav a:hover { text-decoration: underline; }
        nav a[aria-current] { box-shadow: inset 0 -3px var(--accent); font-weight: 600; border-radius: 0; }
        .bar form { margin-left: auto; }
        main { padding-block: 20px 40px; } main:focus { outline: none; }
        .head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 20px; }
        .head { margin-bottom: .6rem; } h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
        h2 { margin: 2rem 0 .6rem; font-size: 1.2rem; } h3 { margin: 1.2rem 0 .4rem; font-size: 1rem; }
        p { margin: .5rem 0; max-width: 46rem; } .note { color: var(--soft); font-size: .92rem; }
        .status { display: flex; align-items: center; gap: 12px; margin: 0; color: var(--soft); font-size: .92rem; }
        button, .button, select, input { font: inherit; color: var(--ink); background: var(--page);
          border: 1px solid var(--edge); border-radius: 6px; padding: 5px 12px; min-height: 34px; max-width: 100%; }
        button, .button { cursor: pointer; text-decoration: none; display: inline-block; }
        button:hover, .button:hover { border-color: var(--accent); }
        .main { background: var(--accent); color: var(--page); border-color: var(--accent); font-weight: 600; }
        .fields { display: flex; flex-wrap: wrap; align-items: end; gap: 12px; margin: .6rem 0; }
        .fields label { display: block; font-size: .92rem; color: var(--soft); } .fields > * { min-width: 0; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px;
          margin: 16px 0 0; }
        .tiles div { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px; }
        .tiles dt { color: var(--soft); font-size: .88rem; } .tiles dd { margin: 0; font-size: 1.3rem; font-weight: 600;
          overflow-wrap: anywhere; } .tiles small { font-size: .85rem; font-weight: 400; color: var(--soft); line-height: 1.3; }
        table { border-collapse: collapse; width: 100%; font-size: .94rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 7px 10px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top;
          overflow-wrap: break-word; } table + table { margin-top: 1.2rem; }
        thead th { vertical-align: bottom; color: var(--soft); font-weight: 600; font-size: .88rem; }
        tbody th { font-weight: 600; overflow-wrap: anywhere; min-width: 10rem; }
        td.words { overflow-wrap: anywhere; min-width: 9rem; } tbody th.narrow { white-space: nowrap; } .number { text-align: right; white-space: nowrap; }
        th.number { white-space: normal; overflow-wrap: normal; } td.narrow, th.narrow { white-space: nowrap; }
        td.chart { width: 26%; min-width: 140px; vertical-align: middle; }
        td small, th small { display: block; color: var(--soft); font-size: .85rem; font-weight: 400; }
        progress { appearance: none; width: 100%; min-width: 90px; height: 12px; border: 1px solid var(--edge);
          border-radius: 6px; background: var(--rule); overflow: hidden; vertical-align: middle; }
        progress::-webkit-progress-bar { background: var(--rule); }
        progress::-webkit-progress-value { background: var(--accent); }
        progress::-moz-progress-bar { background: var(--accent); }
        svg.interval { display: block; width: 100%; height: 22px; overflow: visible; }
        svg.pair { height: 34px; }
        svg.interval line { vector-effect: non-scaling-stroke; stroke: var(--accent); stroke-width: 3; }
        svg.interval line.mean { stroke-width: 5; } svg.interval line.axis { stroke: var(--edge); stroke-width: 1; }
        svg.interval line.other { stroke: var(--warn); stroke-dasharray: 5 3; }
        svg.interval line.mean.other { stroke-dasharray: none; }
        .badge { display: inline-block; padding: 0 10px; border-radius: 12px; font-weight: 600; font-size: .88rem;
          border: 2px solid currentColor; white-space: nowrap; } .calm { color: var(--soft); } .accent { color: var(--accent); }
        .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
        .box { background: var(--card); border-left: 5px solid var(--accent); padding: 10px 14px; margin: 12px 0;
          overflow-wrap: anywhere; } .box.warn, .box.bad { color: var(--ink); border-left-color: var(--warn); }
        .box.bad { border-left-color: var(--bad); }
        ul.plain { padding-left: 1.2rem; margin: .4rem 0; } li { margin: .15rem 0; overflow-wrap: anywhere; }
        code { font-size: .88rem; overflow-wrap: anywhere; } footer { color: var(--soft); font-size: .88rem;
          padding-block: 12px 24px; }
        @media (max-width: 900px) {
          .bar, main, footer { padding-inline: 16px; } .bar form { margin-left: 0; }
          h1 { font-size: 1.35rem; } .tiles { grid-template-columns: 1fr 1fr; gap: 8px; }
          thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          table, tbody { display: block; } tbody tr { display: block; border: 1px solid var(--rule); border-radius: 8px;
            padding: 8px 12px; margin: 0 0 10px; }
          tbody th, td { display: block; border: 0; padding: 3px 0; text-align: left; }
          td { display: flex; justify-content: space-between; gap: 16px; text-align: right; white-space: normal; }
          td::before { content: attr(data-label); color: var(--soft); text-align: left; flex: 0 0 auto; max-width: 45%; }
          td.words { display: block; text-align: left; } td.words::before { display: block; max-width: none; }
          td.chart { width: auto; display: block; text-align: left; } td { overflow-wrap: anywhere; } td.none { display: none; } td > div { min-width: 0; } td progress { width: 9rem; }
        }
        @media (prefers-reduced-motion: no-preference) { progress::-webkit-progress-value { transition: width .3s; } }
        @media (forced-colors: active) { .badge, progress { forced-color-adjust: auto; } }
        """
}
