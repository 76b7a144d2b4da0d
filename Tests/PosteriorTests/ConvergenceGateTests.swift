import Posterior
import Testing

@Suite("the convergence gate")
struct ConvergenceGateTests {
    /// A summary of four good chains whose figures a test then sets.
    private func summary(rHat: Double = 1.001, bulk: Double = 900, tail: Double = 800) -> Summary {
        var summary = Summary(chains: [[1, 2, 3, 4], [4, 3, 2, 1]])
        (summary.rHat, summary.essBulk, summary.essTail) = (rHat, bulk, tail)
        return summary
    }

    private func verdict(
        _ quantities: [(name: String, summary: Summary)], divergences: Int = 0, draws: Int = 4000,
        energyFractions: [Double] = [1.1, 0.9, 1.0, 1.2]
    ) -> ConvergenceVerdict {
        ConvergenceGate().verdict(
            quantities: quantities, divergences: divergences, draws: draws, energyFractions: energyFractions)
    }

    @Test("passes good chains and names the worst figures")
    func passes() {
        let verdict = verdict([
            ("roi[tv]", summary(rHat: 1.004, bulk: 700, tail: 410)), ("total", summary(rHat: 1.002, bulk: 500)),
        ])
        #expect(verdict.passed)
        #expect(verdict.reasons.isEmpty && verdict.warnings.isEmpty)
        #expect(verdict.quantities.highestRHat == .init(name: "roi[tv]", value: 1.004))
        #expect(verdict.lowestBulkESS == .init(name: "total", value: 500))
        #expect(verdict.lowestTailESS == .init(name: "roi[tv]", value: 410))
        #expect(verdict.lowestEnergyFraction == 0.9)
        #expect(verdict.draws == 4000)
    }

    @Test("fails each figure at its bound with a sentence that names the quantity")
    func failsEach() {
        let cases: [(ConvergenceVerdict, String)] = [
            (
                verdict([("baseline", summary(rHat: 1.01))]),
                "The chains disagree: R-hat of baseline is 1.01, not below 1.01."
            ),
            (
                verdict([("baseline", summary(rHat: .infinity))]),
                "The chains disagree: R-hat of baseline is inf, not below 1.01."
            ),
            (
                verdict([("roi[tv]", summary(bulk: 399.9))]),
                "Too few effective draws: bulk ESS of roi[tv] is 399, below 400."
            ),
            (
                verdict([("roi[tv]", summary(tail: 12))]),
                "Too few effective draws: tail ESS of roi[tv] is 12, below 400."
            ),
            (verdict([("a", summary())], divergences: 5), "5 of 4000 draws diverged, 0.125%, more than 0.1%."),
            (
                verdict([("a", summary())], energyFractions: [1, 0.3, 1, 1]),
                "The energy is explored too slowly: E-BFMI of chain 2 is 0.3, not above 0.3."
            ),
            (
                verdict([("a", summary())], energyFractions: [1, .nan, 1, 1]),
                "E-BFMI of chain 2 is undefined: the energies are too few, all equal or not all numbers."
            ),
        ]
        for (verdict, reason) in cases {
            #expect(!verdict.passed)
            #expect(verdict.reasons.map(\.english) == [reason])
        }
        #expect(verdict([("a", summary(bulk: 400, tail: 400))]).passed)
    }

    @Test("fails chains of one place that disagree with those of another, whatever is constant")
    func nested() {
        func rHat(_ shift: Double) -> NestedRHat {
            NestedRHat(
                (0..<4).map { place in (0..<3).map { _ in (0..<40).map { shift * Double(place) + Double($0 % 8) } } })
        }
        let good = [("roi[tv]", summary()), ("total", summary())]
        func verdict(_ nested: [(name: String, rHat: NestedRHat)]) -> ConvergenceVerdict {
            ConvergenceGate().verdict(
                quantities: good, divergences: 0, draws: 4000, energyFractions: [1, 1, 1, 1], nested: nested)
        }
        let constant = NestedRHat([[[1, 1]], [[1, 1]]])
        #expect(verdict([("roi[tv]", rHat(0)), ("fixed", constant)]).passed)
        let failed = verdict([("roi[tv]", rHat(0)), ("total", rHat(1))])
        #expect(failed.outcome == .failed && failed.causes == [.disagreement])
        #expect(
            failed.reasons[0].english.hasPrefix(
                "Chains that began at one place disagree with those of another: nested R-hat of total is 1."))
    }

    @Test("only warns of divergences up to one draw in a thousand")
    func warns() {
        let verdict = verdict([("a", summary())], divergences: 4)
        #expect(verdict.passed)
        #expect(verdict.warnings.map(\.english) == ["4 of 4000 draws diverged, 0.1%."])
    }

    @Test("asks 100 effective draws of each chain beyond four, and 400 of fewer")
    func perChain() {
        let quantity = [("a", summary(bulk: 450, tail: 450))]
        #expect(verdict(quantity, energyFractions: [Double](repeating: 1, count: 4)).passed)
        let five = verdict(quantity, energyFractions: [Double](repeating: 1, count: 5))
        #expect(five.reasons.count == 2)
        #expect(five.reasons.first?.english == "Too few effective draws: bulk ESS of a is 450, below 500.")
        #expect(!verdict([("a", summary(bulk: 399))], energyFractions: [1]).passed)
    }

    @Test("ignores a constant quantity, and fails when nothing varies")
    func constant() {
        let constant = ("holdout", Summary(chains: [[2, 2, 2, 2], [2, 2, 2, 2]]))
        let verdict = verdict([constant, ("a", summary())])
        #expect(verdict.passed)
        #expect(verdict.highestRHat?.name == "a")
        let nothing = self.verdict([constant])
        #expect(
            nothing.reasons.map(\.english) == ["No reported quantity varies, so that convergence cannot be judged."])
        #expect(nothing.highestRHat == nil)
    }

    @Test("fails a quantity whose figures are undefined, wherever it stands")
    func undefined() throws {
        let broken = ("roi[tv]", Summary(chains: [[1, 2, .nan, 3], [1, 2, 3, 4]]))
        for quantities in [[broken, ("a", summary(rHat: 3))], [("a", summary(rHat: 3)), broken]] {
            let verdict = verdict(quantities)
            #expect(!verdict.passed)
            #expect(verdict.highestRHat?.name == "roi[tv]")
            #expect(
                verdict.reasons.map(\.english) == [
                    "R-hat of roi[tv] is undefined: its draws are too few or not all numbers."
                ])
        }
    }
}
