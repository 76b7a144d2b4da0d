import Analysis

extension PageContext {
    func chartValues(_ charts: Charts) -> [String: Any] {
        let returns = charts.returns()
        let waterfall = charts.waterfall()
        let years = yearRows
        return [
            "hasWaterfall": waterfall != nil, "waterfall": waterfall ?? "",
            "hasYears": !years.isEmpty, "years": years,
            "contributions": charts.contributions(),
            "contributionsTable": contributionsTable.markup(summary: phrases.table, of: phrases.contributionsHeading),
            "totals": totals, "hasReturns": returns != nil, "returns": returns ?? "",
            "returnsTable": returnsTable.markup(summary: phrases.table, of: phrases.returnsHeading),
            "curves": content.channels.compactMap { channel -> [String: Any]? in
                guard let chart = charts.responseCurve(channel) else { return nil }
                return [
                    "name": channel.channel, "chart": chart,
                    "table": curveTable(channel).markup(summary: phrases.table, of: channel.channel),
                ]
            },
            "fit": charts.fit(), "fitTable": fitTable.markup(summary: phrases.table, of: phrases.fitHeading),
            "fitCaption": fitCaption,
            "waterfallSource": source(.baseline, "contributions.csv"), "returnsSource": source(.roi, "channels.csv"),
            "curvesSource": source(.responseCurve, "response_curves.csv"),
            "fitSource": source(.predictive, "posterior.nc"),
            "contributionsSource": source(.contribution, "contributions.csv"),
            "allocationSource": source(.gain, "report.json"),
        ]
    }

    /// Where a figure's formula stands on the page, and its numbers in the folder.
    func source(_ entry: Glossary.Entry, _ file: String) -> String {
        guard audience != .cmo else { return "" }
        let formula = Glossary.term(entry)[language].escapedForMarkup
        return "<p class=\"meta source\"><a href=\"#\(entry.anchor)\">\(formula)</a> · <code>\(file)</code></p>"
    }

    /// Share of known periods within the predictive band; nil where there is none.
    var predictiveCoverage: Double? {
        guard !content.predictive.isEmpty else { return nil }
        let known = content.observed.indices.filter { content.observed[$0].isFinite && $0 < content.windowPeriodCount }
        let within = known.count {
            content.predictive[$0].q05 <= content.observed[$0] && content.observed[$0] <= content.predictive[$0].q95
        }
        return known.isEmpty ? nil : Double(within) / Double(known.count)
    }

    private var fitCaption: String {
        guard let coverage = predictiveCoverage else { return phrases.fitCaption }
        return "\(phrases.predictiveCaption) \(NumberText.percent(coverage, digits: 0, language)) \(phrases.liesWithin)"
    }

    /// Every component, and how their sum becomes the KPI of the data and of the books.
    private var totals: [[String: Any]] {
        guard let reconciliation = Reconciliation(content) else { return [] }
        let fitted = content.totals.mediaShare == nil ? nil : content.totals.fitted.mean
        return reconciliation.lines.map { line, units in
            let value = Double(units) * reconciliation.unit
            return [
                "name": phrases.name(of: line), "isSum": [.fitted, .observed, .ledger].contains(line),
                "sum": amount(value, reconciliation.digits),
                "share": fitted.map { percent(value / $0) } ?? NumberText.missing,
            ]
        }
    }

    /// An amount of the KPI to its digits.
    private func amount(_ value: Double, _ digits: Int) -> String {
        content.kpiIsRevenue
            ? money.decimal(value, digits) : "\(decimal(value, digits)) \(phrases.kpiUnits)"
    }

    /// Baseline, channels and what is fitted in the last year and in the year before; empty without two years.
    private var yearRows: [[String: Any]] {
        let year = content.frequency.periodsPerYear
        let end = content.windowPeriodCount
        guard end >= 2 * year else { return [] }
        let series = ComponentSeries(content)
        let rows = [(phrases.baseline, series.baseline)] + series.channels.map { ($0.name, $0.values) }
        func sum(_ values: [Double], _ range: Range<Int>) -> Double { values[range].reduce(0, +) }
        let spans = (before: end - 2 * year..<end - year, last: end - year..<end)
        func row(_ name: String, _ before: Double, _ last: Double, isSum: Bool) -> [String: Any] {
            [
                "name": name, "before": short(before), "last": short(last), "isSum": isSum,
                "change": (last - before > 0 ? "+" : "") + short(last - before),
            ]
        }
        let all = rows.map { name, values in
            row(name, sum(values, spans.before), sum(values, spans.last), isSum: false)
        }
        let fitted = content.fitted.map(\.mean)
        let total = row(phrases.fitted, sum(fitted, spans.before), sum(fitted, spans.last), isSum: true)
        // A contribution falls with what is spent: beside it stand the spend and what was left of it.
        let media = content.mediaByPeriod.map { media in
            let profit = zip(media.grossProfit, media.spend).map { $0 - $1 }
            return [(phrases.mediaSpend, media.spend), (phrases.mediaProfit, profit)].map { name, values in
                row(name, sum(values, spans.before), sum(values, spans.last), isSum: false)
            }
        }
        return all + [total] + (media ?? [])
    }

    // MARK: Tables under charts

    private var intervalHeader: [String] {
        [0.05, 0.5, 0.95].map { NumberText.percent($0, digits: 0, language) }
    }

    private var contributionsTable: DataTable {
        let series = ComponentSeries(content)
        return DataTable(
            header: [phrases.date, phrases.baseline] + series.channels.map(\.name) + [phrases.fitted],
            rows: content.dates.enumerated().map { period, date in
                (
                    day(date),
                    [series.baseline[period]] + series.channels.map { $0.values[period] }
                        + [content.fitted[period].mean]
                )
            }, language: language)
    }

    private var returnsTable: DataTable {
        DataTable(
            header: [phrases.channel, phrases.mean] + intervalHeader + [phrases.marginalROI] + intervalHeader,
            rows: content.channels.compactMap { channel in
                channel.roi.map { roi in
                    let values = [roi, channel.marginalROI].flatMap { estimate in
                        [\Estimate.mean, \.q05, \.q50, \.q95].map { estimate?[keyPath: $0] ?? .nan }
                    }
                    return (channel.channel, values)
                }
            }, language: language)
    }

    private func curveTable(_ channel: ChannelRow) -> DataTable {
        DataTable(
            header: [phrases.spend, phrases.mean] + intervalHeader,
            rows: content.responseCurves.filter { $0.channel == channel.channel }.map { point in
                let estimate = point.contribution
                return (decimal(point.spend, 0), [estimate.mean, estimate.q05, estimate.q50, estimate.q95])
            }, language: language)
    }

    private var fitTable: DataTable {
        DataTable(
            header: [phrases.date, phrases.actual, phrases.fitted] + intervalHeader,
            rows: content.dates.enumerated().map { period, date in
                let estimate = content.fitted[period]
                return (
                    day(date), [content.observed[period], estimate.mean, estimate.q05, estimate.q50, estimate.q95]
                )
            }, language: language)
    }
}
