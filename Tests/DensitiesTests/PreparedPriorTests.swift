import Densities
import Kernels
import Testing

@Suite struct PreparedPriorTests {
    static let references = PriorReference.all

    @Test("an evaluation has the transform's value and Jacobian and the prior's density", arguments: references)
    func parts(reference: PriorReference) throws {
        let transform = try #require(reference.prior.transform)
        let prepared = PreparedPrior(reference.prior)
        #expect(prepared.transform == transform)
        for v in reference.quantiles {
            let u = transform.unconstrain(v)
            let at = prepared.evaluate(u)
            #expect(at.value == transform.constrain(u))
            #expect(abs(at.slope - transform.derivative(u)) <= 1e-14 * at.slope)
            #expect(abs(at.logJacobian - transform.logJacobian(u)) <= 1e-14 * max(1, abs(at.logJacobian)))
            let direct = reference.prior.logDensity(at.value)
            #expect(abs(at.logDensity - direct) <= 1e-11 * max(1, abs(direct)))
        }
    }

    @Test("the derivative is that of density and Jacobian together", arguments: references)
    func derivative(reference: PriorReference) throws {
        let transform = try #require(reference.prior.transform)
        let prepared = PreparedPrior(reference.prior)
        for v in reference.quantiles {
            if case .laplace(let mean, _) = reference.prior, v == mean { continue }
            let u = transform.unconstrain(v)
            let scale = transform == .identity ? reference.quantiles[18] - reference.quantiles[0] : 1
            let step = 1e-5 * scale
            let above = prepared.evaluate(u + step)
            let below = prepared.evaluate(u - step)
            let difference =
                (above.logDensity + above.logJacobian - below.logDensity - below.logJacobian) / (2 * step)
            let derivative = prepared.evaluate(u).derivative
            #expect(abs(derivative - difference) * scale <= 3e-8 * max(1, abs(derivative) * scale), "at \(v)")
            let slope = (above.value - below.value) / (2 * step)
            #expect(abs(prepared.evaluate(u).slope - slope) <= 1e-7 * max(1, abs(slope)))
        }
    }

    @Test("the density on the sampler's scale integrates to 1", arguments: references)
    func integral(reference: PriorReference) throws {
        let transform = try #require(reference.prior.transform)
        let prepared = PreparedPrior(reference.prior)
        // Trapezoid in w with u = centre + scale sinh w: heavy tails of T and log-scale tails both fall off doubly.
        let centre = transform.unconstrain(reference.quantiles[9])
        let scale = transform.unconstrain(reference.quantiles[14]) - transform.unconstrain(reference.quantiles[4])
        let steps = 40_000
        let reach = 22.0
        let width = 2 * reach / Double(steps)
        var total = 0.0
        for i in 0...steps {
            let w = -reach + width * Double(i)
            let grow = Elementary.exp(w)
            let at = prepared.evaluate(centre + scale * 0.5 * (grow - 1 / grow))
            let density = at.logDensity + at.logJacobian
            if density > -700 { total += Elementary.exp(density) * scale * 0.5 * (grow + 1 / grow) * width }
        }
        // The kink of the Laplace density limits the trapezoid rule to second order.
        var tolerance = 1e-10
        if case .laplace = reference.prior { tolerance = 1e-6 }
        if case .studentT(let degrees, _, _) = reference.prior, degrees <= 1 { tolerance = 1e-8 }
        #expect(abs(total - 1) < tolerance)
    }

    @Test("far out on the sampler's scale nothing is NaN")
    func farOut() {
        for reference in Self.references {
            let prepared = PreparedPrior(reference.prior)
            for u in [-600.0, -100, -40, 40, 100, 600] {
                let at = prepared.evaluate(u)
                #expect(!at.logDensity.isNaN && !at.logJacobian.isNaN && !at.derivative.isNaN, "\(reference.prior)")
            }
        }
        // Beta(a, b) on the logit scale is a log v + b log(1 - v), here -b u for large u.
        let at = PreparedPrior(.beta(a: 2, b: 3)).evaluate(300)
        #expect(abs(at.logDensity + at.logJacobian - (-900 + Elementary.log(12))) < 1e-10)
        #expect(abs(at.derivative + 3) < 1e-14)
    }
}
