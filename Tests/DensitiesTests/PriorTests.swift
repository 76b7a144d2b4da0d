import Densities
import Kernels
import Testing

@Suite struct PriorTests {
    static let references = PriorReference.all

    @Test("log densities agree with scipy to 1e-12", arguments: references)
    func logDensities(reference: PriorReference) {
        for (v, expected) in zip(reference.points, reference.logDensities) {
            let error = abs(reference.prior.logDensity(v) - expected)
            #expect(error <= 1e-12 * max(1, abs(expected)), "at \(v)")
        }
    }

    @Test("means and standard deviations agree with scipy", arguments: references)
    func moments(reference: PriorReference) {
        // The variance of a truncated normal far from its mean loses digits, as its documentation says.
        func agrees(_ ours: Double?, _ theirs: Double?) -> Bool {
            guard let ours, let theirs else { return ours == nil && theirs == nil }
            return abs(ours - theirs) <= 1e-9 * max(1, abs(theirs))
        }
        #expect(agrees(reference.prior.mean, reference.mean))
        #expect(agrees(reference.prior.standardDeviation, reference.standardDeviation))
    }

    @Test("draws fall between scipy's quantiles as often as they should", arguments: references)
    func draws(reference: PriorReference) {
        var stream = RandomStream(key: StreamKey(seed: 77, kind: 0, index: 0), iteration: 0, site: 0)
        let count = 50_000
        var cells = [Double](repeating: 0, count: reference.quantiles.count + 1)
        for _ in 0..<count {
            let v = reference.prior.draw(from: &stream)
            #expect(reference.prior.contains(v))
            cells[reference.quantiles.firstIndex { v <= $0 } ?? reference.quantiles.count] += 1
        }
        // Chi-squared with 19 degrees of freedom exceeds 50.8 with chance 1e-4; the seed is fixed.
        let expected = Double(count) / 20
        let statistic = Reductions.sum(cells.map { ($0 - expected) * ($0 - expected) / expected })
        #expect(statistic < 50.8)
    }

    @Test("the derivative is that of the log density", arguments: references)
    func derivatives(reference: PriorReference) {
        for v in reference.quantiles {
            // The distance over which the density changes: the bulk's width, or less near a singular end.
            let room =
                switch reference.prior.support {
                case .positive: v
                case .unitInterval: min(v, 1 - v)
                default: reference.quantiles[18] - reference.quantiles[0]
                }
            let step = 1e-5 * room
            if case .laplace(let mean, _) = reference.prior, abs(v - mean) < step { continue }
            let difference =
                (reference.prior.logDensity(v + step) - reference.prior.logDensity(v - step)) / (2 * step)
            let derivative = reference.prior.derivative(v)
            #expect(abs(derivative - difference) * room <= 1e-7 * max(1, abs(derivative) * room), "at \(v)")
        }
    }

    @Test("outside its support a density is 0, and NaN stays NaN")
    func outside() {
        #expect(Prior.halfNormal(scale: 1).logDensity(-0.1) == -Double.infinity)
        #expect(Prior.gamma(shape: 2, rate: 1).logDensity(-0.1) == -Double.infinity)
        #expect(Prior.beta(a: 2, b: 2).logDensity(1.1) == -Double.infinity)
        #expect(Prior.uniform(lower: 1, upper: 2).logDensity(0.5) == -Double.infinity)
        #expect(Prior.uniform(lower: 1, upper: 2).derivative(0.5) == 0)
        #expect(Prior.normal(mean: 0, sd: 1).logDensity(Double.nan).isNaN)
        #expect(Prior.point(3).logDensity(3) == 0)
        #expect(Prior.point(3).logDensity(2) == -Double.infinity)
        #expect(Prior.point(3).mean == 3)
        #expect(Prior.laplace(mean: 2, scale: 1).derivative(2) == 0)
        #expect(Prior.logNormal(mean: 0, sd: 1).logDensity(0) == -Double.infinity)
        #expect(Prior.inverseGamma(shape: 2, scale: 1).logDensity(0) == -Double.infinity)
        #expect(Prior.gamma(shape: 2, rate: 1).logDensity(0) == -Double.infinity)
        #expect(Prior.gamma(shape: 1, rate: 3).logDensity(0) == Elementary.log(3))
        #expect(Prior.beta(a: 1, b: 1).logDensity(1) == 0)
    }

    @Test("the natural transform fills the support")
    func transforms() {
        #expect(Prior.normal(mean: 0, sd: 1).transform == .identity)
        #expect(Prior.gamma(shape: 1, rate: 1).transform == .log)
        #expect(Prior.beta(a: 1, b: 1).transform == .logit)
        #expect(Prior.uniform(lower: 1, upper: 2).transform == .interval(lower: 1, upper: 2))
        let infinity = Double.infinity
        #expect(
            Prior.truncatedNormal(mean: 0, sd: 1, lower: -1, upper: 2).transform == .interval(lower: -1, upper: 2))
        #expect(Prior.truncatedNormal(mean: 0, sd: 1, lower: 0, upper: infinity).transform == .log)
        #expect(Prior.truncatedNormal(mean: 0, sd: 1, lower: -1, upper: infinity).transform == .lowerBound(-1))
        #expect(Prior.truncatedNormal(mean: 0, sd: 1, lower: -infinity, upper: infinity).transform == .identity)
        #expect(Prior.point(1).transform == nil)
    }

    @Test("numbers outside their domain make a prior improper")
    func propriety() {
        #expect(Self.references.allSatisfy { $0.prior.isProper })
        let improper: [Prior] = [
            .normal(mean: 0, sd: 0), .normal(mean: .nan, sd: 1), .halfNormal(scale: -1), .beta(a: 0, b: 1),
            .gamma(shape: 1, rate: .infinity), .uniform(lower: 1, upper: 1), .point(.nan),
            .truncatedNormal(mean: 0, sd: 1, lower: 2, upper: 1),
            .truncatedNormal(mean: 0, sd: 1, lower: -.infinity, upper: 1),
            .studentT(degreesOfFreedom: 0, mean: 0, scale: 1), .exponential(rate: 0),
        ]
        #expect(improper.allSatisfy { !$0.isProper })
    }
}
