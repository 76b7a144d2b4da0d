import Posterior
import Testing

@Suite("comparison of models")
struct ModelComparisonTests {
    @Test("the best comes first, and differences have the error of their own spread")
    func rows() {
        // Differences to the second model are 1, 1, 1, 5 less: 8, with spread 4 (1² + 1² + 1² + 3²) = 12.
        let comparison = ModelComparison(pointwise: [[-3, -4, -2, -6], [-2, -3, -1, -1]])
        #expect(comparison.rows.map(\.model) == [1, 0])
        #expect(comparison.rows[0].expectedLogDensity == -7)
        #expect(comparison.rows[0].difference == 0 && comparison.rows[0].differenceError == 0)
        #expect(comparison.rows[1].difference == -8)
        #expect(abs(comparison.rows[1].differenceError - 12.0.squareRoot()) < 1e-12)
        // Scores -3, -4, -2, -6 about their mean -3.75: 0.5625 + 0.0625 + 3.0625 + 5.0625.
        #expect(abs(comparison.rows[1].standardError - 8.75.squareRoot()) < 1e-12)
    }
}
