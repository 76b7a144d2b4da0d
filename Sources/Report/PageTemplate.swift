/// The page's markup, in Mustache; `say` holds its words.
enum PageTemplate {
    /// Where it is said what moved since another result: nothing, as long as none is known.
    static let movedPlace = "<section id=\"moved\">"
    static let movedEnd = "</section>"

    static let text = """
        <!doctype html>
        <html lang="{{say.language}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{name}}: {{say.tagline}}</title>
        <style>
        :root { --page: #fff; --ink: #1b1f24; --soft: #535c66; --rule: #dfe3e8; --card: #f4f6f8; --accent: #0072B2; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #15181c; --ink: #eceff3; --soft: #aab3bd; --rule: #363d46; --card: #1e2329;
            --accent: #56B4E9; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 48px; }
        h1 { margin: 0 0 .2rem; font-size: 1.8rem; line-height: 1.2; overflow-wrap: anywhere; }
        h2 { margin: 2.6rem 0 .7rem; font-size: 1.25rem; padding-top: .9rem; border-top: 1px solid var(--rule); }
        h3 { margin: 1.6rem 0 .4rem; font-size: 1rem; }
        p { margin: .5rem 0; } .meta, figcaption { color: var(--soft); font-size: .92rem; }
        .badge { display: inline-block; margin-right: .6em; padding: 1px 12px; border-radius: 14px; font-weight: 600;
          border: 2px solid #0072B2; }
        .bad { border-color: #D55E00; } .reasons { margin: .3rem 0; padding-left: 1.3rem; }
        .answer { background: var(--card); border-left: 5px solid var(--accent); margin: 1.2rem 0; padding: 14px 18px;
          font-size: 1.15rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 6px 8px; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; }
        td { white-space: nowrap; } thead th { vertical-align: bottom; } .interval { color: var(--soft); }
        .sum th, .sum td { border-top: 2px solid var(--soft); font-weight: 600; }
        th:first-child { text-align: left; } tbody th { font-weight: 600; }
        td.words, th.words { text-align: left; white-space: normal; } td.chart { min-width: 160px; }
        td small { display: block; color: var(--soft); font-size: .82rem; }
        figure { margin: 0 0 .6rem; } svg { display: block; width: 100%; height: auto; }
        svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
        .curves { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 20px; }
        .curves figure { max-width: 340px; } .curves h3 { margin: 0 0 .2rem; }
        code { font-size: .82rem; overflow-wrap: anywhere; }
        details { margin: .4rem 0; } details table { font-size: .82rem; } details .wide { max-height: 26rem; overflow: auto; }
        summary { cursor: pointer; color: var(--soft); font-size: .92rem; } :focus-visible { outline: 3px solid var(--accent); }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .4rem 0; }
        dt { color: var(--soft); } dd { margin: 0; }
        @media print {
          :root { --page: #fff; --ink: #000; --soft: #444; --rule: #ccc; --card: #f4f4f4; --accent: #0072B2; }
          body { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main { padding: 0; max-width: none; } details:not([open]) { display: none; }
          h2 { break-after: avoid; margin-top: 1.2rem; } figure, tr, .answer { break-inside: avoid; }
          .curves { grid-template-columns: repeat(4, 1fr); }
        }
        </style>
        </head>
        <body>
        <main>
        <h1>{{name}}</h1>
        <p class="meta">{{period}}</p>
        <p><span class="badge {{badgeClass}}">{{badge}}</span>{{badgeSentence}}</p>
        {{#hasRemarks}}<ul class="reasons">{{#remarks}}<li>{{.}}</li>{{/remarks}}</ul>{{/hasRemarks}}
        <p class="answer">{{answer}}</p>

        <h2>{{say.decisionHeading}} <span class="meta">({{money}})</span></h2>
        <div class="wide"><table>
        <thead><tr><th scope="col">{{say.channel}}</th><th scope="col">{{say.spend}}</th>
        <th scope="col">{{say.contribution}}</th><th scope="col">{{say.share}}</th><th scope="col">{{say.roi}}</th>
        <th scope="col">{{say.marginalROI}}</th>{{#hasMargin}}<th scope="col">{{say.marginROI}}</th>
        <th scope="col">{{say.payback}}</th>{{/hasMargin}}{{#hasEvidence}}<th scope="col">{{say.evidence}}</th>{{/hasEvidence}}</tr></thead>
        <tbody>
        {{#rows}}<tr><th scope="row">{{channel}}</th><td>{{spend}}</td>{{#estimates}}<td>{{mean}}{{#hasInterval}}
        <small>{{interval}}</small>{{/hasInterval}}</td>{{/estimates}}{{#hasMargin}}<td>{{payback}}</td>{{/hasMargin}}{{#hasEvidence}}<td>{{grade}}</td>{{/hasEvidence}}</tr>
        {{/rows}}</tbody></table></div>
        <p class="meta">{{decisionNote}}{{#hasMargin}} {{say.marginNote}} {{margin}}.{{/hasMargin}}</p>
        {{#hasMediation}}

        <h3>{{say.mediationHeading}}</h3>
        <div class="wide"><table>
        <thead><tr><th scope="col">{{say.channel}}</th><th scope="col">{{say.mediator}}</th>
        <th scope="col">{{say.exposureShare}}</th><th scope="col">{{say.direct}}</th>
        <th scope="col">{{say.through}}</th><th scope="col">{{say.total}}</th>
        <th scope="col">{{say.directROI}}</th><th scope="col">{{say.totalROI}}</th></tr></thead>
        <tbody>{{#mediation}}<tr><th scope="row">{{channel}}</th><td>{{mediator}}</td>{{#estimates}}<td>{{mean}}{{#hasInterval}}
        <small>{{interval}}</small>{{/hasInterval}}</td>{{/estimates}}</tr>
        {{/mediation}}</tbody></table></div>
        <p class="meta">{{say.mediationNote}}</p>
        {{/hasMediation}}
        \(movedPlace)\(movedEnd)

        <h2>{{say.contributionsHeading}} <span class="meta">({{unit}})</span></h2>
        <figure>{{{contributions}}}</figure>
        {{{contributionsTable}}}
        <details><summary>{{say.totalsSummary}}</summary><table>
        <thead><tr><th scope="col">{{say.component}}</th><th scope="col">{{say.total}}</th>
        <th scope="col">{{say.share}}</th></tr></thead>
        <tbody>{{#totals}}<tr{{#isSum}} class="sum"{{/isSum}}><th scope="row">{{name}}</th><td>{{sum}}</td><td>{{share}}</td></tr>
        {{/totals}}</tbody></table>
        <p class="meta">{{say.totalsNote}}</p></details>
        {{#hasReturns}}

        <h2>{{say.returnsHeading}} <span class="meta">({{money}})</span></h2>
        <figure>{{{returns}}}
        <figcaption>{{say.returnsCaption}}{{#hasBootstrap}} {{say.robustCaption}}{{/hasBootstrap}}</figcaption></figure>
        {{{returnsTable}}}

        <h2>{{say.curvesHeading}} <span class="meta">({{unit}})</span></h2>
        <div class="curves">{{#curves}}<figure><h3>{{name}}</h3>{{{chart}}}{{{table}}}</figure>{{/curves}}</div>
        <p class="meta">{{say.curvesCaption}}</p>
        {{/hasReturns}}

        <h2>{{say.fitHeading}} <span class="meta">({{unit}})</span></h2>
        <figure>{{{fit}}}<figcaption>{{say.fitCaption}}</figcaption></figure>
        {{{fitTable}}}

        <h2>{{say.trustHeading}}</h2>
        {{#hasResultWarnings}}
        <h3>{{say.resultWarningsHeading}}</h3>
        <ul class="reasons">{{#resultWarnings}}<li>{{.}}</li>{{/resultWarnings}}</ul>
        {{/hasResultWarnings}}
        {{#hasWarnings}}
        <h3>{{say.warningsHeading}}</h3>
        <ul class="reasons">{{#warnings}}<li>{{.}}</li>{{/warnings}}</ul>
        {{/hasWarnings}}
        <h3>{{say.chainsHeading}}</h3>
        <div class="wide"><table><thead><tr><th scope="col">{{say.worstOf}}</th><th scope="col">{{say.reportedFigures}}</th>
        <th scope="col">{{say.parameters}}</th></tr></thead>
        <tbody>{{#trust}}<tr><th scope="row">{{name}}</th><td>{{figures}}</td><td>{{parameters}}</td></tr>
        {{/trust}}{{#run}}<tr><th scope="row">{{name}}</th><td colspan="2">{{value}}</td></tr>
        {{/run}}</tbody></table></div>
        <p class="meta">{{say.chainsNote}}</p>
        {{#hasEvidence}}
        <h3>{{say.evidenceHeading}}</h3>
        <div class="wide"><table>
        <thead><tr><th scope="col">{{say.quantity}}</th><th scope="col">{{say.evidence}}</th>
        {{#hasBootstrap}}<th scope="col">{{say.sameAdvice}}</th>{{/hasBootstrap}}</tr></thead>
        <tbody>{{#evidence}}<tr><th scope="row">{{quantity}}</th><td>{{grade}}</td>
        {{#hasBootstrap}}<td>{{sameAdvice}}</td>{{/hasBootstrap}}</tr>
        {{/evidence}}</tbody></table></div>
        <p class="meta">{{say.evidenceNote}}</p>
        {{/hasEvidence}}
        {{#hasBootstrap}}
        <h3>{{resamples}}{{#hasMaxima}} MAP{{/hasMaxima}} {{say.bootstrapHeading}}</h3>
        <div class="wide"><table>
        <thead><tr><th scope="col">{{say.quantity}}</th><th scope="col">{{say.posterior}}</th>
        <th scope="col">{{say.resamples}}</th><th scope="col">{{say.robustSD}}</th><th scope="col">{{say.mismatch}}</th></tr></thead>
        <tbody>{{#bootstrap}}<tr><th scope="row">{{quantity}}</th><td>{{posterior}}</td><td>{{bagged}}</td>
        <td>{{robust}}</td><td>{{index}}</td></tr>
        {{/bootstrap}}</tbody></table></div>
        <p class="meta">{{say.bootstrapNote}}{{#hasMaxima}} {{say.maximaNote}}{{/hasMaxima}}</p>
        {{/hasBootstrap}}

        <h2>{{say.provenanceHeading}}</h2>
        <dl><dt>Tutti</dt><dd>{{version}}, {{say.seed}} {{seed}}</dd><dt>{{say.model}}</dt><dd><code>{{model}}</code></dd>
        <dt>{{say.data}}</dt><dd><code>{{data}}</code></dd><dt>{{say.fit}}</dt><dd><code>{{fitDigest}}</code></dd></dl>
        </main>
        </body>
        </html>

        """
}
