/// A lift test: what the KPI did while some channels ran otherwise in some geos, with its standard error.
package struct Experiment: Sendable, Hashable {
    package var name: String
    /// Indices of the channels that were changed, ascending.
    package var channels: [Int]
    /// Names of the geos in which they were; empty for all.
    package var geos: [String]
    /// First and last day of the test.
    package var days: ClosedRange<CalendarDate>
    /// What the test multiplied the exposure of the data by: 0 for media that went dark.
    package var factor: Double
    /// KPI with the test less KPI without it, over its days and geos, in KPI units.
    package var lift: Double
    /// In KPI units.
    package var standardError: Double

    package init(
        name: String, channels: [Int], geos: [String], days: ClosedRange<CalendarDate>, factor: Double, lift: Double,
        standardError: Double
    ) {
        self.name = name
        self.channels = channels
        self.geos = geos
        self.days = days
        self.factor = factor
        self.lift = lift
        self.standardError = standardError
    }
}

extension Dataset {
    /// By period: whether it has one of these days.
    package func periods(with days: ClosedRange<CalendarDate>) -> [Bool] {
        frequency.periods(beginningOn: dates, with: days)
    }

    /// By period: the share of its days on which a test ran.
    package func testedShares(of experiment: Experiment) -> [Double] {
        frequency.shares(beginningOn: dates, of: experiment.days)
    }

    /// Indices of the geos in which an experiment took place.
    package func geos(of experiment: Experiment) -> [Int] {
        experiment.geos.isEmpty ? Array(0..<geoCount) : experiment.geos.compactMap(geos.firstIndex)
    }
}
