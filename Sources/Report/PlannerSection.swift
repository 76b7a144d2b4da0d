import Foundation

/// The page's planner: money by channel that a reader moves, and what would come of it, computed in the page.
struct PlannerSection {
    let markup: String

    /// Nil where nothing is spent now that could be moved.
    init?(_ planner: PlannerContent, content: ReportContent, phrases: Phrases) {
        let channels = planner.channels.indices.filter { planner.spend[$0] > 0 }
        guard channels.count > 1 else { return nil }
        let rows = channels.map { channel -> String in
            let name = planner.channels[channel].escapedForMarkup
            return """
                <div class="plan-row"><label for="plan-\(channel)">\(name)</label>
                <input type="range" id="plan-slide-\(channel)" min="50" max="200" step="1" value="100" data-channel="\(channel)" \
                aria-label="\(name)\(phrases.language == .french ? NumberText.narrowSpace : " ")%">
                <input type="number" id="plan-\(channel)" min="0" step="any" data-channel="\(channel)">
                <output id="plan-share-\(channel)" for="plan-\(channel)"></output></div>
                """
        }
        let draws = NumberText.decimal(Double(planner.drawCount), 0, phrases.language)
        func button(_ id: String, _ words: String) -> String {
            "<button type=\"button\" id=\"\(id)\">\(words.escapedForMarkup)</button>"
        }
        let results = [
            ("budget", phrases.plannerBudget), ("revenue", phrases.plannerContribution),
            ("profit", phrases.plannerProfit),
            ("gain", phrases.plannerGain), ("chance", phrases.plannerChance),
        ].map { key, words in
            "<tr><th scope=\"row\">\(words.escapedForMarkup)</th><td id=\"plan-\(key)\"></td>"
                + "<td id=\"plan-\(key)-now\"></td></tr>"
        }
        markup = """
            <section id="planner" aria-labelledby="planner-heading">
            <h3 id="planner-heading">\(phrases.plannerHeading.escapedForMarkup)</h3>
            <p class="meta">\(phrases.plannerLead.escapedForMarkup) \(draws) \(phrases.plannerDraws.escapedForMarkup) \
            \(phrases.plannerRange.escapedForMarkup)</p>
            <noscript><p>\(phrases.plannerNoScript.markupWithCode)</p></noscript>
            <div id="plan" hidden>
            <div class="plan">\(rows.joined(separator: "\n"))</div>
            <p>\(button("plan-today", phrases.plannerReset)) \(button("plan-proposed", phrases.plannerProposal))</p>
            <div aria-live="polite"><table class="plan-result"><caption>\(phrases.plannerResult.escapedForMarkup)</caption>
            <thead><tr><td></td><th scope="col">\(phrases.proposedPlan.escapedForMarkup)</th>
            <th scope="col">\(phrases.plannerNow.escapedForMarkup)</th></tr></thead>
            <tbody>\(results.joined(separator: "\n"))</tbody></table></div>
            </div>
            </section>
            <script type="application/json" id="plan-data">\(Self.json(planner))</script>
            <script type="application/json" id="plan-form">\(Self.json(NumberForm(content, phrases)))</script>
            <script>
            \(PlannerScript.text)
            </script>
            """
    }

    /// How the script writes numbers: as the rest of the page does.
    private struct NumberForm: Encodable {
        var decimalMark: String
        var units: [String]
        var before: String
        var after: String
        /// Between a number and what follows it.
        var gap: String
        /// What stands between a unit and the currency.
        var joint: String
        var percent: String
        var between: String

        init(_ content: ReportContent, _ phrases: Phrases) {
            let money = MoneyText(currency: content.currency, language: phrases.language)
            let space = NumberText.narrowSpace
            let isSymbol = money.symbol != content.currency
            switch phrases.language {
            case .english:
                (decimalMark, units, after, gap, joint, percent, between) = (
                    ".", ["k", "M", "bn"], "", "", "", "%", "; "
                )
                before = content.currency.isEmpty ? "" : money.symbol + (isSymbol ? "" : space)
            case .french:
                (decimalMark, units, before, gap, percent) = (",", ["k", "M", "Md"], "", space, "\(space)%")
                (after, joint, between) = (money.symbol, isSymbol ? "" : space, "\(space); ")
            }
        }
    }

    /// Safe inside a script's element.
    private static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(value) else { preconditionFailure("a planner's numbers are finite") }
        return String(decoding: data, as: UTF8.self).replacingOccurrences(of: "<", with: "\\u003c")
    }
}
