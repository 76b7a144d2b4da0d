import Kernels
import ModelDefinition

/// A parameter of the kernels that is a function of the user's parameters. It adds no Jacobian: priors are on the inputs.
struct DerivedParameter: Sendable {
    enum Function: Sendable, Hashable {
        /// α = 0.5^(1/h).
        case halfLifeRetention
        /// α = 2^(−1/h²).
        case delayedHalfLifeRetention
        /// log 3 ÷ λ.
        case inverseRate
        /// 2 ÷ (β c).
        case tanhRate
        /// 2 atanh(r) ÷ x0.
        case baselinedRate
        /// β gain x0 ÷ r.
        case baselinedHeight
        /// exp(η z).
        case exponentialOfProduct
        /// s z.
        case product
        /// m + s z.
        case sumWithProduct
        /// exp(m + s z).
        case exponentialOfSum
        /// 1/(1 + exp(−m − s z)).
        case logisticOfSum
        /// m exp(s z).
        case multipleOfExponential
        /// The standard deviation of the coefficient of a basis function of this angular frequency, of a Gaussian process
        /// with standard deviation η and length ℓ.
        case spectralDeviation(frequency: Double)
    }

    let function: Function
    /// Where its value goes.
    let place: Int
    /// Places of h; of λ; of β, c; of x0, r; of β, gain, x0, r; of η, z; of s, z; of m, s, z; of η, ℓ. Unused ones are those of a constant.
    let inputs: (Int, Int, Int, Int)

    /// Whether it is a standard deviation, that others are multiplied by.
    var isSpectralDeviation: Bool {
        if case .spectralDeviation = function { true } else { false }
    }

    private static let logTwo = 0.69314718055994530942
    private static let logThree = 1.0986122886681096914

    /// Sets the value at `place`.
    func evaluate(_ values: inout [Double]) {
        let first = values[inputs.0]
        let second = values[inputs.1]
        switch function {
        case .halfLifeRetention: values[place] = Elementary.exp(-Self.logTwo / first)
        case .delayedHalfLifeRetention: values[place] = Elementary.exp(-Self.logTwo / (first * first))
        case .inverseRate: values[place] = Self.logThree / first
        case .tanhRate: values[place] = 2 / (first * second)
        case .baselinedRate: values[place] = (Elementary.log1p(second) - Elementary.log1p(-second)) / first
        case .baselinedHeight: values[place] = first * second * values[inputs.2] / values[inputs.3]
        case .exponentialOfProduct: values[place] = Elementary.exp(first * second)
        case .product: values[place] = first * second
        case .sumWithProduct: values[place] = first + second * values[inputs.2]
        case .exponentialOfSum: values[place] = Elementary.exp(first + second * values[inputs.2])
        case .logisticOfSum: values[place] = 1 / (1 + Elementary.exp(-first - second * values[inputs.2]))
        case .multipleOfExponential: values[place] = first * Elementary.exp(second * values[inputs.2])
        case .spectralDeviation(let frequency):
            values[place] = first * MaternSpectrum.deviation(frequency: frequency, length: second).value
        }
    }

    /// Adds the derivative at `place` times that of the function to the derivatives of its inputs.
    func pullBack(_ gradient: inout [Double], values: [Double]) {
        let slope = gradient[place]
        let value = values[place]
        let first = values[inputs.0]
        let second = values[inputs.1]
        switch function {
        case .halfLifeRetention:
            gradient[inputs.0] += slope * (value * Self.logTwo / (first * first))
        case .delayedHalfLifeRetention:
            gradient[inputs.0] += slope * (2 * value * Self.logTwo / (first * first * first))
        case .inverseRate:
            gradient[inputs.0] -= slope * (value / first)
        case .tanhRate:
            gradient[inputs.0] -= slope * (value / first)
            gradient[inputs.1] -= slope * (value / second)
        case .baselinedRate:
            gradient[inputs.0] -= slope * (value / first)
            gradient[inputs.1] += slope * (2 / (first * ((1 - second) * (1 + second))))
        case .exponentialOfProduct:
            gradient[inputs.0] += slope * (value * second)
            gradient[inputs.1] += slope * (value * first)
        case .product:
            gradient[inputs.0] += slope * second
            gradient[inputs.1] += slope * first
        case .sumWithProduct:
            pullBackSum(slope, scale: second, &gradient, values: values)
        case .exponentialOfSum:
            pullBackSum(slope * value, scale: second, &gradient, values: values)
        case .logisticOfSum:
            pullBackSum(slope * (value * (1 - value)), scale: second, &gradient, values: values)
        case .multipleOfExponential:
            gradient[inputs.0] += slope * Elementary.exp(second * values[inputs.2])
            gradient[inputs.1] += slope * (value * values[inputs.2])
            gradient[inputs.2] += slope * (value * second)
        case .spectralDeviation(let frequency):
            let unit = MaternSpectrum.deviation(frequency: frequency, length: second)
            gradient[inputs.0] += slope * unit.value
            gradient[inputs.1] += slope * (first * unit.slope)
        case .baselinedHeight:
            let third = values[inputs.2]
            let fourth = values[inputs.3]
            gradient[inputs.0] += slope * (second * third / fourth)
            gradient[inputs.1] += slope * (first * third / fourth)
            gradient[inputs.2] += slope * (first * second / fourth)
            gradient[inputs.3] -= slope * (value / fourth)
        }
    }

    /// Of m + s z.
    private func pullBackSum(_ slope: Double, scale: Double, _ gradient: inout [Double], values: [Double]) {
        gradient[inputs.0] += slope
        gradient[inputs.1] += slope * values[inputs.2]
        gradient[inputs.2] += slope * scale
    }
}
