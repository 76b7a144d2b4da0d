import Kernels
import ModelDefinition

/// How strongly all media of a geo work in each period: m_t = p(f_t) ÷ mean of p(f), p(f) = log(1 + e^f), with a Gaussian
/// process f = Σ_j c_j φ_j, as PyMC-Marketing has it. The mean of m over the periods is 1.
struct EffectivenessProcess: Sendable {
    /// Places of c_j.
    private let places: [Int]
    /// φ_j in the order of a geo's cells, one function after another, and 1 where a cell is no padding.
    private let basis: [SIMD8<Double>]
    private let isPeriod: [SIMD8<Double>]
    private let periodCount: Double
    /// Of the last evaluation: f, then m, and what media were before.
    private var process: [SIMD8<Double>]
    private var multipliers: [SIMD8<Double>]
    private var media: [SIMD8<Double>]
    private var mean = 1.0

    init(places: [Int], basis: [[Double]], order: PeriodOrder) {
        self.places = places
        self.basis = basis.flatMap { order.vectors($0) }
        isPeriod = order.vectors([Double](repeating: 1, count: order.periods))
        periodCount = Double(order.periods)
        process = isPeriod
        multipliers = isPeriod
        media = isPeriod
    }

    /// Multiplies the media of a geo, one value a cell from `start` on.
    mutating func apply(to cells: inout [Double], from start: Int, values: [Double]) {
        let count = process.count
        for vector in 0..<count { process[vector] = .zero }
        for (index, place) in places.enumerated() {
            let coefficient = SIMD8<Double>(repeating: values[place])
            for vector in 0..<count { process[vector] += coefficient * basis[index * count + vector] }
        }
        var total = SIMD8<Double>.zero
        for vector in 0..<count {
            multipliers[vector] = isPeriod[vector] * Self.softplus(process[vector])
            total += multipliers[vector]
        }
        mean = Reductions.horizontalSum(total) / periodCount
        for vector in 0..<count {
            multipliers[vector] /= mean
            media[vector] = Reductions.lanes(cells.span, at: start + 8 * vector)
            let product = multipliers[vector] * media[vector]
            for lane in 0..<8 { cells[start + 8 * vector + lane] = product[lane] }
        }
    }

    /// Turns d log p/d mean of a geo's cells into that in its media before they were multiplied, and adds the derivatives
    /// in c_j.
    mutating func pullBack(_ slopes: inout [Double], from start: Int, gradient: inout [Double]) {
        let count = process.count
        var shared = SIMD8<Double>.zero
        for vector in 0..<count {
            let slope = Reductions.lanes(slopes.span, at: start + 8 * vector)
            let own = slope * media[vector]
            shared += own * multipliers[vector]
            let before = slope * multipliers[vector]
            for lane in 0..<8 { slopes[start + 8 * vector + lane] = before[lane] }
            media[vector] = own
        }
        let common = SIMD8<Double>(repeating: Reductions.horizontalSum(shared) / periodCount)
        for vector in 0..<count {
            let slope = isPeriod[vector] * (media[vector] - common) / mean
            media[vector] = slope * Elementary.sigmoid(process[vector])
        }
        for (index, place) in places.enumerated() {
            var sum = SIMD8<Double>.zero
            for vector in 0..<count { sum += media[vector] * basis[index * count + vector] }
            gradient[place] += Reductions.horizontalSum(sum)
        }
    }

    private static func softplus(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let isPositive = x .> SIMD8.zero
        let magnitude = x.replacing(with: 0 - x, where: x .< SIMD8.zero)
        return SIMD8<Double>.zero.replacing(with: x, where: isPositive)
            + Elementary.log1p(Elementary.exp(0 - magnitude))
    }
}

extension MarketingMixModel {
    /// m_t of a geo at one draw; nil where media always work alike.
    func effectiveness(geo: Int, parameters values: [Double]) -> [Double]? {
        guard !parameters.effectiveness.isEmpty else { return nil }
        let places = parameters.effectiveness[min(geo, parameters.effectiveness.count - 1)]
        let order = PeriodOrder(periods: dataset.periodCount, channels: 8)
        var process = EffectivenessProcess(places: places, basis: effectivenessBasis.map(\.values), order: order)
        var cells = [Double](repeating: 1, count: order.count)
        process.apply(to: &cells, from: 0, values: values)
        return (0..<dataset.periodCount).map { cells[order.index(of: $0)] }
    }
}
