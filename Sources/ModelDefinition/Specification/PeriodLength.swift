import Densities

/// Defaults are stated for weeks; in days and months they mean the same time.
extension Frequency {
    /// This many weeks in periods, rounded up.
    package func periods(weeks: Int) -> Int { Int((Double(7 * weeks) / meanDays).rounded(.up)) }

    /// Whole periods of twelve months.
    package var periodsPerYear: Int {
        switch self {
        case .day: 365
        case .week: 52
        case .month: 12
        }
    }

    /// Periods of one week.
    fileprivate var periodsPerWeek: Double { 7 / meanDays }
}

extension Trend {
    /// Periods between two joints of a piecewise linear trend: half a year.
    package static func jointDistance(_ frequency: Frequency) -> Int { frequency.periods(weeks: 26) }

    /// Periods between two knots: a quarter.
    package static func knotDistance(_ frequency: Frequency) -> Int { frequency.periods(weeks: 13) }
}

extension Prior {
    /// The default prior of a parameter of carry-over, stated for weeks, in periods of another length.
    ///
    /// Lags and time scales are multiplied. A retention becomes the one with the same mean lag α ÷ (1 − α) in days: of what
    /// runs evenly through a week as much falls into the weeks after as before. Its Beta distribution gets the mean m′ of
    /// the mean m, and the deviation that its own has there to first order.
    func inPeriods(of frequency: Frequency, parameter: MediaParameter, adstock: Adstock.Kind) -> Prior {
        let ratio = frequency.periodsPerWeek
        guard ratio != 1 else { return self }
        switch (parameter, self) {
        case (.alpha, .beta(let a, let b)) where adstock == .geometric:
            let mean = a / (a + b)
            let denominator = ratio * mean + (1 - mean)
            let converted = ratio * mean / denominator
            let slope = ratio / (denominator * denominator)
            let variance = slope * slope * mean * (1 - mean) / (a + b + 1)
            let size = converted * (1 - converted) / variance - 1
            return .beta(a: converted * size, b: (1 - converted) * size)
        case (.halfLife, .inverseGamma(let shape, let scale)):
            return .inverseGamma(shape: shape, scale: ratio * scale)
        case (.theta, .halfNormal(let scale)):
            return .halfNormal(scale: ratio * scale)
        case (.weibullScale, .gamma(let shape, let rate)):
            return .gamma(shape: shape, rate: rate / ratio)
        default:
            return self
        }
    }
}
