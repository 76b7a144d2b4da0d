/// Sums in one fixed order: eight lanes in steps of eight elements, then `horizontalSum`, then the remaining elements
/// one by one in ascending order. The order is part of every result.
///
/// What is public is so for speed: the compiler puts no function of a package into the loops of another module.
public enum Reductions {
    /// The sum of the lanes, ((v0+v4)+(v2+v6)) + ((v1+v5)+(v3+v7)).
    @inlinable @inline(__always)
    public static func horizontalSum(_ v: SIMD8<Double>) -> Double {
        let four = v.lowHalf + v.highHalf
        let two = four.lowHalf + four.highHalf
        return two[0] + two[1]
    }

    /// Eight consecutive elements from index `start` on.
    @inlinable @inline(__always)
    public static func lanes(_ x: Span<Double>, at start: Int) -> SIMD8<Double> {
        unsafe x.bytes.unsafeLoadUnaligned(fromByteOffset: start &* 8, as: SIMD8<Double>.self)
    }

    /// Writes eight consecutive elements from index `start` on.
    @inlinable @inline(__always)
    public static func store(_ value: SIMD8<Double>, into x: inout MutableSpan<Double>, at start: Int) {
        precondition(start >= 0 && start + 8 <= x.count, "eight elements need their room")
        var bytes = x.mutableBytes
        bytes.storeBytes(of: value, toByteOffset: start &* 8, as: SIMD8<Double>.self)
    }

    /// The sum of x.
    package static func sum(_ x: Span<Double>) -> Double {
        var accumulator = SIMD8<Double>.zero
        let body = x.count & ~7
        var i = 0
        while i < body {
            accumulator += lanes(x, at: i)
            i += 8
        }
        var total = horizontalSum(accumulator)
        while i < x.count {
            total += x[i]
            i += 1
        }
        return total
    }

    /// The sum of x_i y_i; the two have equal lengths.
    package static func dot(_ x: Span<Double>, _ y: Span<Double>) -> Double {
        precondition(x.count == y.count, "dot needs two vectors of one length")
        var accumulator = SIMD8<Double>.zero
        let body = x.count & ~7
        var i = 0
        while i < body {
            accumulator += lanes(x, at: i) * lanes(y, at: i)
            i += 8
        }
        var total = horizontalSum(accumulator)
        while i < x.count {
            total += x[i] * y[i]
            i += 1
        }
        return total
    }

    /// The sum of x_i^2.
    package static func squaredNorm(_ x: Span<Double>) -> Double {
        dot(x, x)
    }

    /// The sum of w_i x_i^2, each term as (w_i x_i) x_i; the two have equal lengths.
    package static func weightedSquaredNorm(_ x: Span<Double>, weights w: Span<Double>) -> Double {
        precondition(x.count == w.count, "weightedSquaredNorm needs two vectors of one length")
        var accumulator = SIMD8<Double>.zero
        let body = x.count & ~7
        var i = 0
        while i < body {
            let v = lanes(x, at: i)
            accumulator += (lanes(w, at: i) * v) * v
            i += 8
        }
        var total = horizontalSum(accumulator)
        while i < x.count {
            total += (w[i] * x[i]) * x[i]
            i += 1
        }
        return total
    }

    /// The sum of x.
    package static func sum(_ x: [Double]) -> Double {
        sum(x.span)
    }

    /// The sum of x_i y_i; the two have equal lengths.
    package static func dot(_ x: [Double], _ y: [Double]) -> Double {
        dot(x.span, y.span)
    }

    /// The sum of x_i^2.
    package static func squaredNorm(_ x: [Double]) -> Double {
        dot(x.span, x.span)
    }
}
