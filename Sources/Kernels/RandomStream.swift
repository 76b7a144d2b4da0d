/// Names one independent stream of random numbers: the seed of a fit, a kind of task and the task's index.
///
/// No worker, process or job enters it, so a task draws the same numbers wherever and whenever it runs.
public struct StreamKey: Hashable, Sendable {
    public var seed: UInt64
    public var kind: UInt32
    public var index: UInt32

    public init(seed: UInt64, kind: UInt32, index: UInt32) {
        self.seed = seed
        self.kind = kind
        self.index = index
    }

    /// The 64-bit Philox key: the first two words of the block at counter (seed low, seed high, kind, index), key 0.
    ///
    /// The block is a bijection of its 128 bits; half of it is kept, so two of n names meet with chance n^2/2^65.
    package var philoxKey: SIMD2<UInt32> {
        let words = SIMD4(
            UInt32(truncatingIfNeeded: seed),
            UInt32(truncatingIfNeeded: seed &>> 32),
            kind,
            index
        )
        return Philox.block(counter: words, key: .zero).lowHalf
    }
}

/// Random numbers of one (key, iteration, site).
///
/// The Philox counter is (iteration low, iteration high, site, block number), each word its own, so no two streams of
/// one key share a block. A stream is a plain value: equal initialisers give equal numbers, a copy goes on
/// independently, and nothing outside it changes. A stream ends, with a trap, after 2^32 - 1 blocks of two words.
public struct RandomStream: Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var second: UInt64
    private var holdsSecond: Bool

    /// The stream of `key` for one iteration (or draw, row, resample) and one site (a use within it).
    public init(key: StreamKey, iteration: UInt64, site: UInt32) {
        self.key = key.philoxKey
        counter = SIMD4(
            UInt32(truncatingIfNeeded: iteration),
            UInt32(truncatingIfNeeded: iteration &>> 32),
            site,
            0
        )
        second = 0
        holdsSecond = false
    }

    /// The next 64 uniform bits: words (0, 1), then (2, 3) of each block, the earlier word low.
    public mutating func word() -> UInt64 {
        if holdsSecond {
            holdsSecond = false
            return second
        }
        let block = Philox.block(counter: counter, key: key)
        counter[3] += 1
        second = UInt64(block[2]) | (UInt64(block[3]) &<< 32)
        holdsSecond = true
        return UInt64(block[0]) | (UInt64(block[1]) &<< 32)
    }

    /// Uniform on the open interval (0, 1): (k + 1/2) 2^-52 with the high 52 bits k of one word, all exact.
    public mutating func uniform() -> Double {
        (Double(word() &>> 12) + 0.5) * 0x1p-52
    }

    /// A fair coin: the high bit of one word.
    public mutating func bit() -> Bool {
        word() &>> 63 == 1
    }

    /// A standard normal number: the normal quantile of one `uniform`, so |z| stays below 8.21.
    public mutating func normal() -> Double {
        SpecialFunctions.normalQuantile(uniform())
    }

    /// A standard exponential number, -log of one `uniform`.
    public mutating func exponential() -> Double {
        -Elementary.log(uniform())
    }

    /// A Gamma number of any shape > 0 and rate 1.
    ///
    /// Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000) 363-372. For shape
    /// a < 1 it is G(a + 1) U^(1/a) (their section 6), so draws below about 3e-308 stay there.
    public mutating func gamma(shape: Double) -> Double {
        precondition(shape > 0 && shape.isFinite, "a Gamma shape is positive and finite")
        if shape < 1 {
            let larger = gamma(shape: shape + 1)
            return larger * Elementary.exp(Elementary.log(uniform()) / shape)
        }
        let d = shape - 1.0 / 3.0
        let c = 1.0 / (9.0 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1.0 + c * x
            if root <= 0 { continue }
            let v = root * root * root
            if Elementary.log(uniform()) < 0.5 * (x * x) + d - d * v + d * Elementary.log(v) {
                return d * v
            }
        }
    }
}
