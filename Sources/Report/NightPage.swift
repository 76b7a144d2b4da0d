import Mustache
import Recalibration
import Wording

/// What a night of recalibration has come to, for its page.
package struct NightContent: Sendable, Codable {
    /// What a gate says.
    package struct GateLine: Sendable, Codable {
        package var gate: Gate
        package var verdict: Verdict
        package var sentence: Sentence
    }

    package var model: String
    /// The period of the plan.
    package var night: String
    package var verdict: Verdict
    /// What has decided.
    package var sentence: Sentence
    package var gates: [GateLine]
    /// The folder of the accepted result that it was compared with; nil where there was none.
    package var basis: String?
    /// Nil where nothing was fitted.
    package var start: NightStart?
    /// What was said before the refit.
    package var provisional: Sentence?
    /// Nil where there was nothing to compare with.
    package var moved: MovedSection?

    package init(
        model: String, night: String, verdict: NightVerdict, basis: String? = nil, start: NightStart? = nil,
        provisional: Sentence? = nil, moved: MovedSection? = nil
    ) {
        self.model = model
        self.night = night
        self.verdict = verdict.verdict
        sentence = verdict.sentence
        gates = verdict.outcomes.map { GateLine(gate: $0.gate, verdict: $0.verdict, sentence: $0.sentence) }
        self.basis = basis
        self.start = start
        self.provisional = provisional
        self.moved = moved
    }
}

/// One self-contained page of a night: the verdict, what each gate says, and what moved, and why.
package enum NightPage {
    package static func render(_ night: NightContent, in language: Language) -> String {
        let phrases = Phrases(language)
        let values: [String: Any] = [
            "say": phrases.all, "model": night.model, "night": phrases.night(night.night),
            "verdict": phrases.verdict(night.verdict), "sentence": night.sentence[language].markupWithCode,
            "badgeClass": night.verdict.rawValue, "remarks": remarks(night, phrases).map(\.markupWithCode),
            "gates": night.gates.map { line in
                [
                    "name": phrases.gate(line.gate), "verdict": phrases.opinion(line.verdict),
                    "badgeClass": line.verdict.rawValue, "sentence": line.sentence[language].markupWithCode,
                ]
            },
            "moved": night.moved?.markup(phrases) ?? "",
        ]
        do {
            return try MustacheTemplate(string: template).render(values)
        } catch {
            preconditionFailure("the page's template is not valid: \(error)")
        }
    }

    /// With what it was compared, and how chains began.
    private static func remarks(_ night: NightContent, _ phrases: Phrases) -> [String] {
        let compared = night.basis.map { phrases.night($0) }.map { basis in
            Sentence(
                "Compared with the accepted result of \(basis).",
                french: "Comparaison avec le résultat de référence (\(code: basis)).")
        }
        let provisional = night.provisional.map { "\(phrases.beforeRefit) \($0[phrases.language])" }
        return [compared?[phrases.language], night.start.map(phrases.start), provisional].compactMap(\.self)
    }

    private static let template = """
        <!doctype html>
        <html lang="{{say.language}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{model}}, {{night}}{{say.colon}}{{verdict}}</title>
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
        td { white-space: nowrap; } td small { display: block; } thead th { vertical-align: bottom; }
        th:first-child, td.words, th.words { text-align: left; } td.words { white-space: normal; min-width: 7em; }
        td.chart { min-width: 160px; } svg { display: block; width: 100%; } code { overflow-wrap: anywhere; }
        .wide { overflow-x: auto; } .hint { display: none; }
        @media (max-width: 860px) { .hint { display: block; color: var(--soft); font-size: .85rem; margin: .2rem 0; } }
        @media (max-width: 640px) {
          .gates thead { display: none; } .gates tr, .gates th, .gates td { display: block; border: 0; padding: 2px 0; }
          .gates tr { border-bottom: 1px solid var(--rule); padding: 6px 0; }
        }
        </style>
        </head>
        <body>
        <main>
        <h1>{{model}}, {{night}}</h1>
        <p><span class="badge {{badgeClass}}">{{verdict}}</span>{{{sentence}}}</p>
        {{#remarks}}<p class="meta">{{{.}}}</p>{{/remarks}}

        <h2>{{say.gatesHeading}}</h2>
        <table class="gates"><thead><tr><th scope="col">{{say.gate}}</th>
        <th scope="col" class="words">{{say.verdict}}</th><th scope="col" class="words">{{say.why}}</th></tr></thead><tbody>
        {{#gates}}<tr><th scope="row">{{name}}</th><td class="words"><span class="badge {{badgeClass}}">{{verdict}}</span></td>
        <td class="words">{{{sentence}}}</td></tr>
        {{/gates}}</tbody></table>

        {{{moved}}}
        </main>
        </body>
        </html>

        """
}
