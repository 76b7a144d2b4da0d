import Wording

/// What the words of the page mean, by what formula each figure comes about, and in which file its numbers are.
struct Glossary {
    enum Entry: String, CaseIterable {
        case baseline, contribution, roi, marginalROI, marginROI, payback, breakEven, responseCurve, carryOver,
            saturation,
            gain, interval, predictive, evidence, rHat, leaveOneOut

        var anchor: String { "word-\(rawValue)" }
    }

    struct Line {
        var entry: Entry
        var term: Sentence
        var meaning: Sentence
        /// Empty where there is none.
        var file: String
    }

    static func term(_ entry: Entry) -> Sentence {
        guard let line = all.first(where: { $0.entry == entry }) else { preconditionFailure("\(entry) has no words") }
        return line.term
    }

    /// What a contribution is where the parts of the KPI multiply each other.
    private static let shareOfProduct = Sentence(
        "The channel's share of what all media add to the baseline (Aumann–Shapley): shares add up, in any order.",
        french: """
            Part du canal dans ce que tous les médias ajoutent aux ventes de base (Aumann–Shapley) : ces parts \
            s’additionnent, dans n’importe quel ordre.
            """)

    /// - Parameter multiplies: whether the parts of the KPI multiply each other.
    static func lines(multiplies: Bool) -> [Line] {
        all.map { line in
            var line = line
            if multiplies, line.entry == .contribution { line.meaning = shareOfProduct }
            return line
        }
    }

    private static let all: [Line] = [
        Line(
            entry: .baseline, term: Sentence("Baseline", french: "Ventes de base"),
            meaning: Sentence(
                "What would come without media: intercept, trend, seasonality, controls, events.",
                french: """
                    Ce qui viendrait sans médias : constante, tendance, saisonnalité, variables de contrôle, \
                    événements.
                    """),
            file: "contributions.csv"),
        Line(
            entry: .contribution, term: Sentence("Incremental contribution", french: "Contribution incrémentale"),
            meaning: Sentence(
                "Fitted KPI with the channel less fitted KPI without it, summed over the period: Σ μ(x) − μ(x without it).",
                french: """
                    Indicateur estimé avec le canal moins indicateur estimé sans lui, sommé sur la période : \
                    Σ μ(x) − μ(x sans lui).
                    """),
            file: "channels.csv"),
        Line(
            entry: .roi, term: Sentence("ROI, return on investment", french: "ROI, retour sur investissement"),
            meaning: Sentence(
                "Revenue that the period's media add within the period ÷ their spend, draw by draw.",
                french: """
                    Chiffre d’affaires que les médias de la période ajoutent dans la période ÷ leur dépense, tirage \
                    par tirage.
                    """),
            file: "channels.csv"),
        Line(
            entry: .marginalROI, term: Sentence("Marginal ROI", french: "ROI marginal"),
            meaning: Sentence(
                "What additional spend returns: [revenue(1.01 × media) − revenue(media)] ÷ (0.01 × spend).",
                french: """
                    Ce que rapporte une dépense supplémentaire, CA étant le chiffre d’affaires : \
                    [CA(1,01 × médias) − CA(médias)] ÷ (0,01 × dépense).
                    """),
            file: "channels.csv"),
        Line(
            entry: .marginROI, term: Sentence("Margin ROI", french: "ROI sur marge"),
            meaning: Sentence(
                "Margin × revenue added ÷ spend; 1 is break-even.",
                french: "Taux de marge × chiffre d’affaires ajouté ÷ dépense ; 1 est le seuil de rentabilité."),
            file: "channels.csv"),
        Line(
            entry: .payback, term: Sentence("Payback", french: "Délai de rentabilité"),
            meaning: Sentence(
                "First week in which margin × effect, added up along the carry-over, reaches the spend.",
                french: "Première semaine où la marge apportée, cumulée le long de la rémanence, atteint la dépense."),
            file: "channels.csv"),
        Line(
            entry: .breakEven, term: Sentence("Break-even", french: "Seuil de rentabilité (point mort)"),
            meaning: Sentence(
                "ROI = 1 ÷ margin. Where the marginal ROI is above it, more money earns more than it costs.",
                french: """
                    ROI = 1 ÷ taux de marge. Là où le ROI marginal est au-dessus, une dépense supplémentaire \
                    rapporte plus qu’elle ne coûte.
                    """),
            file: "channels.csv"),
        Line(
            entry: .responseCurve, term: Sentence("Response curve", french: "Courbe de réponse"),
            meaning: Sentence(
                "Contribution of the whole period had every period's spend been multiplied by the same factor.",
                french: """
                    Contribution de toute la période si la dépense de chaque période avait été multipliée par un \
                    même facteur.
                    """),
            file: "response_curves.csv"),
        Line(
            entry: .carryOver, term: Sentence("Carry-over (adstock)", french: "Rémanence"),
            meaning: Sentence(
                "Effect that comes in periods after the spend: a weighted sum of past exposure.",
                french: """
                    Effet qui vient dans les périodes après la dépense : une somme pondérée des expositions passées.
                    """),
            file: "summary.csv"),
        Line(
            entry: .saturation, term: Sentence("Saturation", french: "Saturation"),
            meaning: Sentence(
                "Twice the exposure brings less than twice the effect.",
                french: "Deux fois plus d’exposition apporte moins de deux fois plus d’effet."), file: "summary.csv"),
        Line(
            entry: .gain, term: Sentence("Gain of a plan", french: "Gain d’un plan"),
            meaning: Sentence(
                "Profit with the plan less profit with today's, draw by draw; profit is margin × revenue that media of the plan "
                    + "add, in it and after it, less their cost. Chance: share of draws with a gain above 0.",
                french: """
                    Résultat avec le plan moins résultat avec le plan actuel, tirage par tirage ; le résultat est le \
                    taux de marge × le chiffre d’affaires que les médias du plan ajoutent, pendant et après, moins \
                    leur coût. Chances : part des tirages où le gain dépasse 0.
                    """),
            file: "report.json"),
        Line(
            entry: .interval, term: Sentence("90% credible interval", french: "Intervalle de crédibilité à 90 %"),
            meaning: Sentence(
                "From the 5% to the 95% quantile of the draws: given model and data, the figure lies in it with a chance of 90%.",
                french: """
                    Du quantile à 5 % au quantile à 95 % des tirages : vu le modèle et les données, le chiffre s’y \
                    trouve avec 90 % de chances.
                    """),
            file: "summary.csv"),
        Line(
            entry: .predictive, term: Sentence("Predictive band", french: "Bande prédictive"),
            meaning: Sentence(
                "The same of a single period, with its own scatter: about nine periods in ten should lie in it.",
                french: """
                    La même chose pour une période isolée, avec sa dispersion propre : environ neuf périodes sur \
                    dix devraient s’y trouver.
                    """),
            file: "posterior.nc"),
        Line(
            entry: .evidence, term: Sentence("Evidence", french: "Niveau de preuve"),
            meaning: Sentence(
                "What a figure stands on: an experiment, the data, the prior, or a model that does not fit.",
                french: """
                    Sur quoi repose un chiffre : une expérience, les données, l’a priori, ou un modèle qui ne \
                    convient pas.
                    """),
            file: "stability.csv"),
        Line(
            entry: .rHat, term: Sentence("R-hat, effective sample size", french: "R-hat, taille effective"),
            meaning: Sentence(
                "Whether independent chains tell the same: R-hat near 1, and draws worth enough independent ones.",
                french: """
                    Accord de calculs indépendants : R-hat proche de 1, et des tirages qui valent assez de tirages \
                    indépendants.
                    """),
            file: "summary.csv"),
        Line(
            entry: .leaveOneOut, term: Sentence("LOO", french: "LOO"),
            meaning: Sentence(
                "How probable each period is by a fit that has not seen it, by Pareto-smoothed importance sampling.",
                french: """
                    À quel point chaque période est probable pour un ajustement qui ne l’a pas vue, par \
                    échantillonnage préférentiel lissé de Pareto.
                    """),
            file: "loo.csv"),
    ]
}
