import Kernels
import Testing

struct SingularValuesTests {
    /// Numbers without a pattern, by a linear congruence.
    private static func columns(_ count: Int, rows: Int) -> [[Double]] {
        var state: UInt64 = 7
        return (0..<count).map { _ in
            (0..<rows).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Double(state >> 40) / 0x1p23 - 1
            }
        }
    }

    private static func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test("U and V have orthonormal columns and give the matrix back", arguments: [1, 7, 21])
    func decomposition(rows: Int) {
        let columns = Self.columns(min(5, rows), rows: rows)
        let found = SingularValues(columns: columns)
        for factor in [found.left, found.right] {
            for (i, x) in factor.enumerated() {
                for (j, y) in factor.enumerated() { #expect(abs(Self.dot(x, y) - (i == j ? 1 : 0)) < 1e-13) }
            }
        }
        for (index, column) in columns.enumerated() {
            for row in column.indices {
                let value = found.values.indices.reduce(0.0) {
                    $0 + found.left[$1][row] * found.values[$1] * found.right[$1][index]
                }
                #expect(abs(value - column[row]) < 1e-13)
            }
        }
    }

    @Test("a column that follows from others is left out, and columns that are orthogonal stay as they are")
    func rank() {
        let columns = Self.columns(2, rows: 12)
        let sum = zip(columns[0], columns[1]).map { $0 + $1 }
        #expect(SingularValues(columns: columns + [sum]).values.count == 2)
        let found = SingularValues(columns: [[3, 0, 0], [0, 0, -2]])
        #expect(found.values == [3, 2] && found.left == [[1, 0, 0], [0, 0, -1]])
        #expect(found.right == [[1, 0], [0, 1]])
    }
}
