import Allocation
import Kernels
import Testing

@Suite("the recommended split")
struct RecommendedSplitTests {
    private func curve(_ name: String, current: Double, _ spends: [Double], _ response: (Double) -> Double) throws
        -> ResponseCurve
    {
        try #require(
            ResponseCurve(
                channel: name, currentSpend: current,
                points: spends.map { .init(spend: $0, contribution: response($0)) }))
    }

    /// The most that spends on a lattice bring, by trying all: contributions of each channel at 0, 1, 2 … of the budget.
    private func best(_ values: [[Double]], ranges: [ClosedRange<Int>], budget: Int) -> (value: Double, spends: [Int]) {
        var found = (value: -Double.infinity, spends: [Int]())
        func search(_ channel: Int, _ left: Int, _ value: Double, _ spends: [Int]) {
            if channel == values.count {
                if left == 0, value > found.value { found = (value, spends) }
                return
            }
            for spend in ranges[channel] where spend <= left {
                search(channel + 1, left - spend, value + values[channel][spend], spends + [spend])
            }
        }
        search(0, budget, 0, [])
        return found
    }

    @Test("concave curves with corners on a lattice: the best of all splits on it", arguments: 0..<20)
    func bruteForce(seed: UInt64) throws {
        var random = stream(40, iteration: seed)
        let count = 2 + Int(seed % 2)
        let current = (0..<count).map { _ in Double(2 * (2 + Int(random.uniform() * 5))) }
        let scales = (0..<count).map { _ in (amount: 1 + 9 * random.uniform(), half: 1 + 20 * random.uniform()) }
        let spends = (0...30).map { Double($0) }
        let responses = scales.map { scale in { (x: Double) in scale.amount * x / (x + scale.half) } }
        let curves = try (0..<count).map { try curve("c\($0)", current: current[$0], spends, responses[$0]) }
        let budget = current.reduce(0, +) + Double(seed % 3)
        let own = try #require(RecommendedSplit(curves, budget: budget))
        let found = best(
            responses.map { spends.map($0) }, ranges: current.map { Int($0 / 2)...Int($0 * 1.5) }, budget: Int(budget))
        #expect(abs(own.contribution - found.value) < 1e-9)
        #expect(own.shares.map { Int($0.spend.rounded()) } == found.spends)
        #expect(abs(own.shares.map(\.spend).reduce(0, +) - budget) < 1e-9)
    }

    @Test("S-shaped curves: the best of all splits on their hulls, found by all chords", arguments: 0..<10)
    func sShaped(seed: UInt64) throws {
        var random = stream(41, iteration: seed)
        let current = [8.0, 8, 8]
        let halves = (0..<3).map { _ in 2 + 10 * random.uniform() }
        let responses = halves.map { half in { (x: Double) in 10 * x * x * x / (x * x * x + half * half * half) } }
        let spends = (0...12).map { Double($0) }
        let curves = try (0..<3).map { try curve("c\($0)", current: current[$0], spends, responses[$0]) }
        // The hull at x on 4…12 is the highest of all chords over x.
        let hulls = responses.map { response in
            (0...12).map { x -> Double in
                var highest = response(Double(x))
                for a in 4...12 where a <= x {
                    for b in 4...12 where b > x {
                        let way = Double(x - a) / Double(b - a)
                        highest = max(highest, response(Double(a)) * (1 - way) + response(Double(b)) * way)
                    }
                }
                return highest
            }
        }
        let own = try #require(RecommendedSplit(curves))
        #expect(abs(own.contribution - best(hulls, ranges: [4...12, 4...12, 4...12], budget: 24).value) < 1e-9)
    }

    @Test("two square roots: spend as the squares of their scales, between the points as well")
    func closedForm() throws {
        let spends = (0...4000).map { Double($0) / 100 }
        // a √x + b √y with x + y = 20 is highest at x ÷ y = a² ÷ b².
        let own = try #require(
            RecommendedSplit([
                try curve("tv", current: 10, spends) { 3 * $0.squareRoot() },
                try curve("radio", current: 10, spends) { 2.5 * $0.squareRoot() },
            ]))
        #expect(abs(own.shares[0].spend - 20 * 9 / (9 + 6.25)) < 0.02)
        #expect(own.budget == 20)
    }

    @Test("bounds hold: half and one and a half of the current spend, others if asked, and the ends of the curves")
    func bounds() throws {
        let spends = (0...100).map { Double($0) }
        let curves = [
            try curve("tv", current: 20, spends) { 5 * $0 }, try curve("radio", current: 20, spends) { $0 },
        ]
        #expect(try #require(RecommendedSplit(curves)).shares.map(\.spend) == [30, 10])
        #expect(
            try #require(RecommendedSplit(curves, leastFactor: 0.9, mostFactor: 1.1)).shares.map(\.spend) == [22, 18])
        let short = [
            try curve("tv", current: 20, (0...25).map { Double($0) }) { 5 * $0 },
            try curve("radio", current: 20, spends) { $0 },
        ]
        #expect(try #require(RecommendedSplit(short)).shares.map(\.spend) == [25, 15])
        #expect(RecommendedSplit(curves, budget: 19) == nil && RecommendedSplit(curves, budget: 61) == nil)
        #expect(try #require(RecommendedSplit(curves, budget: 60)).shares.map(\.spend) == [30, 30])
        #expect(try #require(RecommendedSplit(curves, budget: 20)).shares.map(\.spend) == [10, 10])
        #expect(RecommendedSplit([]) == nil)
    }

    @Test("a channel without spend stays without")
    func idle() throws {
        let spends = (0...10).map { Double($0) }
        let own = try #require(
            RecommendedSplit([
                try curve("tv", current: 4, spends) { $0 }, try curve("off", current: 0, spends) { 9 * $0 },
            ]))
        #expect(own.shares.map(\.spend) == [4, 0])
    }

    @Test("curves that are none are refused")
    func refused() {
        typealias Point = ResponseCurve.Point
        func isRefused(_ points: [Point], current: Double = 1) -> Bool {
            ResponseCurve(channel: "tv", currentSpend: current, points: points) == nil
        }
        #expect(isRefused([]) && isRefused([.init(spend: 0, contribution: 0)]))
        let good = [Point(spend: 0, contribution: 0), Point(spend: 1, contribution: 1)]
        #expect(!isRefused(good) && isRefused(good.reversed()) && isRefused([good[0], good[0]]))
        #expect(isRefused(good, current: -1) && isRefused(good, current: .nan))
        #expect(isRefused([good[0], .init(spend: 1, contribution: .nan)]))
        #expect(isRefused([.init(spend: -1, contribution: 0), good[1]]))
    }

    @Test("the share that moved is half of all changes, of unequal budgets and channels too")
    func moved() {
        func shares(_ spends: [(String, Double)]) -> [RecommendedSplit.Share] {
            spends.map { .init(channel: $0.0, spend: $0.1) }
        }
        let old = shares([("tv", 60), ("radio", 30), ("social", 10)])
        #expect(RecommendedSplit.moved(from: old, to: old) == 0)
        #expect(RecommendedSplit.largestChange(from: old, to: old) == nil)
        let new = shares([("social", 25), ("tv", 50), ("radio", 25)])
        #expect(abs(RecommendedSplit.moved(from: old, to: new) - 0.15) < 1e-12)
        #expect(RecommendedSplit.largestChange(from: old, to: new) == "social")
        let doubled = shares([("tv", 120), ("radio", 60), ("social", 20)])
        #expect(RecommendedSplit.moved(from: old, to: doubled) < 1e-12)
        #expect(abs(RecommendedSplit.moved(from: old, to: shares([("search", 5)])) - 1) < 1e-12)
        #expect(RecommendedSplit.largestChange(from: old, to: shares([("search", 5)])) == "search")
    }
}
