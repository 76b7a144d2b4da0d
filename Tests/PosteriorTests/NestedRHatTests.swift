import Kernels
import Posterior
import Testing

struct NestedRHatTests {
    @Test("a case by hand")
    func byHand() {
        // Means of chains 2, 3 and 6, 7, of superchains 2.5 and 6.5: B = 8. Variances of means ½, within chains 2.
        let nested = NestedRHat([[[1, 3], [2, 4]], [[5, 7], [6, 8]]])
        #expect(abs(nested.value - (1 + 8 / 2.5).squareRoot()) < 1e-14)
        #expect(nested.threshold == (1 + 0.5 + 1e-4).squareRoot())
        #expect(!nested.isDecidable && nested.agrees == nil)
        // One draw a chain: only the spread of the chains is left.
        #expect(abs(NestedRHat([[[1], [3]], [[2], [4]]]).value - (1 + 0.5 / 2).squareRoot()) < 1e-14)
        // One chain a superchain: the usual R-hat without its factor (n − 1)/n.
        #expect(abs(NestedRHat([[[1, 3]], [[2, 4]]]).value - (1 + 0.5 / 2).squareRoot()) < 1e-14)
    }

    @Test("agrees with superchains of one distribution, not with one that stays elsewhere")
    func verdict() {
        var stream = RandomStream(key: StreamKey(seed: 8, kind: 1, index: 0), iteration: 0, site: 0)
        func superchain(_ shift: Double, draws: Int) -> [[Double]] {
            (0..<64).map { _ in (0..<draws).map { _ in shift + stream.normal() } }
        }
        #expect(NestedRHat((0..<4).map { _ in superchain(0, draws: 50) }).agrees == true)
        for draws in [1, 50] {
            #expect(NestedRHat((0..<4).map { superchain($0 == 0 ? 1 : 0, draws: draws) }).agrees == false)
        }
        #expect(NestedRHat([[[1.0]], [[2.0]]]).value == .infinity)
        #expect(NestedRHat([[[1.0]], [[1.0]]]).value.isNaN)
        #expect(NestedRHat([[[.nan, 1]], [[2, 3]]]).value.isNaN)
    }

    @Test("decides from sixteen chains a superchain on, by the threshold for single draws and by 1.01 for several")
    func bounds() {
        // Chains at ±1 in equal numbers: a variance of M/(M − 1) in both superchains, whose means lie 2d apart: B = 2d².
        func superchains(_ chainCount: Int, apart d: Double, draws: [Double]) -> [[[Double]]] {
            [-d, d].map { shift in
                (0..<chainCount).map { chain in draws.map { shift + (chain % 2 == 0 ? -1 : 1) + $0 } }
            }
        }
        #expect(NestedRHat(superchains(14, apart: 0, draws: [0])).agrees == nil)
        let variance = 16.0 / 15
        let limit = (variance * (1.0 / 16 + 1e-4) / 2).squareRoot()
        let below = NestedRHat(superchains(16, apart: limit * (1 - 1e-9), draws: [0]))
        #expect(below.isDecidable && below.agrees == true)
        #expect(NestedRHat(superchains(16, apart: limit * (1 + 1e-9), draws: [0])).agrees == false)
        // Draws ±1 about their chain's place add a variance of 2 within; 1.01² − 1 = 0.0201.
        let several = (0.0201 * (variance + 2) / 2).squareRoot()
        #expect(NestedRHat(superchains(16, apart: several * (1 - 1e-9), draws: [-1, 1])).agrees == true)
        #expect(NestedRHat(superchains(16, apart: several * (1 + 1e-9), draws: [-1, 1])).agrees == false)
    }
}
