import Densities

/// Which family of defaults, scaling and parameter names a model follows.
package enum Preset: String, Sendable, Hashable, CaseIterable {
    /// Our default model.
    case tutti
    /// PyMC-Marketing 1.3.0's default MMM, to the last normalising constant.
    case pymcMarketing = "pymc-marketing"
    /// Google Meridian 2.1.0's model, to the last normalising constant.
    case meridian
}

/// What is modelled.
package struct KPI: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case revenue
        case units
    }

    /// Whether money of the KPI holds value-added tax.
    package enum VAT: String, Sendable, Hashable, CaseIterable, Codable {
        case included
        case excluded
    }

    package var kind: Kind
    /// ISO 4217 code, or empty when the file states none.
    package var currency: String
    /// Nil when the file does not say.
    package var vat: VAT?
    /// Contribution margin as a share of revenue; nil when the file states none, and where it differs between cells, which
    /// `Dataset.margins` has.
    package var margin: Double?
    /// What the books say the KPI of all periods comes to in money; nil when the file states none.
    package var ledgerTotal: Double?

    package init(kind: Kind, currency: String, margin: Double?) {
        self.kind = kind
        self.currency = currency
        self.margin = margin
    }
}

/// Something else that the company does, as its price or its promotions: it counts from a level of its own.
package struct Treatment: Sendable, Hashable {
    /// The level at which it contributes nothing, in the user's units.
    package enum Baseline: Sendable, Hashable {
        case minimum
        case maximum
        case value(Double)
    }

    package var name: String
    package var baseline: Baseline
    /// Whether its prior is one of its share of all KPI money; otherwise of its coefficient.
    package var hasContributionPrior: Bool
    package var prior: Prior

    package init(name: String, baseline: Baseline, hasContributionPrior: Bool, prior: Prior) {
        self.name = name
        self.baseline = baseline
        self.hasContributionPrior = hasContributionPrior
        self.prior = prior
    }
}

/// A dated happening with a regressor of its own.
package struct Event: Sendable, Hashable {
    package var name: String
    package var date: CalendarDate

    package init(name: String, date: CalendarDate) {
        self.name = name
        self.date = date
    }
}

/// The slow part of the baseline.
package enum Trend: Sendable, Hashable {
    case none
    /// slope · t, t in years from the first date.
    case linear
    /// slope · t + Σ δ_j max(0, t − s_j), with a joint s_j every `every` periods.
    case piecewiseLinear(every: Int)
    /// Linear interpolation between the levels at dated knots, constant outside them; each level is the one before plus
    /// an increment, or of its own in the preset `meridian`.
    case knots(Knots)
    /// A smooth curve, a Gaussian process with a Matérn 5/2 covariance.
    case gaussianProcess
}

/// Where the knots of a trend stand.
package enum Knots: Sendable, Hashable {
    /// At the first period, then every so many periods, and at the last period.
    case every(Int)
    /// In the periods that hold these dates.
    case dates([CalendarDate])
    /// So many, evenly spaced from the first period to the last.
    case count(Int)
}

/// How strongly media work as time goes by.
package enum MediaEffectiveness: String, Sendable, Hashable, CaseIterable {
    case constant
    /// All media of a geo are multiplied by a smooth curve of mean 1.
    case gaussianProcess = "gaussian_process"
}

/// One Fourier series of the calendar.
package struct Seasonality: Sendable, Hashable {
    /// Length of the season in days, for example 365.25.
    package var periodDays: Double
    /// Number K of harmonics: 2K columns.
    package var harmonics: Int

    package init(periodDays: Double, harmonics: Int) {
        self.periodDays = periodDays
        self.harmonics = harmonics
    }
}

/// What the geos of a panel share.
package enum Pooling: String, Sendable, Hashable, CaseIterable {
    /// One value of every parameter for all geos.
    case complete
    /// Every geo has its own copy of every parameter.
    case none
    /// Geos share what shapes a response and differ in level and strength: intercepts N(0, ω) around their mean, and
    /// effects β_c exp(η_c z_gc) with z ~ N(0, 1), whose total carries the channel's prior.
    case partial
}

/// How the sampler learns the scales and directions of the posterior.
package enum SamplerMetric: String, Sendable, Hashable, CaseIterable {
    /// Low-rank Fisher up to 3,000 coordinates, diagonal Fisher above.
    case automatic = "auto"
    case diagonal
    case dense
    case fisherDiagonal = "fisher_diagonal"
    case fisherLowRank = "fisher_low_rank"
}

/// When chains have drawn enough.
package enum StoppingRule: String, Sendable, Hashable, CaseIterable {
    /// After a given number of draws.
    case draws
    /// After the first round in which every reported quantity has an effective sample size that is enough, and has
    /// converged; at the latest after a given number of draws.
    case ess

    /// Draws of a chain where nobody has given their number.
    package var drawsByDefault: Int {
        switch self {
        case .draws: 1000
        case .ess: 16_000
        }
    }
}

/// Where chains begin.
package enum ChainStart: String, Sendable, Hashable, CaseIterable {
    /// Warm where an accepted fit tells how; otherwise independent up to 8 chains, pooled above.
    case automatic = "auto"
    /// Each chain finds its start and learns its metric by itself.
    case independent
    /// A few scouts find starts and learn a metric for all chains, whose own warm-up is short.
    case pooled
    /// Chains begin with what an accepted fit has learnt, and their own warm-up is short.
    case warm
}

/// How long and how often to sample.
package struct SamplingSpecification: Sendable, Hashable {
    package var chains: Int
    package var warmup: Int
    /// At most, where `until` may end them earlier.
    package var draws: Int
    package var until: StoppingRule
    package var start: ChainStart
    /// Target acceptance statistic of the step-size adaptation (δ).
    package var targetAcceptance: Double
    package var form: PosteriorForm
    package var metric: SamplerMetric

    package init(
        chains: Int = 4, warmup: Int = 1000, draws: Int = StoppingRule.draws.drawsByDefault,
        until: StoppingRule = .draws, start: ChainStart = .automatic, targetAcceptance: Double = 0.8,
        form: PosteriorForm = .marginal, metric: SamplerMetric = .automatic
    ) {
        self.chains = chains
        self.warmup = warmup
        self.draws = draws
        self.until = until
        self.start = start
        self.targetAcceptance = targetAcceptance
        self.form = form
        self.metric = metric
    }
}

extension SamplingSpecification {
    /// What a plan may have, wherever it is asked for.
    package static let chainCounts = 1...1024
    package static let warmupCounts = 20...1_000_000
    package static let drawCounts = 4...1_000_000

    /// Target acceptance where the model file gives none.
    ///
    /// A value exp(mean + sd z) grows so fast with sd and z that the posterior ends there in a wall, at which only small
    /// steps stay stable. Where a standard deviation of geos is small, what depends on it has little room: of panels from
    /// their prior's worlds one in ten has more than 1 divergence in 1,000 draws at 0.95.
    package static func targetAcceptance(
        _ hierarchy: [String: BlockHierarchy], pooling: Pooling, hasGeos: Bool
    ) -> Double {
        let hasWall = hierarchy.values.contains { block in
            guard case .partial(let deviations) = block else { return false }
            return deviations.form == .logNormal && deviations.mean != nil
        }
        return hasWall || hasGeos && pooling == .partial ? 0.97 : SamplingSpecification().targetAcceptance
    }
}

/// What the user asked for, complete: every default of the preset is filled in.
package struct ModelSpecification: Sendable, Hashable {
    package var name: String
    package var preset: Preset
    package var kpi: KPI
    package var channels: [Channel]
    /// Names of the control columns.
    package var controls: [String]
    package var treatments: [Treatment] = []
    package var events: [Event]
    package var experiments: [Experiment]
    /// What other lift tests gave as priors, which `channels` have.
    package var measuredReturns: [MeasuredReturn] = []
    /// ISO 3166 code of the country whose holidays enter, or nil.
    package var holidayCountry: String?
    package var intercept: Bool
    package var trend: Trend
    package var seasonality: [Seasonality]
    /// Of a panel; a single series has nothing to pool.
    package var pooling: Pooling
    /// What `pooling` does not say: the hierarchy of single blocks, by our name of their parameter or `effectBlock`.
    package var hierarchy: [String: BlockHierarchy]
    package var likelihood: LikelihoodFamily
    /// Of a Gaussian likelihood.
    package var errors = ErrorProcess.independent
    package var mediaEffectiveness = MediaEffectiveness.constant
    package var families: [ChannelFamily] = []
    /// Periods at the end whose KPI is kept out of the likelihood and of every constant, and predicted.
    package var holdout: Int
    /// Priors of the parameters that no channel owns, by parameter name: those of `BaselineParameter` that the
    /// model has. A name that is absent takes the preset's default.
    package var priors: [String: Prior]
    package var sampling: SamplingSpecification
    package var resampling: ResamplingSpecification
    package var seed: UInt64
    /// The windows of time in which results are told.
    package var reporting = ReportingCalendar()
    package var report = ReportSpecification()
    /// The fit that this one follows; nil where it stands for itself.
    package var accepted: AcceptedFit?

    package init(
        name: String, preset: Preset, kpi: KPI, channels: [Channel], controls: [String], events: [Event],
        experiments: [Experiment] = [], holidayCountry: String?, intercept: Bool, trend: Trend,
        seasonality: [Seasonality],
        pooling: Pooling = .complete, hierarchy: [String: BlockHierarchy] = [:],
        likelihood: LikelihoodFamily = .normal, holdout: Int = 0,
        priors: [String: Prior], sampling: SamplingSpecification,
        resampling: ResamplingSpecification, seed: UInt64
    ) {
        self.pooling = pooling
        self.hierarchy = hierarchy
        self.likelihood = likelihood
        self.holdout = holdout
        self.name = name
        self.preset = preset
        self.kpi = kpi
        self.channels = channels
        self.controls = controls
        self.events = events
        self.experiments = experiments
        self.holidayCountry = holidayCountry
        self.intercept = intercept
        self.trend = trend
        self.seasonality = seasonality
        self.priors = priors
        self.sampling = sampling
        self.resampling = resampling
        self.seed = seed
    }
}

extension ModelSpecification {
    /// The prior of a baseline parameter: the stated one, or else the preset's default.
    package func prior(_ parameter: BaselineParameter, harmonic: Int = 1) -> Prior {
        priors[parameter.rawValue]
            ?? preset.defaults.prior(of: parameter, likelihood: likelihood, harmonic: harmonic)
    }
}

/// Channels that are told together.
package struct ChannelGroup: Sendable, Hashable {
    package let name: String
    /// Indices of the channels, ascending, slow components among them.
    package let channels: [Int]
}

extension ModelSpecification {
    /// In the order in which channels name them.
    package var groups: [ChannelGroup] {
        var names: [String] = []
        for name in channels.compactMap(\.group) where !names.contains(name) { names.append(name) }
        return names.map { name in
            ChannelGroup(name: name, channels: channels.indices.filter { channels[$0].group == name })
        }
    }

    /// Indices of what a lift test changed, ascending: its channels with their slow components.
    package func testedChannels(of experiment: Experiment) -> [Int] {
        channels.indices.filter { experiment.channels.contains(channels[$0].longTermOf ?? $0) }
    }

    /// Indices of the channels that others drive, each after those that drive it.
    package var mediators: [Int] {
        var rest = channels.indices.filter { channel in channels.contains { $0.drives.contains(channel) } }
        var order: [Int] = []
        while let next = rest.first(where: { channel in !rest.contains { channels[$0].drives.contains(channel) } }) {
            order.append(next)
            rest.removeAll { $0 == next }
        }
        precondition(rest.isEmpty, "channels drive each other in a circle")
        return order
    }
}
