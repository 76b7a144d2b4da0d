import Densities
import Kernels
import Testing

@Suite struct PriorLanesTests {
    @Test("eight priors at a time say what one at a time says")
    func agreement() {
        let priors = PriorReference.all.map { PreparedPrior($0.prior) }
        let groups = PriorLanes.groups(priors)
        #expect(groups.flatMap(\.indices).sorted() == Array(priors.indices))
        var stream = RandomStream(key: StreamKey(seed: 5, kind: 1, index: 1), iteration: 0, site: 0)
        for round in 0..<300 {
            for (indices, lanes) in groups {
                #expect(lanes.count == indices.count && indices.count <= 8)
                var position = SIMD8<Double>.zero
                for lane in indices.indices { position[lane] = (round < 200 ? 2 : 8) * stream.normal() }
                let together = lanes.evaluate(position)
                var sum = 0.0
                var size = 1.0
                for (lane, index) in indices.enumerated() {
                    let alone = priors[index].evaluate(position[lane])
                    sum += alone.logDensity + alone.logJacobian
                    size += abs(alone.logDensity) + abs(alone.logJacobian)
                    #expect(abs(together.values[lane] - alone.value) <= 1e-15 * abs(alone.value))
                    #expect(abs(together.slopes[lane] - alone.slope) <= 1e-14 * abs(alone.slope))
                    // Terms of opposite sign may cancel, each as large as e^|u| times the prior's own scale.
                    let scale = abs(alone.derivative) + Elementary.exp(min(abs(position[lane]), 700))
                    #expect(abs(together.derivatives[lane] - alone.derivative) <= 1e-13 * scale)
                    size += scale
                }
                for lane in indices.count..<8 {
                    #expect(together.slopes[lane].isFinite && together.derivatives[lane].isFinite)
                }
                #expect(abs(together.logDensity - sum) <= 1e-13 * size)
            }
        }
    }
}
