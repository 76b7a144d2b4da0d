import Analysis
import Wording

/// What a finance director asks and neither chart nor table says in words: whether media earned more than they cost, which
/// channels pay for themselves, on whose figures not to lean, what would have come without media and how the total agrees with
/// the books, what the proposed move risks, and what to test next.
struct FinanceSentences {
    let content: ReportContent
    let phrases: Phrases

    private var language: Language { phrases.language }
    private var money: MoneyText { MoneyText(currency: content.currency, language: language) }

    private func say(_ english: String, _ french: FrenchText) -> String { Sentence(english, french: french)[language] }

    private func interval(_ estimate: Estimate) -> String {
        NumberText.interval(estimate.q05, estimate.q95, beside: estimate.mean, language)
    }

    private static func line(_ estimate: Estimate, times factor: Double, plus term: Double) -> Estimate {
        Estimate(
            mean: factor * estimate.mean + term, sd: factor * estimate.sd, q05: factor * estimate.q05 + term,
            q50: factor * estimate.q50 + term, q95: factor * estimate.q95 + term)
    }

    private func kpi(_ value: Double) -> String {
        content.kpiIsRevenue ? money.short(value) : "\(NumberText.short(value, language)) \(phrases.kpiUnits)"
    }

    /// Of channels with spend, their cost taken off; nil without a margin.
    var profit: String? {
        let spend = content.totals.spend
        guard spend > 0, let roi = content.totals.marginROI else { return nil }
        // Spend is known, so that at every draw the margin is the return times it, and quantiles go over one by one.
        let margin = Self.line(roi, times: spend, plus: 0)
        let profit = Self.line(roi, times: spend, plus: -spend)
        let cost = money.short(spend)
        let earned = "\(money.short(margin.mean)) \(interval(margin))"
        // Its ends may be many times the mean, which lies near 0 where media just earn their cost: each has its own unit.
        let ends = NumberText.interval([profit.q05, profit.q95].map(money.signed), language)
        let left = "\(money.signed(profit.mean)) \(ends)"
        return say(
            "Media cost \(cost) and earned a margin of \(earned) before that cost, which leaves \(left).",
            "Les médias ont coûté \(cost) et dégagé \(earned) de marge avant ce coût, soit un résultat de \(left).")
    }

    /// The same of the last twelve months, means alone; nil where that is not known by period, or is all there is.
    var lastYear: String? {
        guard let media = content.mediaByPeriod else { return nil }
        let (year, end) = (content.frequency.periodsPerYear, content.windowPeriodCount)
        guard end >= 2 * year else { return nil }
        func sum(_ values: [Double]) -> Double { values[end - year..<end].reduce(0, +) }
        let (cost, margin) = (sum(media.spend), sum(media.grossProfit))
        let profit = margin - cost
        return say(
            "Over the last 12 months they cost \(money.short(cost)) and earned \(money.short(margin)), which "
                + "leaves \(money.signed(profit)).",
            """
            Sur les douze derniers mois, ils ont coûté \(money.short(cost)) et dégagé \(money.short(margin)) de marge, \
            soit un résultat de \(money.signed(profit)).
            """)
    }

    /// What further money brings at the latest spend, channel by channel; nil where that is not known.
    func furtherMoney(_ decision: ReportContent.Decision) -> String? {
        let known = decision.rows.compactMap { row in row.marginalMarginROI.map { (row.channel, $0.mean) } }
            .sorted { $0.1 > $1.1 }
        guard !known.isEmpty, !decision.lacksMargin else { return nil }
        func names(_ rows: [(String, Double)]) -> String {
            let named = rows.prefix(Self.namesMax).map { "\($0.0) (\(money.decimal($0.1, 2)))" }
            return named.joined(separator: ", ") + (rows.count > Self.namesMax ? ", …" : "")
        }
        let (paying, losing) = (known.filter { $0.1 >= 1 }, known.filter { $0.1 < 1 })
        let one = content.currency.isEmpty ? "1" : money.decimal(1, 0)
        var parts: [String] = []
        if !paying.isEmpty {
            parts.append(
                say(
                    "At the latest spend, \(one) more earns more margin than it costs in \(names(paying)).",
                    "À la dépense récente, \(one) de plus rapporte plus de marge qu’il ne coûte pour \(names(paying)).")
            )
        }
        if !losing.isEmpty {
            parts.append(
                say(
                    "At the latest spend, \(one) more earns less margin than it costs in \(names(losing)): spending less there, "
                        + "which a plan at constant spend leaves out, may earn more still.",
                    """
                    À la dépense récente, \(one) de plus rapporte moins de marge qu’il ne coûte pour \(names(losing)) : y \
                    dépenser moins, ce qu’un plan à dépense égale n’envisage pas, peut rapporter davantage encore.
                    """))
        }
        return parts.joined(separator: " ")
    }

    /// Channels that a sentence names.
    private static let namesMax = 8

    /// By where the interval of their return lies, above break-even, below it or about it; nil without a margin.
    var payers: String? {
        let rows = content.channels.compactMap { row in row.marginROI.map { (row.channel, $0) } }
        let groups = [
            (phrases.paying, rows.filter { $1.q05 > 1 }), (phrases.notPaying, rows.filter { $1.q95 < 1 }),
            (phrases.openWhetherPaying, rows.filter { $1.q05 <= 1 && $1.q95 >= 1 }),
        ]
        let parts = groups.filter { !$1.isEmpty }.map { words, rows in
            let names = rows.map { name, roi in
                // How likely is a question where the interval leaves it open.
                guard roi.q05 <= 1, roi.q95 >= 1, let chance = content.profitChances?[name] else { return name }
                return "\(name) (\(NumberText.chance(chance, language)))"
            }
            return "\(words)\(phrases.colon)\(names.joined(separator: ", "))."
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// On whose figures not to lean; nil where it is not known what they stand on.
    var cautions: String? {
        guard !content.evidence.isEmpty else { return nil }
        func names(_ grade: EvidenceGrade) -> [String] {
            content.channels.map(\.channel).filter { content.grade(of: $0) == grade }
        }
        let parts = [(phrases.priorCaution, names(.priorDriven)), (phrases.misfitCaution, names(.misspecified))]
            .filter { !$1.isEmpty }.map { words, names in "\(words)\(phrases.colon)\(names.joined(separator: ", "))." }
        return parts.isEmpty ? phrases.noCaution : parts.joined(separator: " ")
    }

    /// What would have come without media, and how that and the channels become the total of the data and of the books.
    var reconciliation: String? {
        guard let reconciliation = Reconciliation(content) else { return nil }
        func amount(_ line: Reconciliation.Line) -> Double? {
            reconciliation.lines.first { $0.line == line }.map { Double($0.units) * reconciliation.unit }
        }
        guard let fitted = amount(.fitted), let unexplained = amount(.unexplained), let observed = amount(.observed)
        else { return nil }
        let own = content.totals.baseline
        let baseline = "\(kpi(own.mean)) \(interval(own))"
        let rest = content.kpiIsRevenue ? money.signed(unexplained) : kpi(unexplained)
        let share = observed == 0 ? "" : " (\(NumberText.percent(unexplained / observed, digits: 2, language)))"
        var parts = [
            say(
                "Without media, the total would have been \(baseline): the baseline. With the channels the model comes to "
                    + "\(kpi(fitted)); the data hold \(kpi(observed)), which leaves \(rest)\(share) unexplained.",
                """
                Sans les médias, le total aurait été de \(baseline) : ce sont les ventes de base. Avec les canaux, le \
                modèle arrive à \(kpi(fitted)) ; les données en comptent \(kpi(observed)), soit un écart non expliqué \
                de \(rest)\(share).
                """)
        ]
        if let ledger = amount(.ledger), let missing = amount(.notInData) {
            parts.append(
                say(
                    "The ledger shows \(money.short(ledger)): \(money.signed(missing)) against the data.",
                    "Les comptes indiquent \(money.short(ledger)), soit un écart de \(money.signed(missing)) avec les données."
                ))
        } else if content.kpiIsRevenue {
            parts.append(phrases.noLedger)
        }
        return parts.joined(separator: " ")
    }

    /// How likely the move is to be worse than no move, and what one time in twenty it comes to.
    func risk(_ decision: ReportContent.Decision) -> String {
        // What is left of the chance of doing better as it is told.
        let chance = NumberText.chanceWords(1 - (100 * decision.chance).rounded() / 100, language)
        let low = money.short(abs(decision.gain.q05))
        return decision.gain.q05 < 0
            ? say(
                "The risk: \(chance) chance of doing worse than today's plan; one time in twenty, a loss of \(low) or more.",
                "Le risque : \(chance) de chances de faire moins bien que le plan actuel ; une fois sur vingt, une perte d’au moins \(low)."
            )
            : say(
                "The risk: \(chance) chance of doing worse than today's plan; one time in twenty, a gain of no more than \(low).",
                "Le risque : \(chance) de chances de faire moins bien que le plan actuel ; une fois sur vingt, un gain d’au plus \(low)."
            )
    }

    /// The channel whose response is worth the most to know before money is moved; nil where that was not asked.
    func nextTest(_ decision: ReportContent.Decision) -> String? {
        let worths = decision.rows.compactMap { row in row.informationValue.map { (row.channel, $0) } }
        guard let first = worths.max(by: { $0.1 < $1.1 }) else { return nil }
        guard first.1 >= 0.005 else { return phrases.noTest }
        let worth = money.short(first.1)
        return say(
            "What to test next: \(first.0). Knowing its response before moving the money would be worth at most \(worth): for this "
                + "plan alone, a dearer test does not pay.",
            """
            Prochain test à mener : \(code: first.0). Connaître sa réponse avant de déplacer l’argent vaudrait au plus \
            \(worth) : pour ce seul plan, un test plus cher ne se rembourse pas.
            """)
    }
}
