import Kernels
import Testing

@Suite("the numeric version")
struct NumericVersionTests {
    @Test("counts from 1 without a gap, and never returns to bits that an earlier one had")
    func history() {
        let history = NumericVersion.history
        #expect(history.map(\.number) == Array(1...history.count))
        let bits = history.map { [$0.elementary, $0.model, $0.chain] }
        #expect(zip(bits, bits.dropFirst()).allSatisfy { $0 != $1 } as Bool)
        #expect(NumericVersion.current == history.last)
    }
}
