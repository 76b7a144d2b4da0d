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

extension MarketingMixModel {
    /// The model as it would have been before its last periods: what came after `trainingPeriods` + `horizon` is gone,
    /// and the KPI of the `horizon` is held out. Scaling constants are those of the training periods. Experiments that
    /// end after the training periods are not known yet.
    package func slice(trainingPeriods: Int, horizon: Int) -> MarketingMixModel {
        var data = dataset.first(trainingPeriods + horizon)
        data.holdOut(last: horizon)
        let end = dayAfter(period: trainingPeriods - 1)
        var past = specification
        past.experiments = specification.experiments.filter { $0.days.upperBound < end }
        past.holdout = horizon
        return MarketingMixModel(specification: past, dataset: data)
    }

    /// The first day after a period.
    private func dayAfter(period: Int) -> CalendarDate {
        period + 1 < dataset.periodCount
            ? dataset.dates[period + 1] : dataset.frequency.next(after: dataset.dates[period])
    }
}
