import Mustache
import Recalibration
import Wording

/// What moved between an accepted result and the next, and why, as a part of the night's page and of the report.
package struct MovedSection: Sendable, Codable {
    /// A quantity, with the parts of its change in its unit.
    package struct Move: Sendable, Codable {
        package struct Part: Sendable, Codable {
            package var cause: Movement.Cause
            package var change: Double
        }

        package struct Week: Sendable, Codable {
            package var name: String
            package var isRestated: Bool
        }

        /// Its name in files, as `roi[tv]`.
        package var quantity: String
        package var oldMean: Double
        package var newMean: Double
        /// Of the accepted result.
        package var oldSD: Double
        package var parts: [Part]
        /// The weeks that moved it most.
        package var weeks: [Week]
        package var isUnexplained: Bool

        package init(
            quantity: String, oldMean: Double, newMean: Double, oldSD: Double,
            parts: [(cause: Movement.Cause, change: Double)], weeks: [(name: String, isRestated: Bool)],
            isUnexplained: Bool
        ) {
            self.quantity = quantity
            self.oldMean = oldMean
            self.newMean = newMean
            self.oldSD = oldSD
            self.parts = parts.map { Part(cause: $0.cause, change: $0.change) }
            self.weeks = weeks.map { Week(name: $0.name, isRestated: $0.isRestated) }
            self.isUnexplained = isUnexplained
        }
    }

    /// The folder of the accepted result that it is compared with.
    package var basis: String
    package var moves: [Move]

    package init(basis: String, moves: [Move]) {
        self.basis = basis
        self.moves = moves
    }

    /// Heading and table; nothing where nothing is compared.
    func markup(_ phrases: Phrases) -> String {
        guard let first = moves.first else { return "" }
        let language = phrases.language
        let basis = phrases.night(basis)
        let note = Sentence(
            "Means of the accepted result of \(basis) and of this one, and the parts of the change, which add up to it. "
                + "Bars reach one standard deviation of the accepted result to each side, a bar a part in the order of the "
                + "columns.",
            french: """
                Moyennes du résultat de référence (\(code: basis)) et de celui-ci, et décomposition de l’écart : la \
                somme des parts est l’écart total. Les barres vont jusqu’à un écart type du résultat de référence de \
                chaque côté ; une barre par part, dans l’ordre des colonnes.
                """)
        let values: [String: Any] = [
            "say": phrases.all, "note": note[language], "parts": first.parts.map { phrases.cause($0.cause) },
            "moves": moves.map { move -> [String: Any] in
                [
                    "quantity": phrases.quantityName(move.quantity), "old": NumberText.short(move.oldMean, language),
                    "new": NumberText.short(move.newMean, language), "sd": NumberText.short(move.oldSD, language),
                    "shift": NumberText.decimal((move.newMean - move.oldMean) / move.oldSD, 2, language),
                    "parts": move.parts.map { NumberText.short($0.change, language) },
                    "chart": Self.bars(of: move, phrases),
                    "weeks": move.weeks.map { week in
                        let name = NumberText.date(week.name, language)
                        return week.isRestated ? "\(name) (\(phrases.restatedWeek))" : name
                    }.joined(separator: ", "),
                    "remark": move.isUnexplained ? " \(phrases.notExplained)" : "",
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
    private static func bars(of move: Move, _ phrases: Phrases) -> String {
        let (width, height) = (220.0, 13.0)
        let bars = move.parts.enumerated().map { index, part -> String in
            let share = max(-1, min(1, part.change / move.oldSD))
            guard share.isFinite else { return "" }
            let length = abs(share) * width / 2
            let left = share < 0 ? width / 2 - length : width / 2
            return
                "<rect x=\"\(NumberText.coordinate(left))\" y=\"\(NumberText.coordinate(Double(index) * height + 2))\" "
                + "width=\"\(NumberText.coordinate(max(length, 0.5)))\" height=\"\(NumberText.coordinate(height - 4))\" "
                + "fill=\"\(Palette.colour(index))\"><title>\(phrases.cause(part.cause))</title></rect>"
        }
        let full = NumberText.coordinate(Double(move.parts.count) * height)
        return "<svg viewBox=\"0 0 \(NumberText.coordinate(width)) \(full)\" role=\"img\" "
            + "aria-label=\"\(phrases.partsDescription)\"><path d=\"M\(NumberText.coordinate(width / 2)) "
            + "0V\(full)\" stroke=\"currentColor\" stroke-opacity=\"0.5\"/>\(bars.joined())</svg>"
    }

    private static let template = """
        <h2>{{say.movedHeading}}</h2>
        <p class="meta">{{note}}</p>
        <p class="hint">{{say.scrollHint}}</p>
        <div class="wide" tabindex="0" role="region" aria-label="{{say.movedHeading}}"><table><thead><tr><th scope="col">{{say.quantity}}</th><th scope="col">{{say.before}}</th>
        <th scope="col">{{say.after}}</th><th scope="col">{{say.changeInDeviations}}</th>
        {{#parts}}<th scope="col">{{.}}</th>{{/parts}}<th scope="col">{{say.parts}}</th>
        <th scope="col" class="words">{{say.weeksThatMoved}}</th></tr></thead><tbody>
        {{#moves}}<tr><th scope="row">{{quantity}}</th><td>{{old}} <small>± {{sd}}</small></td><td>{{new}}</td>
        <td>{{shift}}</td>{{#parts}}<td>{{.}}</td>{{/parts}}<td class="chart">{{{chart}}}</td>
        <td class="words">{{weeks}}{{remark}}</td></tr>
        {{/moves}}</tbody></table></div>
        """
}

extension ReportPage {
    /// A report with what moved since the result that was accepted before: it was made with its own results, which know no
    /// others.
    ///
    /// - Parameter language: that of the page.
    /// - Returns: nil where the page has no place for it.
    package static func adding(_ moved: MovedSection, to page: String, in language: Language) -> String? {
        guard let place = page.firstRange(of: PageTemplate.movedPlace),
            let end = page[place.upperBound...].firstRange(of: PageTemplate.movedEnd)
        else { return nil }
        return page[..<place.upperBound] + moved.markup(Phrases(language)) + page[end.lowerBound...]
    }
}
