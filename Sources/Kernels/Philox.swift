/// The counter-based generator Philox 4x32 with ten rounds: a bijection of 128-bit counters for each 64-bit key.
///
/// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
package enum Philox {
    /// The block of four 32-bit words at `counter` under `key`; word 0 comes first in all three vectors.
    @inlinable @inline(__always)
    package static func block(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var c0 = counter[0]
        var c1 = counter[1]
        var c2 = counter[2]
        var c3 = counter[3]
        var k0 = key[0]
        var k1 = key[1]
        for _ in 0..<10 {
            let product0 = UInt64(c0) &* 0xD251_1F53
            let product1 = UInt64(c2) &* 0xCD9E_8D57
            let next0 = UInt32(truncatingIfNeeded: product1 &>> 32) ^ c1 ^ k0
            let next2 = UInt32(truncatingIfNeeded: product0 &>> 32) ^ c3 ^ k1
            c1 = UInt32(truncatingIfNeeded: product1)
            c3 = UInt32(truncatingIfNeeded: product0)
            c0 = next0
            c2 = next2
            k0 = k0 &+ 0x9E37_79B9
            k1 = k1 &+ 0xBB67_AE85
        }
        return SIMD4(c0, c1, c2, c3)
    }
}
