/// Every word of the page, so that another language is another value of this type.
struct Phrases: Sendable {
    var language: String

    // Header.
    var tagline: String
    var to: String
    var periods: String
    var noCurrency: String
    var vatIncluded: String
    var vatExcluded: String
    var converged: String
    var convergedSentence: String
    var convergedWithWarnings: String
    var warning: String
    var warningsBelow: String
    var figuresOnly: String
    var figuresOnlySentence: String
    var notConverged: String
    var notConvergedSentence: String
    var advice: String

    // The answer, and units.
    var kpiUnits: String
    var answerMedia: String
    var answerOf: String
    var answerROI: String
    var answerMargin: String
    var answerMeanMargin: String
    var answerNoMargin: String

    // Decision table.
    var decisionHeading: String
    var channel: String
    var spend: String
    var contribution: String
    var share: String
    var roi: String
    var marginalROI: String
    var marginROI: String
    var payback: String
    var weeks: String
    var week: String
    var never: String
    var decisionNote: String
    var moneyReturns: String
    var unitReturns: String
    var marginNote: String
    var marginsDiffer: String

    // What channels drive.
    var mediationHeading: String
    var mediator: String
    var exposureShare: String
    var direct: String
    var through: String
    var directROI: String
    var totalROI: String
    var mediationNote: String

    // Charts.
    var table: String
    var date: String
    var mean: String
    var baseline: String
    var fitted: String
    var actual: String
    var contributionsHeading: String
    var contributionsDescription: String
    var totalsSummary: String
    var totalsNote: String
    var unknownPeriods: String
    var unexplained: String
    var observed: String
    var notInData: String
    var ledger: String
    var component: String
    var total: String
    var returnsHeading: String
    var returnsDescription: String
    var returnsCaption: String
    var robustCaption: String
    var breakEven: String
    var curvesHeading: String
    var curvesDescription: String
    var curvesCaption: String
    var fitHeading: String
    var fitDescription: String
    var fitCaption: String

    // Trust.
    var trustHeading: String
    var resultWarningsHeading: String
    var warningsHeading: String
    var chainsHeading: String
    var worstOf: String
    var reportedFigures: String
    var parameters: String
    var chainsNote: String
    var rHat: String
    var essBulk: String
    var essTail: String
    var divergences: String
    var of: String
    var saturated: String
    var energyFraction: String
    var bootstrapHeading: String
    var quantity: String
    var posterior: String
    var resamples: String
    var robustSD: String
    var mismatch: String
    var bootstrapNote: String
    var maximaNote: String
    var evidence: String
    var evidenceHeading: String
    var evidenceNote: String
    var sameAdvice: String
    var grades: EvidencePhrases

    // Provenance.
    var provenanceHeading: String
    var seed: String
    var model: String
    var data: String
    var fit: String
}

extension Phrases {
    /// How a line of the reconciliation is called.
    func name(of line: Reconciliation.Line) -> String {
        switch line {
        case .component(let name): name
        case .fitted: fitted
        case .unknownPeriods: unknownPeriods
        case .unexplained: unexplained
        case .observed: observed
        case .notInData: notInData
        case .ledger: ledger
        }
    }

    static let english = Phrases(
        language: "en",
        tagline: "what media brought", to: "to", periods: "periods", noCurrency: "no currency stated",
        vatIncluded: "VAT included", vatExcluded: "VAT excluded",
        converged: "✓ Converged", convergedSentence: "The chains agree.",
        convergedWithWarnings: "The chains agree, which says nothing about",
        warning: "warning under “Can it be trusted?”: read it first.",
        warningsBelow: "warnings under “Can it be trusted?”: read them first.",
        figuresOnly: "▲ Figures converged, a parameter not",
        figuresOnlySentence: "The figures below stand as far as the chains go:",
        notConverged: "▲ Not converged", notConvergedSentence: "Do not act on these figures yet:",
        advice: "Try:",
        kpiUnits: "units", answerMedia: "Media brought", answerOf: "of",
        answerROI: "each unit of money spent returned", answerMargin: "of margin, at a margin of",
        answerMeanMargin: "of margin, at a mean margin of",
        answerNoMargin: "of revenue",
        decisionHeading: "What each channel did", channel: "Channel", spend: "Spend", contribution: "Contribution",
        share: "Share", roi: "ROI", marginalROI: "Marginal ROI", marginROI: "Margin ROI", payback: "Payback",
        weeks: "weeks", week: "week", never: "never",
        decisionNote: "Means, with 90% credible intervals in brackets. Marginal ROI: ROI of one per cent more. "
            + "Share: of the fitted total. ",
        moneyReturns: "ROI: revenue per money spent, within the period.",
        unitReturns: "ROI: units per money spent, within the period; without a price of a unit they are not money.",
        marginNote: "Margin ROI: ROI × margin; above 1 a channel pays for itself. Payback: median time until it has. "
            + "Margin:",
        marginsDiffer: "on average: each period's own is used",
        mediationHeading: "What channels drive in others", mediator: "Drives", exposureShare: "Share of its exposure",
        direct: "Direct", through: "Through it", directROI: "Direct ROI", totalROI: "Total ROI",
        mediationNote: "Through it: what the driven channel would lose without the exposure that this one drives. That "
            + "is part of the driven channel's own contribution above, so totals of several channels do not add up.",
        table: "Show the numbers", date: "Date", mean: "Mean", baseline: "baseline", fitted: "fitted", actual: "actual",
        contributionsHeading: "Contributions over time",
        contributionsDescription: "Mean contribution to the KPI in every period, stacked: the baseline below, then "
            + "each channel.",
        totalsSummary: "From components to the KPI, line by line",
        totalsNote:
            "The printed lines add up to the printed sums. Share: of what is fitted. Unexplained: what the components "
            + "leave of the KPI.",
        unknownPeriods: "less periods without a KPI", unexplained: "unexplained", observed: "KPI of the data",
        notInData: "in the books, not in the data", ledger: "the books", component: "Component", total: "Total",
        returnsHeading: "Return on investment",
        returnsDescription: "Revenue per money spent, by channel: mean as a ring, 90% credible interval as a bar, with "
            + "the line at which a channel pays for itself.",
        returnsCaption: "Ring: mean. Bar: 90% credible interval. Dashed line: break-even.",
        robustCaption: "Thin line below: robust interval, widened to the spread that resamples show.",
        breakEven: "break-even",
        curvesHeading: "Response curves",
        curvesDescription: "Contribution against spend over the whole period: mean and 90% credible interval; the dot "
            + "is the spend of the data.",
        curvesCaption:
            "Contribution over the whole period (up) against total spend (across), all periods scaled alike. "
            + "Dot: what was spent. Band: 90% credible interval.",
        fitHeading: "Actual and fitted",
        fitDescription: "The KPI in every period as observed, dashed, and as fitted, with the 90% credible interval of "
            + "its mean.",
        fitCaption: "Dashed: actual. Line: fitted. Band: 90% credible interval of the fitted mean.",
        trustHeading: "Can it be trusted?", resultWarningsHeading: "Warnings about the figures",
        warningsHeading: "Warnings about model and data", chainsHeading: "Do the chains agree?",
        worstOf: "Worst of all", reportedFigures: "Reported figures", parameters: "Parameters",
        chainsNote: "Reported figures: every channel's total, ROI and marginal ROI, lifts of tests, the baseline and "
            + "the total; their R-hat must be below 1.01 and their effective sample sizes at least 400. Parameters fail from "
            + "an R-hat of 1.05 or below an effective sample size of 100. Weekly series and response curves are not "
            + "judged by themselves.",
        rHat: "Largest R-hat", essBulk: "Smallest bulk effective sample size",
        essTail: "Smallest tail effective sample size", divergences: "Divergent draws (at most 0.1%)",
        of: "of", saturated: "Draws whose trajectory could grow no further (at most 10%)",
        energyFraction: "Smallest E-BFMI (above 0.3)",
        bootstrapHeading: "resamples: how far the answer moves with other periods", quantity: "Quantity",
        posterior: "Posterior", resamples: "Over resamples", robustSD: "Robust sd", mismatch: "Mismatch",
        bootstrapNote: "Mean ± standard deviation. Robust sd: the larger of the posterior's and of that of prior "
            + "and data with the data as uncertain as resamples show. Mismatch: 1 − 2 × the posterior's variance ÷ the variance over resamples; priors lower it.",
        maximaNote:
            "These are MAP resamples: each tells its figures at the maximum alone, without a spread of its own, so that there "
            + "is neither a bagged posterior nor a mismatch.",
        evidence: "Evidence", evidenceHeading: "What does each figure stand on?",
        evidenceNote:
            "By how far the figure would move with other periods, how far it is from its prior and how much narrower, "
            + "and how successive residuals go together. On simulated data of known kinds nine in ten grades of returns are right.",
        sameAdvice: "Resamples with the same advice", grades: .english,
        provenanceHeading: "Provenance", seed: "seed", model: "Model", data: "Data", fit: "Fit")
}
