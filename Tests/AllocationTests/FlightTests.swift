import Allocation
import Kernels
import Testing

@Suite("flights")
struct FlightTests {
    private static let periods = 6

    /// One channel that runs in flights, a period a variable, and one that does not: money of the first is 0 off air, and from
    /// `least` to 10 on air.
    private static func set(_ pattern: FlightPattern, least: Double, budget: Double) -> FeasibleSet? {
        try? FeasibleSet(
            lower: pattern.isOn.map { $0 ? least : 0 } + [0], upper: pattern.isOn.map { $0 ? 10 : 0 } + [20],
            budget: .exactly(budget))
    }

    private static func best(
        _ profit: some ProfitFunction, lengthMin: Int, least: Double, budget: Double
    ) -> (pattern: FlightPattern, value: Double)? {
        let start = [Double](repeating: budget / Double(periods + 1), count: periods + 1)
        let search = FlightSearch(
            profit: profit, risk: .neutral, periodCount: periods, lengthMins: [lengthMin]
        ) { set($0[0], least: least, budget: budget) }
        guard let found = search.best(from: start, by: SerialMap())?[0] else { return nil }
        return (found, value(found, profit, least: least, budget: budget) ?? -.infinity)
    }

    private static func value(
        _ pattern: FlightPattern, _ profit: some ProfitFunction, least: Double, budget: Double
    ) -> Double? {
        let start = [Double](repeating: budget / Double(periods + 1), count: periods + 1)
        return set(pattern, least: least, budget: budget).map {
            Allocator(profit: profit, set: $0).best(from: start).value
        }
    }

    /// The best over all patterns whose flights are long enough, by looking at each.
    private static func exhaustive(
        _ profit: some ProfitFunction, lengthMin: Int, least: Double, budget: Double
    ) -> Double? {
        (0..<1 << periods).map { bits in FlightPattern((0..<periods).map { bits >> $0 & 1 == 1 }) }
            .filter { $0.flights.allSatisfy { $0.count >= lengthMin } }
            .compactMap { value($0, profit, least: least, budget: budget) }.max()
    }

    @Test("a pattern's flights are its runs")
    func runs() {
        let pattern = FlightPattern([true, true, false, true, false, true])
        #expect(pattern.flights == [0..<2, 3..<4, 5..<6])
        #expect(FlightPattern(flight: 1..<3, of: 4).isOn == [false, true, true, false])
        #expect(FlightPattern([false, false]).flights.isEmpty)
    }

    @Test("with equal periods and a least amount, as many periods are on air as it pays for, in one flight or more")
    func equalPeriods() throws {
        // 4 √u a period: what is concave is spread as wide as 2 a period lets 7 go: 3 periods.
        let profit = RootProfit(scales: [[4, 4, 4, 4, 4, 4, 1e-9]])
        let found = try #require(Self.best(profit, lengthMin: 2, least: 2, budget: 7))
        #expect(found.pattern.isOn.count { $0 } == 3 && found.pattern.flights.count == 1)
        // Off air a period of these profits brings 4e-6.
        #expect(abs(found.value - 3 * 4 * (7.0 / 3).squareRoot()) < 1e-4)
        // Without a least amount all periods are on air.
        let free = try #require(Self.best(profit, lengthMin: 2, least: 0, budget: 7))
        #expect(free.pattern.isOn == [Bool](repeating: true, count: 6))
    }

    @Test("an S-shaped response is on air where it pays, and what does not pay stays off")
    func sigmoid() throws {
        // A period brings 10 u³ ÷ (u³ + 27): a budget of 7 is best in one period or two, which least lengths forbid or allow.
        let profit = SigmoidProfit(heights: [10, 10, 10, 10, 10, 10, 1], halves: [3, 3, 3, 3, 3, 3, 1])
        for lengthMin in 1...3 {
            let found = try #require(Self.best(profit, lengthMin: lengthMin, least: 0.5, budget: 7))
            let all = try #require(Self.exhaustive(profit, lengthMin: lengthMin, least: 0.5, budget: 7))
            #expect(found.pattern.flights.allSatisfy { $0.count >= lengthMin })
            #expect(found.value >= all - 1e-6 * abs(all), "\(lengthMin): \(found.value) of \(all)")
        }
    }

    @Test("in random worlds the search comes within a hundredth of the best pattern there is")
    func exhaustively() throws {
        var misses = 0
        for world in 0..<40 {
            var random = stream(UInt32(100 + world))
            let scales = (0...Self.periods).map { _ in 0.5 + 4 * random.uniform() }
            let profit = RootProfit(scales: [scales])
            let (lengthMin, least) = (1 + world % 3, 0.5 + 2 * random.uniform())
            let budget = 4 + 6 * random.uniform()
            let found = try #require(Self.best(profit, lengthMin: lengthMin, least: least, budget: budget))
            let all = try #require(Self.exhaustive(profit, lengthMin: lengthMin, least: least, budget: budget))
            #expect(found.pattern.flights.allSatisfy { $0.count >= lengthMin })
            #expect(found.value <= all + 1e-6 * all)
            #expect(found.value >= 0.99 * all, "\(world): \(found.value) of \(all)")
            if found.value < all - 1e-6 * all { misses += 1 }
        }
        #expect(misses <= 4, "\(misses) of 40 are not the best")
    }

    @Test("where no flight can be paid the channel stays off air, and where it may not, nothing is found")
    func impossible() throws {
        let profit = RootProfit(scales: [[1, 1, 1, 1, 1, 1, 1]])
        // Six periods of 4 or more take 24.
        let off = try #require(Self.best(profit, lengthMin: 6, least: 4, budget: 3))
        #expect(off.pattern.flights.isEmpty)
        let search = FlightSearch(
            profit: profit, risk: .neutral, periodCount: Self.periods, lengthMins: [6]
        ) { patterns in
            patterns[0].isOn.contains(true) ? Self.set(patterns[0], least: 4, budget: 3) : nil
        }
        #expect(search.best(from: [Double](repeating: 1, count: 7), by: SerialMap()) == nil)
    }

    // MARK: Targets

    /// What all money together must return, by flights of one channel and the money of another.
    private struct World {
        var profit: PaidRoots
        var lengthMin: Int
        var least: Double

        var start: [Double] { [Double](repeating: 1, count: periods + 1) }

        func set(_ pattern: FlightPattern, _ budget: FeasibleSet.Budget = .free) -> FeasibleSet? {
            try? FeasibleSet(
                lower: pattern.isOn.map { $0 ? least : 0 } + [0.5], upper: pattern.isOn.map { $0 ? 10 : 0 } + [20],
                budget: budget)
        }

        var search: FlightSearch<PaidRoots> {
            FlightSearch(profit: profit, risk: .neutral, periodCount: periods, lengthMins: [lengthMin]) { set($0[0]) }
        }

        var patterns: [FlightPattern] {
            (0..<1 << periods).map { bits in FlightPattern((0..<periods).map { bits >> $0 & 1 == 1 }) }
                .filter { $0.flights.allSatisfy { $0.count >= lengthMin } }
        }

        /// Return less target times money, of the best split of a budget.
        func earned(_ pattern: FlightPattern, _ budget: Double) -> Double {
            set(pattern, .exactly(budget)).map { Allocator(profit: profit, set: $0).best(from: start).value }
                ?? -.infinity
        }

        /// The largest budget that pays, by trying budgets one after the other, then halving; nil where none does.
        func largest(_ pattern: FlightPattern) -> Double? {
            guard let free = set(pattern) else { return nil }
            let (low, high) = (free.reachable.lowerBound, free.reachable.upperBound)
            var tried = (0...40).map { low + Double($0) / 40 * (high - low) }
            // What is earned rises to one top, which may lie between two of them.
            let values = tried.map { earned(pattern, $0) }
            let best = values.indices.max { values[$0] < values[$1] } ?? 0
            var (left, right) = (tried[max(0, best - 1)], tried[min(40, best + 1)])
            for _ in 0..<20 {
                let third = (right - left) / 3
                if earned(pattern, left + third) < earned(pattern, right - third) {
                    left += third
                } else {
                    right -= third
                }
            }
            tried = (tried + [0.5 * (left + right)]).sorted()
            guard let last = tried.lastIndex(where: { earned(pattern, $0) >= 0 }) else { return nil }
            guard last < 41 else { return high }
            var (pays, not) = (tried[last], tried[last + 1])
            for _ in 0..<25 {
                let middle = 0.5 * (pays + not)
                if earned(pattern, middle) >= 0 { pays = middle } else { not = middle }
            }
            return pays
        }
    }

    private static func world(_ index: Int) -> World {
        var random = stream(UInt32(300 + index))
        return World(
            profit: PaidRoots(
                scales: (0...periods).map { _ in 0.5 + 4 * random.uniform() }, cost: 0.5 + 2 * random.uniform()),
            lengthMin: 1 + index % 3, least: 0.2 + 2 * random.uniform())
    }

    @Test("the largest budget of a pattern that still returns the target is that of trying them all")
    func payingBudget() throws {
        var unpaid = 0
        for index in 0..<20 {
            let world = Self.world(index)
            for pattern in world.patterns.filter({ [0, 2, 4, 6].contains($0.isOn.count { $0 }) }).prefix(6) {
                let set = try #require(world.set(pattern))
                let found = try #require(PayingBudget(profit: world.profit, set: set, from: world.start))
                guard let largest = world.largest(pattern) else {
                    #expect(found.budget == nil && found.profit < 0)
                    unpaid += 1
                    continue
                }
                let budget = try #require(found.budget)
                #expect(abs(budget - largest) < 1e-5 * set.reachable.upperBound, "\(index): \(budget) of \(largest)")
                // What is known to be more is not looked for, and what is less is found again.
                let next = PayingBudget(profit: world.profit, set: set, from: world.start, beyond: found)
                #expect(next.map { !($0.budget ?? 0 > budget * (1 + 1e-5)) } ?? true)
            }
        }
        #expect(unpaid > 0)
    }

    @Test("the flights found for a target have the largest budget of all patterns, or nearly")
    func target() throws {
        var misses = 0
        for index in 0..<20 {
            let world = Self.world(index)
            let found = try #require(world.search.largestBudget(from: world.start, by: SerialMap()))[0]
            #expect(found.flights.allSatisfy { $0.count >= world.lengthMin })
            let budgets = world.patterns.compactMap(world.largest)
            guard let most = budgets.max() else {
                #expect(world.largest(found) == nil)
                continue
            }
            let budget = try #require(world.largest(found), "\(index)")
            #expect(budget >= 0.98 * most, "\(index): \(budget) of \(most)")
            if budget < most * (1 - 1e-4) { misses += 1 }
        }
        #expect(misses <= 2, "\(misses) of 20 have not the largest budget")
    }

    @Test("where bounds end the budget, of the patterns that have it all the one that returns most is found")
    func endedTarget() throws {
        // Every period pays at its bound, so that all of them are on air; of equal budgets the better periods are.
        let profit = PaidRoots(scales: [9, 5, 8, 6, 9, 9, 9], cost: 1)
        let search = FlightSearch(
            profit: profit, risk: .neutral, periodCount: Self.periods, lengthMins: [1]
        ) { patterns in
            // Two periods at the most, whichever they are.
            patterns[0].isOn.count { $0 } > 2
                ? nil
                : try? FeasibleSet(
                    lower: patterns[0].isOn.map { $0 ? 1 : 0 } + [0], upper: patterns[0].isOn.map { $0 ? 10 : 0 } + [20]
                )
        }
        let found = try #require(search.largestBudget(from: [1, 1, 1, 1, 1, 1, 1], by: SerialMap()))[0]
        #expect(Set(found.isOn.indices.filter { found.isOn[$0] }).isSubset(of: [0, 4, 5]))
        #expect(found.isOn.count { $0 } == 2)
    }

    @Test("with a target of the last money, flights earn the most that any pattern does")
    func marginalTarget() throws {
        var misses = 0
        for index in 0..<20 {
            let world = Self.world(index)
            let found = try #require(world.search.best(from: world.start, by: SerialMap()))[0]
            func earned(_ pattern: FlightPattern) throws -> Double {
                Allocator(profit: world.profit, set: try #require(world.set(pattern))).best(from: world.start).value
            }
            let all = try world.patterns.map(earned).max() ?? 0
            if try earned(found) < all - 1e-6 * max(1, abs(all)) { misses += 1 }
        }
        #expect(misses <= 2, "\(misses) of 20")
    }
}
