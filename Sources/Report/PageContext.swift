import Analysis
import ModelDefinition
import Posterior
import Wording

/// What the template asks for.
struct PageContext {
    let content: ReportContent
    let phrases: Phrases
    let audience: ReportSpecification.Audience

    var language: Language { phrases.language }
    var sentences: FinanceSentences { FinanceSentences(content: content, phrases: phrases) }
    var money: MoneyText { MoneyText(currency: content.currency, language: language) }

    /// The KPI's unit: the currency of revenue, or units.
    private var unit: String {
        guard content.kpiIsRevenue else { return phrases.kpiUnits }
        return content.currency.isEmpty ? phrases.noCurrency : content.currency
    }

    /// What money is told in: the currency, with or without value-added tax.
    private var moneyBasis: String {
        let currency = content.currency.isEmpty ? phrases.noCurrency : content.currency
        return switch content.vat {
        case .included?: "\(currency), \(phrases.vatIncluded)"
        case .excluded?: "\(currency), \(phrases.vatExcluded)"
        case nil: currency
        }
    }

    func values() -> [String: Any] {
        let charts = Charts(content: content, phrases: phrases)
        var values = head
        values.merge(decisionValues(charts)) { $1 }
        values.merge(chartValues(charts)) { $1 }
        values.merge(partValues) { $1 }
        values.merge(trustValues) { $1 }
        values.merge(appendixValues) { $1 }
        return values
    }

    private var head: [String: Any] {
        let verdict = content.verdict
        let remarks =
            verdict.reasons.map { $0[language] } + verdict.advice.map { "\(phrases.advice) \($0[language])" }
            + verdict.warnings.map { $0[language] }
        return [
            "say": phrases.all, "name": content.name, "unit": unit, "money": moneyBasis, "period": period,
            "badge": badge, "badgeClass": verdict.passed ? "good" : "bad", "badgeSentence": badgeSentence,
            "hasRemarks": !remarks.isEmpty, "remarks": remarks.map(\.markupWithCode),
            "answer": AnswerSentence(content: content, language: language).text,
            "afterAnswer": [
                [sentences.profit, sentences.lastYear].compactMap(\.self).joined(separator: " ")
            ].filter { !$0.isEmpty },
            "afterTable": [sentences.payers, sentences.cautions].compactMap(\.self),
            "afterWaterfall": [sentences.reconciliation].compactMap(\.self),
            "isFinance": audience != .cmo, "isFull": audience == .full, "isLong": isLong, "density": density,
        ]
    }

    /// What comes before the section on the fit is printed on two pages of A4: up to so many channels with all charts, from
    /// there on with those of returns in the appendix.
    private static let channelsOnTwoPages = 12
    /// Up to so many the charts need no smaller type on paper.
    private static let channelsAtEase = 6

    private var isLong: Bool { content.channels.count > Self.channelsOnTwoPages }

    /// The class by which the style sheet prints smaller.
    private var density: String {
        content.channels.count <= Self.channelsAtEase ? "" : isLong ? "many long" : "many"
    }

    private var period: String {
        let periods =
            switch content.frequency {
            case .day: phrases.days
            case .week: phrases.weeks
            case .month: phrases.months
            }
        let dates = content.dates.prefix(content.windowPeriodCount)
        guard let first = dates.first, let last = dates.last else { return NumberText.missing }
        let heldOut = content.dates.count - dates.count
        let rest = heldOut > 0 ? " (\(phrases.heldOutAfter(heldOut)))" : ""
        let tax = content.vat == nil && !content.currency.isEmpty ? ", \(phrases.vatUnknown)" : ""
        let end = content.frequency.next(after: last).advanced(by: -1)
        let span = "\(phrases.from)\(day(first)) \(phrases.to) \(day(end))"
        return "\(span), \(dates.count) \(periods)\(rest), \(moneyBasis)\(tax)"
    }

    func day(_ date: CalendarDate) -> String { NumberText.date(date.description, language) }

    // MARK: Numbers

    func short(_ value: Double) -> String { NumberText.short(value, language) }
    func percent(_ share: Double) -> String { NumberText.percent(share, language) }
    func decimal(_ value: Double, _ digits: Int = 2) -> String { NumberText.decimal(value, digits, language) }

    /// A mean with its interval in its unit.
    func cell(_ label: String, _ estimate: Estimate?) -> [String: Any] {
        cell(label, estimate, short) { NumberText.interval($0.q05, $0.q95, beside: $0.mean, language) }
    }

    /// The same with decimals.
    func decimalCell(_ label: String, _ estimate: Estimate?) -> [String: Any] {
        cell(label, estimate, { decimal($0) }) {
            NumberText.interval([decimal($0.q05), decimal($0.q95)], language)
        }
    }

    func percentCell(_ label: String, _ estimate: Estimate?) -> [String: Any] {
        cell(label, estimate, percent) {
            NumberText.interval([decimal(100 * $0.q05, 1), decimal(100 * $0.q95, 1)], language)
        }
    }

    private func cell(
        _ label: String, _ estimate: Estimate?, _ mean: (Double) -> String, _ interval: (Estimate) -> String
    ) -> [String: Any] {
        [
            "label": label, "mean": estimate.map { mean($0.mean) } ?? NumberText.missing,
            "hasInterval": estimate != nil, "interval": estimate.map(interval) ?? "",
        ]
    }

    // MARK: Verdict

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
        // The short page has no section of warnings.
        let warned =
            switch (audience, count) {
            case (.cmo, 1): "\(count) \(phrases.warningElsewhere)"
            case (.cmo, _): "\(count) \(phrases.warningsElsewhere)"
            case (_, 1): "\(count) \(phrases.warning)"
            case (_, _): "\(count) \(phrases.warningsBelow)"
            }
        switch content.verdict.outcome {
        case .passed:
            return count == 0 ? phrases.convergedSentence : "\(phrases.convergedWithWarnings) \(warned)"
        case .figuresOnly: return phrases.figuresOnlySentence
        case .failed: return phrases.notConvergedSentence
        }
    }
}
