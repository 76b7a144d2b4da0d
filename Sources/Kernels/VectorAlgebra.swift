/// Elementwise operations on vectors of one length, in place and without allocation.
///
/// Every element is computed by itself, so the result does not depend on how the loop is vectorised.
package enum VectorAlgebra {
    /// y_i = value.
    package static func fill(_ y: inout MutableSpan<Double>, with value: Double) {
        for i in 0..<y.count {
            y[i] = value
        }
    }

    /// y_i = x_i.
    package static func copy(_ x: Span<Double>, into y: inout MutableSpan<Double>) {
        precondition(x.count == y.count, "copy needs two vectors of one length")
        for i in 0..<y.count {
            y[i] = x[i]
        }
    }

    /// y_i = a y_i.
    package static func scale(_ y: inout MutableSpan<Double>, by a: Double) {
        for i in 0..<y.count {
            y[i] = a * y[i]
        }
    }

    /// y_i = y_i + a x_i.
    package static func axpy(_ a: Double, _ x: Span<Double>, into y: inout MutableSpan<Double>) {
        precondition(x.count == y.count, "axpy needs two vectors of one length")
        for i in 0..<y.count {
            y[i] = y[i] + a * x[i]
        }
    }

    /// y_(k+i) = y_(k+i) + a x_i with k = `start`: into a row of a matrix.
    package static func axpy(_ a: Double, _ x: Span<Double>, into y: inout MutableSpan<Double>, at start: Int) {
        precondition(start >= 0 && start + x.count <= y.count, "axpy needs room for its vector")
        for i in 0..<x.count {
            y[start + i] = y[start + i] + a * x[i]
        }
    }

    /// y_i = y_i + a (d_i x_i), the step of a position under a diagonal metric.
    package static func axpy(
        _ a: Double,
        diagonal d: Span<Double>,
        _ x: Span<Double>,
        into y: inout MutableSpan<Double>
    ) {
        precondition(x.count == y.count && d.count == y.count, "axpy needs vectors of one length")
        for i in 0..<y.count {
            y[i] = y[i] + a * (d[i] * x[i])
        }
    }

    /// z_i = x_i y_i.
    package static func multiply(_ x: Span<Double>, _ y: Span<Double>, into z: inout MutableSpan<Double>) {
        precondition(x.count == z.count && y.count == z.count, "multiply needs vectors of one length")
        for i in 0..<z.count {
            z[i] = x[i] * y[i]
        }
    }

    /// z_i = x_i + y_i.
    package static func add(_ x: Span<Double>, _ y: Span<Double>, into z: inout MutableSpan<Double>) {
        precondition(x.count == z.count && y.count == z.count, "add needs vectors of one length")
        for i in 0..<z.count {
            z[i] = x[i] + y[i]
        }
    }

    /// z_i = x_i - y_i.
    package static func subtract(_ x: Span<Double>, _ y: Span<Double>, into z: inout MutableSpan<Double>) {
        precondition(x.count == z.count && y.count == z.count, "subtract needs vectors of one length")
        for i in 0..<z.count {
            z[i] = x[i] - y[i]
        }
    }

    /// x_i = c x_i - s y_i and y_i = s x_i + c y_i, of the values before; returns the squared norms afterwards, in the
    /// order of `Reductions.squaredNorm`, from the same pass over memory.
    package static func rotate(
        _ x: inout MutableSpan<Double>, _ y: inout MutableSpan<Double>, cosine c: Double, sine s: Double
    ) -> (xx: Double, yy: Double) {
        precondition(x.count == y.count, "rotate needs two vectors of one length")
        var (xSquares, ySquares) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        let body = x.count & ~7
        var i = 0
        while i < body {
            let (a, b) = (Reductions.lanes(x.span, at: i), Reductions.lanes(y.span, at: i))
            let (first, second) = (c * a - s * b, s * a + c * b)
            Reductions.store(first, into: &x, at: i)
            Reductions.store(second, into: &y, at: i)
            xSquares += first * first
            ySquares += second * second
            i += 8
        }
        var squares = (xx: Reductions.horizontalSum(xSquares), yy: Reductions.horizontalSum(ySquares))
        while i < x.count {
            let (a, b) = (x[i], y[i])
            x[i] = c * a - s * b
            y[i] = s * a + c * b
            squares.xx += x[i] * x[i]
            squares.yy += y[i] * y[i]
            i += 1
        }
        return squares
    }
}
