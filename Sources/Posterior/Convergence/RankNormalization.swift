import Kernels

/// Chains × draws as they enter the diagnostics of Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021),
/// "Rank-normalization, folding, and localization".
enum RankNormalization {
    /// Each chain cut into halves; the middle draw of an odd number is dropped.
    static func split(_ chains: [[Double]]) -> [[Double]] {
        chains.flatMap { chain in
            let half = chain.count / 2
            return [Array(chain[..<half]), Array(chain[(chain.count - half)...])]
        }
    }

    /// z = Φ⁻¹((rank − 3/8) ÷ (S + 1/4)) with average ranks over all chains.
    static func normalized(_ chains: [[Double]]) -> [[Double]] {
        let values = chains.flatMap { $0 }
        let order = values.indices.sorted { values[$0] < values[$1] || (values[$0] == values[$1] && $0 < $1) }
        var scores = [Double](repeating: 0, count: values.count)
        var first = 0
        while first < order.count {
            var last = first
            while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
            let rank = Double(first + last) / 2 + 1
            let score = SpecialFunctions.normalQuantile((rank - 0.375) / (Double(values.count) + 0.25))
            for position in first...last { scores[order[position]] = score }
            first = last + 1
        }
        var start = 0
        return chains.map { chain in
            defer { start += chain.count }
            return Array(scores[start..<start + chain.count])
        }
    }

    /// |x − median|.
    static func folded(_ chains: [[Double]]) -> [[Double]] {
        let median = Quantiles.quantiles([0.5], of: chains.flatMap { $0 })[0]
        return chains.map { chain in chain.map { abs($0 - median) } }
    }

    /// True where the diagnostics have no meaning: too few draws, or a NaN among them.
    static func isUnusable(_ chains: [[Double]]) -> Bool {
        guard let first = chains.first, first.count >= 4 else { return true }
        return chains.contains { $0.count != first.count || $0.contains(where: \.isNaN) }
    }
}

/// Sums in the order of the values.
enum Moments {
    static func mean(_ values: [Double]) -> Double {
        var sum = 0.0
        for value in values { sum += value }
        return sum / Double(values.count)
    }

    /// Divisor n − 1.
    static func variance(_ values: [Double]) -> Double {
        let mean = mean(values)
        var sum = 0.0
        for value in values { sum += (value - mean) * (value - mean) }
        return sum / Double(values.count - 1)
    }
}
