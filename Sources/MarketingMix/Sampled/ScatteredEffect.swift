import Densities
import Kernels
import ModelDefinition

/// The deviations z_g of a channel's effect in the geos, sampled along directions of what the data tell of them.
///
/// With an orthogonal V, z = V t is as standard normal as t. Where the data tell η t_k far better than its prior does,
/// t_k moves against η along a curved ridge; where they tell nothing, as of what all geos have in common, which the
/// channel's return takes up, η t_k makes a funnel. So ζ_k = η^(c_k) t_k is sampled, N(t_k | 0, 1) dt_k =
/// N(ζ_k | 0, η^(c_k)) dζ_k, with c_k between 0, t_k itself, and 1, η t_k (methods: partial non-centring).
package struct ScatteredEffect: Sendable {
    /// Index of the channel.
    package let channel: Int
    /// The model's coordinates of z, in which ζ lies, and the places of z; by geo.
    let coordinates: [Int]
    let places: [Int]
    /// Place of η.
    let scale: Int
    /// c by direction.
    package let exponents: [Double]
    /// V row by row, and column by column; each padded to whole vectors.
    private let rows: [SIMD8<Double>]
    private let columns: [SIMD8<Double>]
    private let vectorCount: Int

    /// - Parameter directions: columns of V, one after the other.
    init(channel: Int, coordinates: [Int], places: [Int], scale: Int, exponents: [Double], directions: [Double]) {
        self.channel = channel
        self.coordinates = coordinates
        self.places = places
        self.scale = scale
        self.exponents = exponents
        let count = places.count
        let vectorCount = (count + 7) / 8
        var rows = [SIMD8<Double>](repeating: .zero, count: count * vectorCount)
        var columns = rows
        for direction in 0..<count {
            for geo in 0..<count {
                let value = directions[direction * count + geo]
                columns[direction * vectorCount + geo / 8][geo % 8] = value
                rows[geo * vectorCount + direction / 8][direction % 8] = value
            }
        }
        self.rows = rows
        self.columns = columns
        self.vectorCount = vectorCount
    }

    /// What one evaluation keeps: t, d log density ÷ dz and η^(c_k).
    struct Scratch {
        fileprivate var standard: [SIMD8<Double>]
        fileprivate var slopes: [SIMD8<Double>]
        fileprivate var powers: [Double]
    }

    var scratch: Scratch {
        let vectors = [SIMD8<Double>](repeating: .zero, count: vectorCount)
        return Scratch(standard: vectors, slopes: vectors, powers: exponents)
    }

    /// Sets z and returns the log density of ζ.
    func evaluate(at position: [Double], values: inout [Double], _ scratch: inout Scratch) -> Double {
        let logScale = Elementary.log(values[scale])
        var logDensity = 0.0
        for index in exponents.indices {
            let logPower = exponents[index] * logScale
            let power = Elementary.exp(logPower)
            let standard = position[coordinates[index]] / power
            scratch.powers[index] = power
            scratch.standard[index / 8][index % 8] = standard
            logDensity += -0.5 * standard * standard - logPower - SpecialFunctions.halfLogTwoPi
        }
        for geo in places.indices { values[places[geo]] = product(rows, geo, scratch.standard) }
        return logDensity
    }

    /// Turns the derivatives in z into those in ζ and η.
    func pullBack(
        into valueGradient: inout [Double], _ modelGradient: inout [Double], _ values: [Double],
        _ scratch: inout Scratch
    ) {
        for geo in places.indices { scratch.slopes[geo / 8][geo % 8] = valueGradient[places[geo]] }
        var slope = 0.0
        for index in exponents.indices {
            let standard = scratch.standard[index / 8][index % 8]
            let own = product(columns, index, scratch.slopes) - standard
            modelGradient[coordinates[index]] = own / scratch.powers[index]
            slope += exponents[index] * (own * standard + 1)
        }
        valueGradient[scale] -= slope / values[scale]
    }

    /// ζ of z.
    func sampled(_ standard: [Double], scale: Double) -> [Double] {
        var padded = [SIMD8<Double>](repeating: .zero, count: vectorCount)
        for (geo, value) in standard.enumerated() { padded[geo / 8][geo % 8] = value }
        return exponents.indices.map { product(columns, $0, padded) * Elementary.power(scale, exponents[$0]) }
    }

    private func product(_ matrix: [SIMD8<Double>], _ row: Int, _ values: [SIMD8<Double>]) -> Double {
        CholeskyFactor.dot(matrix, row * vectorCount, values, 0, 0..<vectorCount)
    }
}

extension MarketingMixModel {
    /// Whether geos differ by deviations around what they have in common.
    package var hasScatteredGeos: Bool {
        dataset.geoCount > 1 && specification.pooling == .partial
    }
}
