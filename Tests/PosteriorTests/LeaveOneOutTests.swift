import Foundation
import Posterior
import Testing

struct LeaveOneOutTests {
    /// Observations × draws, and what ArviZ 0.22 makes of them.
    private let logLikelihood: [[Double]]
    private let expected: [String: Any]

    init() throws {
        let folder = try #require(Bundle.module.url(forResource: "Resources", withExtension: nil))
        let text = try String(contentsOf: folder.appendingPathComponent("loglik.csv"), encoding: .utf8)
        let rows = try text.split(separator: "\n").dropFirst().map { line in
            try line.split(separator: ",").dropFirst(2).map { try #require(Double($0)) }
        }
        logLikelihood = rows[0].indices.map { column in rows.map { $0[column] } }
        let data = try Data(contentsOf: folder.appendingPathComponent("expected.json"))
        let root = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        expected = try #require(root["loo"] as? [String: Any])
    }

    private func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(b)) }

    @Test("equals ArviZ's, with its tail rule and prior", arguments: [1.0, 0.6])
    func reference(relativeEfficiency: Double) throws {
        let own = LeaveOneOut(logLikelihood: logLikelihood, relativeEfficiency: relativeEfficiency)
        let values = try #require(expected["reff_\(relativeEfficiency)"] as? [String: Any])
        func number(_ key: String) throws -> Double { try #require(values[key] as? Double) }
        #expect(close(own.expectedLogDensity, try number("elpd_loo")))
        #expect(close(own.standardError, try number("se")))
        #expect(close(own.parameterCount, try number("p_loo")))
        #expect(close(own.shapeLimit, try number("good_k")))
        let pointwise = try #require(values["loo_i"] as? [Double])
        let shapes = try #require(values["pareto_k"] as? [Double])
        #expect(pointwise.count == 40 && shapes.count == 40)
        for index in pointwise.indices {
            #expect(close(own.pointwise[index], pointwise[index]))
            #expect(close(own.shapes[index], shapes[index]))
        }
        #expect(own.doubtful == shapes.indices.filter { shapes[$0] > own.shapeLimit })
    }

    @Test("the smoothed weights are ArviZ's, and sum to 1")
    func weights() throws {
        let logs = try #require(expected["psislw_reff_1_obs0_first10_logweights"] as? [Double])
        let own = ParetoSmoothedWeights(logRatios: logLikelihood[0].map { -$0 })
        for (a, b) in zip(own.logWeights, logs) { #expect(close(a, b)) }
        #expect(close(own.logWeights.map { exp($0) }.reduce(0, +), 1))
        // The third observation has k̂ near 3: the fitted tail is cut at the largest raw weight.
        let largest = try #require(expected["psislw_reff_1_obs2_sorted_top5_logweights"] as? [Double])
        let heavy = ParetoSmoothedWeights(logRatios: logLikelihood[2].map { -$0 }).logWeights.sorted()
        for (a, b) in zip(heavy.suffix(5), largest) { #expect(close(a, b)) }
        let shapes = try #require(expected["psislw_reff_1_k"] as? [Double])
        for (terms, shape) in zip(logLikelihood, shapes) {
            #expect(close(ParetoSmoothedWeights(logRatios: terms.map { -$0 }).shape, shape))
        }
    }

    @Test("equal ratios give equal weights, and too short a tail is said to be so")
    func degenerate() {
        let own = ParetoSmoothedWeights(logRatios: [Double](repeating: 3, count: 50))
        #expect(own.shape == .infinity)
        for log in own.logWeights { #expect(close(log, -Foundation.log(50))) }
    }
}
