/// Elementary functions built from additions, multiplications, divisions, comparisons and integer operations alone.
///
/// Every function exists for eight lanes and for one value, by the same operations in the same order, so a lane and
/// a scalar agree to the bit on every processor. No operation is fused and no library function is called.
/// This file holds the eight lanes; `ElementaryScalar.swift` the single values. Error bounds are in units of the last
/// place (ulp) of the result.
package enum Elementary {
    /// The reduced argument of exp: x = n ln 2 + r, |r| <= ln(2)/2; `shifted` holds n in its low bits, and
    /// `tail` is r + r^2 Q(r), close to e^r - 1.
    @inlinable @inline(__always)
    static func reducedExp(_ x: SIMD8<Double>) -> (shifted: SIMD8<Double>, tail: SIMD8<Double>) {
        typealias C = ElementaryConstants
        let high = SIMD8<Double>(repeating: C.expHighest)
        let low = SIMD8<Double>(repeating: C.expLowest)
        let below = x.replacing(with: high, where: x .> high)
        let clamped = below.replacing(with: low, where: below .< low)
        let shifted = clamped * C.log2E + C.roundingMagic
        let n = shifted - C.roundingMagic
        let r = (clamped - n * C.ln2High) - n * C.ln2Low
        let r2 = r * r
        let r4 = r2 * r2
        let q01 = r * C.q1 + C.q0
        let q23 = r * C.q3 + C.q2
        let q45 = r * C.q5 + C.q4
        let q67 = r * C.q7 + C.q6
        let q89 = r * C.q9 + C.q8
        let q03 = q23 * r2 + q01
        let q47 = q67 * r2 + q45
        let q07 = r4 * q47 + q03
        let q = (r4 * r4) * q89 + q07
        return (shifted, r + r2 * q)
    }

    /// e^x, at most 1.2 ulp for -708 <= x <= 709.
    ///
    /// The argument is clamped to that range: exp(-inf) is 3.3e-308 and exp(+inf) is 8.2e307. NaN gives NaN.
    @inlinable @inline(__always)
    package static func exp(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let (shifted, tail) = reducedExp(x)
        let p = 1.0 + tail
        let bits = unsafeBitCast(p, to: SIMD8<UInt64>.self) &+ (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &<< 52)
        return unsafeBitCast(bits, to: SIMD8<Double>.self)
    }

    /// e^x - 1 with a small relative error also near 0, at most 2.6 ulp; the argument is clamped as that of `exp`.
    @inlinable @inline(__always)
    package static func expm1(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let (shifted, tail) = reducedExp(x)
        let one = SIMD8<UInt64>(repeating: 0x3ff0_0000_0000_0000)
        let bits = one &+ (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &<< 52)
        let scale = unsafeBitCast(bits, to: SIMD8<Double>.self)
        return scale * tail + (scale - 1.0)
    }

    /// The natural logarithm, at most 1.2 ulp, of a positive normal number; any other argument gives an undefined value.
    ///
    /// The method and coefficients are those of fdlibm's e_log.c (Sun Microsystems, 1993).
    @inlinable @inline(__always)
    package static func log(_ x: SIMD8<Double>) -> SIMD8<Double> {
        typealias C = ElementaryConstants
        let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self)
        let offset = bits &- SIMD8<UInt64>(repeating: C.logOffset)
        let mantissa = bits &- (offset & C.exponentMask) &+ SIMD8<UInt64>(repeating: C.exponentBias1024)
        let magic = SIMD8<UInt64>(repeating: C.roundingMagic.bitPattern)
        let e = unsafeBitCast((offset &>> 52) &+ magic, to: SIMD8<Double>.self) - (C.roundingMagic + 1024)
        let f = unsafeBitCast(mantissa, to: SIMD8<Double>.self) - 1.0
        let s = f / (2.0 + f)
        let z = s * s
        let w = z * z
        let even = w * (C.l2 + w * (C.l4 + w * C.l6))
        let odd = z * (C.l1 + w * (C.l3 + w * (C.l5 + w * C.l7)))
        let halfSquare = 0.5 * (f * f)
        let correction = s * (halfSquare + (odd + even)) + e * C.ln2Low
        return e * C.ln2High - ((halfSquare - correction) - f)
    }

    /// log(1 + x), at most 2.5 ulp, for finite x > -1; any other argument gives an undefined value.
    ///
    /// With u = 1 + x rounded, log u is corrected by the rounding error (x - (u - 1))/u.
    @inlinable @inline(__always)
    package static func log1p(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let u = 1.0 + x
        return log(u) + (x - (u - 1.0)) / u
    }

    /// The logistic function 1/(1 + e^-x), at most 3 ulp for x > -708.
    @inlinable @inline(__always)
    package static func sigmoid(_ x: SIMD8<Double>) -> SIMD8<Double> {
        1.0 / (1.0 + exp(0.0 - x))
    }

    /// The hyperbolic tangent, at most 3 ulp everywhere: -E/(2 + E) with E = expm1(-2|x|), and the sign of x.
    @inlinable @inline(__always)
    package static func tanh(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let signMask: UInt64 = 0x8000_0000_0000_0000
        let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self)
        let magnitude = unsafeBitCast(bits & ~signMask, to: SIMD8<Double>.self)
        let e = expm1(-2.0 * magnitude)
        let positive = (0.0 - e) / (2.0 + e)
        let signed = unsafeBitCast(positive, to: SIMD8<UInt64>.self) | (bits & signMask)
        return unsafeBitCast(signed, to: SIMD8<Double>.self)
    }

    /// (2^y - 1)/(2^y + 1) = tanh(y ln(2)/2), at most 4.5 ulp everywhere: a logistic curve by few operations.
    ///
    /// With y = n + f, |f| <= 1/2, and tanh(f ln(2)/2) = P/Q, a quotient of polynomials, 2^y is 2^n (Q + P)/(Q - P). So
    /// with s = 2^n/2 and N = (s - 1/2) Q + (s + 1/2) P, in which nothing cancels at n = 0, the value is
    /// N/(N + (Q - P)). Beyond 64 it is 1.
    @inlinable @inline(__always)
    package static func binaryTanh(_ y: SIMD8<Double>) -> SIMD8<Double> {
        typealias C = ElementaryConstants
        let high = SIMD8<Double>(repeating: C.binaryTanhHighest)
        let low = SIMD8<Double>(repeating: 0 - C.binaryTanhHighest)
        let below = y.replacing(with: high, where: y .> high)
        let clamped = below.replacing(with: low, where: below .< low)
        let shifted = clamped + C.roundingMagic
        let f = clamped - (shifted - C.roundingMagic)
        let w = f * f
        let p = f * ((w + C.t1) * w + C.t0)
        let q = (w * C.u2 + C.u1) * w + C.u0
        let half = SIMD8<UInt64>(repeating: 0x3fe0_0000_0000_0000)
        let bits = half &+ (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &<< 52)
        let scale = unsafeBitCast(bits, to: SIMD8<Double>.self)
        let numerator = (scale - 0.5) * q + (scale + 0.5) * p
        return numerator / (numerator + (q - p))
    }

    /// log(1 + e^x) = max(x, 0) + log1p(e^-|x|), at most 3 ulp for x > -708.
    @inlinable @inline(__always)
    package static func softplus(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self) | 0x8000_0000_0000_0000
        let negative = unsafeBitCast(bits, to: SIMD8<Double>.self)
        let zero = SIMD8<Double>.zero
        return x.replacing(with: zero, where: x .< zero) + log1p(exp(negative))
    }

    /// x^s as e^(s log x), for positive normal x.
    ///
    /// One ulp of s log x is |s log x| ulp of the result, so the relative error is about 1.2 (1 + |s log x|) ulp:
    /// use it for |s log x| up to about 10.
    @inlinable @inline(__always)
    package static func power(_ x: SIMD8<Double>, _ exponent: SIMD8<Double>) -> SIMD8<Double> {
        exp(exponent * log(x))
    }

    /// sin and cos of 2 pi u, at most 2 ulp, for |u| < 2^48; exact at multiples of a quarter.
    ///
    /// u = k/4 + f with |f| <= 1/8 is exact; the low two bits of k choose and sign the two polynomials.
    @inlinable @inline(__always)
    package static func sinCosTwoPi(_ u: SIMD8<Double>) -> (sin: SIMD8<Double>, cos: SIMD8<Double>) {
        typealias C = ElementaryConstants
        let shifted = 4.0 * u + C.roundingMagic
        let quarters = unsafeBitCast(shifted, to: SIMD8<UInt64>.self)
        let f = u - 0.25 * (shifted - C.roundingMagic)
        let z = f * f
        let pLow = C.p0 + z * (C.p1 + z * (C.p2 + z * C.p3))
        let pHigh = C.p4 + z * (C.p5 + z * C.p6)
        let rLow = C.r0 + z * (C.r1 + z * (C.r2 + z * C.r3))
        let rHigh = C.r4 + z * (C.r5 + z * C.r6)
        let z4 = (z * z) * (z * z)
        let sine = f * C.s0 + f * (C.s0Low + z * (pLow + z4 * pHigh))
        let cosine = 1.0 + z * (rLow + z4 * rHigh)
        let isOdd = (quarters & 1) .== 1
        let sinBits = unsafeBitCast(sine.replacing(with: cosine, where: isOdd), to: SIMD8<UInt64>.self)
        let cosBits = unsafeBitCast(cosine.replacing(with: sine, where: isOdd), to: SIMD8<UInt64>.self)
        let sinSign = (quarters & 2) &<< 62
        let cosSign = ((quarters &+ 1) & 2) &<< 62
        return (
            unsafeBitCast(sinBits ^ sinSign, to: SIMD8<Double>.self),
            unsafeBitCast(cosBits ^ cosSign, to: SIMD8<Double>.self)
        )
    }
}
