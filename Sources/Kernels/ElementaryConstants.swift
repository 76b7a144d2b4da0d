/// Constants of the elementary functions. Changing one bit of one changes every result.
///
/// They are computed properties, so a client module folds them into its own code instead of reading globals.
@usableFromInline
enum ElementaryConstants {
    /// 1.5 * 2^52: adding it rounds to the nearest integer, which then stands in the low bits of the pattern.
    @inlinable @inline(__always) static var roundingMagic: Double { 0x1.8p52 }
    @inlinable @inline(__always) static var log2E: Double { 0x1.71547652b82fep0 }
    /// ln 2 = `ln2High` + `ln2Low`; the high part ends in 21 zero bits, so its product with an exponent is exact.
    @inlinable @inline(__always) static var ln2High: Double { 0x1.62e42feep-1 }
    @inlinable @inline(__always) static var ln2Low: Double { 0x1.a39ef35793c76p-33 }
    /// The range to which the argument of exp is clamped.
    @inlinable @inline(__always) static var expLowest: Double { -708 }
    @inlinable @inline(__always) static var expHighest: Double { 709 }

    // Q(r) close to (e^r - 1 - r)/r^2 on |r| <= ln(2)/2; derived by Tests/KernelsTests/Resources/exp_coefficients.py.
    @inlinable @inline(__always) static var q0: Double { 0x1p-1 }
    @inlinable @inline(__always) static var q1: Double { 0x1.5555555555555p-3 }
    @inlinable @inline(__always) static var q2: Double { 0x1.5555555554cb8p-5 }
    @inlinable @inline(__always) static var q3: Double { 0x1.1111111110e6bp-7 }
    @inlinable @inline(__always) static var q4: Double { 0x1.6c16c1738ecf7p-10 }
    @inlinable @inline(__always) static var q5: Double { 0x1.a01a01a4b26e2p-13 }
    @inlinable @inline(__always) static var q6: Double { 0x1.a019c9ab213aap-16 }
    @inlinable @inline(__always) static var q7: Double { 0x1.71de17e7960e6p-19 }
    @inlinable @inline(__always) static var q8: Double { 0x1.28803926c8ea8p-22 }
    @inlinable @inline(__always) static var q9: Double { 0x1.af2360e209bc8p-26 }

    /// The range to which the argument of binaryTanh is clamped: beyond it the value rounds to 1.
    @inlinable @inline(__always) static var binaryTanhHighest: Double { 64 }

    // f P(f^2)/Q(f^2) close to tanh(f ln(2)/2) on |f| <= 1/2, P = t0 + t1 w + w^2; from the same script.
    @inlinable @inline(__always) static var t0: Double { 0x1.000efd7933258p+16 }
    @inlinable @inline(__always) static var t1: Double { 0x1.b55f23b012be2p+9 }
    @inlinable @inline(__always) static var u0: Double { 0x1.716a16a0845b9p+17 }
    @inlinable @inline(__always) static var u1: Double { 0x1.3b85c88327ae1p+13 }
    @inlinable @inline(__always) static var u2: Double { 0x1.5a678241dc826p+5 }

    // The seven coefficients of log and the split of ln 2 above are those of fdlibm's e_log.c:
    //
    // Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
    //
    // Developed at SunPro, a Sun Microsystems, Inc. business.
    // Permission to use, copy, modify, and distribute this software is freely granted,
    // provided that this notice is preserved.
    @inlinable @inline(__always) static var l1: Double { 0x1.5555555555593p-1 }
    @inlinable @inline(__always) static var l2: Double { 0x1.999999997fa04p-2 }
    @inlinable @inline(__always) static var l3: Double { 0x1.2492494229359p-2 }
    @inlinable @inline(__always) static var l4: Double { 0x1.c71c51d8e78afp-3 }
    @inlinable @inline(__always) static var l5: Double { 0x1.7466496cb03dep-3 }
    @inlinable @inline(__always) static var l6: Double { 0x1.39a09d078c69fp-3 }
    @inlinable @inline(__always) static var l7: Double { 0x1.2f112df3e5244p-3 }

    /// Pattern of sqrt(1/2) minus 1024 exponents: subtracting it leaves the binary exponent plus 1024 in the high bits.
    @inlinable @inline(__always) static var logOffset: UInt64 { 0x3fe6_a09e_667f_3bcd &- 0x4000_0000_0000_0000 }
    @inlinable @inline(__always) static var exponentMask: UInt64 { 0xfff0_0000_0000_0000 }
    @inlinable @inline(__always) static var exponentBias1024: UInt64 { 0x4000_0000_0000_0000 }

    // sin(2 pi f)/f = s0 + (s0Low + z P(z)), cos(2 pi f) = 1 + z R(z), z = f^2, |f| <= 1/8; from the same script.
    @inlinable @inline(__always) static var s0: Double { 0x1.921fb54442d18p+2 }
    @inlinable @inline(__always) static var s0Low: Double { 0x1.1a62633145c07p-52 }
    @inlinable @inline(__always) static var p0: Double { -0x1.4abbce625be53p+5 }
    @inlinable @inline(__always) static var p1: Double { 0x1.466bc6775aae1p+6 }
    @inlinable @inline(__always) static var p2: Double { -0x1.32d2cce62b872p+6 }
    @inlinable @inline(__always) static var p3: Double { 0x1.50783486facaap+5 }
    @inlinable @inline(__always) static var p4: Double { -0x1.e3074d2614b2dp+3 }
    @inlinable @inline(__always) static var p5: Double { 0x1.e8f036bcd3237p+1 }
    @inlinable @inline(__always) static var p6: Double { -0x1.6cc577dadd922p-1 }
    @inlinable @inline(__always) static var r0: Double { -0x1.3bd3cc9be45dep+4 }
    @inlinable @inline(__always) static var r1: Double { 0x1.03c1f081b5ac0p+6 }
    @inlinable @inline(__always) static var r2: Double { -0x1.55d3c7e3cb241p+6 }
    @inlinable @inline(__always) static var r3: Double { 0x1.e1f5068688d5bp+5 }
    @inlinable @inline(__always) static var r4: Double { -0x1.a6d1eef479be1p+4 }
    @inlinable @inline(__always) static var r5: Double { 0x1.f9ce245cada0bp+2 }
    @inlinable @inline(__always) static var r6: Double { -0x1.b2f3eb054afcdp+0 }
}
