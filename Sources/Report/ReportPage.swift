import Analysis
import Mustache
import Posterior

/// One self-contained page for people: no network, no script, nothing of the time at which it was made.
package enum ReportPage {
    package static func render(_ content: ReportContent) -> String {
        do {
            return try MustacheTemplate(string: PageTemplate.text).render(
                PageContext(content: content, phrases: .english).values())
        } catch {
            preconditionFailure("the page's template is not valid: \(error)")
        }
    }

    /// The chart of contributions over time as a picture of its own.
    package static func svg(contributionsOf content: ReportContent) -> String {
        Charts(content: content, phrases: .english).contributions(isStandalone: true)
    }

    /// The page's charts, by the phrase that heads them.
    package static func charts(_ content: ReportContent) -> [(title: String, svg: String)] {
        let phrases = Phrases.english
        let charts = Charts(content: content, phrases: phrases)
        var result = [(phrases.contributionsHeading, charts.contributions()), (phrases.fitHeading, charts.fit())]
        if let returns = charts.returns() { result.append((phrases.returnsHeading, returns)) }
        for (order, channel) in content.channels.enumerated() {
            if let curve = charts.responseCurve(channel, order: order) { result.append((channel.channel, curve)) }
        }
        return result
    }
}

/// What the template asks for.
struct PageContext {
    let content: ReportContent
    let phrases: Phrases

    /// The KPI's unit: the currency of revenue, or units.
    private var unit: String {
        guard content.kpiIsRevenue else { return phrases.kpiUnits }
        return content.currency.isEmpty ? phrases.noCurrency : content.currency
    }

    /// What money is told in: the currency, with or without value-added tax.
    private var money: String {
        let currency = content.currency.isEmpty ? phrases.noCurrency : content.currency
        return switch content.vat {
        case .included?: "\(currency), \(phrases.vatIncluded)"
        case .excluded?: "\(currency), \(phrases.vatExcluded)"
        case nil: currency
        }
    }

    /// The unit after a number: none where the currency is unknown.
    private var suffix: String {
        content.kpiIsRevenue ? (content.currency.isEmpty ? "" : " \(content.currency)") : " \(phrases.kpiUnits)"
    }

    func values() -> [String: Any] {
        let charts = Charts(content: content, phrases: phrases)
        let verdict = content.verdict
        let remarks = verdict.reasons + verdict.advice.map { "\(phrases.advice) \($0)" } + verdict.warnings
        let returns = charts.returns()
        return [
            "say": phrases, "name": content.name, "unit": unit,
            "period": "\(dateSpan), \(content.dates.count) \(phrases.periods), \(money)",
            "money": money,
            "badge": badge, "badgeClass": verdict.passed ? "good" : "bad", "badgeSentence": badgeSentence,
            "hasRemarks": !remarks.isEmpty, "remarks": remarks, "answer": answer,
            "rows": content.channels.map(decisionRow),
            "decisionNote": phrases.decisionNote
                + (content.returnsAreMoney ? phrases.moneyReturns : phrases.unitReturns),
            "hasMargin": content.margin != nil,
            "margin": content.margin.map {
                NumberText.percent($0) + (content.marginDiffers ? " \(phrases.marginsDiffer)" : "")
            } ?? "",
            "hasMediation": !content.mediation.isEmpty, "mediation": content.mediation.map(mediationRow),
            "contributions": charts.contributions(),
            "contributionsTable": contributionsTable.markup(summary: phrases.table),
            "totals": totals, "hasReturns": returns != nil, "returns": returns ?? "",
            "returnsTable": returnsTable.markup(summary: phrases.table),
            "curves": content.channels.enumerated().compactMap { order, channel -> [String: Any]? in
                guard let chart = charts.responseCurve(channel, order: order) else { return nil }
                return [
                    "name": channel.channel, "chart": chart,
                    "table": curveTable(channel).markup(summary: phrases.table),
                ]
            },
            "fit": charts.fit(), "fitTable": fitTable.markup(summary: phrases.table), "trust": trust, "run": run,
            "hasResultWarnings": !content.resultWarnings.isEmpty, "resultWarnings": content.resultWarnings,
            "hasWarnings": !content.warnings.isEmpty, "warnings": content.warnings,
            "hasEvidence": !content.evidence.isEmpty, "evidence": content.evidence.map(evidenceRow),
            "hasBootstrap": !content.bootstrap.isEmpty,
            "resamples": content.bootstrap.first.map { String($0.resamples) } ?? "",
            "hasMaxima": content.bootstrap.first?.method == .map,
            "bootstrap": content.bootstrap.map(bootstrapRow),
            "seed": String(content.seed), "model": content.modelDigest, "data": content.dataDigest,
            "fitDigest": content.fitDigest, "version": content.version,
        ]
    }

    private var dateSpan: String {
        guard let first = content.dates.first, let last = content.dates.last else { return NumberText.missing }
        return "\(first) \(phrases.to) \(last)"
    }

    // MARK: The answer

    /// One sentence: what media brought, of what, and what each unit of money returned.
    private var answer: String {
        let totals = content.totals
        var text =
            "\(phrases.answerMedia) \(NumberText.short(totals.media.mean))\(suffix) "
            + "\(interval(totals.media, NumberText.short)) \(phrases.answerOf) "
            + "\(NumberText.short(totals.fitted.mean))\(suffix)"
            + (totals.mediaShare.map { " (\(NumberText.percent($0.mean)))" } ?? "")
        if let margin = content.margin, let roi = totals.marginROI {
            text +=
                "; \(phrases.answerROI) \(two(roi.mean)) \(interval(roi, two)) "
                + "\(content.marginDiffers ? phrases.answerMeanMargin : phrases.answerMargin) "
                + NumberText.percent(margin)
        } else if let roi = totals.roi {
            text +=
                "; \(phrases.answerROI) \(two(roi.mean)) \(interval(roi, two)) "
                + (content.returnsAreMoney ? phrases.answerNoMargin : phrases.kpiUnits)
        }
        return text + "."
    }

    private func two(_ value: Double) -> String { NumberText.decimal(value, 2) }

    private func interval(_ estimate: Estimate, _ format: (Double) -> String) -> String {
        "[\(format(estimate.q05)); \(format(estimate.q95))]"
    }

    // MARK: Tables

    private func cell(_ estimate: Estimate?, _ format: (Double) -> String) -> [String: Any] {
        [
            "mean": estimate.map { format($0.mean) } ?? NumberText.missing, "hasInterval": estimate != nil,
            "interval": estimate.map { interval($0, format) } ?? "",
        ]
    }

    private func mediationRow(_ row: MediationRow) -> [String: Any] {
        [
            "channel": row.channel, "mediator": row.mediator,
            "estimates": [
                cell(row.exposureShare, NumberText.percent), cell(row.direct, NumberText.short),
                cell(row.through, NumberText.short), cell(row.total, NumberText.short), cell(row.directROI, two),
                cell(row.totalROI, two),
            ],
        ]
    }

    private func decisionRow(_ channel: ChannelRow) -> [String: Any] {
        var estimates = [
            cell(channel.contribution, NumberText.short), cell(channel.share, NumberText.percent),
            cell(channel.roi, two), cell(channel.marginalROI, two),
        ]
        if content.margin != nil { estimates.append(cell(channel.marginROI, two)) }
        let payback = channel.paybackWeeksQ50.map { weeks in
            "\(NumberText.decimal(weeks, weeks == weeks.rounded() ? 0 : 1)) \(weeks == 1 ? phrases.week : phrases.weeks)"
        }
        return [
            "channel": channel.channel,
            "spend": channel.spend > 0 ? NumberText.short(channel.spend) : NumberText.missing, "estimates": estimates,
            "payback": channel.marginROI == nil ? NumberText.missing : payback ?? phrases.never,
            "grade": grade(of: channel.channel),
        ]
    }

    /// That of the return, or without spend of the contribution.
    private func grade(of channel: String) -> String {
        let row = ["roi", "contribution"].lazy.compactMap { figure in
            content.evidence.first { $0.quantity == "\(figure)[\(channel)]" }
        }.first
        return row.map { phrases.grades[$0.grade] } ?? NumberText.missing
    }

    /// Every component, and how their sum becomes the KPI of the data and of the books.
    private var totals: [[String: Any]] {
        guard let reconciliation = Reconciliation(content) else { return [] }
        let unit = reconciliation.digits == 0 ? 1 : 0.01
        let fitted = content.totals.mediaShare == nil ? nil : content.totals.fitted.mean
        return reconciliation.lines.map { line, units in
            let value = Double(units) * unit
            return [
                "name": phrases.name(of: line), "isSum": [.fitted, .observed, .ledger].contains(line),
                "sum": NumberText.decimal(value, reconciliation.digits) + suffix,
                "share": fitted.map { NumberText.percent(value / $0) } ?? NumberText.missing,
            ]
        }
    }

    private var contributionsTable: DataTable {
        let series = ComponentSeries(content)
        return DataTable(
            header: [phrases.date, phrases.baseline] + series.channels.map(\.name) + [phrases.fitted],
            rows: content.dates.enumerated().map { period, date in
                (
                    date.description,
                    [series.baseline[period]] + series.channels.map { $0.values[period] }
                        + [content.fitted[period].mean]
                )
            })
    }

    private static let intervalHeader = ["5%", "50%", "95%"]

    private var returnsTable: DataTable {
        DataTable(
            header: [phrases.channel, phrases.mean] + Self.intervalHeader,
            rows: content.channels.compactMap { channel in
                channel.roi.map { (channel.channel, [$0.mean, $0.q05, $0.q50, $0.q95]) }
            })
    }

    private func curveTable(_ channel: ChannelRow) -> DataTable {
        DataTable(
            header: [phrases.spend, phrases.mean] + Self.intervalHeader,
            rows: content.responseCurves.filter { $0.channel == channel.channel }.map { point in
                let estimate = point.contribution
                return (
                    NumberText.decimal(point.spend, 0), [estimate.mean, estimate.q05, estimate.q50, estimate.q95]
                )
            })
    }

    private var fitTable: DataTable {
        DataTable(
            header: [phrases.date, phrases.actual, phrases.fitted] + Self.intervalHeader,
            rows: content.dates.enumerated().map { period, date in
                let estimate = content.fitted[period]
                return (
                    date.description,
                    [content.observed[period], estimate.mean, estimate.q05, estimate.q50, estimate.q95]
                )
            })
    }

    // MARK: Trust

    private var badge: String {
        switch content.verdict.outcome {
        case .passed: phrases.converged
        case .figuresOnly: phrases.figuresOnly
        case .failed: phrases.notConverged
        }
    }

    /// Says what convergence is about, and that it is not about what is warned of.
    private var badgeSentence: String {
        let count = content.resultWarnings.count + content.warnings.count
        let warned = "\(count) \(count == 1 ? phrases.warning : phrases.warningsBelow)"
        switch content.verdict.outcome {
        case .passed:
            return count == 0 ? phrases.convergedSentence : "\(phrases.convergedWithWarnings) \(warned)"
        case .figuresOnly: return phrases.figuresOnlySentence
        case .failed: return phrases.notConvergedSentence
        }
    }

    /// Rows of what the gate looks at: a figure of reported quantities and one of parameters, or one of the run.
    private var trust: [[String: Any]] {
        let verdict = content.verdict
        func text(_ extreme: ConvergenceVerdict.Extreme?, _ digits: Int) -> String {
            extreme.map { "\(NumberText.decimal($0.value, digits)) (\($0.name))" } ?? NumberText.missing
        }
        func row(
            _ name: String, _ extreme: KeyPath<ConvergenceVerdict.Extremes, ConvergenceVerdict.Extreme?>, _ digits: Int
        ) -> [String: Any] {
            [
                "name": name, "figures": text(verdict.quantities[keyPath: extreme], digits),
                "parameters": text(verdict.parameters[keyPath: extreme], digits),
            ]
        }
        return [
            row(phrases.rHat, \.highestRHat, 3), row(phrases.essBulk, \.lowestBulkESS, 0),
            row(phrases.essTail, \.lowestTailESS, 0),
        ]
    }

    private var run: [[String: Any]] {
        let verdict = content.verdict
        let draws = NumberText.decimal(Double(verdict.draws), 0)
        return [
            ["name": phrases.divergences, "value": "\(verdict.divergences) \(phrases.of) \(draws)"],
            ["name": phrases.saturated, "value": "\(verdict.saturated) \(phrases.of) \(draws)"],
            ["name": phrases.energyFraction, "value": two(verdict.lowestEnergyFraction)],
        ]
    }

    private func evidenceRow(_ row: EvidenceRow) -> [String: Any] {
        [
            "quantity": row.quantity, "grade": phrases.grades[row.grade],
            "sameAdvice": row.decisionStability.map(NumberText.percent) ?? NumberText.missing,
        ]
    }

    private func bootstrapRow(_ row: BootstrapRow) -> [String: Any] {
        func spread(_ mean: Double, _ sd: Double?) -> String {
            NumberText.short(mean) + (sd.map { " ± \(NumberText.short($0))" } ?? "")
        }
        return [
            "quantity": row.quantity, "posterior": spread(row.posteriorMean, row.posteriorSD),
            "bagged": spread(row.baggedMean, row.baggedSD), "robust": NumberText.short(row.robustSD),
            "index": row.mismatchIndex.map(two) ?? NumberText.missing,
        ]
    }
}
