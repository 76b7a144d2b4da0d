import ModelDefinition

extension MarketingMixModel {
    /// The model as it would have been before its last periods: what came after `trainingPeriods` + `horizon` is gone,
    /// and the KPI of the `horizon` is held out. Scaling constants are those of the training periods. Experiments that
    /// end after the training periods are not known yet, neither as terms of the likelihood nor as priors.
    package func slice(trainingPeriods: Int, horizon: Int) -> MarketingMixModel {
        var data = dataset.first(trainingPeriods + horizon)
        data.holdOut(last: horizon)
        let end = dayAfter(period: trainingPeriods - 1)
        var past = specification
        past.experiments = specification.experiments.filter { $0.days.upperBound < end }
        past.measuredReturns = specification.measuredReturns.map { $0.known(before: end) }
        for measured in past.measuredReturns {
            let parameter = past.channels[measured.channel].effect.parameter
            past.channels[measured.channel].priors[parameter] = measured.prior
        }
        past.holdout = horizon
        return MarketingMixModel(specification: past, dataset: data)
    }

    /// The first day after a period.
    private func dayAfter(period: Int) -> CalendarDate {
        period + 1 < dataset.periodCount
            ? dataset.dates[period + 1] : dataset.frequency.next(after: dataset.dates[period])
    }
}
