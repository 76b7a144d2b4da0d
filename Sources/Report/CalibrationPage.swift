import Analysis
import Mustache

/// One self-contained page of a calibration study: where the truth ranks among posterior draws, quantity by quantity.
package enum CalibrationPage {
    package static func render(
        _ study: CalibrationStudy, name: String, reasons: [String], warnings: [String]
    ) -> String {
        let failures = Set(study.failures.map(\.quantity))
        let missed = Set(study.missedCoverages.map(\.quantity))
        let remarks = reasons + warnings
        let values: [String: Any] = [
            "name": name, "replications": study.replications, "largest": CalibrationStudy.drawCount,
            "badge": study.passed ? "Calibrated" : "NOT calibrated", "badgeClass": study.passed ? "good" : "bad",
            "hasRemarks": !remarks.isEmpty, "remarks": remarks, "quantities": study.rows.count,
            "rows": study.rows.map { row -> [String: Any] in
                [
                    "quantity": row.quantity, "chart": RankChart(row, study).markup,
                    "p": NumberText.decimal(row.pValue, 3), "meanRank": NumberText.decimal(row.meanRank, 3),
                    "words": failures.contains(row.quantity) ? "leaves the band" : "within the band",
                ]
            },
            "recovery": study.recovery.map { row -> [String: Any] in
                [
                    "quantity": row.quantity, "truth": NumberText.decimal(row.meanTruth, 3),
                    "bias": NumberText.decimal(row.bias, 3), "rmse": NumberText.decimal(row.rootMeanSquare, 3),
                    "half": text(row.coverage50), "most": text(row.coverage90),
                    "words": missed.contains(row.quantity) ? "outside" : "inside",
                ]
            },
        ]
        do {
            return try MustacheTemplate(string: template).render(values)
        } catch {
            preconditionFailure("the page's template is not valid: \(error)")
        }
    }

    private static func text(_ coverage: Coverage) -> String {
        "\(NumberText.percent(coverage.observed)) "
            + "(\(NumberText.percent(coverage.low)) to \(NumberText.percent(coverage.high)))"
    }

    private static let template = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{name}}: calibration</title>
        <style>
        :root { --page: #fff; --ink: #1b1f24; --soft: #535c66; --rule: #dfe3e8; --band: #d9dee4; --line: #0072B2; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #15181c; --ink: #eceff3; --soft: #aab3bd; --rule: #363d46; --band: #333b44; --line: #56B4E9; }
        }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 48px; }
        h1 { margin: 0 0 .2rem; font-size: 1.8rem; } h2 { margin: 2.4rem 0 .7rem; font-size: 1.25rem; }
        h3 { margin: 0 0 .2rem; font-size: .95rem; overflow-wrap: anywhere; }
        p { margin: .5rem 0; } .meta, figcaption { color: var(--soft); font-size: .9rem; }
        .badge { display: inline-block; margin-right: .6em; padding: 1px 12px; border-radius: 14px; font-weight: 600;
          border: 2px solid #0072B2; } .bad { border-color: #D55E00; }
        .many { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 18px; }
        figure { margin: 0; } svg { display: block; width: 100%; height: auto; }
        svg text { font: 11px system-ui, sans-serif; fill: var(--ink); }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 5px 8px; border-bottom: 1px solid var(--rule); text-align: right; }
        th:first-child { text-align: left; } .wide { overflow-x: auto; }
        </style>
        </head>
        <body>
        <main>
        <h1>{{name}}: calibration</h1>
        <p><span class="badge {{badgeClass}}">{{badge}}</span>{{replications}} worlds drawn from the prior, each
        fitted; {{quantities}} quantities.</p>
        {{#hasRemarks}}<ul>{{#remarks}}<li>{{.}}</li>{{/remarks}}</ul>{{/hasRemarks}}

        <h2>Where the truth ranks among posterior draws</h2>
        <p class="meta">Each picture: the share of worlds whose truth ranks below a share of {{largest}} posterior draws, less
        that share. The line of a calibrated fit stays in the shaded band; all lines together do so with a probability of at
        least 95%. A line above the band at the left says that the fit is too high; a slope like an S, that its
        intervals are too narrow.</p>
        <div class="many">{{#rows}}<figure><h3>{{quantity}}</h3>{{{chart}}}<figcaption>{{words}}; p = {{p}}, mean rank
        {{meanRank}}</figcaption></figure>
        {{/rows}}</div>

        <h2>Recovery of returns</h2>
        <div class="wide"><table><thead><tr><th scope="col">quantity</th><th scope="col">mean truth</th>
        <th scope="col">bias</th><th scope="col">root mean square error</th><th scope="col">50% intervals that hold it</th>
        <th scope="col">90% intervals that hold it</th><th scope="col">of chance</th></tr></thead>
        <tbody>{{#recovery}}<tr><th scope="row">{{quantity}}</th><td>{{truth}}</td><td>{{bias}}</td><td>{{rmse}}</td>
        <td>{{half}}</td><td>{{most}}</td><td>{{words}}</td></tr>
        {{/recovery}}</tbody></table></div>
        <p class="meta">In brackets: three binomial standard deviations about the nominal share. Bias and error are of the
        posterior mean.</p>
        </main>
        </body>
        </html>

        """
}

/// The empirical distribution function of one quantity's ranks less that of uniform ones, with the band of chance.
struct RankChart {
    let markup: String

    init(_ row: RankRow, _ study: CalibrationStudy) {
        let count = Double(study.replications)
        let points = CalibrationStudy.drawCount
        let uniformity = study.uniformity
        /// Of counts at the points 1…L; 0 at both ends, where every distribution function is the same.
        func differences(_ counts: [Int]) -> [Double] {
            [0] + counts.enumerated().map { Double($1) / count - Double($0 + 1) / Double(points + 1) } + [0]
        }
        let upper = differences(study.band.map(\.high))
        let lower = differences(study.band.map(\.low))
        let line = differences(uniformity.counts(row.ranks))
        let reach = (upper + lower + line).map(abs).max() ?? 1
        let frame = ChartFrame(width: 300, height: 170, left: 44, right: 8, low: -reach, high: reach)
        markup =
            "<svg viewBox=\"0 0 300 170\" role=\"img\"><title>\(row.quantity.escapedForMarkup)</title>"
            + "<polygon points=\"\(frame.area(upper, lower))\" fill=\"var(--band)\"/>" + frame.levels()
            + "<polyline points=\"\(frame.points(line))\" fill=\"none\" stroke=\"var(--line)\" stroke-width=\"2\"/>"
            + "<text x=\"44.0\" y=\"160.0\">0</text>"
            + "<text x=\"292.0\" y=\"160.0\" text-anchor=\"end\">\(points)</text></svg>"
    }
}
