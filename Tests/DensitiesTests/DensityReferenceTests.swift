import Densities
import Kernels
import Testing

/// Everything to 1e-12 of values of 800 digits. Logarithms and derivatives in u, which are of order 1 and pass through
/// zero, may miss by 1e-12 where they are smaller than 1, and values between two bounds by 1e-12 of the larger bound; all
/// else is relative.
@Suite struct DensityReferenceTests {
    private func agree(_ own: Double, _ exact: Double, floor: Double = 0) -> Bool {
        DensityReference.agree(own, exact, floor: floor)
    }

    /// The size of the terms that a value is the sum of.
    private func floor(of transform: Transform?) -> Double {
        switch transform {
        case .interval(let lower, let upper): max(abs(lower), abs(upper))
        case .lowerBound(let lower): abs(lower)
        case .identity, .log, .logit, nil: 0
        }
    }

    @Test("the references hold every prior that has a density, and every transform")
    func complete() {
        func name(_ value: some Any) -> String { "\(value)".split(separator: "(")[0].description }
        #expect(Set(DensityReference.priors.map { name($0.prior) }).count == 11)
        #expect(Set(DensityReference.transforms.map { name($0.transform) }).count == 5)
        for reference in DensityReference.priors {
            #expect(reference.points.count >= 10 && reference.coordinates.count >= 10)
        }
    }

    @Test("log densities and their derivatives", arguments: DensityReference.priors)
    func densities(reference: DensityReference.PriorCase) {
        for point in reference.points {
            let (logDensity, derivative) = (
                reference.prior.logDensity(point.value), reference.prior.derivative(point.value)
            )
            #expect(agree(logDensity, point.logDensity, floor: 1), "\(logDensity) at \(point)")
            #expect(agree(derivative, point.derivative), "\(derivative) at \(point)")
        }
    }

    @Test("priors on the scale of their transforms", arguments: DensityReference.priors)
    func prepared(reference: DensityReference.PriorCase) {
        let prepared = PreparedPrior(reference.prior)
        for exact in reference.coordinates {
            let own = prepared.evaluate(exact.u)
            let bound = floor(of: prepared.transform)
            #expect(agree(own.value, exact.value, floor: bound), "\(own), exactly \(exact)")
            #expect(agree(own.slope, exact.slope), "\(own), exactly \(exact)")
            #expect(agree(own.logJacobian, exact.logJacobian, floor: 1), "\(own), exactly \(exact)")
            #expect(agree(own.logDensity, exact.logDensity, floor: 1), "\(own), exactly \(exact)")
            #expect(agree(own.derivative, exact.derivative, floor: 1), "\(own), exactly \(exact)")
        }
    }

    @Test("priors in lanes", arguments: DensityReference.priors)
    func lanes(reference: DensityReference.PriorCase) throws {
        let group = try #require(PriorLanes.groups([PreparedPrior(reference.prior)]).first)
        for exact in reference.coordinates {
            var position = SIMD8<Double>.zero
            position[0] = exact.u
            let own = group.lanes.evaluate(position)
            let total = exact.logDensity + exact.logJacobian
            let bound = floor(of: reference.prior.transform)
            let terms = max(1, abs(exact.logDensity), abs(exact.logJacobian))
            #expect(agree(own.values[0], exact.value, floor: bound), "\(own), exactly \(exact)")
            #expect(agree(own.slopes[0], exact.slope), "\(own), exactly \(exact)")
            #expect(agree(own.logDensity, total, floor: terms), "\(own), exactly \(exact)")
            #expect(agree(own.derivatives[0], exact.derivative, floor: 1), "\(own), exactly \(exact)")
        }
    }

    @Test("transforms and their Jacobians", arguments: DensityReference.transforms)
    func transforms(reference: DensityReference.TransformCase) {
        let transform = reference.transform
        for point in reference.points {
            #expect(agree(transform.constrain(point.u), point.value, floor: floor(of: transform)), "\(point)")
            #expect(agree(transform.derivative(point.u), point.slope), "\(point)")
            #expect(agree(transform.logJacobian(point.u), point.logJacobian, floor: 1), "\(point)")
            #expect(agree(transform.logJacobianDerivative(point.u), point.logJacobianSlope, floor: 1), "\(point)")
        }
        for (value, u) in reference.inverses {
            #expect(agree(transform.unconstrain(value), u, floor: 1), "at \(value)")
        }
    }
}
