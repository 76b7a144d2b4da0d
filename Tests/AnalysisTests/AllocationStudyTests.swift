import Allocation
import Analysis
import Densities
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("a budget on the whole posterior")
struct AllocationStudyTests {
    /// Weekly media of four channels in some geos; the last one has no spend in the last half year.
    static func model(geos: Int = 1, channels: Int = 4, periods: Int = 80, margin: Double? = 0.4) -> MarketingMixModel {
        var random = RandomStream(key: StreamKey(seed: 3, kind: 91, index: 0), iteration: 0, site: 0)
        let adstock = Adstock(kind: .geometric, maximumLag: 8)
        let saturations: [Saturation] = [.michaelisMenten, .logistic, .root, .michaelisMenten]
        let specification = ModelSpecification(
            name: "budget", preset: .tutti, kpi: KPI(kind: .revenue, currency: "EUR", margin: margin),
            channels: (0..<channels).map { index in
                let saturation = saturations[index % 4]
                var priors: [MediaParameter: Prior] = [
                    .alpha: .beta(a: 4, b: 6), .roi: .logNormal(mean: 1.2 - 0.2 * Double(index % 4), sd: 0.3),
                ]
                for parameter in saturation.parameters {
                    priors[parameter] =
                        parameter == .exponent ? .beta(a: 20, b: 20) : .logNormal(mean: 0.3, sd: 0.2)
                }
                return Channel(
                    name: "c\(index)", kind: .performance, adstock: adstock, saturation: saturation, effect: .roi,
                    priors: priors)
            }, controls: [], events: [], holidayCountry: nil, intercept: true, trend: .none, seasonality: [],
            priors: [:], sampling: SamplingSpecification(), resampling: ResamplingSpecification(), seed: 1)
        let start = CalendarDate(year: 2023, month: 1, day: 2)!
        let spend = (0..<channels).map { channel in
            (0..<geos * periods).map { cell -> Double in
                let value = (20 + 60 * random.uniform()) * Double(1 + channel % 3)
                return channel % 4 == 3 && cell % periods >= periods - 26 ? 0 : value
            }
        }
        return MarketingMixModel(
            specification: specification,
            dataset: Dataset(
                frequency: .week, dates: (0..<periods).map { start.advanced(by: 7 * $0) },
                kpi: (0..<geos * periods).map { _ in 3000 + 200 * random.normal() },
                revenuePerKPI: [Double](repeating: 1, count: geos * periods), spend: spend, exposure: spend,
                controls: [], events: [], holidays: [], geos: geos == 1 ? [] : (0..<geos).map { "g\($0)" }))
    }

    static func draws(_ model: MarketingMixModel, _ count: Int) -> [[Double]] {
        (0..<count).map { draw in
            var random = RandomStream(key: StreamKey(seed: 4, kind: 92, index: 0), iteration: UInt64(draw), site: 0)
            return model.priorDraw(&random)
        }
    }

    private let model = Self.model()

    private func study(_ change: (inout AllocationQuestion) -> Void = { _ in }) throws -> AllocationStudy<SerialMap> {
        var question = AllocationQuestion(periodCount: 13)
        change(&question)
        return try AllocationStudy(question, model: model, constrained: Self.draws(model, 60), by: SerialMap())
    }

    private func row(_ answer: AllocationAnswer, _ name: String) throws -> AllocationRow {
        try #require(answer.rows.first { $0.channel == name })
    }

    @Test("a budget is split anew: no worse than now, to the last marginal euro, within bounds, zero stays zero")
    func best() throws {
        let answer = try study().best()
        #expect(answer.gain.mean > 0 && abs(answer.proposedProfit.mean - answer.profit.mean - answer.gain.mean) < 1e-6)
        #expect(try #require(answer.residual) < 1e-6 && answer.isConcave)
        #expect(abs(answer.proposedTotal - answer.total) < 1e-6 * answer.total)
        for row in answer.rows {
            #expect(row.proposed >= 0.7 * row.spend - 1e-9 && row.proposed <= 1.3 * row.spend + 1e-9)
        }
        let idle = try row(answer, "c3")
        #expect(idle.spend == 0 && idle.proposed == 0 && idle.isFixed && idle.roi == nil && idle.optimum == nil)
        // Further money returns the same where it may move.
        let inner = answer.rows.filter {
            $0.proposed > 0.71 * $0.spend && $0.proposed < 1.29 * $0.spend && $0.spend > 0
        }
        let returns = inner.compactMap { $0.proposedMarginalROI?.mean }
        #expect(returns.allSatisfy { abs($0 - returns[0]) < 0.01 * returns[0] })
        for row in answer.rows where !row.isFixed {
            let worth = try #require(row.informationValue)
            #expect(worth >= 0 && worth <= answer.expectedRegret)
            #expect(try #require(row.chance) > 0)
            let highest = try #require(model.dataset.spend[Int(row.channel.dropFirst())!].max())
            let planned = answer.cells.filter { $0.channel == row.channel }.map(\.proposed)
            #expect(row.extrapolates == planned.contains { $0 > 1.2 * highest })
        }
        #expect(answer.expectedRegret > 0)
        #expect(answer.cells.count == 4 * 13 && answer.cells[0].date == "2024-07-15")
    }

    @Test("fixed channels, groups, another budget and wider bounds are kept to")
    func limits() throws {
        let now = try study().best()
        let total = now.total
        let answer = try study {
            $0.budget = .amount(1.1 * total)
            $0.bounds = 0.5...2
            $0.boundsByChannel = ["c2": 0.9...1.2]
            $0.fixed = ["c0": nil]
            $0.groups = [.init(name: "both", channels: ["c0", "c1"], limits: 0...0.6 * total)]
        }.best()
        #expect(abs(answer.proposedTotal - 1.1 * total) < 1e-6 * total)
        let (first, second, third) = (try row(answer, "c0"), try row(answer, "c1"), try row(answer, "c2"))
        #expect(first.isFixed && abs(first.proposed - first.spend) < 1e-9)
        #expect(first.proposed + second.proposed <= 0.6 * total + 1e-6)
        #expect(third.proposed <= 1.2 * third.spend + 1e-9)
        #expect(throws: AllocationRefusal.unknownChannel("tv")) { try study { $0.fixed = ["tv": nil] } }
        #expect(throws: AllocationRefusal.self) { try study { $0.budget = .amount(3 * total) }.best() }
        #expect(throws: AllocationRefusal.nothingToChoose) {
            try study { $0.fixed = ["c0": nil, "c1": nil, "c2": nil] }.best()
        }
    }

    @Test("what is spent now is spent in the plan too, whatever is fixed at")
    func fixedMoney() throws {
        let now = try study().best()
        for money in [0.9, 1.1].map({ $0 * now.rows[0].spend }) {
            let answer = try study { $0.fixed = ["c0": money] }.best()
            #expect(abs(answer.rows[0].proposed - money) < 1e-9 * money)
            #expect(abs(answer.proposedTotal - now.total) < 1e-9 * now.total)
        }
        // The others can take no more than a third of their own on top.
        #expect(throws: AllocationRefusal.self) {
            try study {
                $0.fixed = ["c0": 0]
                $0.bounds = 0.9...1.05
            }.best()
        }
    }

    @Test("it is told which channels bounds hold, and a channel that is not moved has no chance of moving rightly")
    func held() throws {
        let wide = try study { $0.bounds = 0.01...100 }.best()
        #expect(wide.held.atMost.isEmpty && wide.held.atLeast.isEmpty)
        let narrow = try study { $0.bounds = 0.999...1.001 }.best()
        let rows = narrow.rows.filter { !$0.isFixed }
        let up = rows.filter { abs($0.proposed - 1.001 * $0.spend) < 1e-7 * $0.spend }.map(\.channel)
        let down = rows.filter { abs($0.proposed - 0.999 * $0.spend) < 1e-7 * $0.spend }.map(\.channel)
        #expect(narrow.held.atMost == up && narrow.held.atLeast == down && up.count + down.count >= rows.count - 1)
        let still = try study { $0.boundsByChannel = ["c0": 1...1] }.best()
        #expect(try row(still, "c0").chance == nil && row(still, "c1").chance != nil)
        #expect(!(still.held.atMost + still.held.atLeast).contains("c0"))
        // Nor where bounds leave no other way.
        let forced = try study {
            $0.budget = .free
            $0.boundsByChannel = ["c0": 1.1...1.2]
        }.best()
        #expect(try row(forced, "c0").chance == nil)
    }

    @Test("targets: further money returns as much as was asked, or all of it does")
    func targets() throws {
        let marginal = try study {
            $0.budget = .targetMarginalROI(1.5)
            $0.bounds = 0...20
        }.best()
        for row in marginal.rows where !row.isFixed && row.proposed > 0.01 * row.spend && row.proposed < 19 * row.spend
        {
            let further = try #require(row.proposedMarginalROI)
            #expect(abs(further.mean - 1.5) < 0.01)
        }
        let all = try study {
            $0.budget = .targetROI(2)
            $0.bounds = 0.1...20
        }.best()
        let revenue = all.rows.reduce(0.0) { $0 + ($1.proposedROI?.mean ?? 0) * $1.proposed }
        #expect(abs(revenue / all.proposedTotal - 2) < 1e-3 && abs(all.proposedROI - 2) < 1e-3)
        #expect(throws: AllocationRefusal.self) {
            try study { $0.budget = .targetROI(1e6) }.best()
        }
    }

    @Test("more is gained by period than by channel; what a plan is worth does not depend on who made it")
    func parts() throws {
        let whole = try study().best()
        let byPeriod = try study { $0.parts = [.period] }.best()
        #expect(byPeriod.gain.mean > whole.gain.mean)
        #expect(try #require(byPeriod.residual) < 1e-6)
        let scored = try study().score(byPeriod.money)
        #expect(abs(scored.gain.mean - byPeriod.gain.mean) < 1e-9 * abs(byPeriod.gain.mean))
        #expect(scored.residual == nil && scored.expectedRegret >= 0)
        let doubled = try study().score(whole.money.map { 3 * $0 })
        #expect(doubled.rows.filter { $0.proposed > 0 }.allSatisfy { $0.extrapolates })
    }

    @Test("a channel in flights is off air, or on it for as long and with as much as was asked")
    func flights() throws {
        let now = try study().best()
        let spend = try row(now, "c0").spend
        let rule = AllocationQuestion.Flights(lengthMin: 3, moneyMin: 0.15 * spend)
        let answer = try study { $0.flights = ["c0": rule] }.best()
        let planned = answer.cells.filter { $0.channel == "c0" }.map(\.proposed)
        let runs = FlightPattern(planned.map { $0 > 0 }).flights
        #expect(planned.allSatisfy { $0 == 0 || $0 >= rule.moneyMin * (1 - 1e-9) })
        #expect(!runs.isEmpty && runs.allSatisfy { $0.count >= 3 })
        #expect(
            answer.flights.map(\.periodCount) == runs.map(\.count) && answer.flights.allSatisfy { $0.channel == "c0" })
        #expect(abs(answer.flights.reduce(0) { $0 + $1.spend } - planned.reduce(0, +)) < 1e-9 * spend)
        let own = try row(answer, "c0")
        // At most eight periods of 15 % fit into 130 %.
        #expect(
            own.proposed >= 0.7 * spend - 1e-6 && own.proposed <= 1.3 * spend + 1e-6
                && runs.reduce(0) { $0 + $1.count } <= 8)
        #expect(abs(answer.proposedTotal - answer.total) < 1e-6 * answer.total)
        #expect(try #require(answer.residual) < 1e-6 && !answer.isConcave)
        // It loses to a channel that may be on air as it likes, and wins against the same money in the first periods.
        let free = try study { $0.flights = ["c0": .init(lengthMin: 1, moneyMin: 0)] }.best()
        #expect(free.proposedProfit.mean > answer.proposedProfit.mean)
        var early = answer.money
        let count = runs.reduce(0) { $0 + $1.count }
        for period in 0..<13 { early[period] = period < count ? own.proposed / Double(count) : 0 }
        #expect(try study().score(early).proposedProfit.mean <= answer.proposedProfit.mean + 1e-9)
        #expect(throws: AllocationRefusal.flights(["c0"])) {
            try study { $0.flights = ["c0": .init(lengthMin: 13, moneyMin: 0.15 * spend)] }.best()
        }
        #expect(throws: AllocationRefusal.flights(["c3"])) {
            try study { $0.flights = ["c3": .init(lengthMin: 2, moneyMin: 1)] }.best()
        }
    }

    @Test("flights that meet a target return it, with more money than other flights that do")
    func targetedFlights() throws {
        let spend = try row(try study().best(), "c0").spend
        let rule = AllocationQuestion.Flights(lengthMin: 3, moneyMin: 0.1 * spend)
        func total(_ answer: AllocationAnswer) -> Double {
            answer.rows.reduce(0) { $0 + ($1.proposedROI?.mean ?? 0) * $1.proposed } / answer.proposedTotal
        }
        for (target, bounds) in [(2.0, 0.1...20), (2.5, 0...20)] {
            func asked(_ budget: AllocationQuestion.Budget) throws -> AllocationAnswer {
                try study {
                    $0.flights = ["c0": rule]
                    $0.bounds = bounds
                    $0.budget = budget
                }.best()
            }
            let answer = try asked(.targetROI(target))
            #expect(abs(total(answer) - target) < 1e-3, "\(target)")
            let planned = answer.cells.filter { $0.channel == "c0" }.map(\.proposed)
            #expect(planned.allSatisfy { $0 == 0 || $0 >= rule.moneyMin * (1 - 1e-9) })
            #expect(answer.flights.allSatisfy { $0.periodCount >= 3 })
            // The best flights of a twentieth more, or less, return less, or more.
            #expect(total(try asked(.amount(1.05 * answer.proposedTotal))) < target)
            #expect(total(try asked(.amount(0.95 * answer.proposedTotal))) > target)
        }
        #expect(throws: AllocationRefusal.self) {
            try study {
                $0.flights = ["c0": rule]
                $0.budget = .targetROI(1e6)
            }.best()
        }
    }

    @Test("a target is met also where the least is no money at all, or pays for what is fixed")
    func targetFromNothing() throws {
        let tenth = try study {
            $0.budget = .targetROI(2)
            $0.bounds = 0.1...20
        }.best()
        let none = try study {
            $0.budget = .targetROI(2)
            $0.bounds = 0...20
        }.best()
        // Less is forbidden of nothing that the first plan has.
        #expect(none.proposedTotal >= tenth.proposedTotal * (1 - 1e-3))
        let revenue = none.rows.reduce(0.0) { $0 + ($1.proposedROI?.mean ?? 0) * $1.proposed }
        #expect(abs(revenue / none.proposedTotal - 2) < 1e-3)
    }

    @Test("who minds risk has a better worst tenth and no better mean")
    func risk() throws {
        let neutral = try study { $0.bounds = 0.2...3 }.best()
        let careful = try study {
            $0.bounds = 0.2...3
            $0.risk = .conditionalValueAtRisk(0.1)
        }.best()
        #expect(careful.proposedWorstTenth > neutral.proposedWorstTenth)
        #expect(careful.proposedProfit.mean < neutral.proposedProfit.mean)
    }

    @Test("where prices rise with money less of it moves")
    func prices() throws {
        let flat = try study { $0.bounds = 0.2...3 }.best()
        let rising = try study {
            $0.bounds = 0.2...3
            $0.priceRises = ["c0": 0.4, "c1": 0.4, "c2": 0.4]
        }.best()
        #expect(rising.moved < flat.moved && rising.gain.mean < flat.gain.mean)
        #expect(try #require(rising.residual) < 1e-6)
    }

    @Test("a forecast: its mean is what the model expects, its band holds the scatter of single weeks")
    func forecast() throws {
        let study = try study()
        let answer = try study.best()
        let rows = PlanForecast.rows(
            study.media, money: answer.money, key: StreamKey(seed: 1, kind: 93, index: 0), by: SerialMap())
        #expect(rows.count == 13)
        let constrained = Self.draws(model, 60)
        for (period, row) in rows.enumerated() {
            let means = (0..<60).map { study.media.kpi(of: answer.money, draw: $0)[0][period] }
            let scales = constrained.map { model.residualScales(constrained: $0)[0] }
            let error = (scales.reduce(0) { $0 + $1 * $1 } / 60 / 60).squareRoot()
            #expect(abs(row.kpi.mean - means.reduce(0, +) / 60) < 5 * error)
            #expect(row.kpi.sd > 0.5 * (scales.reduce(0) { $0 + $1 * $1 } / 60).squareRoot())
        }
        // The scatter is the same in both plans.
        let gain = rows.reduce(0) { $0 + $1.kpi.mean - $1.currentKPI.mean }
        let money = (0..<60).map { draw in
            zip(
                study.media.kpi(of: answer.money, draw: draw)[0],
                study.media.kpi(of: study.media.layout.current, draw: draw)[0]
            )
            .reduce(0) { $0 + $1.0 - $1.1 }
        }
        #expect(abs(gain - money.reduce(0, +) / 60) < 1e-6 * abs(gain) + 1e-6)
    }

    @Test("units that have no price have no plan: nothing says what one is worth; with a margin they have one, if of 1")
    func noPrice() throws {
        func study(margin: Double?) throws -> AllocationStudy<SerialMap> {
            var specification = model.specification
            specification.kpi = KPI(kind: .units, currency: "EUR", margin: margin)
            let units = MarketingMixModel(specification: specification, dataset: model.dataset)
            return try AllocationStudy(
                AllocationQuestion(periodCount: 13), model: units, constrained: Self.draws(units, 2), by: SerialMap())
        }
        #expect(throws: AllocationRefusal.noPrice) { try study(margin: nil) }
        #expect(try study(margin: 0.4).names.count == 4)
    }

    @Test("geos by themselves: more is gained than where they move together")
    func geos() throws {
        let panel = Self.model(geos: 3)
        func best(_ parts: Set<PlanVariables.Part>) throws -> AllocationAnswer {
            var question = AllocationQuestion(periodCount: 8)
            question.parts = parts
            return try AllocationStudy(question, model: panel, constrained: Self.draws(panel, 20), by: SerialMap())
                .best()
        }
        let together = try best([])
        let apart = try best([.geo])
        let all = try best([.geo, .period])
        #expect(apart.gain.mean >= together.gain.mean - 1e-9 && all.gain.mean > apart.gain.mean)
        #expect(try #require(all.residual) < 1e-6)
        #expect(all.cells.count == 4 * 3 * 8 && all.cells[0].geo == "g0")
    }
}
