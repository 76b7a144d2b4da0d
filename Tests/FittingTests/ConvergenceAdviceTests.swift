import Fitting
import Kernels
import Posterior
import Testing

@Suite("advice after a fit that did not converge")
struct ConvergenceAdviceTests {
    /// A verdict of four good chains with these causes.
    private func verdict(_ causes: [ConvergenceVerdict.Cause], draws: Int = 1000) -> ConvergenceVerdict {
        let chains = (0..<4).map { chain -> [Double] in
            var stream = RandomStream(
                key: StreamKey(seed: 3, kind: 7, index: UInt32(chain)), iteration: 0, site: 0)
            return (0..<draws).map { _ in stream.normal() }
        }
        var verdict = ConvergenceGate().verdict(
            quantities: [("total", Summary(chains: chains))], parameters: [], divergences: 0, saturated: 0,
            draws: 4 * draws, energyFractions: [1, 1, 1, 1], chains: { _ in chains })
        verdict.causes = causes
        return verdict
    }

    private func advice(
        _ causes: [ConvergenceVerdict.Cause], draws: Int = 1000, _ change: (inout FitSettings) -> Void = { _ in }
    ) -> [String] {
        var settings = FitSettings(FitFixture.specification)
        change(&settings)
        return ConvergenceAdvice.sentences(for: verdict(causes, draws: draws), settings: settings).map(\.english)
    }

    @Test("is one sentence a cause, and none for a fit that passed")
    func causes() {
        #expect(advice([]).isEmpty)
        for cause in ConvergenceVerdict.Cause.allCases { #expect(advice([cause]).count == 1, "\(cause)") }
        #expect(advice([.singleChain, .energy]).count == 2)
    }

    @Test(
        "on divergences is smaller steps than those that were taken, until they have not helped",
        arguments: [
            (0.8, "target_accept: 0.95"), (0.95, "target_accept: 0.99"), (0.97, "target_accept: 0.99"),
            (0.99, "have not helped"),
        ])
    func divergences(target: Double, words: String) throws {
        let sentence = try #require(advice([.divergences]) { $0.targetAcceptance = target }.first)
        #expect(sentence.contains(words), "\(sentence)")
    }

    @Test("on few draws is as many as are enough, in hundreds")
    func draws() throws {
        // 200 independent draws of 400 that the gate asks for; with a fifth to spare 480 are needed, 120 a chain.
        let sentence = try #require(advice([.fewDraws], draws: 50) { $0.draws = 50 }.first)
        let number = try #require(sentence.split(separator: " ").last.flatMap { Int($0.dropLast()) })
        #expect(sentence.hasPrefix("Take more draws: --draws ") && [100, 200].contains(number), "\(sentence)")
    }
}
