/// The length of one period of a series.
package enum Frequency: String, Sendable, Hashable, CaseIterable, Codable {
    case day
    case week
    case month

    /// The first day of the period that follows the one starting on `date`.
    package func next(after date: CalendarDate) -> CalendarDate {
        switch self {
        case .day: date.advanced(by: 1)
        case .week: date.advanced(by: 7)
        case .month: date.advanced(byMonths: 1)
        }
    }

    /// By period, of which `dates` are the first days: whether it has one of these days.
    package func periods(beginningOn dates: [CalendarDate], with days: ClosedRange<CalendarDate>) -> [Bool] {
        dates.indices.map { index in
            let end = index + 1 < dates.count ? dates[index + 1] : next(after: dates[index])
            return dates[index] <= days.upperBound && end > days.lowerBound
        }
    }

    /// By period, of which `dates` are the first days: the share of its days that are among these.
    package func shares(beginningOn dates: [CalendarDate], of days: ClosedRange<CalendarDate>) -> [Double] {
        dates.indices.map { index in
            let start = dates[index].dayNumber
            let end = (index + 1 < dates.count ? dates[index + 1] : next(after: dates[index])).dayNumber
            let common = min(end, days.upperBound.dayNumber + 1) - max(start, days.lowerBound.dayNumber)
            return Double(max(0, common)) / Double(end - start)
        }
    }

    /// Mean length of a period in days, for converting calendar spans to periods.
    package var meanDays: Double {
        switch self {
        case .day: 1
        case .week: 7
        case .month: 365.25 / 12
        }
    }
}

/// One named regressor with a value for every period.
package struct Regressor: Sendable, Hashable {
    package var name: String
    /// One value a period, in the user's units.
    package var values: [Double]

    package init(name: String, values: [Double]) {
        self.name = name
        self.values = values
    }
}

/// Media before the first period of the data, which still work in it.
package struct MediaHistory: Sendable, Hashable {
    /// First day of every such period, ascending.
    package var dates: [CalendarDate]
    /// As `Dataset.exposure`: by channel, then geo after geo, one value a period.
    package var exposure: [[Double]]
    /// As `Dataset.contactFrequency`.
    package var contactFrequency: [[Double]]

    package init(dates: [CalendarDate], exposure: [[Double]], contactFrequency: [[Double]]) {
        self.dates = dates
        self.exposure = exposure
        self.contactFrequency = contactFrequency
    }
}

/// The data of one series, or of a panel of geos, on a regular calendar without holes.
///
/// Every array has one value a cell: all periods of the first geo, then all of the second, and so on.
package struct Dataset: Sendable, Hashable {
    package var frequency: Frequency
    /// Names of the geos of a panel; empty for a single series.
    package var geos: [String]
    /// People, or whatever else makes geos comparable, by geo; nil lets the size of the KPI stand for it.
    package var population: [Double]?
    /// First day of every period, ascending.
    package var dates: [CalendarDate]
    /// The KPI in the user's units; NaN in a cell whose KPI is not known, which then has no term in the likelihood.
    package var kpi: [Double]
    /// The KPI of the cells that are held out, whose `kpi` is NaN; NaN in all others. Empty without a holdout.
    package var heldOutKPI: [Double] = []
    /// Money of KPI per unit of KPI; all ones when the KPI is revenue.
    package var revenuePerKPI: [Double]
    /// What is left of revenue before media, a share of it, where it differs between periods or geos; else empty.
    package var margins: [Double] = []
    /// Money spent, by channel in the order of the specification, then by period.
    package var spend: [[Double]]
    /// What the channel's response is driven by (impressions, clicks, …; spend where no exposure is given).
    package var exposure: [[Double]]
    /// Contacts of a person reached, by channel, then by period; the channel's exposure is then its reach. Empty for a
    /// channel without.
    package var contactFrequency: [[Double]]
    /// Nil where media begin with the KPI.
    package var history: MediaHistory?
    /// In the order of `ModelSpecification.treatments`.
    package var treatments: [Regressor] = []
    /// In the order of `ModelSpecification.controls`.
    package var controls: [Regressor]
    /// One regressor a declared event: days of the event in the period ÷ days of the period.
    package var events: [Regressor]
    /// One regressor a holiday name: days of it in the period ÷ days of the period.
    package var holidays: [Regressor]

    package init(
        frequency: Frequency, dates: [CalendarDate], kpi: [Double], revenuePerKPI: [Double], spend: [[Double]],
        exposure: [[Double]], controls: [Regressor], events: [Regressor], holidays: [Regressor], geos: [String] = [],
        population: [Double]? = nil
    ) {
        self.geos = geos
        self.population = population
        self.frequency = frequency
        self.dates = dates
        self.kpi = kpi
        self.revenuePerKPI = revenuePerKPI
        self.spend = spend
        self.exposure = exposure
        contactFrequency = exposure.map { _ in [] }
        self.controls = controls
        self.events = events
        self.holidays = holidays
    }

    /// The KPI of every cell where it is known, held out or not.
    package var actualKPI: [Double] {
        heldOutKPI.isEmpty ? kpi : zip(kpi, heldOutKPI).map { $0.isNaN ? $1 : $0 }
    }

    /// The cells whose KPI is known and not held out.
    package var knownCells: [Int] { kpi.indices.filter { !kpi[$0].isNaN } }

    /// Moves the KPI of the last periods of every geo to `heldOutKPI`.
    package mutating func holdOut(last count: Int) {
        guard count > 0 else { return }
        heldOutKPI = [Double](repeating: .nan, count: cellCount)
        for geo in 0..<geoCount {
            for cell in cells(of: geo).suffix(count) {
                heldOutKPI[cell] = kpi[cell]
                kpi[cell] = .nan
            }
        }
    }

    /// Makes the first periods of every geo the history of the media; what else they hold is dropped.
    package mutating func setHistory(first count: Int) {
        guard count > 0 else { return }
        let periods = periodCount
        func split(_ values: [Double]) -> (before: [Double], from: [Double]) {
            let starts = stride(from: 0, to: values.count, by: periods)
            return (
                starts.flatMap { values[$0..<$0 + count] }, starts.flatMap { values[$0 + count..<$0 + periods] }
            )
        }
        history = MediaHistory(
            dates: Array(dates.prefix(count)), exposure: exposure.map { split($0).before },
            contactFrequency: contactFrequency.map { split($0).before })
        dates = Array(dates.dropFirst(count))
        kpi = split(kpi).from
        heldOutKPI = split(heldOutKPI).from
        revenuePerKPI = split(revenuePerKPI).from
        margins = split(margins).from
        spend = spend.map { split($0).from }
        exposure = exposure.map { split($0).from }
        contactFrequency = contactFrequency.map { split($0).from }
        for index in controls.indices { controls[index].values = split(controls[index].values).from }
        for index in treatments.indices { treatments[index].values = split(treatments[index].values).from }
        for index in events.indices { events[index].values = split(events[index].values).from }
        for index in holidays.indices { holidays[index].values = split(holidays[index].values).from }
    }

    // Inlined in other modules: a call would retain every column, and loops over draws ask for them.

    /// Number of periods T.
    @inlinable package var periodCount: Int { dates.count }

    /// Number of geos G; 1 for a single series.
    @inlinable package var geoCount: Int { max(1, geos.count) }

    /// Number of cells G T.
    @inlinable package var cellCount: Int { geoCount * periodCount }

    /// The cells of one geo.
    @inlinable package func cells(of geo: Int) -> Range<Int> { geo * periodCount..<(geo + 1) * periodCount }
}
