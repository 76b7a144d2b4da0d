import Kernels
import Posterior
import Testing

/// Fits with one fault each, from draws: every fault is named, with its quantity or chain, and nothing else is.
@Suite("planted failures of convergence")
struct PlantedFailureTests {
    /// A fit of good chains into which a test plants its fault.
    private struct Fit {
        var quantities = ["roi[tv]", "mroi[tv]", "total"]
        var parameters = ["alpha[tv]", "eta[tv]", "sigma"]
        var draws: [String: [[Double]]] = [:]
        var divergences = 0
        var saturated = 0
        var energyFractions = [1.1, 0.9, 1.0, 1.2]

        init(chains: Int = 4, count: Int = 1000) {
            energyFractions = Array(energyFractions.prefix(chains))
            for (index, name) in (quantities + parameters).enumerated() {
                draws[name] = (0..<chains).map { chain in
                    var stream = RandomStream(
                        key: StreamKey(seed: UInt64(index), kind: 7, index: UInt32(chain)), iteration: 0, site: 0)
                    return (0..<count).map { _ in stream.normal() }
                }
            }
        }

        var verdict: ConvergenceVerdict {
            func judged(_ names: [String]) -> [(name: String, summary: Summary)] {
                names.map { ($0, Summary(chains: draws[$0]!)) }
            }
            return ConvergenceGate().verdict(
                quantities: judged(quantities), parameters: judged(parameters), divergences: divergences,
                saturated: saturated, draws: draws["total"]!.joined().count, energyFractions: energyFractions,
                chains: { draws[$0] })
        }

        mutating func change(_ name: String, chain: Int, _ change: (Int, Double) -> Double) {
            draws[name]![chain] = draws[name]![chain].enumerated().map(change)
        }
    }

    @Test("nothing planted, nothing found")
    func none() {
        let verdict = Fit().verdict
        #expect(verdict.outcome == .passed && verdict.reasons.isEmpty && verdict.warnings.isEmpty)
        #expect(verdict.parameters.highestRHat != nil)
    }

    @Test("one bad parameter: the figures stand, the parameter is named, and the fit does not pass")
    func parameter() {
        var fit = Fit()
        // A slow walk between the chains' own places: R-hat above 1.2, a handful of effective draws.
        for chain in 0..<4 {
            var level = Double(chain)
            fit.change("eta[tv]", chain: chain) { _, value in
                level = 0.995 * level + 0.1 * value
                return level
            }
        }
        let verdict = fit.verdict
        #expect(verdict.outcome == .figuresOnly && !verdict.passed && verdict.causes == [.parameter])
        #expect(verdict.reasons.count == 1)
        #expect(verdict.reasons[0].english.hasPrefix("Converged for the reported figures; eta[tv] has not (R-hat 1."))
        #expect(verdict.reasons[0].english.contains("so those stand"))
        #expect(verdict.highestRHat?.name == "eta[tv]" && verdict.lowestBulkESS?.name == "eta[tv]")
        #expect(verdict.quantities.highestRHat?.name != "eta[tv]")
    }

    @Test("of two bad parameters the worse is named, whichever comes first", arguments: [false, true])
    func twoParameters(isFirstWorse: Bool) {
        var fit = Fit()
        let names = ["alpha[tv]", "sigma"]
        for (name, distance) in zip(names, isFirstWorse ? [3.0, 1] : [1, 3]) {
            for chain in 0..<4 { fit.change(name, chain: chain) { _, value in value + distance * Double(chain) } }
        }
        let (verdict, worse) = (fit.verdict, isFirstWorse ? names[0] : names[1])
        #expect(verdict.outcome == .figuresOnly && verdict.parameters.highestRHat?.name == worse)
        #expect(verdict.reasons[0].english.contains("; \(worse) and 1 other parameter have not (R-hat "))
    }

    @Test("a parameter that is a little slow passes with a warning that names it")
    func slowParameter() {
        var fit = Fit()
        for chain in 0..<4 { fit.change("eta[tv]", chain: chain) { _, value in value + 0.17 * Double(chain) } }
        let verdict = fit.verdict
        #expect(verdict.outcome == .passed && verdict.warnings.count == 1)
        #expect(verdict.warnings[0].english.hasPrefix("eta[tv] mixed slowly (R-hat 1.0"))
    }

    @Test("one chain in another mode is named with its place")
    func otherMode() {
        var fit = Fit()
        fit.change("roi[tv]", chain: 2) { _, value in value + 10 }
        let verdict = fit.verdict
        #expect(verdict.outcome == .failed && verdict.causes == [.disagreement, .fewDraws])
        #expect(verdict.reasons[0].english.hasPrefix("The chains disagree: R-hat of roi[tv] is "))
        #expect(verdict.reasons[0].english.contains("Chain 3 stands apart, around 9.99"))
    }

    @Test("few draws")
    func fewDraws() {
        let verdict = Fit(count: 60).verdict
        #expect(verdict.outcome == .failed && verdict.causes.contains(.fewDraws))
        #expect(verdict.reasons.contains { $0.english.hasPrefix("Too few effective draws: bulk ESS of ") })
    }

    @Test("divergences, with their true share")
    func divergences() {
        var fit = Fit(count: 200)
        fit.divergences = 1
        let verdict = fit.verdict
        #expect(verdict.causes == [.divergences])
        #expect(verdict.reasons.map(\.english) == ["1 of 800 draws diverged, 0.125%, more than 0.1%."])
    }

    @Test("a chain that is stuck")
    func stuck() {
        var fit = Fit()
        fit.change("roi[tv]", chain: 1) { _, _ in 0.3 }
        let verdict = fit.verdict
        #expect(verdict.outcome == .failed && verdict.causes.first == .disagreement)
        #expect(verdict.reasons[0].english.hasSuffix("Chain 2 never moved."))
    }

    @Test("draws that are not numbers")
    func notNumbers() {
        var fit = Fit()
        fit.change("mroi[tv]", chain: 0) { draw, value in draw == 500 ? .nan : value }
        #expect(
            fit.verdict.reasons.map(\.english) == ["R-hat of mroi[tv] is undefined: its draws are not all numbers."])
        #expect(fit.verdict.causes == [.undefined])
    }

    @Test("chains that are each constant, at places of their own")
    func constantChains() {
        var fit = Fit()
        for chain in 0..<4 { fit.change("sigma", chain: chain) { _, _ in Double(chain) } }
        let verdict = fit.verdict
        #expect(verdict.outcome == .figuresOnly)
        #expect(verdict.reasons[0].english.contains("sigma has not (R-hat inf"))
        #expect(verdict.reasons[0].english.contains("Chains 1, 2, 3, 4 never moved."))
    }

    @Test("energy that is explored too slowly, with its chain")
    func energy() {
        var fit = Fit()
        fit.energyFractions[2] = 0.12
        #expect(fit.verdict.causes == [.energy])
        #expect(
            fit.verdict.reasons.map(\.english) == [
                "The energy is explored too slowly: E-BFMI of chain 3 is 0.12, not above 0.3."
            ])
    }

    @Test("a bad tail alone")
    func tail() {
        var fit = Fit()
        // Every half of a chain goes out once and stays there for a while: the middle does not know of it.
        for chain in 0..<4 {
            fit.change("total", chain: chain) { draw, value in
                (200..<232).contains(draw % 500) ? 4 + 0.2 * value : value
            }
        }
        let verdict = fit.verdict
        #expect(verdict.causes == [.fewDraws])
        #expect(verdict.reasons.contains { $0.english.hasPrefix("Too few effective draws: tail ESS of total is ") })
    }

    @Test("a bad return alone, while every parameter is well")
    func returnAlone() {
        var fit = Fit()
        for chain in 0..<4 { fit.change("mroi[tv]", chain: chain) { _, value in value + 0.5 * Double(chain) } }
        let verdict = fit.verdict
        #expect(verdict.outcome == .failed && verdict.quantities.highestRHat?.name == "mroi[tv]")
        #expect(verdict.reasons.allSatisfy { $0.english.contains("mroi[tv]") })
    }

    @Test("trees that can grow no further: a reason above a tenth, a warning above a hundredth")
    func saturated() {
        var fit = Fit()
        fit.saturated = 401
        #expect(fit.verdict.causes == [.saturated])
        #expect(
            fit.verdict.reasons.map(\.english) == [
                "401 of 4000 draws, 10.025%, ended with a trajectory that could grow no further, more than 10%."
            ])
        fit.saturated = 400
        #expect(fit.verdict.passed && fit.verdict.warnings.count == 1)
        fit.saturated = 40
        #expect(fit.verdict.passed && fit.verdict.warnings.isEmpty)
    }

    @Test("a single chain")
    func single() {
        let verdict = Fit(chains: 1).verdict
        #expect(verdict.causes == [.singleChain] && verdict.outcome == .failed)
        #expect(
            verdict.reasons.map(\.english) == [
                "One chain alone has nothing to agree with: convergence cannot be judged."
            ])
    }

    @Test("a parameter that is constant does not count")
    func fixed() {
        var fit = Fit()
        for chain in 0..<4 { fit.change("sigma", chain: chain) { _, _ in 2 } }
        #expect(fit.verdict.outcome == .passed && fit.verdict.parameters.highestRHat?.name != "sigma")
    }
}
