/// What an accepted fit hands to the fits that follow it on new data: constants that stay as they are, so that a new
/// week or a new maximum of spend rescales nothing, and where chains begin.
///
/// Everything goes by name, so that a model may gain or lose a channel; what is not here is computed from the new data.
package struct AcceptedFit: Sendable, Hashable, Codable {
    /// Mean and standard deviation by which a column is standardised.
    package struct Standard: Sendable, Hashable, Codable {
        package var mean: Double
        package var scale: Double

        package init(mean: Double, scale: Double) {
            self.mean = mean
            self.scale = scale
        }
    }

    /// (KPI − `kpi.mean`)/`kpi.scale` is the KPI on the model's scale.
    package var kpi: Standard
    /// What exposures are divided by, by channel.
    package var channels: [String: Double]
    package var controls: [String: Standard]
    package var treatments: [String: Standard]
    /// By geo; of a single series empty.
    package var population: [String: Double]
    /// The first period and the number of periods over which the knots and the waves of a trend are laid.
    package var firstDate: CalendarDate
    package var periodCount: Int
    package var draws: Draws?

    /// A few draws of its posterior.
    package struct Draws: Sendable, Hashable, Codable {
        /// Elements of parameters on the user's scale.
        package var names: [String]
        /// By draw, in the order of `names`; chain after chain, as many of each.
        package var values: [[Double]]
        package var chainCount: Int
        /// The sampler's step size.
        package var stepSize: Double

        package init(names: [String], values: [[Double]], chainCount: Int, stepSize: Double) {
            self.names = names
            self.values = values
            self.chainCount = chainCount
            self.stepSize = stepSize
        }
    }

    package init(
        kpi: Standard, channels: [String: Double], controls: [String: Standard], treatments: [String: Standard],
        population: [String: Double], firstDate: CalendarDate, periodCount: Int, draws: Draws? = nil
    ) {
        self.kpi = kpi
        self.channels = channels
        self.controls = controls
        self.treatments = treatments
        self.population = population
        self.firstDate = firstDate
        self.periodCount = periodCount
        self.draws = draws
    }
}

extension AcceptedFit {
    /// Why the numbers cannot be those of a fit; nil where they can.
    package var fault: String? {
        func isScale(_ value: Double) -> Bool { value.isFinite && value > 0 }
        func isStandard(_ standard: Standard) -> Bool { standard.mean.isFinite && isScale(standard.scale) }
        guard isStandard(kpi), channels.values.allSatisfy(isScale), population.values.allSatisfy(isScale),
            controls.values.allSatisfy(isStandard), treatments.values.allSatisfy(isStandard)
        else { return "a scale is not a positive number" }
        guard periodCount > 0 else { return "it has no periods" }
        guard let draws else { return nil }
        guard draws.chainCount > 0, !draws.values.isEmpty, draws.values.count % draws.chainCount == 0,
            draws.values.allSatisfy({ $0.count == draws.names.count && $0.allSatisfy(\.isFinite) }),
            isScale(draws.stepSize)
        else { return "its draws are not whole, or not finite" }
        return nil
    }
}
