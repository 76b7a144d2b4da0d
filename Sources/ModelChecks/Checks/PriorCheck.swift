import Densities
import Kernels
import ModelDefinition
import ModelFile

extension DataChecks {
    /// Contribution by the prior ÷ KPI below which the data say nothing of it. Spend in thousands is below; a small
    /// channel of a large company is not.
    private static let noticeableShare = 3e-4
    /// The same of all channels together, which are seldom so small.
    private static let noticeableTogether = 1e-3
    /// Contributions of all channels by their priors ÷ KPI, from which on they contradict it: typical returns are meant to
    /// within a factor, and a little more than the KPI is no contradiction.
    private static let togetherMax = 1.25

    /// Priors that the rest of the model or the data rule out.
    var impossiblePriors: [Problem] { carryOverBeyondWindow + returnsBeyondRevenue + returnsBelowNotice }

    /// Carry-over whose typical length is longer than the window in which it may happen.
    private var carryOverBeyondWindow: [Problem] {
        read.specification.channels.enumerated().compactMap { index, channel in
            let window = channel.adstock.maximumLag
            guard let length = typicalLength(channel), length.periods > Double(window) else { return nil }
            return problem(
                column(ofChannel: index),
                "channel '\(channel.name)': by its prior the \(length.name) of its carry-over is about "
                    + "\(Self.words(length.periods)) periods, and carry-over ends after \(window).",
                mend:
                    "raise `\(channel.longTermOf == nil ? "" : "long_term.")max_lag`, or give '\(length.parameter.rawValue)' a prior of shorter carry-over.",
                french: """
                    selon son a priori, la \(length.name == "half-life" ? "demi-vie" : "durée caractéristique") de \
                    sa rémanence est d’environ \(Self.words(length.periods)) périodes, et la rémanence est coupée \
                    après \(window). Augmentez `\(code: channel.longTermOf == nil ? "" : "long_term.")max_lag`, ou donnez à \
                    `\(code: length.parameter.rawValue)` un a priori de rémanence plus courte.
                    """
            )
        }
    }

    /// The typical time that a channel's carry-over takes by its priors, in periods.
    private func typicalLength(_ channel: Channel) -> (name: String, parameter: MediaParameter, periods: Double)? {
        func typical(_ parameter: MediaParameter) -> Double? { channel.priors[parameter].flatMap(Self.typicalValue) }
        switch channel.adstock.kind {
        case .geometric, .delayed:
            if channel.adstock.hasHalfLife {
                return typical(.halfLife).map { ("half-life", .halfLife, $0) }
            }
            return typical(.alpha).flatMap { alpha in
                guard alpha > 0, alpha < 1 else { return nil }
                let halvings = Elementary.log(0.5) / Elementary.log(alpha)
                return ("half-life", .alpha, channel.adstock.kind == .delayed ? halvings.squareRoot() : halvings)
            }
        case .weibullDensity, .weibullSurvival:
            return typical(.weibullScale).map { ("time scale", .weibullScale, $0) }
        case .binomial, .meridianBinomial, .none:
            return nil
        }
    }

    /// Returns that, times what was spent, exceed all that was earned.
    private var returnsBeyondRevenue: [Problem] {
        let revenue = kpiMoney
        guard revenue > 0 else { return [] }
        let implied = impliedContributions
        let alone = implied.filter { $0.contribution > revenue }.map {
            problem(
                $0.column,
                "\($0.column.words): a return of about \(Self.words($0.roi)), as its prior has it, would make "
                    + "\(Self.words($0.contribution)) of its spend, more than the whole KPI (\(Self.words(revenue))).",
                mend: "check the units of spend and KPI, or give 'roi' a prior of smaller returns.",
                french: """
                    un retour d’environ \(Self.words($0.roi)), comme le veut son a priori, tirerait \
                    \(Self.words($0.contribution)) de sa dépense, plus que tout l’indicateur \
                    (\(Self.words(revenue))). Vérifiez les unités de la dépense et de l’indicateur, ou donnez à \
                    `roi` un a priori de retours plus petits.
                    """
            )
        }
        let together = implied.reduce(0) { $0 + $1.contribution }
        guard alone.isEmpty, together > Self.togetherMax * revenue else { return alone }
        return [
            kpiProblem(
                "by their priors the channels together would make \(Self.words(together)), more than the whole KPI "
                    + "(\(Self.words(revenue))).",
                mend: "check the units of spend and KPI, or give 'roi' priors of smaller returns.",
                french: """
                    selon leurs a priori, les canaux ensemble donneraient \(Self.words(together)), plus que tout \
                    l’indicateur (\(Self.words(revenue))). Vérifiez les unités de la dépense et de l’indicateur, ou \
                    donnez à `roi` des a priori de retours plus petits.
                    """
            )
        ]
    }

    /// Spend of which its prior expects so little that no data could show it, as of spend in thousands.
    private var returnsBelowNotice: [Problem] {
        let revenue = kpiMoney
        guard revenue > 0 else { return [] }
        let implied = impliedContributions.filter { $0.contribution > 0 }
        let alone = implied.filter { $0.contribution < Self.noticeableShare * revenue }
        let all = implied.reduce(0) { $0 + $1.contribution }
        let mend = "check the units of spend and KPI: thousands, cents, another currency."
        guard alone.count < implied.count, all >= Self.noticeableTogether * revenue else {
            return implied.isEmpty
                ? []
                : [
                    kpiProblem(
                        "by their priors the channels together would make \(Self.figure(all)) of a KPI of "
                            + "\(Self.words(revenue)): so little that no data can show it.", mend: mend,
                        french: """
                            selon leurs a priori, les canaux ensemble donneraient \(Self.figure(all)) d’un \
                            indicateur de \(Self.words(revenue)) : si peu qu’aucune donnée ne peut le montrer. \
                            Vérifiez les unités de la dépense et de l’indicateur : milliers, centimes, autre devise.
                            """
                    )
                ]
        }
        return alone.map {
            problem(
                $0.column,
                "\($0.column.words): a return of about \(Self.words($0.roi)), as its prior has it, would make "
                    + "\(Self.figure($0.contribution)) of a KPI of \(Self.words(revenue)): so little that no data can show it.",
                mend: mend,
                french: """
                    un retour d’environ \(Self.words($0.roi)), comme le veut son a priori, donnerait \
                    \(Self.figure($0.contribution)) d’un indicateur de \(Self.words(revenue)) : si peu qu’aucune \
                    donnée ne peut le montrer. Vérifiez les unités de la dépense et de l’indicateur : milliers, centimes, autre devise.
                    """
            )
        }
    }

    /// Two leading digits at the least, where `words` would round to 0.
    private static func figure(_ value: Double) -> String { abs(value) < 0.01 ? String(value) : words(value) }

    /// What each channel would bring of its spend by the typical value of its prior of returns.
    private var impliedContributions: [(column: CheckedColumn, roi: Double, contribution: Double)] {
        columns.compactMap { column in
            guard case .channel(let index) = column.kind,
                let roi = read.specification.channels[index].priors[.roi].flatMap(Self.typicalValue)
            else { return nil }
            return (column, roi, roi * knownCells.reduce(0) { $0 + data.spend[index][$1] })
        }
    }

    /// The median of a log-normal, whose mean its tail decides; the mean of the others. Nil where there is none.
    static func typicalValue(_ prior: Prior) -> Double? {
        if case .logNormal(let mean, _) = prior { return Elementary.exp(mean) }
        return prior.mean
    }
}
