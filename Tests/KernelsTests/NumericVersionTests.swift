import Kernels
import Testing

@Suite("the numeric version")
struct NumericVersionTests {
    @Test("counts from 1 without a gap, and never returns to bits that an earlier one had")
    func history() {
        let history = NumericVersion.history
        #expect(history.map(\.number) == Array(1...history.count))
        // A version whose change none of the hashes sees has those of the one before it.
        let bits = history.map { [$0.elementary, $0.model, $0.chain] }
        let distinct = bits.indices.filter { $0 == 0 || bits[$0] != bits[$0 - 1] }.map { bits[$0] }
        #expect(Set(distinct).count == distinct.count)
        #expect(NumericVersion.current == history.last)
    }
}
