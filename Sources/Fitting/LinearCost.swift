/// What grows evenly with the size of something, by what it was at two sizes.
package struct LinearCost: Sendable, Hashable {
    /// At the larger size.
    package let size: Double
    package let value: Double
    /// Of one more.
    package let slope: Double

    /// The same at every size.
    package init(always value: Double) {
        (size, self.value, slope) = (0, value, 0)
    }

    /// - Parameters: what it was at two sizes, in any order. A larger size never costs less: there the smaller one was
    ///   disturbed.
    package init(_ one: (size: Int, value: Double), _ other: (size: Int, value: Double)) {
        let (small, large) = one.size < other.size ? (one, other) : (other, one)
        size = Double(large.size)
        value = large.value
        slope = small.size < large.size ? max(0, (large.value - small.value) / Double(large.size - small.size)) : 0
    }

    package func value(at size: Int) -> Double { max(0, value + slope * (Double(size) - self.size)) }
}
