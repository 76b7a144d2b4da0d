/// What grows with the size of something, by what it was at a few sizes: between two of them along a line, and beyond the
/// last as between the last two.
package struct MeasuredCost: Sendable, Hashable {
    private let sizes: [Double]
    private let values: [Double]

    /// - Parameter measured: one size or more, growing; one alone is taken for the same at every size.
    package init(_ measured: [(size: Int, value: Double)]) {
        precondition(!measured.isEmpty, "nothing was measured")
        precondition(zip(measured, measured.dropFirst()).allSatisfy { $0.size < $1.size }, "sizes that do not grow")
        sizes = measured.map { Double($0.size) }
        values = measured.map(\.value)
    }

    package func value(at size: Int) -> Double {
        let last = sizes.count - 1
        guard last > 0 else { return values[0] }
        let upper = (1...last).first { sizes[$0] >= Double(size) } ?? last
        // More never costs less: the smaller one was disturbed.
        let slope = max(0, (values[upper] - values[upper - 1]) / (sizes[upper] - sizes[upper - 1]))
        return max(0, values[upper] + slope * (Double(size) - sizes[upper]))
    }

    /// The largest size beyond those that were measured whose value is at most this; the largest measured, where that is more
    /// already. Without an end where values do not grow.
    package func size(for value: Double) -> Int {
        let last = sizes.count - 1
        let slope = last > 0 ? max(0, (values[last] - values[last - 1]) / (sizes[last] - sizes[last - 1])) : 0
        guard value > values[last] else { return Int(sizes[last]) }
        return Int(exactly: (sizes[last] + (value - values[last]) / slope).rounded(.down)) ?? .max
    }

    /// What a size costs more than the largest that was measured.
    package func surplus(at size: Int) -> Double { value(at: size) - values[values.count - 1] }
}
