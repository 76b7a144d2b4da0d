import Kernels
import Testing

@Suite struct ReductionsTests {
    /// The documented order, element by element.
    static func orderedSum(_ terms: [Double]) -> Double {
        var lanes = [Double](repeating: 0, count: 8)
        let body = terms.count / 8 * 8
        for i in 0..<body { lanes[i % 8] += terms[i] }
        var total =
            ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
        for i in body..<terms.count { total += terms[i] }
        return total
    }

    static func numbers(_ count: Int, site: UInt32) -> [Double] {
        var stream = RandomStream(key: StreamKey(seed: 11, kind: 0, index: 0), iteration: 0, site: site)
        return (0..<count).map { _ in stream.normal() }
    }

    @Test("every sum has the bits of the documented order", arguments: [0, 1, 7, 8, 9, 16, 23, 179, 1000])
    func order(count: Int) {
        let x = Self.numbers(count, site: 1)
        let y = Self.numbers(count, site: 2)
        #expect(Reductions.sum(x) == Self.orderedSum(x))
        #expect(Reductions.dot(x, y) == Self.orderedSum(zip(x, y).map { $0 * $1 }))
        #expect(Reductions.squaredNorm(x) == Self.orderedSum(x.map { $0 * $0 }))
        let weighted = Reductions.weightedSquaredNorm(x.span, weights: y.span)
        #expect(weighted == Self.orderedSum(zip(x, y).map { ($1 * $0) * $0 }))
    }

    @Test("the lanes are summed in the documented tree")
    func tree() {
        // The tree (0+4)+(2+6) + (1+5)+(3+7) cancels 1e16 before the small numbers are lost; a running sum does not.
        let v = SIMD8<Double>(1e16, 1, 3, 5, -1e16, 7, 11, 13)
        #expect(Reductions.horizontalSum(v) == 40)
        let w = SIMD8<Double>(1e16, 1, -1e16, 0, 1, 0, 0, 0)
        #expect(Reductions.horizontalSum(w) == 1)
    }

    @Test("vector operations are elementwise")
    func vectors() {
        let count = 21
        let x = Self.numbers(count, site: 3)
        let d = Self.numbers(count, site: 4)
        let start = Self.numbers(count, site: 5)
        var y = start
        do {
            var span = y.mutableSpan
            VectorAlgebra.axpy(0.7, x.span, into: &span)
        }
        #expect(y == zip(start, x).map { $0 + 0.7 * $1 })
        y = start
        do {
            var span = y.mutableSpan
            VectorAlgebra.axpy(0.7, diagonal: d.span, x.span, into: &span)
        }
        #expect(y == (0..<count).map { start[$0] + 0.7 * (d[$0] * x[$0]) })
        do {
            var span = y.mutableSpan
            VectorAlgebra.multiply(x.span, d.span, into: &span)
        }
        #expect(y == zip(x, d).map { $0 * $1 })
        do {
            var span = y.mutableSpan
            VectorAlgebra.add(x.span, d.span, into: &span)
        }
        #expect(y == zip(x, d).map { $0 + $1 })
        do {
            var span = y.mutableSpan
            VectorAlgebra.subtract(x.span, d.span, into: &span)
        }
        #expect(y == zip(x, d).map { $0 - $1 })
        do {
            var span = y.mutableSpan
            VectorAlgebra.copy(x.span, into: &span)
            VectorAlgebra.scale(&span, by: -2)
        }
        #expect(y == x.map { -2 * $0 })
        var z = d
        var squares = (xx: 0.0, yy: 0.0)
        do {
            var first = y.mutableSpan
            var second = z.mutableSpan
            VectorAlgebra.copy(x.span, into: &first)
            squares = VectorAlgebra.rotate(&first, &second, cosine: 0.8, sine: 0.6)
        }
        #expect(squares.xx == Reductions.squaredNorm(y) && squares.yy == Reductions.squaredNorm(z))
        #expect(y == zip(x, d).map { 0.8 * $0 - 0.6 * $1 } && z == zip(x, d).map { 0.6 * $0 + 0.8 * $1 })
        do {
            var span = y.mutableSpan
            VectorAlgebra.fill(&span, with: 3)
        }
        #expect(y == [Double](repeating: 3, count: count))
    }
}
