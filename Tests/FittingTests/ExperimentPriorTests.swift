import Fitting
import MarketingMix
import ModelDefinition
import Posterior
import Testing

@Suite("a fit with an experiment as prior")
struct ExperimentPriorTests {
    /// Mean and standard deviation of television's return.
    private func posterior(_ estimate: ReturnEstimate?) throws -> (mean: Double, sd: Double) {
        var specification = FitFixture.specification
        if let estimate { specification.channels[0].priors[.roi] = estimate.prior }
        specification.sampling = SamplingSpecification(chains: 2, warmup: 300, draws: 300)
        specification.resampling = ResamplingSpecification()
        let result = try SequentialFit.run(
            model: MarketingMixModel(specification: specification, dataset: FitFixture.dataset),
            settings: FitSettings(specification))
        let roi = try #require(result.quantitySummaries.first { $0.name == "roi[tv]" }).summary
        return (roi.mean, roi.sd)
    }

    @Test("has the return of a precise experiment, and about the return of the data with a vague one")
    func agreement() throws {
        let free = try posterior(nil)
        let precise = try posterior(ReturnEstimate(mean: 1.5 * free.mean, standardError: 0.01 * free.mean))
        #expect(abs(precise.mean - 1.5 * free.mean) < 0.02 * free.mean && precise.sd < 0.015 * free.mean)
        let vague = try posterior(ReturnEstimate(mean: free.mean, standardError: 3 * free.mean))
        #expect(abs(vague.mean - free.mean) < 0.5 * free.sd && abs(vague.sd - free.sd) < 0.5 * free.sd)
        // Of equal precision, the two meet between.
        let equal = try posterior(ReturnEstimate(mean: free.mean + 2 * free.sd, standardError: free.sd))
        #expect(equal.mean > free.mean + 0.3 * free.sd && equal.mean < free.mean + 1.7 * free.sd)
    }
}
