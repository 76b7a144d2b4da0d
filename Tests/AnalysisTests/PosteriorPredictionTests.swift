import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("Posterior prediction")
struct PosteriorPredictionTests {
    let model = Campaign.model()
    let key = StreamKey(seed: 7, kind: 9, index: 0)

    @Test("replicated data scatter about the fitted KPI with the residual's scale")
    func moments() {
        let truth = Campaign.Truth()
        let count = 4000
        let prediction = PosteriorPrediction(
            model: model, constrained: Array(repeating: truth.constrained(model), count: count), key: key)
        for period in 0..<6 {
            let fitted = truth.level + (0..<3).reduce(0) { $0 + truth.response($1)[period] }
            let draws = (0..<count).map { prediction.replicated[$0 * 6 + period] }
            let estimate = Estimate(draws: draws)
            // Four standard errors: a false alarm once in 2,600 runs of the 12 checks, and the seed is fixed.
            #expect(abs(estimate.mean - fitted) < 4 * truth.sigma / Double(count).squareRoot())
            #expect(abs(estimate.sd / truth.sigma - 1) < 4 / Double(2 * count).squareRoot())
        }
    }

    @Test("a draw's noise depends on its number alone, and its likelihood is the model's")
    func independence() {
        let draws = [Campaign.Truth(), Campaign.Truth(alpha: 0.1)].map { $0.constrained(model) }
        let both = PosteriorPrediction(model: model, constrained: draws, key: key)
        let first = PosteriorPrediction(model: model, constrained: [draws[0]], key: key)
        #expect(Array(both.replicated.prefix(6)) == first.replicated)
        var components = [Double](repeating: 0, count: 6 * model.components.count)
        var fitted = [Double](repeating: 0, count: 6)
        model.decompose(constrained: draws[1], into: &components, fitted: &fitted)
        var pointwise = fitted
        model.pointwiseLogLikelihood(constrained: draws[1], fitted: fitted, into: &pointwise)
        // A density of the KPI itself, not of the scaled KPI.
        let expected = pointwise.enumerated().map { $1 - Elementary.log(model.kpiUnit(ofCell: $0)) }
        #expect(Array(both.logLikelihood.suffix(6)) == expected)
    }
}
