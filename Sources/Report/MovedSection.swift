import Mustache

/// What moved between an accepted result and the next, and why, as a part of the night's page and of the report.
package struct MovedSection: Sendable {
    /// A quantity, with the parts of its change in its unit.
    package struct Move: Sendable {
        package var quantity: String
        package var oldMean: Double
        package var newMean: Double
        /// Of the accepted result.
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

    /// Which accepted result it is compared with.
    package var basis: String
    package var moves: [Move]

    package init(basis: String, moves: [Move]) {
        self.basis = basis
        self.moves = moves
    }

    /// Heading and table; nothing where nothing is compared.
    var markup: String {
        guard let first = moves.first else { return "" }
        let values: [String: Any] = [
            "basis": basis, "parts": first.parts.map(\.name),
            "moves": moves.map { move -> [String: Any] in
                [
                    "quantity": move.quantity, "old": NumberText.short(move.oldMean),
                    "new": NumberText.short(move.newMean),
                    "sd": NumberText.short(move.oldSD),
                    "shift": NumberText.decimal((move.newMean - move.oldMean) / move.oldSD, 2),
                    "parts": move.parts.map { NumberText.short($0.change) }, "chart": Self.bars(of: move),
                    "weeks": move.weeks,
                    "remark": move.isUnexplained ? " Not explained by the weeks." : "",
                ]
            },
        ]
        do {
            return try MustacheTemplate(string: Self.template).render(values)
        } catch {
            preconditionFailure("the section's template is not valid: \(error)")
        }
    }

    /// The parts as bars from the middle, a standard deviation of the accepted result to each side.
    private static func bars(of move: Move) -> String {
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
        <h2>What moved, and why</h2>
        <p class="meta">Means of the accepted result of {{basis}} and of this one, and the parts of the change, which add up to it.
        Bars reach one standard deviation of the accepted result to each side, a bar a part in the order of the columns.</p>
        <div class="wide"><table><thead><tr><th scope="col">quantity</th><th scope="col">before</th><th scope="col">after</th>
        <th scope="col">change ÷ sd</th>{{#parts}}<th scope="col">{{.}}</th>{{/parts}}<th scope="col">parts</th>
        <th scope="col" class="words">weeks that moved it most</th></tr></thead><tbody>
        {{#moves}}<tr><th scope="row">{{quantity}}</th><td>{{old}} <small>± {{sd}}</small></td><td>{{new}}</td>
        <td>{{shift}}</td>{{#parts}}<td>{{.}}</td>{{/parts}}<td class="chart">{{{chart}}}</td>
        <td class="words">{{weeks}}{{remark}}</td></tr>
        {{/moves}}</tbody></table></div>
        """
}

extension ReportPage {
    /// A report with what moved since the result that was accepted before: it was made with its own results, which know no
    /// others.
    /// - Returns: nil where the page has no place for it.
    package static func adding(_ moved: MovedSection, to page: String) -> String? {
        guard let place = page.firstRange(of: PageTemplate.movedPlace),
            let end = page[place.upperBound...].firstRange(of: PageTemplate.movedEnd)
        else { return nil }
        // It is told in English alone: a page in another language says so to those who have it read aloud.
        let isEnglish = page.contains("<html lang=\"en\">")
        let markup = isEnglish ? moved.markup : "<div lang=\"en\">\(moved.markup)</div>"
        return page[..<place.upperBound] + markup + page[end.lowerBound...]
    }
}
