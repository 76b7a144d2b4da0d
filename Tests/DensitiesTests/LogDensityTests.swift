import Densities
import Testing

@Suite struct LogDensityTests {
    final class StandardNormal: LogDensity {
        let dimension = 2
        func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
            var total = 0.0
            for i in 0..<dimension {
                gradient[i] = -position[i]
                total -= 0.5 * position[i] * position[i]
            }
            return total
        }
    }

    @Test("a density is called through an existential with spans of an array")
    func existential() {
        let density: any LogDensity = StandardNormal()
        let position = [1.0, -2.0]
        var gradient = [0.0, 0.0]
        var target = gradient.mutableSpan
        let value = density.evaluate(at: position.span, gradient: &target)
        #expect(value == -2.5)
        #expect(gradient == [-1, 2])
    }
}
