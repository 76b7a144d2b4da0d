import Densities
import MarketingMix
import ModelDefinition
import Testing

/// Lift tests that are priors, and when they were known.
struct MeasuredReturnTests {
    @Test("a slice has the priors of the tests that had ended before its training periods did")
    func slices() {
        let own = Prior.logNormal(mean: 0.2, sd: 0.9)
        let early = MeasuredReturn.Test(
            lastDay: CalendarDate("2022-05-01")!, estimate: ReturnEstimate(mean: 1, standardError: 0.2))
        let late = MeasuredReturn.Test(
            lastDay: CalendarDate("2022-08-07")!, estimate: ReturnEstimate(mean: 2.45, standardError: 0.5))
        let measured = MeasuredReturn(channel: 1, priorWithoutTests: own, tests: [early, late])
        // Precisions 25 and 4: (25 · 1 + 4 · 2.45)/29 = 1.2, 1/√29.
        #expect(measured.prior == ReturnEstimate(mean: 1.2, standardError: 1 / 29.0.squareRoot()).prior)

        var specification = ModelFixture.specification(
            channels: [ModelFixture.channel("tv"), ModelFixture.channel("search")])
        specification.channels[1].priors[.roi] = measured.prior
        specification.measuredReturns = [measured]
        let model = MarketingMixModel(
            specification: specification, dataset: ModelFixture.dataset(periods: 45, channels: 2))
        func prior(_ periods: Int) -> Prior? {
            model.slice(trainingPeriods: periods, horizon: 4).specification.channels[1].priors[.roi]
        }
        // Weeks from Monday 2022-01-03: the 17th ends on 2022-05-01, the 31st on 2022-08-07.
        #expect(prior(16) == own)
        #expect(prior(17) == early.estimate.prior)
        #expect(prior(30) == early.estimate.prior)
        #expect(prior(31) == measured.prior)
        #expect(
            model.slice(trainingPeriods: 16, horizon: 4).specification.channels[0].priors[.roi]
                == .logNormal(mean: 0.2, sd: 0.9))
    }
}
