import ModelDefinition

/// The columns of the trend; of a line or piecewise line with t in years of 365.25 days from the first date.
///
/// A piecewise-linear trend is slope t + sum_j delta_j max(0, t - s_j). The joints stand at multiples of `every`
/// periods from the first date, as long as at least half of `every` periods remain from the joint on and the joint
/// lies before the last period: a joint with fewer periods behind it would be told by its prior alone.
struct TrendColumns: Sendable {
    struct Joint: Sendable {
        let date: CalendarDate
        /// max(0, t - s_j), one value a period.
        let values: [Double]
    }

    /// t, one value a period; nil without a trend.
    let slope: [Double]?
    let joints: [Joint]
    /// The knots after the first, with the share of their increment that each period has: 0 up to the knot before,
    /// 1 from the knot on, a straight line between.
    let knots: [Joint]
    /// The same knots, the first included, with the weight of their level in each period: linear interpolation between
    /// them, constant outside.
    let levels: [Joint]

    /// - Parameter grid: the number of first periods over which knots are laid; later ones get more at the same distance.
    init(_ trend: Trend, dates: [CalendarDate], grid: Int) {
        let years = dates.map { Double($0.dayNumber - dates[0].dayNumber) / 365.25 }
        switch trend {
        case .none, .gaussianProcess:
            slope = nil
            joints = []
            knots = []
            levels = []
        case .linear:
            slope = years
            joints = []
            knots = []
            levels = []
        case .piecewiseLinear(let every):
            precondition(every > 0, "the joints of a trend are at least one period apart")
            slope = years
            joints = stride(from: every, to: max(every, dates.count - 1), by: every)
                .filter { 2 * (dates.count - $0) >= every }
                .map { index in
                    Joint(date: dates[index], values: years.map { max(0, $0 - years[index]) })
                }
            knots = []
            levels = []
        case .knots(let stated):
            slope = nil
            joints = []
            let places = Self.places(stated, dates: dates, grid: grid)
            knots = zip(places, places.dropFirst()).map { previous, place in
                Joint(
                    date: dates[place],
                    values: dates.indices.map { period in
                        min(1, max(0, Double(period - previous) / Double(place - previous)))
                    })
            }
            let rises = [[Double](repeating: 1, count: dates.count)] + knots.map(\.values)
            let falls = knots.map(\.values) + [[Double](repeating: 0, count: dates.count)]
            levels = places.indices.map { index in
                Joint(date: dates[places[index]], values: zip(rises[index], falls[index]).map { $0 - $1 })
            }
        }
    }

    /// Periods of the knots, ascending. A distance that does not divide the series leaves a last stretch of half to one
    /// and a half distances.
    private static func places(_ knots: Knots, dates: [CalendarDate], grid: Int) -> [Int] {
        let last = min(grid, dates.count) - 1
        switch knots {
        case .every(let distance):
            precondition(distance > 0, "knots are at least one period apart")
            return stride(from: 0, to: last, by: distance).filter { $0 == 0 || 2 * (last - $0) >= distance }
                + stride(from: last, to: dates.count, by: distance)
        case .count(let count):
            let step = Double(last) / Double(max(1, count - 1))
            return Array(Set((0..<count).map { min(last, Int(Double($0) * step)) })).sorted()
        case .dates(let stated):
            let places = stated.map { date in (dates.firstIndex { $0 > date } ?? dates.count) - 1 }
            return Array(Set(places.map { max(0, $0) })).sorted()
        }
    }
}
