import Mustache

/// What a night of recalibration has come to, for its page.
package struct NightContent: Sendable {
    package struct Gate: Sendable {
        package var name: String
        /// `promote`, `hold` or `fail`.
        package var verdict: String
        package var sentence: String

        package init(name: String, verdict: String, sentence: String) {
            self.name = name
            self.verdict = verdict
            self.sentence = sentence
        }
    }

    package var model: String
    package var night: String
    package var verdict: String
    package var sentence: String
    /// With what it was compared, and how chains began.
    package var remarks: [String]
    package var gates: [Gate]
    /// Nil where there was nothing to compare with.
    package var moved: MovedSection?

    package init(
        model: String, night: String, verdict: String, sentence: String, remarks: [String], gates: [Gate],
        moved: MovedSection?
    ) {
        self.model = model
        self.night = night
        self.verdict = verdict
        self.sentence = sentence
        self.remarks = remarks
        self.gates = gates
        self.moved = moved
    }
}

/// One self-contained page of a night: the verdict, what each gate says, and what moved, and why.
package enum NightPage {
    package static func render(_ night: NightContent) -> String {
        let values: [String: Any] = [
            "model": night.model, "night": night.night, "verdict": night.verdict.uppercased(),
            "sentence": night.sentence, "badgeClass": night.verdict, "remarks": night.remarks,
            "gates": night.gates.map {
                [
                    "name": $0.name, "verdict": $0.verdict.uppercased(), "badgeClass": $0.verdict,
                    "sentence": $0.sentence,
                ]
            },
            "moved": night.moved?.markup ?? "",
        ]
        do {
            return try MustacheTemplate(string: template).render(values)
        } catch {
            preconditionFailure("the page's template is not valid: \(error)")
        }
    }

    private static let template = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{model}}, {{night}}: {{verdict}}</title>
        <style>
        :root { --page: #fff; --ink: #1b1f24; --soft: #535c66; --rule: #dfe3e8; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #15181c; --ink: #eceff3; --soft: #aab3bd; --rule: #363d46; }
        }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 28px 24px 48px; }
        h1 { margin: 0 0 .6rem; font-size: 1.8rem; } h2 { margin: 2.2rem 0 .6rem; font-size: 1.25rem; }
        p { margin: .5rem 0; } .meta, small { color: var(--soft); font-size: .9rem; }
        .badge { display: inline-block; margin-right: .6em; padding: 1px 12px; border-radius: 14px; font-weight: 600;
          border: 2px solid #0072B2; } .hold { border-color: #E69F00; } .fail { border-color: #D55E00; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { padding: 6px 8px; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; }
        th:first-child, td.words, th.words { text-align: left; } td.chart { width: 220px; } svg { display: block; width: 100%; }
        .wide { overflow-x: auto; }
        </style>
        </head>
        <body>
        <main>
        <h1>{{model}}, {{night}}</h1>
        <p><span class="badge {{badgeClass}}">{{verdict}}</span>{{sentence}}</p>
        {{#remarks}}<p class="meta">{{.}}</p>{{/remarks}}

        <h2>What each gate says</h2>
        <div class="wide"><table><thead><tr><th scope="col">gate</th><th scope="col" class="words">verdict</th>
        <th scope="col" class="words">why</th></tr></thead><tbody>
        {{#gates}}<tr><th scope="row">{{name}}</th><td class="words"><span class="badge {{badgeClass}}">{{verdict}}</span></td>
        <td class="words">{{sentence}}</td></tr>
        {{/gates}}</tbody></table></div>

        {{{moved}}}
        </main>
        </body>
        </html>

        """
}
