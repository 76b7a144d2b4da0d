/// The page's markup, in Mustache.
enum PageTemplate {
    static let text = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{name}}: what media brought</title>
        <style>
        :root { --page: #fff; --ink: #1b1f24; --soft: #57606a; --rule: #e3e6ea; --card: #f6f8fa; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #15181c; --ink: #eceff3; --soft: #a9b2bc; --rule: #333a42; --card: #1d2228; }
        }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 24px; }
        h1 { margin: 0; font-size: 1.7rem; } h2 { margin: 2.2rem 0 .6rem; font-size: 1.2rem; }
        .meta, figcaption { color: var(--soft); }
        .badge { display: inline-block; padding: 2px 10px; border-radius: 12px; font-weight: 600; border: 2px solid; }
        .good { border-color: #0072B2; } .bad { border-color: #D55E00; }
        .answer { background: var(--card); border-left: 5px solid #0072B2; padding: 12px 16px; font-size: 1.1rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 6px 8px; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
        th:first-child, td:first-child, td.words { text-align: left; } td.words { white-space: normal; }
        figure { margin: 0; } svg { width: 100%; height: auto; }
        svg text { font: 12px system-ui, sans-serif; fill: var(--ink); } svg .strong { font-weight: 600; }
        .curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 16px; }
        .curves h3 { margin: 0; font-size: 1rem; }
        code { font-size: .8rem; overflow-wrap: anywhere; } summary { cursor: pointer; }
        @media print { main { padding: 0; } h2 { break-after: avoid; } figure { break-inside: avoid; } }
        </style>
        </head>
        <body>
        <main>
        <h1>{{name}}</h1>
        <p class="meta">{{period}}, {{periods}} periods, {{currency}}
        &ensp;<span class="badge {{badgeClass}}">{{badge}}</span></p>
        {{#reasons}}<p>{{.}}</p>{{/reasons}}
        <p class="answer">{{answer}}</p>

        <h2>What each channel did</h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">Channel</th><th scope="col">Spend</th><th scope="col">Contribution</th>
        <th scope="col">Share</th><th scope="col">ROI</th><th scope="col">Marginal ROI</th>
        {{#hasMargin}}<th scope="col">Margin ROI</th><th scope="col">Payback</th>{{/hasMargin}}</tr></thead>
        <tbody>
        {{#rows}}<tr><th scope="row">{{channel}}</th><td>{{spend}}</td><td>{{contribution}}</td><td>{{share}}</td>
        <td>{{roi}}</td><td>{{mroi}}</td>{{#hasMargin}}<td>{{marginROI}}</td><td>{{payback}}</td>{{/hasMargin}}</tr>
        {{/rows}}</tbody></table></div>
        <p class="meta">Means with 90% credible intervals. ROI: money of KPI per money spent, within the period.
        Marginal ROI: the same for one per cent more.{{#hasMargin}} Margin ROI: at a margin of {{margin}}.{{/hasMargin}}</p>

        <h2>Contributions over time</h2>
        <figure>{{{contributions}}}
        <details><summary>Totals of every component</summary><table>
        <thead><tr><th scope="col">Component</th><th scope="col">Total</th><th scope="col">Share</th></tr></thead>
        <tbody>{{#totals}}<tr><th scope="row">{{name}}</th><td>{{sum}}</td><td>{{share}}</td></tr>{{/totals}}
        <tr><th scope="row">fitted</th><td>{{fittedTotal}}</td><td>100.0%</td></tr></tbody></table></details></figure>

        <h2>Return on investment</h2>
        <figure>{{{returns}}}<figcaption>Ring: mean. Bar: 90% credible interval. The figures stand in the table above.
        </figcaption></figure>

        <h2>Response curves</h2>
        <div class="curves">{{#curves}}<figure><h3>{{name}}</h3>{{{chart}}}</figure>{{/curves}}</div>
        <p class="meta">Contribution over the whole period against total spend; the dot is what was spent. The figures
        are in response_curves.csv.</p>

        <h2>Actual and fitted</h2>
        <figure>{{{fit}}}</figure>

        <h2>Can it be trusted?</h2>
        <table><tbody>{{#trust}}<tr><th scope="row">{{name}}</th><td>{{value}}</td></tr>{{/trust}}</tbody></table>
        {{#hasBootstrap}}
        <h3>{{resamples}} resamples: how far the answer moves with other periods</h3>
        <div class="wide"><table>
        <thead><tr><th scope="col">Quantity</th><th scope="col">Posterior</th><th scope="col">Over resamples</th>
        <th scope="col">Robust sd</th><th scope="col">Mismatch</th><th scope="col">In words</th></tr></thead>
        <tbody>{{#bootstrap}}<tr><th scope="row">{{quantity}}</th><td>{{posterior}}</td><td>{{bagged}}</td>
        <td>{{robust}}</td><td>{{index}}</td><td class="words">{{words}}</td></tr>
        {{/bootstrap}}</tbody></table></div>
        {{/hasBootstrap}}

        <h2>Provenance</h2>
        <p class="meta">Tutti {{version}}, seed {{seed}}.<br>Model <code>{{model}}</code><br>Data <code>{{data}}</code>
        <br>Fit <code>{{fitDigest}}</code></p>
        </main>
        </body>
        </html>
        """
}
