import Analysis
import Mustache

/// One self-contained page of a model beside its alternatives: how well each predicts, and what each says of the
/// channels.
package enum AlternativesPage {
    package static func render(_ study: AlternativeStudy, name: String) -> String {
        let values: [String: Any] = [
            "name": name, "findings": study.findings, "alternatives": study.fits.count - 1,
            "rows": study.fits.indices.map { index -> [String: Any] in
                let fit = study.fits[index]
                return [
                    "label": fit.label, "difference": NumberText.decimal(study.differences[index].value, 1),
                    "error": NumberText.decimal(study.differences[index].error, 1),
                    "monteCarlo": NumberText.decimal(fit.scoreError, 1), "words": words(study, index),
                    "doubtful": fit.leaveOneOut.doubtful.count, "divergences": fit.divergences,
                    "rHat": NumberText.decimal(fit.highestRHat, 3),
                ]
            },
            "channels": study.fits[0].returns.indices.map { channel -> [String: Any] in
                [
                    "quantity": study.fits[0].returns[channel].name,
                    "chart": AlternativeChart(study, channel: channel).markup,
                ]
            },
        ]
        do {
            return try MustacheTemplate(string: template).render(values)
        } catch {
            preconditionFailure("the page's template is not valid: \(error)")
        }
    }

    private static func words(_ study: AlternativeStudy, _ index: Int) -> String {
        if !study.isComparable(index) { return "chains disagree" }
        if index == study.best { return "best" }
        return study.isClearlyBeaten(index) ? "clearly worse" : ""
    }

    private static let template = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{name}}: other curves</title>
        <style>
        :root { --page: #fff; --ink: #1b1f24; --soft: #535c66; --rule: #dfe3e8; --line: #0072B2; --pale: #9db9cc; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #15181c; --ink: #eceff3; --soft: #aab3bd; --rule: #363d46; --line: #56B4E9; --pale: #4d6475; }
        }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 48px; }
        h1 { margin: 0 0 .2rem; font-size: 1.8rem; } h2 { margin: 2.4rem 0 .7rem; font-size: 1.25rem; }
        h3 { margin: 0 0 .2rem; font-size: .95rem; overflow-wrap: anywhere; }
        p { margin: .5rem 0; } .meta { color: var(--soft); font-size: .9rem; }
        .many { display: grid; grid-template-columns: repeat(auto-fill, minmax(460px, 1fr)); gap: 18px; }
        figure { margin: 0; } svg { display: block; width: 100%; height: auto; }
        svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 5px 8px; border-bottom: 1px solid var(--rule); text-align: right; }
        th:first-child { text-align: left; } .wide { overflow-x: auto; }
        </style>
        </head>
        <body>
        <main>
        <h1>{{name}}: other curves</h1>
        <p>The model as given, and {{alternatives}} fits of it with one choice made otherwise.</p>
        <ul>{{#findings}}<li>{{.}}</li>{{/findings}}</ul>

        <h2>Which predicts the data</h2>
        <div class="wide"><table><thead><tr><th scope="col">model</th><th scope="col">elpd less the best</th>
        <th scope="col">standard error</th><th scope="col">Monte Carlo error</th><th scope="col"></th>
        <th scope="col">doubtful cells</th><th scope="col">divergences</th><th scope="col">highest R-hat</th></tr></thead>
        <tbody>{{#rows}}<tr><th scope="row">{{label}}</th><td>{{difference}}</td><td>{{error}}</td><td>{{monteCarlo}}</td>
        <td>{{words}}</td><td>{{doubtful}}</td><td>{{divergences}}</td><td>{{rHat}}</td></tr>
        {{/rows}}</tbody></table></div>
        <p class="meta">elpd is the sum over cells of the log predictive density of the KPI given all other cells. Clearly
        worse: by more than 4, and by more than two standard errors, that of the draws counted. A score says which model
        predicts; it does not say which return is the true one.</p>

        <h2>What each says of the channels</h2>
        <div class="many">{{#channels}}<figure><h3>{{quantity}}</h3>{{{chart}}}</figure>
        {{/channels}}</div>
        <p class="meta">Posterior mean and 90% interval. Pale: clearly worse at predicting, or chains that do not agree.</p>
        </main>
        </body>
        </html>

        """
}

/// A channel's return by alternative: a mean and an interval each, one below the other.
struct AlternativeChart {
    let markup: String

    private static let rowHeight = 20.0
    private static let left = 230.0
    private static let width = 520.0
    private static let right = 14.0

    init(_ study: AlternativeStudy, channel: Int) {
        let summaries = study.fits.map { $0.returns[channel].summary }
        let low = min(0, summaries.map(\.q05).min() ?? 0)
        let high = summaries.map(\.q95).max() ?? 1
        let span = high > low ? high - low : 1
        let bottom = Self.rowHeight * Double(study.fits.count) + 6
        func x(_ value: Double) -> String {
            NumberText.coordinate(Self.left + (value - low) / span * (Self.width - Self.left - Self.right))
        }
        var text = "<svg viewBox=\"0 0 520 \(NumberText.coordinate(bottom + 20))\" role=\"img\"><title>"
        text += "\(study.fits[0].returns[channel].name.escapedForMarkup)</title>"
        for tick in ChartFrame.ticks(low, high) {
            text += "<line x1=\"\(x(tick))\" x2=\"\(x(tick))\" y1=\"0\" y2=\"\(NumberText.coordinate(bottom))\" "
            text += "stroke=\"var(--rule)\"/><text x=\"\(x(tick))\" y=\"\(NumberText.coordinate(bottom + 14))\" "
            text += "text-anchor=\"middle\">\(NumberText.tick(tick))</text>"
        }
        for (index, summary) in summaries.enumerated() {
            let y = NumberText.coordinate(Self.rowHeight * (Double(index) + 0.5))
            let isPale = study.isClearlyBeaten(index) || !study.isComparable(index)
            let colour = isPale ? "var(--pale)" : "var(--line)"
            text += "<text x=\"0\" y=\"\(NumberText.coordinate(Self.rowHeight * (Double(index) + 0.5) + 4))\">"
            text += "\(study.fits[index].label.escapedForMarkup)</text>"
            text += "<line x1=\"\(x(summary.q05))\" x2=\"\(x(summary.q95))\" y1=\"\(y)\" y2=\"\(y)\" "
            text += "stroke=\"\(colour)\" stroke-width=\"2\"/>"
            text += "<circle cx=\"\(x(summary.mean))\" cy=\"\(y)\" r=\"4\" fill=\"\(colour)\"/>"
        }
        markup = text + "</svg>"
    }
}
