import Densities
import Kernels
import ModelDefinition
import ModelFile
import Wording

extension DataChecks {
    /// Standard errors by which a lift must miss what could be for a word: noise alone is none.
    private static let errorsMin = 2.0
    /// A return that the test says ÷ the typical one of the prior, or the other way round, beyond which units are asked
    /// about.
    private static let returnRatioMax = 20.0
    /// Lift ÷ its standard error, beyond which no test is so sharp: the error is a share, or the level of a test.
    private static let sharpnessMax = 100.0
    /// Spend in the days of a test ÷ the channel's usual, below which the data do not show what would have run.
    private static let usualSpendMin = 0.1

    /// Lift tests whose sign or size no medium of this spend could have.
    var surprisingLifts: [Problem] {
        (read.experiments(.likelihood) + read.experiments(.prior)).compactMap { stated in
            let found =
                surprise(stated.experiment, spend: stated.spend).map { ($0, Self.liftMend) }
                ?? sharpness(stated.experiment)
            return found.map { message, mend in
                Problem(
                    file: modelFile, line: stated.line,
                    message: "experiment '\(stated.experiment.name)' \(message.english)",
                    mend: mend.english,
                    french:
                        "l’expérience « \(code: stated.experiment.name) » \(code: message.french) \(code: mend.french)"
                )
            }
        }
    }

    private func sharpness(_ experiment: Experiment) -> (message: Sentence, mend: Sentence)? {
        let (lift, error) = (experiment.lift, experiment.standardError)
        guard abs(lift) > Self.sharpnessMax * error else { return nil }
        return (
            Sentence(
                "has a lift of \(Self.words(lift)) and a standard error of \(error): no test is so sharp, and this one "
                    + "outweighs the data.",
                french: """
                    a un lift de \(Self.words(lift)) et une erreur type de \(error) : aucun test n’est aussi précis, \
                    et celui-ci pèse plus que les données.
                    """),
            Sentence(
                "give 'se' in units of the KPI, as 'lift': no share, percentage or level of significance.",
                french: """
                    Donnez `se` en unités de l’indicateur, comme `lift` : ni part, ni pourcentage, ni seuil de \
                    signification.
                    """)
        )
    }

    private static let liftMend = Sentence(
        "give 'lift' in units of the KPI, with the test less without it, summed over its days and geos: below 0 for media "
            + "that went dark, and no share or percentage.",
        french: """
            Donnez `lift` en unités de l’indicateur, avec le test moins sans le test, en somme sur ses jours et ses \
            zones : négatif pour des médias arrêtés, et ni part ni pourcentage.
            """)

    private func surprise(_ experiment: Experiment, spend: Double?) -> Sentence? {
        let (lift, error) = (experiment.lift, experiment.standardError)
        if lift * (experiment.factor - 1) < 0, abs(lift) > Self.errorsMin * error {
            return Sentence(
                "has a lift of \(Self.words(lift)) of media that were \(experiment.factor < 1 ? "cut" : "raised"): less "
                    + "media would have sold more.",
                french: """
                    a un lift de \(Self.words(lift)) pour des médias \
                    \(experiment.factor < 1 ? "réduits" : "augmentés") : moins de médias auraient fait vendre plus.
                    """)
        }
        let cells = cells(of: experiment)
        let known = cells.filter { !data.actualKPI[$0].isNaN }
        let kpi = known.reduce(0) { $0 + data.actualKPI[$1] }
        if known.count == cells.count, kpi > 0, abs(lift) - Self.errorsMin * error > kpi {
            return Sentence(
                "has a lift of \(Self.words(lift)), and the KPI of its days and geos is \(Self.words(kpi)).",
                french: """
                    a un lift de \(Self.words(lift)), et l’indicateur de ses jours et de ses zones est de \
                    \(Self.words(kpi)).
                    """)
        }
        return surpriseOfReturn(experiment, spend: spend, cells: cells)
    }

    private func surpriseOfReturn(_ experiment: Experiment, spend: Double?, cells: [Int]) -> Sentence? {
        let shown = experiment.channels.reduce(0.0) { sum, channel in
            sum + abs(experiment.factor - 1) * cells.reduce(0) { $0 + data.spend[channel][$1] }
        }
        let usual = experiment.channels.reduce(0.0) { sum, channel in
            sum + data.spend[channel].reduce(0, +) / Double(data.cellCount) * Double(cells.count)
        }
        let change = spend ?? shown
        // Where the dark days lie in the data, they do not say what would have been spent.
        guard change > 0, spend != nil || shown > Self.usualSpendMin * usual else { return nil }
        let typical = experiment.channels.compactMap { index -> Double? in
            let channel = read.specification.channels[index]
            // A test that is a prior has replaced the channel's own.
            let isTested = read.experiments(.prior).contains { $0.experiment.channels.contains(index) }
            let prior = isTested ? nil : channel.priors[.roi]
            guard channel.priors[.roi] != nil else { return nil }
            return prior.flatMap(Self.typicalValue) ?? 1
        }
        guard typical.count == experiment.channels.count, let low = typical.min(), let high = typical.max() else {
            return nil
        }
        // A test that is a prior may lie before the data.
        let priced = cells.isEmpty ? Array(0..<data.cellCount) : cells
        let price = priced.reduce(0) { $0 + data.revenuePerKPI[$1] } / Double(priced.count)
        let size = abs(experiment.lift) * price / change
        let error = Self.errorsMin * experiment.standardError * price / change
        guard size + error < low / Self.returnRatioMax || size - error > high * Self.returnRatioMax else { return nil }
        return Sentence(
            "has a lift of \(Self.words(experiment.lift)) for a change of spend of \(Self.words(change)): a return of "
                + "\(Self.words(size)), where the prior expects about \(Self.words(high)).",
            french: """
                a un lift de \(Self.words(experiment.lift)) pour une dépense changée de \(Self.words(change)) : un \
                retour de \(Self.words(size)), là où l’a priori attend environ \(Self.words(high)).
                """)
    }

    /// The cells in which a test took place.
    private func cells(of experiment: Experiment) -> [Int] {
        let periods = data.periods(with: experiment.days)
        return data.geos(of: experiment).flatMap { geo in data.cells(of: geo).filter { periods[$0 % data.periodCount] }
        }
    }
}
