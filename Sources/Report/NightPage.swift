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

    /// A quantity that has moved, with the parts of its change in its unit.
    package struct Move: Sendable {
        package var quantity: String
        package var oldMean: Double
        package var newMean: Double
        package var oldSD: Double
        package var parts: [(name: String, change: Double)]
        /// The weeks that moved it most, in words.
        package var weeks: String
        package var isUnexplained: Bool

        package init(
            quantity: String, oldMean: Double, newMean: Double, oldSD: Double,
            parts: [(name: String, change: Double)], weeks: String, isUnexplained: Bool
        ) {
            self.quantity = quantity
            self.oldMean = oldMean
            self.newMean = newMean
            self.oldSD = oldSD
            self.parts = parts
            self.weeks = weeks
            self.isUnexplained = isUnexplained
        }
    }

    package var model: String
    package var night: String
    package var verdict: String
    package var sentence: String
    /// With what it was compared, and how chains began.
    package var remarks: [String]
    package var gates: [Gate]
    package var moves: [Move]

    package init(
        model: String, night: String, verdict: String, sentence: String, remarks: [String], gates: [Gate],
        moves: [Move]
    ) {
        self.model = model
        self.night = night
        self.verdict = verdict
        self.sentence = sentence
        self.remarks = remarks
        self.gates = gates
        self.moves = moves
    }
}

/// One self-contained page of a night: the verdict, what each gate says, and what moved, and why.
package enum NightPage {
    package static func render(_ night: NightContent) -> String {
        let names = night.moves.first?.parts.map(\.name) ?? []
        let values: [String: Any] = [
            "model": night.model, "night": night.night, "verdict": night.verdict.uppercased(),
            "sentence": night.sentence, "badgeClass": night.verdict, "remarks": night.remarks,
            "gates": night.gates.map {
                [
                    "name": $0.name, "verdict": $0.verdict.uppercased(), "badgeClass": $0.verdict,
                    "sentence": $0.sentence,
                ]
            },
            "hasMoves": !night.moves.isEmpty, "parts": names,
            "moves": night.moves.map { move -> [String: Any] in
                [
                    "quantity": move.quantity, "old": NumberText.short(move.oldMean),
                    "new": NumberText.short(move.newMean),
                    "sd": NumberText.short(move.oldSD),
                    "shift": NumberText.decimal((move.newMean - move.oldMean) / move.oldSD, 2),
                    "parts": move.parts.map { NumberText.short($0.change) }, "chart": bars(of: move),
                    "weeks": move.weeks,
                    "remark": move.isUnexplained ? " Not explained by the weeks." : "",
                ]
            },
        ]
        do {
            return try MustacheTemplate(string: template).render(values)
        } catch {
            preconditionFailure("the page's template is not valid: \(error)")
        }
    }

    /// The parts as bars from the middle, a standard deviation of the accepted result to each side.
    private static func bars(of move: NightContent.Move) -> String {
        let (width, height) = (220.0, 13.0)
        let bars = move.parts.enumerated().map { index, part -> String in
            let share = max(-1, min(1, part.change / move.oldSD))
            guard share.isFinite else { return "" }
            let length = abs(share) * width / 2
            let left = share < 0 ? width / 2 - length : width / 2
            return
                "<rect x=\"\(NumberText.coordinate(left))\" y=\"\(NumberText.coordinate(Double(index) * height + 2))\" "
                + "width=\"\(NumberText.coordinate(max(length, 0.5)))\" height=\"\(NumberText.coordinate(height - 4))\" "
                + "fill=\"\(Palette.colour(index))\"><title>\(part.name)</title></rect>"
        }
        let full = NumberText.coordinate(Double(move.parts.count) * height)
        return "<svg viewBox=\"0 0 \(NumberText.coordinate(width)) \(full)\" role=\"img\" "
            + "aria-label=\"Parts of the change, in standard deviations\"><path d=\"M\(NumberText.coordinate(width / 2)) "
            + "0V\(full)\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/>\(bars.joined())</svg>"
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

        {{#hasMoves}}<h2>What moved, and why</h2>
        <p class="meta">Means before and after, and the parts of the change, which add up to it. Bars reach one standard deviation
        of the accepted result to each side, a bar a part in the order of the columns.</p>
        <div class="wide"><table><thead><tr><th scope="col">quantity</th><th scope="col">before</th><th scope="col">after</th>
        <th scope="col">change ÷ sd</th>{{#parts}}<th scope="col">{{.}}</th>{{/parts}}<th scope="col">parts</th>
        <th scope="col" class="words">weeks that moved it most</th></tr></thead><tbody>
        {{#moves}}<tr><th scope="row">{{quantity}}</th><td>{{old}} <small>± {{sd}}</small></td><td>{{new}}</td>
        <td>{{shift}}</td>{{#parts}}<td>{{.}}</td>{{/parts}}<td class="chart">{{{chart}}}</td>
        <td class="words">{{weeks}}{{remark}}</td></tr>
        {{/moves}}</tbody></table></div>{{/hasMoves}}
        </main>
        </body>
        </html>

        """
}
