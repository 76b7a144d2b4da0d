import Analysis

extension PageContext {
    var appendixValues: [String: Any] {
        [
            "hasLearning": !content.learning.isEmpty, "learning": content.learning.map(learningRow),
            "hasCarryOver": !content.carryOver.isEmpty, "carryOver": content.carryOver.map(carryOverRow),
            "glossary": Glossary.lines(multiplies: content.multiplies == true).filter {
                content.margin != nil || ![.marginROI, .payback].contains($0.entry)
            }.map { line -> [String: Any] in
                [
                    "anchor": line.entry.anchor, "term": line.term[language], "meaning": line.meaning[language],
                    "file": line.file,
                ]
            },
            "seed": String(content.seed), "model": content.modelDigest, "data": content.dataDigest,
            "fitDigest": content.fitDigest, "version": content.version,
        ]
    }

    private func learningRow(_ row: ReportContent.Learning) -> [String: Any] {
        func text(_ estimate: Estimate) -> String {
            "\(short(estimate.mean)) \(NumberText.interval(estimate.q05, estimate.q95, beside: estimate.mean, language))"
        }
        let (before, after) = (row.prior.q95 - row.prior.q05, row.posterior.q95 - row.posterior.q05)
        return [
            "name": row.name, "prior": text(row.prior), "posterior": text(row.posterior),
            "width": before > 0 ? NumberText.percent(after / before, digits: 0, language) : NumberText.missing,
        ]
    }

    private func carryOverRow(_ row: ReportContent.CarryOver) -> [String: Any] {
        var sum = 0.0
        let total = row.weights.reduce(0, +)
        let most = row.weights.firstIndex { weight in
            sum += weight
            return sum >= 0.9 * total
        }
        return [
            "channel": row.channel, "first": percent((row.weights.first ?? 0) / max(total, .leastNormalMagnitude)),
            "most": most.map { "\($0 + 1)" } ?? NumberText.missing, "shape": bars(row),
        ]
    }

    /// The weights as small bars.
    private func bars(_ row: ReportContent.CarryOver) -> String {
        let (width, height) = (150.0, 26.0)
        let step = width / Double(max(1, row.weights.count))
        let most = max(row.weights.max() ?? 1, .leastNormalMagnitude)
        let c = NumberText.coordinate
        let bars = row.weights.enumerated().map { lag, weight in
            let length = max(0.5, weight / most * height)
            return "<rect x=\"\(c(Double(lag) * step))\" y=\"\(c(height - length))\" width=\"\(c(max(1, step - 1)))\" "
                + "height=\"\(c(length))\" fill=\"\(Palette.colour(0))\"/>"
        }
        let title = "\(phrases.carryOverHeading)\(phrases.colon)\(row.channel)".escapedForMarkup
        return "<svg viewBox=\"0 0 \(c(width)) \(c(height))\" role=\"img\"><title>\(title)</title>"
            + "<desc>\(phrases.carryOverNote.escapedForMarkup)</desc>\(bars.joined())</svg>"
    }
}
