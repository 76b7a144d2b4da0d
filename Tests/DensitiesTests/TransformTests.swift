import Densities
import Kernels
import Testing

@Suite struct TransformTests {
    static let transforms: [Transform] = [
        .identity, .log, .logit, .interval(lower: -2, upper: 5), .interval(lower: 0.1, upper: 10), .lowerBound(3),
        .lowerBound(-1),
    ]

    @Test("constraining and unconstraining are inverse", arguments: transforms)
    func roundTrip(transform: Transform) {
        for i in -60...60 {
            let u = Double(i) / 10
            let back = transform.unconstrain(transform.constrain(u))
            // Rounding v to 2^-53 of its size is divided by dv/du on the way back.
            let conditioning = max(1, abs(transform.constrain(u))) / transform.derivative(u)
            #expect(abs(back - u) <= 4e-16 * max(abs(u), 4) + 4e-16 * conditioning, "at \(u)")
        }
    }

    @Test("the Jacobian is the logarithm of the derivative", arguments: transforms)
    func jacobian(transform: Transform) {
        for i in -30...30 {
            let u = Double(i) / 3
            let logDerivative = Elementary.log(transform.derivative(u))
            #expect(abs(transform.logJacobian(u) - logDerivative) < 1e-13, "at \(u)")
            let step = 1e-5
            let slope = (transform.constrain(u + step) - transform.constrain(u - step)) / (2 * step)
            #expect(abs(slope - transform.derivative(u)) <= 1e-8 * max(1, abs(slope)), "at \(u)")
            let change = (transform.logJacobian(u + step) - transform.logJacobian(u - step)) / (2 * step)
            #expect(abs(change - transform.logJacobianDerivative(u)) < 1e-8, "at \(u)")
        }
    }

    @Test("the maps and Jacobians are the closed forms")
    func closedForms() {
        let u = 0.7
        let e = Elementary.exp(u)
        let share = e / (1 + e)
        func close(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-14 }
        #expect(close(Transform.log.constrain(u), e))
        #expect(close(Transform.log.logJacobian(u), u))
        #expect(close(Transform.logit.constrain(u), share))
        #expect(close(Transform.logit.logJacobian(u), Elementary.log(share) + Elementary.log(1 - share)))
        let interval = Transform.interval(lower: 2, upper: 5)
        let v = 2 + 3 * share
        #expect(close(interval.constrain(u), v))
        #expect(
            close(interval.logJacobian(u), Elementary.log(v - 2) + Elementary.log(5 - v) - Elementary.log(3)))
        #expect(close(Transform.lowerBound(2).constrain(u), 2 + e))
        #expect(close(Transform.lowerBound(2).logJacobian(u), u))
    }

    @Test("values stay inside their support however far u goes")
    func insideSupport() {
        for u in [-1e4, -800, -50, -37, 37, 50, 800, 1e4] {
            #expect(Transform.log.constrain(u) > 0)
            #expect((0...1).contains(Transform.logit.constrain(u)))
            #expect((0.1...10).contains(Transform.interval(lower: 0.1, upper: 10).constrain(u)))
            #expect(Transform.logit.logJacobian(u).isFinite)
        }
    }
}
