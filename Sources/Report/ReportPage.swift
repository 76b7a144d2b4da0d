import Analysis
import Mustache

/// One self-contained page for people: no network, no script, nothing of the time at which it was made.
package enum ReportPage {
    package static func render(_ content: ReportContent) -> String {
        do {
            return try MustacheTemplate(string: PageTemplate.text).render(context(content))
        } catch {
            preconditionFailure("the page's template is not valid: \(error)")
        }
    }

    private static func context(_ content: ReportContent) -> [String: Any] {
        let totals = content.totals
        let unit = content.currency.isEmpty ? "" : " \(content.currency)"
        let verdict = content.verdict
        return [
            "name": content.name,
            "period": "\(content.dates[0]) to \(content.dates[content.dates.count - 1])",
            "periods": String(content.dates.count),
            "currency": content.currency.isEmpty ? "no currency stated" : content.currency,
            "badge": verdict.passed ? "✓ Converged" : "▲ Not converged",
            "badgeClass": verdict.passed ? "good" : "bad",
            "reasons": verdict.reasons + verdict.warnings,
            "answer": answer(content, unit: unit),
            "rows": content.channels.map(row),
            "hasMargin": content.margin != nil,
            "margin": content.margin.map { NumberText.percent($0) } ?? "",
            "contributions": Charts.contributions(content),
            "fit": Charts.fit(content),
            "returns": content.channels.contains { $0.roi != nil } ? Charts.returns(content) : "",
            "curves": content.channels.enumerated().compactMap { order, channel -> [String: Any]? in
                let points = content.responseCurves.filter { $0.channel == channel.channel }
                guard !points.isEmpty else { return nil }
                return [
                    "name": channel.channel,
                    "chart": Charts.responseCurve(points, spend: channel.spend, order: order),
                ]
            },
            "totals": content.components.enumerated().map { index, component -> [String: Any] in
                let sum = stride(from: index, to: content.contributions.count, by: content.components.count)
                    .reduce(0.0) { $0 + content.contributions[$1].estimate.mean }
                return [
                    "name": component.name, "sum": NumberText.short(sum) + unit,
                    "share": NumberText.percent(sum / totals.fitted.mean),
                ]
            },
            "fittedTotal": NumberText.short(totals.fitted.mean) + unit,
            "trust": trust(content),
            "hasBootstrap": !content.bootstrap.isEmpty,
            "resamples": content.bootstrap.first.map { String($0.resamples) } ?? "",
            "bootstrap": content.bootstrap.map { row -> [String: Any] in
                [
                    "quantity": row.quantity, "posterior": spread(row.posteriorMean, row.posteriorSD),
                    "bagged": spread(row.baggedMean, row.baggedSD), "robust": NumberText.short(row.robustSD),
                    "index": row.mismatchIndex.map { NumberText.decimal($0, 2) } ?? "–",
                    "words": mismatchWords(row.mismatchIndex),
                ]
            },
            "seed": String(content.seed), "model": content.modelDigest, "data": content.dataDigest,
            "fitDigest": content.fitDigest, "version": content.version,
        ]
    }

    private static func answer(_ content: ReportContent, unit: String) -> String {
        let totals = content.totals
        var text =
            "Media brought \(NumberText.short(totals.media.mean))\(unit) "
            + "[\(NumberText.short(totals.media.q05)); \(NumberText.short(totals.media.q95))] of "
            + "\(NumberText.short(totals.fitted.mean))\(unit) (\(NumberText.percent(totals.mediaShare.mean)))"
        if let roi = totals.roi {
            text +=
                "; each unit of money spent returned \(NumberText.decimal(roi.mean, 2)) "
                + "[\(NumberText.decimal(roi.q05, 2)); \(NumberText.decimal(roi.q95, 2))] of KPI"
        }
        if let margin = content.margin, let roi = totals.marginROI {
            text += ", that is \(NumberText.decimal(roi.mean, 2)) of margin at \(NumberText.percent(margin))"
        }
        return text + "."
    }

    private static func row(_ channel: ChannelRow) -> [String: Any] {
        func interval(_ estimate: Estimate?, _ format: (Double) -> String) -> String {
            guard let estimate else { return "–" }
            return "\(format(estimate.mean)) [\(format(estimate.q05)); \(format(estimate.q95))]"
        }
        func two(_ value: Double) -> String { NumberText.decimal(value, 2) }
        return [
            "channel": channel.channel, "spend": channel.spend > 0 ? NumberText.short(channel.spend) : "–",
            "contribution": interval(channel.contribution, NumberText.short),
            "share": interval(channel.share, NumberText.percent), "roi": interval(channel.roi, two),
            "mroi": interval(channel.marginalROI, two), "marginROI": interval(channel.marginROI, two),
            "payback": channel.marginROI == nil ? "–" : weeks(channel.paybackWeeksQ50),
        ]
    }

    private static func weeks(_ count: Double?) -> String {
        guard let count else { return "never" }
        return count == 1 ? "1 week" : "\(NumberText.decimal(count, 0)) weeks"
    }

    private static func trust(_ content: ReportContent) -> [[String: Any]] {
        let verdict = content.verdict
        func extreme(_ extreme: (name: String, value: Double)?, _ digits: Int) -> String {
            extreme.map { "\(NumberText.decimal($0.value, digits)) (\($0.name))" } ?? "–"
        }
        return [
            [
                "name": "Largest R-hat, below 1.01",
                "value": extreme(verdict.highestRHat.map { ($0.name, $0.value) }, 3),
            ],
            [
                "name": "Smallest bulk ESS, at least 400",
                "value": extreme(verdict.lowestBulkESS.map { ($0.name, $0.value) }, 0),
            ],
            [
                "name": "Smallest tail ESS, at least 400",
                "value": extreme(verdict.lowestTailESS.map { ($0.name, $0.value) }, 0),
            ],
            ["name": "Divergent draws, at most 0.1%", "value": "\(verdict.divergences) of \(verdict.draws)"],
            ["name": "Smallest E-BFMI, above 0.3", "value": NumberText.decimal(verdict.lowestEnergyFraction, 2)],
        ]
    }

    private static func spread(_ mean: Double, _ sd: Double) -> String {
        "\(NumberText.short(mean)) ± \(NumberText.short(sd))"
    }

    /// Bounds of Huggins & Miller's index as residual correlations of 0.4 and 0.7 give them.
    private static func mismatchWords(_ index: Double?) -> String {
        guard let index, index >= -0.5 else { return "prior-driven: the data say little" }
        if index <= 0.25 { return "agrees with the data's own variability" }
        return index <= 0.5 ? "caution: intervals somewhat too narrow" : "model overconfident: use the robust spread"
    }
}
