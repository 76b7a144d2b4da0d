extension Dataset {
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
