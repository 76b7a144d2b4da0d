extension Dataset {
    /// Number of first periods up to the last whose KPI is known somewhere and not held out: what follows is predicted.
    /// All of them where no KPI is known.
    package var trainingPeriodCount: Int {
        let last = dates.indices.last { period in
            (0..<geoCount).contains { !kpi[$0 * periodCount + period].isNaN }
        }
        return last.map { $0 + 1 } ?? periodCount
    }

    /// Number of first periods of which constants are taken, and which returns are about: those of training, but in the
    /// preset `meridian` all, as in the package, which counts what is held out.
    package func windowPeriodCount(_ preset: Preset) -> Int { preset == .meridian ? periodCount : trainingPeriodCount }

    /// The values of the first `count` periods of every geo, of one value a cell.
    package func first(_ count: Int, of values: [Double]) -> [Double] {
        count == periodCount ? values : (0..<geoCount).flatMap { values[cells(of: $0).prefix(count)] }
    }

    /// The first `count` periods of every geo; nothing is held out.
    package func first(_ count: Int) -> Dataset {
        precondition((1...periodCount).contains(count), "a window of \(count) of \(periodCount) periods")
        func cut(_ values: [Double]) -> [Double] { (0..<geoCount).flatMap { values[cells(of: $0)].prefix(count) } }
        func cut(_ regressor: Regressor) -> Regressor {
            Regressor(name: regressor.name, values: cut(regressor.values))
        }
        var result = self
        result.dates = Array(dates.prefix(count))
        result.kpi = cut(actualKPI)
        result.heldOutKPI = []
        result.revenuePerKPI = cut(revenuePerKPI)
        result.margins = margins.isEmpty ? [] : cut(margins)
        result.spend = spend.map(cut)
        result.exposure = exposure.map(cut)
        result.contactFrequency = contactFrequency.map { $0.isEmpty ? [] : cut($0) }
        result.controls = controls.map(cut)
        result.treatments = treatments.map(cut)
        result.events = events.map(cut)
        result.holidays = holidays.map(cut)
        return result
    }
}
