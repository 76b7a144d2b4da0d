import Analysis
import MarketingMix
import ModelDefinition
import Posterior

/// What the page says, before it is worded.
package struct ReportContent: Sendable {
    package var name: String
    /// ISO 4217 code, or empty.
    package var currency: String
    /// Nil where nobody says whether money of the KPI holds value-added tax.
    package var vat: KPI.VAT?
    package var kpiIsRevenue: Bool
    /// Whether the KPI is money, or has a price: returns are money for money then, and KPI units for money otherwise.
    package var returnsAreMoney: Bool
    /// What is left of revenue before media; of margins that differ the mean, weighted by revenue.
    package var margin: Double?
    package var marginDiffers: Bool
    /// What the books say of all periods, in money; nil where they are not named.
    package var ledgerTotal: Double?
    /// First day of every period.
    package var dates: [CalendarDate]
    /// Number of first periods that totals are about; what follows is held out.
    package var windowPeriodCount: Int
    package var observed: [Double]
    package var fitted: [Estimate]
    package var components: [Component]
    package var contributions: [ContributionRow]
    package var channels: [ChannelRow]
    /// Empty where no channel drives another.
    package var mediation: [MediationRow]
    package var responseCurves: [ResponseCurvePoint]
    package var totals: Totals
    /// Empty without resamples.
    package var bootstrap: [BootstrapRow]
    /// What each reported quantity stands on; empty where the fit was too large for it.
    package var evidence: [EvidenceRow]
    package var verdict: ConvergenceVerdict
    /// What the figures themselves give cause to doubt, a sentence or two each.
    package var resultWarnings: [String]
    /// What the checks of model and data say, a sentence or two each.
    package var warnings: [String]
    package var seed: UInt64
    package var modelDigest: String
    package var dataDigest: String
    package var fitDigest: String
    package var version: String

    package init(
        name: String, currency: String, vat: KPI.VAT? = nil, kpiIsRevenue: Bool, returnsAreMoney: Bool = true,
        margin: Double?, marginDiffers: Bool = false, ledgerTotal: Double? = nil,
        dates: [CalendarDate], windowPeriodCount: Int? = nil, observed: [Double], fitted: [Estimate],
        components: [Component], contributions: [ContributionRow], channels: [ChannelRow],
        mediation: [MediationRow] = [], evidence: [EvidenceRow] = [], responseCurves: [ResponseCurvePoint],
        totals: Totals, bootstrap: [BootstrapRow],
        verdict: ConvergenceVerdict, resultWarnings: [String] = [], warnings: [String], seed: UInt64,
        modelDigest: String, dataDigest: String, fitDigest: String, version: String
    ) {
        self.name = name
        self.currency = currency
        self.vat = vat
        self.kpiIsRevenue = kpiIsRevenue
        self.returnsAreMoney = returnsAreMoney
        self.margin = margin
        self.marginDiffers = marginDiffers
        self.ledgerTotal = ledgerTotal
        self.dates = dates
        self.windowPeriodCount = windowPeriodCount ?? dates.count
        self.observed = observed
        self.fitted = fitted
        self.components = components
        self.contributions = contributions
        self.channels = channels
        self.mediation = mediation
        self.evidence = evidence
        self.responseCurves = responseCurves
        self.totals = totals
        self.bootstrap = bootstrap
        self.verdict = verdict
        self.resultWarnings = resultWarnings
        self.warnings = warnings
        self.seed = seed
        self.modelDigest = modelDigest
        self.dataDigest = dataDigest
        self.fitDigest = fitDigest
        self.version = version
    }
}
