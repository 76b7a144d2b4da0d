/// Rounds the cells of a column so that what is printed adds up to the total that is printed: each is cut to the digits, and
/// the units that are then missing go to those that lost most (Hare's method of seats).
package enum LargestRemainder {
    /// The largest number of units that a cell or a total may have: whole numbers are exact so far.
    private static let unitsMax = 9e15

    /// Cells in units of the last printed digit, and their sum, which is the rounded total of the values.
    ///
    /// - Parameters:
    ///   - values: finite.
    ///   - unit: what the last printed digit stands for, for example 0.01.
    /// - Returns: nil where a number is not finite or has too many digits.
    package static func units(_ values: [Double], unit: Double) -> (cells: [Int], total: Int)? {
        var sum = 0.0
        for value in values { sum += value }
        let size = values.reduce(0.0) { $0 + abs($1) }
        guard size.isFinite, size / unit < unitsMax else { return nil }
        let scaled = values.map { $0 / unit }
        var cells = scaled.map { Int($0.rounded(.down)) }
        let total = Int((sum / unit).rounded())
        let missing = total - cells.reduce(0, +)
        // Rounding of the sum may take one unit too few or too many for the remainders; it then goes round once more.
        let order = cells.indices.sorted { first, second in
            let (a, b) = (scaled[first] - scaled[first].rounded(.down), scaled[second] - scaled[second].rounded(.down))
            return a == b ? first < second : a > b
        }
        guard !order.isEmpty else { return ([], total) }
        for step in 0..<abs(missing) { cells[order[step % order.count]] += missing > 0 ? 1 : -1 }
        return (cells, total)
    }
}
