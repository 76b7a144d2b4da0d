import Kernels
import ModelDefinition

/// Columns of one value a cell, eight periods in a vector, with the two products that a linear model needs.
///
/// Four columns are read at a time, so that their sums do not wait for each other; columns of one geo are read in its
/// cells only. The order of every sum is fixed: cells ascending in memory, columns ascending in groups of four.
struct PeriodColumns: Sendable {
    /// Four columns that lie in the same vectors.
    private struct Group: Sendable {
        /// Where the first column begins in `values`; the others follow.
        var offset: Int
        /// The vectors of the panel in which the columns lie.
        var start: Int
        var count: Int
    }

    /// The place of each column's coefficient among `coefficientCount`, those of the padding counted.
    let slots: [Int]
    private let groups: [Group]
    private let values: [SIMD8<Double>]

    /// - Parameter columns: one value a cell: of that geo, or of all where it is nil.
    init(_ columns: [(geo: Int?, values: [Double])], order: PeriodOrder) {
        var groups: [Group] = []
        var values: [SIMD8<Double>] = []
        var slots = [Int](repeating: 0, count: columns.count)
        var keys: [Int?] = []
        for column in columns where !keys.contains(column.geo) { keys.append(column.geo) }
        for key in keys {
            let members = columns.indices.filter { columns[$0].geo == key }
            for first in stride(from: 0, to: members.count, by: 4) {
                let four = members[first..<min(first + 4, members.count)]
                let vectors = four.map { order.vectors(columns[$0].values) }
                let count = vectors[0].count
                let start = (key ?? 0) * order.vectorCount
                for (lane, member) in four.enumerated() { slots[member] = 4 * groups.count + lane }
                groups.append(Group(offset: values.count, start: start, count: count))
                values += vectors.joined()
                values += [SIMD8<Double>](repeating: .zero, count: (4 - four.count) * count)
            }
        }
        self.groups = groups
        self.values = values
        self.slots = slots
    }

    /// Number of coefficients with those of the padding.
    var coefficientCount: Int { 4 * groups.count }

    /// r_t −= Σ_j c_j z_tj; `coefficients` are by slot, 0 where a slot is padding.
    func subtract(_ coefficients: [Double], from residuals: inout [SIMD8<Double>]) {
        Self.subtract(values, groups, coefficients, from: &residuals)
    }

    private static func subtract(
        _ columns: [SIMD8<Double>], _ groups: [Group], _ coefficients: [Double], from residuals: inout [SIMD8<Double>]
    ) {
        let z = columns.span
        var r = residuals.mutableSpan
        for index in groups.indices {
            let group = groups[index]
            let c0 = SIMD8<Double>(repeating: coefficients[4 * index])
            let c1 = SIMD8<Double>(repeating: coefficients[4 * index + 1])
            let c2 = SIMD8<Double>(repeating: coefficients[4 * index + 2])
            let c3 = SIMD8<Double>(repeating: coefficients[4 * index + 3])
            let first = group.offset
            let second = first + group.count
            let third = second + group.count
            let fourth = third + group.count
            let start = group.start
            for v in 0..<group.count {
                let early = c0 * z[first + v] + c1 * z[second + v]
                let late = c2 * z[third + v] + c3 * z[fourth + v]
                r[start + v] -= early + late
            }
        }
    }

    /// Σ_t z_tj g_t by slot.
    func products(with weights: [SIMD8<Double>], into result: inout [Double]) {
        Self.products(values, groups, weights, into: &result)
    }

    private static func products(
        _ columns: [SIMD8<Double>], _ groups: [Group], _ weights: [SIMD8<Double>], into result: inout [Double]
    ) {
        let z = columns.span
        let g = weights.span
        for index in groups.indices {
            let group = groups[index]
            let second = group.offset + 2 * group.count
            let early = products(z, g, from: group.offset, group)
            let late = products(z, g, from: second, group)
            result[4 * index] = early.0
            result[4 * index + 1] = early.1
            result[4 * index + 2] = late.0
            result[4 * index + 3] = late.1
        }
    }

    /// The products of two neighbouring columns of a group: the sums of more would not stay in the registers that every
    /// processor has.
    @inline(__always)
    private static func products(
        _ columns: Span<SIMD8<Double>>, _ weights: Span<SIMD8<Double>>, from first: Int, _ group: Group
    ) -> (Double, Double) {
        var s0 = SIMD8<Double>.zero
        var s1 = s0
        for v in 0..<group.count {
            let weight = weights[group.start + v]
            s0 += weight * columns[first + v]
            s1 += weight * columns[first + group.count + v]
        }
        return (Reductions.horizontalSum(s0), Reductions.horizontalSum(s1))
    }
}
