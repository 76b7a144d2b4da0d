extension Dataset {
    /// The first `count` periods of every geo; nothing is held out.
    package func first(_ count: Int) -> Dataset {
        precondition((1...periodCount).contains(count), "a window of \(count) of \(periodCount) periods")
        func cut(_ values: [Double]) -> [Double] { (0..<geoCount).flatMap { values[cells(of: $0)].prefix(count) } }
        func cut(_ regressor: Regressor) -> Regressor {
            Regressor(name: regressor.name, values: cut(regressor.values))
        }
        return Dataset(
            frequency: frequency, dates: Array(dates.prefix(count)), kpi: cut(actualKPI),
            revenuePerKPI: cut(revenuePerKPI), spend: spend.map(cut), exposure: exposure.map(cut),
            controls: controls.map(cut), events: events.map(cut), holidays: holidays.map(cut), geos: geos,
            population: population)
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
