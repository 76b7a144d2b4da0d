/// Spreads the pauses of many workers, so that they do not all speak at once after a coordinator has come back. The
/// generator is SplitMix64 (Steele, Lea and Flood 2014), seeded by what names the process: equal runs are equal.
struct Jitter {
    private var state: UInt64

    init(seed bytes: [UInt8]) {
        state = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// A pause between a half of `pause` and all of it.
    mutating func callAsFunction(_ pause: UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        return pause - value % (pause / 2 + 1)
    }
}
