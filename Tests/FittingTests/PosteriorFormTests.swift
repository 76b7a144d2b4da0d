import Fitting
import MarketingMix
import ModelDefinition
import Testing

@Suite("forms of a posterior")
struct PosteriorFormTests {
    @Test("marginal, whitened and joint sampling give the same posterior of every parameter")
    func agreement() throws {
        let fits = try PosteriorForm.allCases.map { form in
            var specification = FitFixture.specification
            specification.sampling = SamplingSpecification(chains: 4, warmup: 500, draws: 1500, form: form)
            specification.resampling = ResamplingSpecification(resamples: 0)
            return try SequentialFit.run(
                model: MarketingMixModel(specification: specification, dataset: FitFixture.dataset),
                settings: FitSettings(specification))
        }
        for other in fits.dropFirst() {
            #expect(other.summaries.map(\.name) == fits[0].summaries.map(\.name))
            for (one, two) in zip(fits[0].summaries, other.summaries) {
                #expect(one.summary.rHat < 1.02 && two.summary.rHat < 1.02, "\(one.name)")
                let (a, b) = (one.summary, two.summary)
                let error = (a.mcseMean * a.mcseMean + b.mcseMean * b.mcseMean).squareRoot()
                #expect(abs(a.mean - b.mean) < 4 * error, "\(one.name): \(a.mean), \(b.mean), error \(error)")
                #expect(abs(a.sd - b.sd) < 0.2 * a.sd, "\(one.name): \(a.sd), \(b.sd)")
            }
        }
    }
}
