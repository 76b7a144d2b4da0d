extension Elementary {
    @inlinable @inline(__always)
    static func reducedExp(_ x: Double) -> (shifted: Double, tail: Double) {
        typealias C = ElementaryConstants
        let below = x > C.expHighest ? C.expHighest : x
        let clamped = below < C.expLowest ? C.expLowest : below
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

    /// e^x, at most 1.2 ulp for -708 <= x <= 709; the same bits as a lane.
    ///
    /// The argument is clamped to that range: exp(-inf) is 3.3e-308 and exp(+inf) is 8.2e307. NaN gives NaN.
    @inlinable @inline(__always)
    package static func exp(_ x: Double) -> Double {
        let (shifted, tail) = reducedExp(x)
        return Double(bitPattern: (1.0 + tail).bitPattern &+ (shifted.bitPattern &<< 52))
    }

    /// e^x - 1 with a small relative error also near 0, at most 2.6 ulp; the argument is clamped as that of `exp`.
    @inlinable @inline(__always)
    package static func expm1(_ x: Double) -> Double {
        let (shifted, tail) = reducedExp(x)
        let scale = Double(bitPattern: 0x3ff0_0000_0000_0000 &+ (shifted.bitPattern &<< 52))
        return scale * tail + (scale - 1.0)
    }

    @inlinable @inline(__always)
    static func normalLog(_ x: Double) -> Double {
        typealias C = ElementaryConstants
        let bits = x.bitPattern
        let offset = bits &- C.logOffset
        let mantissa = bits &- (offset & C.exponentMask) &+ C.exponentBias1024
        let e =
            Double(bitPattern: (offset &>> 52) &+ C.roundingMagic.bitPattern) - (C.roundingMagic + 1024)
        let f = Double(bitPattern: mantissa) - 1.0
        let s = f / (2.0 + f)
        let z = s * s
        let w = z * z
        let even = w * (C.l2 + w * (C.l4 + w * C.l6))
        let odd = z * (C.l1 + w * (C.l3 + w * (C.l5 + w * C.l7)))
        let halfSquare = 0.5 * (f * f)
        let correction = s * (halfSquare + (odd + even)) + e * C.ln2Low
        return e * C.ln2High - ((halfSquare - correction) - f)
    }

    /// The natural logarithm, at most 1.2 ulp; the same bits as a lane for positive normal numbers.
    ///
    /// log 0 is -inf, log inf is inf, a negative number or NaN gives NaN; subnormal numbers are exact inputs.
    @inlinable @inline(__always)
    package static func log(_ x: Double) -> Double {
        if x >= Double.leastNormalMagnitude && x < Double.infinity { return normalLog(x) }
        return specialLog(x)
    }

    @usableFromInline
    static func specialLog(_ x: Double) -> Double {
        if x == 0 { return -Double.infinity }
        if !(x > 0) { return Double.nan }
        if x == Double.infinity { return x }
        let n = -54.0
        return n * ElementaryConstants.ln2High + (normalLog(x * 0x1p54) + n * ElementaryConstants.ln2Low)
    }

    /// log(1 + x), at most 2.5 ulp; log1p(-1) is -inf, log1p(inf) is inf, below -1 and NaN give NaN.
    @inlinable @inline(__always)
    package static func log1p(_ x: Double) -> Double {
        if !(x > -1 && x < Double.infinity) { return specialLog(1.0 + x) }
        let u = 1.0 + x
        return normalLog(u) + (x - (u - 1.0)) / u
    }

    /// The logistic function 1/(1 + e^-x), at most 3 ulp for x > -708.
    @inlinable @inline(__always)
    package static func sigmoid(_ x: Double) -> Double {
        1.0 / (1.0 + exp(0.0 - x))
    }

    /// The hyperbolic tangent, at most 3 ulp everywhere.
    @inlinable @inline(__always)
    package static func tanh(_ x: Double) -> Double {
        let signMask: UInt64 = 0x8000_0000_0000_0000
        let bits = x.bitPattern
        let e = expm1(-2.0 * Double(bitPattern: bits & ~signMask))
        let positive = (0.0 - e) / (2.0 + e)
        return Double(bitPattern: positive.bitPattern | (bits & signMask))
    }

    /// (2^y - 1)/(2^y + 1) = tanh(y ln(2)/2), at most 4.5 ulp everywhere.
    @inlinable @inline(__always)
    package static func binaryTanh(_ y: Double) -> Double {
        typealias C = ElementaryConstants
        let below = y > C.binaryTanhHighest ? C.binaryTanhHighest : y
        let clamped = below < 0 - C.binaryTanhHighest ? 0 - C.binaryTanhHighest : below
        let shifted = clamped + C.roundingMagic
        let f = clamped - (shifted - C.roundingMagic)
        let w = f * f
        let p = f * ((w + C.t1) * w + C.t0)
        let q = (w * C.u2 + C.u1) * w + C.u0
        let scale = Double(bitPattern: 0x3fe0_0000_0000_0000 &+ (shifted.bitPattern &<< 52))
        let numerator = (scale - 0.5) * q + (scale + 0.5) * p
        return numerator / (numerator + (q - p))
    }

    /// log(1 + e^x), at most 3 ulp for x > -708.
    @inlinable @inline(__always)
    package static func softplus(_ x: Double) -> Double {
        let negative = Double(bitPattern: x.bitPattern | 0x8000_0000_0000_0000)
        let t = exp(negative)
        let u = 1.0 + t
        return (x < 0 ? 0 : x) + (normalLog(u) + (t - (u - 1.0)) / u)
    }

    /// x^s as e^(s log x), for x > 0: relative error about 1.2 (1 + |s log x|) ulp.
    ///
    /// Outside the clamp of `exp` the result stays at 3.3e-308 or 8.2e307, so 0 to a positive power is 3.3e-308.
    @inlinable @inline(__always)
    package static func power(_ x: Double, _ exponent: Double) -> Double {
        exp(exponent * log(x))
    }

    /// log(e^a + e^b) = max + log1p(e^(min - max)); either may be -inf, and two -inf give -inf.
    @inlinable @inline(__always)
    package static func logSumExp(_ a: Double, _ b: Double) -> Double {
        let larger = a < b ? b : a
        let smaller = a < b ? a : b
        if smaller == -Double.infinity || larger == Double.infinity { return larger }
        return larger + log1p(exp(smaller - larger))
    }

    /// sin and cos of 2 pi u, at most 2 ulp, for |u| < 2^48; exact at multiples of a quarter.
    @inlinable @inline(__always)
    package static func sinCosTwoPi(_ u: Double) -> (sin: Double, cos: Double) {
        typealias C = ElementaryConstants
        let shifted = 4.0 * u + C.roundingMagic
        let quarters = shifted.bitPattern
        let f = u - 0.25 * (shifted - C.roundingMagic)
        let z = f * f
        let pLow = C.p0 + z * (C.p1 + z * (C.p2 + z * C.p3))
        let pHigh = C.p4 + z * (C.p5 + z * C.p6)
        let rLow = C.r0 + z * (C.r1 + z * (C.r2 + z * C.r3))
        let rHigh = C.r4 + z * (C.r5 + z * C.r6)
        let z4 = (z * z) * (z * z)
        let sine = f * C.s0 + f * (C.s0Low + z * (pLow + z4 * pHigh))
        let cosine = 1.0 + z * (rLow + z4 * rHigh)
        let isOdd = quarters & 1 == 1
        let sinBits = (isOdd ? cosine : sine).bitPattern
        let cosBits = (isOdd ? sine : cosine).bitPattern
        let sinSign = (quarters & 2) &<< 62
        let cosSign = ((quarters &+ 1) & 2) &<< 62
        return (Double(bitPattern: sinBits ^ sinSign), Double(bitPattern: cosBits ^ cosSign))
    }
}
