import Densities
import Kernels

// Posteriors with a region that a chain may begin in and should leave: two models of posteriordb, written from their
// Stan programs with gradients by hand.

/// mu ~ N(0, 10), phi, theta ~ N(0, 2), sigma ~ Cauchy+(0, 5); y_1 = mu + phi mu + e_1,
/// y_t = mu + phi y_(t−1) + theta e_(t−1) + e_t, e_t ~ N(0, sigma). Coordinates mu, phi, theta, log sigma.
///
/// With |theta| > 1 the errors grow like theta^t, so that most of the cube of random starts is a desert.
final class MovingAverage: LogDensity {
    let dimension = 4
    private let y: [Double]

    init(y: [Double]) {
        self.y = y
    }

    /// 200 steps of a series with mu = 0, phi = 0.96, theta = 0.3 and sigma = 0.15.
    convenience init(simulated seed: UInt64) {
        var stream = RandomStream(key: StreamKey(seed: seed, kind: 1, index: 0), iteration: 0, site: 0)
        var (series, error): ([Double], Double) = ([0], 0)
        for _ in 0..<200 {
            let next = 0.15 * stream.normal()
            series.append(0.96 * series[series.count - 1] + 0.3 * error + next)
            error = next
        }
        self.init(y: Array(series.dropFirst()))
    }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        let (mu, phi, theta, logSigma) = (position[0], position[1], position[2], position[3])
        let (sigma, precision) = (Elementary.exp(logSigma), Elementary.exp(-2 * logSigma))
        var error = y[0] - mu - phi * mu
        // Derivatives of the error by mu, phi and theta.
        var (byMu, byPhi, byTheta) = (-1 - phi, -mu, 0.0)
        var (squares, slopes) = (error * error, (error * byMu, error * byPhi, error * byTheta))
        for t in 1..<y.count {
            (byMu, byPhi, byTheta) = (-1 - theta * byMu, -y[t - 1] - theta * byPhi, -error - theta * byTheta)
            error = y[t] - mu - phi * y[t - 1] - theta * error
            squares += error * error
            slopes = (slopes.0 + error * byMu, slopes.1 + error * byPhi, slopes.2 + error * byTheta)
        }
        let n = Double(y.count)
        let ratio = sigma * sigma / 25
        gradient[0] = -precision * slopes.0 - mu / 100
        gradient[1] = -precision * slopes.1 - phi / 4
        gradient[2] = -precision * slopes.2 - theta / 4
        gradient[3] = -n + precision * squares + 1 - 2 * ratio / (1 + ratio)
        return -n * logSigma - 0.5 * precision * squares - mu * mu / 200 - (phi * phi + theta * theta) / 8
            - Elementary.log1p(ratio) + logSigma
    }
}

/// Hares and lynxes by u' = (alpha − beta v) u, v' = (−gamma + delta u) v, with alpha, gamma ~ N(1, 0.5),
/// beta, delta ~ N(0.05, 0.05), initial states ~ LogNormal(log 10, 1), sigma ~ LogNormal(−1, 1), observations
/// ~ LogNormal(log state, sigma). All eight are positive; coordinates are their logarithms in this order, with their
/// Jacobians. The equations are solved in logarithms by Runge and Kutta's method, ten steps a year.
///
/// Beside the posterior's one large mode lie small ones, where the period is not that of the data.
final class PredatorPrey: LogDensity {
    let dimension = 8
    /// Pelts of the Hudson's Bay Company, thousands of hares and lynxes, 1900 to 1920.
    private static let pelts: [(Double, Double)] = [
        (30, 4), (47.2, 6.1), (70.2, 9.8), (77.4, 35.2), (36.3, 59.4), (20.6, 41.7), (18.1, 19), (21.4, 13), (22, 8.3),
        (25.4, 9.1), (27.1, 7.4), (40.3, 8), (57, 12.3), (76.6, 19.5), (52.3, 45.7), (19.5, 51.1), (11.2, 29.7),
        (7.6, 15.8), (14.6, 9.7), (16.2, 10.1), (24.7, 8.6),
    ]
    private static let stepsPerYear = 10

    private let observed = PredatorPrey.pelts.map { (Elementary.log($0.0), Elementary.log($0.1)) }

    /// log u and log v with their derivatives by the logarithms of alpha, beta, gamma, delta, u_0 and v_0.
    private typealias State = (u: SIMD8<Double>, v: SIMD8<Double>)
    /// The lane of the value; lanes 0 to 5 are the derivatives.
    private static let value = 6

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        var rates = SIMD4<Double>.zero
        for i in 0..<4 { rates[i] = Elementary.exp(position[i]) }
        var state: State = (.zero, .zero)
        (state.u[4], state.v[5]) = (1, 1)
        (state.u[Self.value], state.v[Self.value]) = (position[4], position[5])
        var (squares, slopes) = (SIMD2<Double>.zero, (SIMD8<Double>.zero, SIMD8<Double>.zero))
        let step = 1 / Double(Self.stepsPerYear)
        for (year, point) in observed.enumerated() {
            if year > 0 { for _ in 0..<Self.stepsPerYear { state = Self.advance(state, rates, by: step) } }
            let residuals = SIMD2(point.0 - state.u[Self.value], point.1 - state.v[Self.value])
            squares += residuals * residuals
            slopes.0 += residuals[0] * state.u
            slopes.1 += residuals[1] * state.v
        }
        var logDensity = 0.0
        let n = Double(observed.count)
        for i in 0..<4 {
            let (mean, sd) = i % 2 == 0 ? (1.0, 0.5) : (0.05, 0.05)
            let z = (rates[i] - mean) / sd
            logDensity += position[i] - 0.5 * z * z
            gradient[i] = 1 - z / sd * rates[i]
        }
        for i in 4..<6 {
            let z = position[i] - Elementary.log(10)
            logDensity -= 0.5 * z * z
            gradient[i] = -z
        }
        for i in 0..<2 {
            let logSigma = position[6 + i]
            let precision = Elementary.exp(-2 * logSigma)
            let z = logSigma + 1
            logDensity -= 0.5 * z * z + n * logSigma + 0.5 * precision * squares[i]
            gradient[6 + i] = -z - n + precision * squares[i]
            let slope = precision * (i == 0 ? slopes.0 : slopes.1)
            for j in 0..<6 { gradient[j] = gradient[j] + slope[j] }
        }
        return logDensity
    }

    private static func advance(_ state: State, _ rates: SIMD4<Double>, by step: Double) -> State {
        func moved(_ slope: State, _ share: Double) -> State {
            (state.u + (share * step) * slope.u, state.v + (share * step) * slope.v)
        }
        let first = slopes(state, rates)
        let second = slopes(moved(first, 0.5), rates)
        let third = slopes(moved(second, 0.5), rates)
        let fourth = slopes(moved(third, 1), rates)
        let sixth = step / 6
        return (
            state.u + sixth * (first.u + 2 * second.u + 2 * third.u + fourth.u),
            state.v + sixth * (first.v + 2 * second.v + 2 * third.v + fourth.v)
        )
    }

    private static func slopes(_ state: State, _ rates: SIMD4<Double>) -> State {
        let eaten = rates[1] * Elementary.exp(state.v[value])
        let fed = rates[3] * Elementary.exp(state.u[value])
        var (byU, byV) = (-eaten * state.v, fed * state.u)
        byU[0] += rates[0]
        byU[1] -= eaten
        byV[2] -= rates[2]
        byV[3] += fed
        byU[value] = rates[0] - eaten
        byV[value] = fed - rates[2]
        return (byU, byV)
    }
}

/// N(0, A) with eigenvalues of A spread evenly in their logarithms over `ratio`, turned by a product of reflections at
/// random, so that no coordinate is an axis.
final class TurnedGaussian: LogDensity {
    let dimension: Int
    private let precisions: [Double]
    private let normals: [[Double]]
    private var z: [Double]

    init(dimension: Int, ratio: Double, seed: UInt64, reflections: Int = 3) {
        self.dimension = dimension
        var stream = RandomStream(key: StreamKey(seed: seed, kind: 1, index: 0), iteration: 0, site: 0)
        precisions = (0..<dimension).map {
            Elementary.exp(Elementary.log(ratio) * (Double($0) / Double(max(1, dimension - 1)) - 0.5))
        }
        normals = (0..<reflections).map { _ in
            let normal = (0..<dimension).map { _ in stream.normal() }
            let length = Reductions.squaredNorm(normal).squareRoot()
            return normal.map { $0 / length }
        }
        z = precisions
    }

    func evaluate(at position: Span<Double>, gradient: inout MutableSpan<Double>) -> Double {
        for i in 0..<dimension { z[i] = position[i] }
        for normal in normals { reflect(normal) }
        var logDensity = 0.0
        for i in 0..<dimension {
            logDensity -= 0.5 * precisions[i] * z[i] * z[i]
            z[i] *= -precisions[i]
        }
        for normal in normals.reversed() { reflect(normal) }
        for i in 0..<dimension { gradient[i] = z[i] }
        return logDensity
    }

    private func reflect(_ normal: [Double]) {
        let weight = 2 * Reductions.dot(z, normal)
        for i in 0..<dimension { z[i] -= weight * normal[i] }
    }
}
