import Foundation
import Kernels
import Testing

/// The 64-bit FNV-1a hash of a sequence of doubles, byte by byte, the low byte first.
struct BitHash {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ x: Double) {
        for shift in stride(from: 0, to: 64, by: 8) {
            value = (value ^ (x.bitPattern >> UInt64(shift) & 0xff)) &* 0x100_0000_01b3
        }
    }
}

@Suite struct ElementaryBitsTests {
    typealias Lanes = SIMD8<Double>

    /// `count` fixed points on the interval, from Philox: the same on every machine.
    static func points(_ count: Int, from low: Double, to high: Double, site: UInt32) -> [Double] {
        var stream = RandomStream(key: StreamKey(seed: 1, kind: 2, index: 3), iteration: 4, site: site)
        return (0..<count).map { _ in low + (high - low) * stream.uniform() }
    }

    static let edges: [Double] = [
        0, -0.0, 1, -1, 0.5, -0.5, 708, 709, -708, 800, -800, 1e-300, -1e-300, Double.leastNonzeroMagnitude, 36.7,
        -36.7, 1e15,
        Double.infinity, -Double.infinity,
    ]

    static func real(site: UInt32) -> [Double] {
        points(6000, from: -1, to: 1, site: site) + points(6000, from: -40, to: 40, site: site + 1)
            + points(6000, from: -720, to: 720, site: site + 2) + edges
    }

    static func positive(site: UInt32) -> [Double] {
        points(6000, from: 0, to: 3, site: site) + points(6000, from: 0, to: 1e6, site: site + 1)
            + points(6000, from: -700, to: 700, site: site + 2).map { Elementary.exp($0) }
    }

    struct Pair: Sendable {
        let name: String
        let points: [Double]
        let scalar: @Sendable (Double) -> Double
        let lanes: @Sendable (Lanes) -> Lanes
    }

    static let pairs: [Pair] = [
        Pair(name: "exp", points: real(site: 0), scalar: { Elementary.exp($0) }, lanes: { Elementary.exp($0) }),
        Pair(name: "expm1", points: real(site: 10), scalar: { Elementary.expm1($0) }, lanes: { Elementary.expm1($0) }),
        Pair(name: "log", points: positive(site: 20), scalar: { Elementary.log($0) }, lanes: { Elementary.log($0) }),
        Pair(
            name: "log1p", points: positive(site: 30).map { $0 - 0.9 }, scalar: { Elementary.log1p($0) },
            lanes: { Elementary.log1p($0) }),
        Pair(
            name: "sigmoid", points: real(site: 40), scalar: { Elementary.sigmoid($0) },
            lanes: { Elementary.sigmoid($0) }),
        Pair(name: "tanh", points: real(site: 50), scalar: { Elementary.tanh($0) }, lanes: { Elementary.tanh($0) }),
        Pair(
            name: "binaryTanh", points: real(site: 130), scalar: { Elementary.binaryTanh($0) },
            lanes: { Elementary.binaryTanh($0) }),
        Pair(
            name: "softplus", points: real(site: 60), scalar: { Elementary.softplus($0) },
            lanes: { Elementary.softplus($0) }),
        Pair(
            name: "power", points: positive(site: 70), scalar: { Elementary.power($0, 1.7) },
            lanes: { Elementary.power($0, Lanes(repeating: 1.7)) }),
        Pair(
            name: "sinTwoPi", points: points(18_000, from: -50, to: 50, site: 80),
            scalar: { Elementary.sinCosTwoPi($0).sin }, lanes: { Elementary.sinCosTwoPi($0).sin }),
        Pair(
            name: "cosTwoPi", points: points(18_000, from: -50, to: 50, site: 90),
            scalar: { Elementary.sinCosTwoPi($0).cos }, lanes: { Elementary.sinCosTwoPi($0).cos }),
    ]

    @Test("a lane and a single value agree to the bit", arguments: pairs.indices)
    func lanesEqualScalars(index: Int) {
        let pair = Self.pairs[index]
        var different = 0
        for start in stride(from: 0, to: pair.points.count - 7, by: 8) {
            let x = Lanes(pair.points[start..<start + 8])
            let result = pair.lanes(x)
            for lane in 0..<8 where result[lane].bitPattern != pair.scalar(x[lane]).bitPattern {
                different += 1
            }
        }
        #expect(different == 0, "\(pair.name)")
    }

    @Test("NaN in a lane stays NaN and leaves the other lanes alone")
    func nanInLane() {
        for pair in Self.pairs where !["log", "log1p", "power"].contains(pair.name) {
            var x = Lanes(repeating: 0.25)
            x[3] = Double.nan
            let result = pair.lanes(x)
            #expect(result[3].isNaN, "\(pair.name)")
            #expect(result[2] == pair.scalar(0.25) && result[4] == pair.scalar(0.25), "\(pair.name)")
        }
    }

    /// Other bits are another version of every result of the program: an entry of `NumericVersion.history`.
    @Test("the bits of all elementary functions are the committed ones")
    func committedBits() {
        var hash = BitHash()
        for pair in Self.pairs {
            for x in pair.points {
                hash.combine(pair.scalar(x))
            }
        }
        for (a, b) in zip(Self.real(site: 100), Self.real(site: 110)) {
            hash.combine(Elementary.logSumExp(a, b))
        }
        for x in Self.points(4000, from: 0, to: 1, site: 120) {
            hash.combine(SpecialFunctions.normalQuantile(x))
            hash.combine(SpecialFunctions.normalCDF(20 * x - 15))
            hash.combine(SpecialFunctions.logNormalCDF(60 * x - 50))
            hash.combine(SpecialFunctions.logGamma(30 * x))
            hash.combine(SpecialFunctions.logBeta(30 * x, 2))
        }
        var stream = RandomStream(key: StreamKey(seed: 5, kind: 6, index: 7), iteration: 8, site: 9)
        for _ in 0..<2000 {
            hash.combine(stream.normal())
            hash.combine(stream.gamma(shape: 0.3))
            hash.combine(stream.gamma(shape: 4))
        }
        #expect(hash.value == NumericVersion.current.elementary, "0x\(String(hash.value, radix: 16))")
    }
}
