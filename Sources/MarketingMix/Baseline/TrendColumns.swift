/// The columns of the trend, t in years of 365.25 days from the first date.
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

    init(_ trend: Trend, dates: [CalendarDate]) {
        let years = dates.map { Double($0.dayNumber - dates[0].dayNumber) / 365.25 }
        switch trend {
        case .none:
            slope = nil
            joints = []
        case .linear:
            slope = years
            joints = []
        case .piecewiseLinear(let every):
            precondition(every > 0, "the joints of a trend are at least one period apart")
            slope = years
            joints = stride(from: every, to: max(every, dates.count - 1), by: every)
                .filter { 2 * (dates.count - $0) >= every }
                .map { index in
                    Joint(date: dates[index], values: years.map { max(0, $0 - years[index]) })
                }
        }
    }
}
