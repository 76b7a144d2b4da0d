import Analysis
import MarketingMix
import ModelDefinition
import Posterior
import Wording

/// What the page says, before it is worded.
package struct ReportContent: Sendable, Hashable, Codable {
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
    /// Posterior means in KPI units, by period and component.
    package var contributions: [Double]
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
    package var resultWarnings: [Sentence]
    /// What the checks of model and data say, a sentence or two each.
    package var warnings: [Sentence]
    package var seed: UInt64
    package var modelDigest: String
    package var dataDigest: String
    package var fitDigest: String
    package var version: String
    package var frequency = Frequency.week
    /// By period what a single one is expected to be; empty where the fit was too large for it.
    package var predictive: [Estimate] = []
    /// Nil where there is nothing to decide, or not to be decided yet.
    package var decision: Decision?
    /// Nil where no short series says what channels bring, and where too many numbers would.
    package var planner: PlannerContent?
    /// Nil where the fit was too large for it.
    package var crossValidation: CrossValidation?
    /// Nil where nothing is held out.
    package var holdout: Holdout?
    /// Of each channel the periods that move its contribution most.
    package var influence: [InfluenceRow] = []
    /// Of the channels' figures.
    package var sensitivity: [SensitivityRow] = []
    /// Of the channels' parameters.
    package var learning: [Learning] = []
    /// By paid channel the share of draws at which it earned more than it cost; nil without a margin.
    package var profitChances: [String: Double]?
    /// Nil where what media earned cannot be told by period.
    package var mediaByPeriod: MediaByPeriod?
    package var carryOver: [CarryOver] = []
    /// Nil without groups of channels, as in content of versions that did not tell of them.
    package var groups: [GroupRow]?
    /// Nil of a KPI that is money or has no price, and without a year or quarter that has one a year before it.
    package var dueTo: DueTo?
    /// Nil where there are no geos, or no money in them.
    package var geoReturns: GeoReturns?
    /// Whether the parts of the KPI multiply each other; nil in content of versions that did not tell.
    package var multiplies: Bool?

    package init(
        name: String, currency: String, vat: KPI.VAT? = nil, kpiIsRevenue: Bool, returnsAreMoney: Bool = true,
        margin: Double?, marginDiffers: Bool = false, ledgerTotal: Double? = nil,
        dates: [CalendarDate], windowPeriodCount: Int? = nil, observed: [Double], fitted: [Estimate],
        components: [Component], contributions: [ContributionRow], channels: [ChannelRow],
        mediation: [MediationRow] = [], evidence: [EvidenceRow] = [], responseCurves: [ResponseCurvePoint],
        totals: Totals, bootstrap: [BootstrapRow],
        verdict: ConvergenceVerdict, resultWarnings: [Sentence] = [], warnings: [Sentence], seed: UInt64,
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
        self.contributions = contributions.map(\.estimate.mean)
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

extension ReportContent {
    /// What a channel's return stands on, or without spend its contribution.
    func grade(of channel: String) -> EvidenceGrade? {
        ["roi", "contribution"].lazy.compactMap { figure in
            evidence.first { $0.quantity == "\(figure)[\(channel)]" }?.grade
        }.first
    }
}

extension ReportContent {
    /// What to do with next quarter's budget.
    package struct Decision: Sendable, Hashable, Codable {
        package struct Row: Sendable, Hashable, Codable {
            package var channel: String
            /// Money over the planned periods, now and as proposed.
            package var spend: Double
            package var proposed: Double
            /// Share of draws at which money of the channel is best moved that way; nil where none is moved.
            package var chance: Double?
            /// Whether a period gets more than was ever spent in one, beyond a fifth.
            package var extrapolates: Bool
            /// What it would be worth to know the channel's response before choosing, in money; nil where it is not for
            /// choice.
            package var informationValue: Double?
            /// What further money brings at `spend`, margin × revenue ÷ money; nil without any spend.
            package var marginalMarginROI: Estimate?

            package init(
                channel: String, spend: Double, proposed: Double, chance: Double?, extrapolates: Bool,
                informationValue: Double? = nil, marginalMarginROI: Estimate? = nil
            ) {
                self.channel = channel
                self.spend = spend
                self.proposed = proposed
                self.chance = chance
                self.extrapolates = extrapolates
                self.informationValue = informationValue
                self.marginalMarginROI = marginalMarginROI
            }
        }

        package var rows: [Row]
        /// First days of the first and of the last planned period.
        package var first: CalendarDate
        package var last: CalendarDate
        package var periodCount: Int
        /// Of profit.
        package var gain: Estimate
        /// The same at each draw.
        package var gains: [Double]
        /// Share of draws at which it is more than 0.
        package var chance: Double
        package var lacksMargin: Bool
        package var drivers: [String]

        package init(
            rows: [Row], first: CalendarDate, last: CalendarDate, periodCount: Int, gain: Estimate, gains: [Double],
            chance: Double, lacksMargin: Bool, drivers: [String]
        ) {
            self.rows = rows
            self.first = first
            self.last = last
            self.periodCount = periodCount
            self.gain = gain
            self.gains = gains
            self.chance = chance
            self.lacksMargin = lacksMargin
            self.drivers = drivers
        }

        /// Money that goes elsewhere.
        var moved: Double { 0.5 * rows.reduce(0) { $0 + abs($1.proposed - $1.spend) } }

        /// Whether it is more than rounding.
        var isWorthMoving: Bool { moved > 0.001 * rows.reduce(0) { $0 + $1.spend } }
    }

    /// What media cost and brought in every period, money of all geos and channels.
    package struct MediaByPeriod: Sendable, Hashable, Codable {
        package var spend: [Double]
        /// Mean gross profit: margin × revenue, of media of that period and before.
        package var grossProfit: [Double]

        package init(spend: [Double], grossProfit: [Double]) {
            self.spend = spend
            self.grossProfit = grossProfit
        }
    }

    /// How well periods are foretold that the fit has not seen.
    package struct CrossValidation: Sendable, Hashable, Codable {
        package var expectedLogDensity: Double
        package var standardError: Double
        /// Whose draws say too little of them.
        package var doubtful: [String]

        package init(expectedLogDensity: Double, standardError: Double, doubtful: [String]) {
            self.expectedLogDensity = expectedLogDensity
            self.standardError = standardError
            self.doubtful = doubtful
        }
    }

    /// How well those are foretold that were kept from it.
    package struct Holdout: Sendable, Hashable, Codable {
        package var coverage: Double
        package var absolutePercentageError: Double

        package init(coverage: Double, absolutePercentageError: Double) {
            self.coverage = coverage
            self.absolutePercentageError = absolutePercentageError
        }
    }

    /// A parameter before and after the data.
    package struct Learning: Sendable, Hashable, Codable {
        package var name: String
        package var prior: Estimate
        package var posterior: Estimate

        package init(name: String, prior: Estimate, posterior: Estimate) {
            self.name = name
            self.prior = prior
            self.posterior = posterior
        }
    }

    /// How a channel's effect is spread over the periods from spending on.
    package struct CarryOver: Sendable, Hashable, Codable {
        package var channel: String
        /// Mean weights, which add up to 1.
        package var weights: [Double]

        package init(channel: String, weights: [Double]) {
            self.channel = channel
            self.weights = weights
        }
    }
}
