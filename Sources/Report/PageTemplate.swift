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
        <title>{{name}}{{say.colon}}{{say.tagline}}</title>
        <style>
        \(PageStyle.text)
        </style>
        </head>
        <body>
        <main class="{{density}}">
        \(answer)
        \(movedPlace)\(movedEnd)
        \(waterfall)
        {{#isFinance}}{{#hasReturns}}{{^isLong}}\(returns){{/isLong}}{{#isLong}}
        <p class="meta"><a href="#returns">{{say.returnsInAppendix}}</a></p>{{/isLong}}{{/hasReturns}}{{/isFinance}}
        \(allocation)
        {{#isFinance}}<div class="rest">\(parts)\(series)
        \(trust){{/isFinance}}
        {{#isFull}}\(details){{/isFull}}
        {{#isFinance}}\(appendix)</div>{{/isFinance}}
        </main>
        </body>
        </html>

        """

    private static func wide(_ label: String) -> String {
        "<p class=\"hint\">{{say.scrollHint}}</p><div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{{\(label)}}\">"
    }

    private static let hint = "<p class=\"hint\">{{say.scrollHint}}</p>"

    private static let answer = """
        <h1>{{name}}</h1>
        <p class="meta">{{period}}</p>
        <p><span class="badge {{badgeClass}}">{{badge}}</span>{{badgeSentence}}</p>
        {{#hasRemarks}}<ul class="reasons">{{#remarks}}<li>{{{.}}}</li>{{/remarks}}</ul>{{/hasRemarks}}
        <p class="answer">{{answer}}</p>
        {{#afterAnswer}}<p>{{.}}</p>{{/afterAnswer}}

        <h2>{{say.decisionHeading}} <span class="meta">({{money}})</span></h2>
        <div class="wide" tabindex="0" role="region" aria-label="{{say.decisionHeading}}"><table class="stack">
        <thead><tr><th scope="col">{{say.channel}}</th><th scope="col">{{say.spend}}</th>
        <th scope="col">{{{contributionWord}}}</th><th scope="col">{{say.share}}</th><th scope="col">{{{roiWord}}}</th>
        <th scope="col">{{{mroiWord}}}</th>{{#hasMargin}}<th scope="col">{{{marginROIWord}}}</th>
        <th scope="col">{{{paybackWord}}}</th>{{/hasMargin}}{{#hasDecision}}<th scope="col">{{say.change}}</th>
        <th scope="col">{{say.chance}}</th>{{/hasDecision}}{{#hasEvidence}}<th scope="col" class="words">{{{evidenceWord}}}</th>
        {{/hasEvidence}}</tr></thead>
        <tbody>
        {{#rows}}<tr{{#isSum}} class="sum"{{/isSum}}><th scope="row">{{channel}}</th>{{#cells}}<td data-label="{{label}}"><span>{{mean}}{{#hasInterval}}
        <small>{{interval}}</small>{{/hasInterval}}</span></td>{{/cells}}{{#hasEvidence}}<td class="words" \
        data-label="{{say.evidence}}">{{grade}}</td>{{/hasEvidence}}</tr>
        {{/rows}}</tbody></table></div>
        {{#afterTable}}<p>{{.}}</p>
        {{/afterTable}}<p class="meta">{{decisionNote}}{{#hasMargin}} {{say.marginNote}} {{margin}}.{{/hasMargin}}</p>
        {{#hasMediation}}

        <h3>{{say.mediationHeading}}</h3>
        \(wide("say.mediationHeading"))<table>
        <thead><tr><th scope="col">{{say.channel}}</th><th scope="col">{{say.mediator}}</th>
        <th scope="col">{{say.exposureShare}}</th><th scope="col">{{say.direct}}</th>
        <th scope="col">{{say.through}}</th><th scope="col">{{say.total}}</th>
        <th scope="col">{{say.directROI}}</th><th scope="col">{{say.totalROI}}</th></tr></thead>
        <tbody>{{#mediation}}<tr><th scope="row">{{channel}}</th><td>{{mediator}}</td>{{#estimates}}<td>{{mean}}{{#hasInterval}}
        <small>{{interval}}</small>{{/hasInterval}}</td>{{/estimates}}</tr>
        {{/mediation}}</tbody></table></div>
        <p class="meta">{{say.mediationNote}}</p>
        {{/hasMediation}}
        """

    private static let waterfall = """
        {{#hasWaterfall}}

        <h2>{{say.waterfallHeading}} <span class="meta">({{unit}})</span></h2>
        \(hint)<figure class="chart" tabindex="0" role="group" aria-label="{{say.waterfallHeading}}">{{{waterfall}}}</figure>
        <p class="meta">{{say.waterfallCaption}}</p>
        {{#afterWaterfall}}<p>{{.}}</p>{{/afterWaterfall}}
        <details><summary>{{say.totalsSummary}}</summary><table>
        <thead><tr><th scope="col">{{say.component}}</th><th scope="col">{{say.total}}</th>
        <th scope="col">{{say.share}}</th></tr></thead>
        <tbody>{{#totals}}<tr{{#isSum}} class="sum"{{/isSum}}><th scope="row">{{name}}</th><td>{{sum}}</td><td>{{share}}</td></tr>
        {{/totals}}</tbody></table>
        <p class="meta">{{say.totalsNote}}</p></details>
        {{#hasYears}}
        <details><summary>{{say.yearSummary}}</summary><table>
        <thead><tr><th scope="col">{{say.component}}</th><th scope="col">{{say.yearBefore}}</th>
        <th scope="col">{{say.lastYear}}</th><th scope="col">{{say.difference}}</th></tr></thead>
        <tbody>{{#years}}<tr{{#isSum}} class="sum"{{/isSum}}><th scope="row">{{name}}</th><td>{{before}}</td><td>{{last}}</td>
        <td>{{change}}</td></tr>
        {{/years}}</tbody></table></details>
        {{/hasYears}}
        {{#hasDueTo}}
        <details><summary>{{dueToSummary}}</summary><table>
        <thead><tr><th scope="col">{{say.component}}</th><th scope="col">{{say.difference}}</th></tr></thead>
        <tbody>{{#dueTo}}<tr{{#isSum}} class="sum"{{/isSum}}><th scope="row">{{name}}</th><td>{{change}}
        <small>{{interval}}</small></td></tr>
        {{/dueTo}}</tbody></table>
        <p class="meta">{{say.dueToNote}}</p>
        {{{dueToSource}}}</details>
        {{/hasDueTo}}
        {{{waterfallSource}}}
        {{/hasWaterfall}}
        """

    private static let returns = """

        <h2 id="returns">{{say.returnsHeading}} <span class="meta">({{money}})</span></h2>
        \(hint)<figure class="chart" tabindex="0" role="group" aria-label="{{say.returnsHeading}}">{{{returns}}}</figure>
        <p class="meta">{{say.returnsCaption}}{{#hasBootstrap}} {{say.robustCaption}}{{/hasBootstrap}}</p>
        {{{returnsTable}}}
        {{{returnsSource}}}

        <h2>{{say.curvesHeading}} <span class="meta">({{unit}})</span></h2>
        <div class="curves">{{#curves}}<figure><h3>{{name}}</h3>{{{chart}}}{{{table}}}</figure>{{/curves}}</div>
        <p class="meta">{{say.curvesCaption}}{{#hasDecision}} {{say.proposalCaption}}{{/hasDecision}}</p>
        {{{curvesSource}}}
        """

    private static let allocation = """
        {{#hasDecision}}

        <h2>{{say.allocationHeading}} <span class="meta">({{money}})</span></h2>
        \(hint)<figure class="chart" tabindex="0" role="group" aria-label="{{say.allocationHeading}}">{{{allocation}}}</figure>
        {{{allocationTable}}}
        <h3>{{say.gainHeading}}</h3>
        <p>{{gainSentence}}</p>
        {{#afterGain}}<p>{{.}}</p>
        {{/afterGain}}        <figure class="small" tabindex="0" role="group" aria-label="{{say.gainHeading}}">{{{gain}}}</figure>
        {{#allocationNotes}}<p class="meta">{{{.}}}</p>{{/allocationNotes}}
        {{{allocationSource}}}
        {{{planner}}}
        {{/hasDecision}}
        """

    private static let parts = """
        {{#hasGroups}}
        <h2>{{say.groupsHeading}} <span class="meta">({{money}})</span></h2>
        <div class="wide" tabindex="0" role="region" aria-label="{{say.groupsHeading}}"><table class="stack">
        <thead><tr><th scope="col">{{say.group}}</th><th scope="col">{{say.spend}}</th>
        <th scope="col">{{{contributionWord}}}</th><th scope="col">{{say.share}}</th><th scope="col">{{{roiWord}}}</th>
        <th scope="col">{{{mroiWord}}}</th>{{#hasMargin}}<th scope="col">{{{marginROIWord}}}</th>{{/hasMargin}}
        <th scope="col" class="words">{{say.channels}}</th></tr></thead>
        <tbody>
        {{#groups}}<tr><th scope="row">{{group}}</th>{{#cells}}<td data-label="{{label}}"><span>{{mean}}{{#hasInterval}}
        <small>{{interval}}</small>{{/hasInterval}}</span></td>{{/cells}}<td class="words" \
        data-label="{{say.channels}}">{{channels}}</td></tr>
        {{/groups}}</tbody></table></div>
        <p class="meta">{{say.groupsNote}}</p>
        {{{groupsSource}}}

        {{/hasGroups}}
        {{#hasGeos}}
        <h2>{{say.geosHeading}} <span class="meta">({{money}})</span></h2>
        {{#geoTables}}
        \(wide("name"))<table class="pinned">
        <thead><tr><th scope="col">{{say.geo}}</th><th scope="col">{{say.spend}}</th>{{#channels}}<th scope="col">{{.}}</th>{{/channels}}
        </tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{geo}}</th><td>{{spend}}</td>{{#cells}}<td>{{mean}}{{#hasInterval}}
        <small>{{interval}}</small>{{/hasInterval}}</td>{{/cells}}</tr>
        {{/rows}}</tbody></table></div>
        {{/geoTables}}
        <p class="meta">{{{geoNote}}}</p>
        {{{geosSource}}}

        {{/hasGeos}}
        """

    private static let series = """
        <h2>{{say.fitHeading}} <span class="meta">({{unit}})</span></h2>
        \(hint)<figure class="chart" tabindex="0" role="group" aria-label="{{say.fitHeading}}">{{{fit}}}</figure>
        <p class="meta">{{fitCaption}}</p>
        {{{fitTable}}}
        {{{fitSource}}}

        <h2>{{say.contributionsHeading}} <span class="meta">({{unit}})</span></h2>
        \(hint)<figure class="chart" tabindex="0" role="group" aria-label="{{say.contributionsHeading}}">{{{contributions}}}</figure>
        {{{contributionsTable}}}
        {{{contributionsSource}}}

        """

    private static let trust = """
        <h2>{{say.trustHeading}}</h2>
        {{#hasResultWarnings}}
        <h3>{{say.resultWarningsHeading}}</h3>
        <ul class="reasons">{{#resultWarnings}}<li>{{{.}}}</li>{{/resultWarnings}}</ul>
        {{/hasResultWarnings}}
        {{#hasWarnings}}
        <h3>{{say.warningsHeading}}</h3>
        <ul class="reasons">{{#warnings}}<li{{#isEnglish}} lang="en"{{/isEnglish}}>{{{text}}}</li>{{/warnings}}</ul>
        {{/hasWarnings}}
        <h3>{{say.chainsHeading}}</h3>
        \(wide("say.chainsHeading"))<table><thead><tr><th scope="col">{{say.worstOf}}</th>
        <th scope="col">{{say.reportedFigures}}</th><th scope="col">{{say.parameters}}</th></tr></thead>
        <tbody>{{#trust}}<tr><th scope="row">{{name}}</th><td>{{figures}}</td><td>{{parameters}}</td></tr>
        {{/trust}}{{#run}}<tr><th scope="row">{{name}}</th><td colspan="2">{{value}}</td></tr>
        {{/run}}</tbody></table></div>
        <p class="meta">{{say.chainsNote}}</p>
        {{#hasPrediction}}
        <h3>{{say.predictionHeading}}</h3>
        <table><tbody>{{#prediction}}<tr><th scope="row">{{name}}</th><td class="words">{{value}}</td></tr>
        {{/prediction}}</tbody></table>
        {{/hasPrediction}}
        """

    private static let details = """
        {{#hasInfluence}}
        <h3>{{say.influenceHeading}}</h3>
        <table><thead><tr><th scope="col">{{say.channel}}</th><th scope="col" class="words">{{say.influentialPeriods}}</th></tr></thead>
        <tbody>{{#influence}}<tr><th scope="row">{{channel}}</th><td class="words">{{periods}}</td></tr>
        {{/influence}}</tbody></table>
        <p class="meta">{{say.influenceNote}}</p>
        {{/hasInfluence}}
        {{#hasSensitivity}}
        <h3>{{say.sensitivityHeading}}</h3>
        \(wide("say.sensitivityHeading"))<table>
        <thead><tr><th scope="col">{{say.quantity}}</th><th scope="col">{{say.priorSensitivity}}</th>
        <th scope="col">{{say.likelihoodSensitivity}}</th><th scope="col" class="words">{{say.owesTo}}</th></tr></thead>
        <tbody>{{#sensitivity}}<tr><th scope="row">{{quantity}}</th><td>{{prior}}</td><td>{{likelihood}}</td>
        <td class="words">{{owes}}</td></tr>
        {{/sensitivity}}</tbody></table></div>
        <p class="meta">{{say.sensitivityNote}}</p>
        {{/hasSensitivity}}
        {{#hasEvidence}}
        <h3>{{say.evidenceHeading}}</h3>
        \(wide("say.evidenceHeading"))<table>
        <thead><tr><th scope="col">{{say.quantity}}</th><th scope="col" class="words">{{say.evidence}}</th>
        {{#hasBootstrap}}<th scope="col">{{say.sameAdvice}}</th>{{/hasBootstrap}}</tr></thead>
        <tbody>{{#evidence}}<tr><th scope="row">{{quantity}}</th><td class="words">{{grade}}</td>
        {{#hasBootstrap}}<td>{{sameAdvice}}</td>{{/hasBootstrap}}</tr>
        {{/evidence}}</tbody></table></div>
        <p class="meta">{{say.evidenceNote}}</p>
        {{/hasEvidence}}
        {{#hasBootstrap}}
        <h3>{{resamples}}{{#hasMaxima}} MAP{{/hasMaxima}} {{say.bootstrapHeading}}</h3>
        \(wide("say.resamples"))<table>
        <thead><tr><th scope="col">{{say.quantity}}</th><th scope="col">{{say.posterior}}</th>
        <th scope="col">{{say.resamples}}</th><th scope="col">{{say.robustSD}}</th><th scope="col">{{say.mismatch}}</th></tr></thead>
        <tbody>{{#bootstrap}}<tr><th scope="row">{{quantity}}</th><td>{{posterior}}</td><td>{{bagged}}</td>
        <td>{{robust}}</td><td>{{index}}</td></tr>
        {{/bootstrap}}</tbody></table></div>
        <p class="meta">{{say.bootstrapNote}}{{#hasMaxima}} {{say.maximaNote}}{{/hasMaxima}}</p>
        {{/hasBootstrap}}
        """

    private static let appendix = """
        <h2>{{say.appendixHeading}}</h2>
        {{#isLong}}{{#hasReturns}}\(returns){{/hasReturns}}{{/isLong}}
        {{#isFull}}{{#hasLearning}}
        <h3>{{say.priorsHeading}}</h3>
        \(wide("say.priorsHeading"))<table>
        <thead><tr><th scope="col">{{say.quantity}}</th><th scope="col">{{say.prior}}</th><th scope="col">{{say.posterior}}</th>
        <th scope="col">{{say.narrowing}}</th></tr></thead>
        <tbody>{{#learning}}<tr><th scope="row">{{name}}</th><td>{{prior}}</td><td>{{posterior}}</td><td>{{width}}</td></tr>
        {{/learning}}</tbody></table></div>
        <p class="meta">{{say.priorsNote}}</p>
        {{/hasLearning}}{{#hasCarryOver}}
        <h3>{{say.carryOverHeading}}</h3>
        \(wide("say.carryOverHeading"))<table>
        <thead><tr><th scope="col">{{say.channel}}</th><th scope="col">{{say.firstPeriodShare}}</th>
        <th scope="col">{{say.mostPeriods}}</th><th scope="col" class="words">{{say.carryOverShape}}</th></tr></thead>
        <tbody>{{#carryOver}}<tr><th scope="row">{{channel}}</th><td>{{first}}</td><td>{{most}}</td>
        <td class="chart">{{{shape}}}</td></tr>
        {{/carryOver}}</tbody></table></div>
        <p class="meta">{{say.carryOverNote}}</p>
        {{/hasCarryOver}}{{/isFull}}
        <h3>{{say.glossaryHeading}}</h3>
        \(wide("say.glossaryHeading"))<table>
        <thead><tr><th scope="col">{{say.term}}</th><th scope="col" class="words">{{say.meaning}}</th>
        <th scope="col" class="words">{{say.file}}</th></tr></thead>
        <tbody>{{#glossary}}<tr id="{{anchor}}"><th scope="row">{{term}}</th><td class="words">{{meaning}}</td>
        <td class="words"><code>{{file}}</code></td></tr>
        {{/glossary}}</tbody></table></div>
        <h3>{{say.provenanceHeading}}</h3>
        <dl><dt>Tutti</dt><dd>{{version}}, {{say.seed}} {{seed}}</dd><dt>{{say.model}}</dt><dd><code>{{model}}</code></dd>
        <dt>{{say.data}}</dt><dd><code>{{data}}</code></dd><dt>{{say.fit}}</dt><dd><code>{{fitDigest}}</code></dd></dl>
        <p class="meta">{{say.provenanceNote}}</p>
        """
}
