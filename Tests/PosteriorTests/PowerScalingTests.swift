import Posterior
import Testing

struct PowerScalingTests {
    @Test(
        "sensitivities are those of ArviZ 0.19's psens",
        arguments: [
            ("draws_iid_normal.csv", 0.05496742860405529, 0.38938217551546844),
            ("draws_lognormal_skewed.csv", 41.36902767941556, 52.887912255769855),
        ])
    func reference(file: String, prior: Double, likelihood: Double) throws {
        // Of log densities −½((x − 1)/2)² and −1.5 (x + 0.3)², with δ = 0.01.
        let draws = try DiagnosticsReference().chains(file).flatMap(\.self)
        let byPrior = PowerScaling(logDensity: draws.map { -0.125 * ($0 - 1) * ($0 - 1) })
        let byLikelihood = PowerScaling(logDensity: draws.map { -1.5 * ($0 + 0.3) * ($0 + 0.3) })
        #expect(abs(byPrior.sensitivity(of: draws) / prior - 1) < 1e-6)
        #expect(abs(byLikelihood.sensitivity(of: draws) / likelihood - 1) < 1e-6)
    }

    @Test("a part that says the same everywhere moves nothing, and draws that are equal cannot move")
    func nothing() throws {
        let draws = try DiagnosticsReference().chains("draws_iid_normal.csv").flatMap(\.self)
        let flat = PowerScaling(logDensity: draws.map { _ in 3 })
        // A distance is the square root of what rounding leaves of 0.
        #expect(flat.sensitivity(of: draws) < 1e-5)
        #expect(flat.sensitivity(of: draws.map { _ in 1 }) == 0)
    }
}
