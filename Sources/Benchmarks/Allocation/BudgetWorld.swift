import Allocation
import Analysis
import Densities
import Fitting
import Kernels
import MarketingMix
import ModelDefinition

/// A world of three channels whose truth is drawn from the prior, with a current plan that is near the best or far from it.
struct BudgetWorld {
    /// Weeks of data, and weeks that are planned: as many before them are the current plan.
    static let weeks = 130
    static let planned = 13
    static let margin = 0.5
    /// A plan this near to the best, as a share of what its media earn before their cost, is near.
    static let nearness = 0.05

    /// The truth's own model and parameters, and the model of its data.
    let model: MarketingMixModel
    let truth: PlannedMedia
    let isNear: Bool

    /// Constants that the data do not move, so that the prior of the fit is what drew the truth.
    private static func specification(_ firstDate: CalendarDate) -> ModelSpecification {
        let adstock = Adstock(kind: .geometric, maximumLag: 8)
        func channel(_ name: String, _ saturation: Saturation) -> Channel {
            Channel(
                name: name, kind: .performance, adstock: adstock, saturation: saturation, effect: .coefficient,
                priors: [
                    .alpha: .beta(a: 3, b: 5), .lam: .logNormal(mean: 0.2, sd: 0.4),
                    .beta: .logNormal(mean: 0.4, sd: 0.5),
                ])
        }
        var specification = ModelSpecification(
            name: "world", preset: .tutti, kpi: KPI(kind: .revenue, currency: "EUR", margin: margin),
            channels: [
                channel("tv", .michaelisMenten), channel("search", .logistic), channel("social", .michaelisMenten),
            ], controls: [], events: [], holidayCountry: nil, intercept: true, trend: .linear,
            seasonality: [Seasonality(periodDays: 365.25, harmonics: 2)],
            priors: [BaselineParameter.sigma.rawValue: .halfNormal(scale: 0.4)], sampling: SamplingSpecification(),
            resampling: ResamplingSpecification(), seed: 1)
        specification.accepted = AcceptedFit(
            kpi: .init(mean: 10_000, scale: 1000), channels: ["tv": 200, "search": 200, "social": 200], controls: [:],
            treatments: [:], population: [:], firstDate: firstDate, periodCount: weeks, draws: nil)
        return specification
    }

    init(index: Int, seed: UInt64) {
        let key = StreamKey(seed: seed, kind: 95, index: UInt32(index))
        var random = RandomStream(key: key, iteration: 0, site: 0)
        let firstDate = CalendarDate(year: 2024, month: 1, day: 1)!
        let specification = Self.specification(firstDate)
        var spend = (0..<3).map { _ -> [Double] in
            let level = 120 + 160 * random.uniform()
            return (0..<Self.weeks).map { _ in random.uniform() < 0.15 ? 0 : level * (0.3 + 1.4 * random.uniform()) }
        }
        func model(_ kpi: [Double]) -> MarketingMixModel {
            MarketingMixModel(
                specification: specification,
                dataset: Dataset(
                    frequency: .week, dates: (0..<Self.weeks).map { firstDate.advanced(by: 7 * $0) }, kpi: kpi,
                    revenuePerKPI: [Double](repeating: 1, count: Self.weeks), spend: spend, exposure: spend,
                    controls: [], events: [], holidays: []))
        }
        let zeros = [Double](repeating: 0, count: Self.weeks)
        let parameters = model(zeros).priorDraw(&random)
        func media() -> PlannedMedia {
            let own = model(zeros)
            return PlannedMedia(
                MediaPlanLayout(own, periodCount: Self.planned), model: own, constrained: [parameters])
        }
        // The best of all splits of the last weeks' money, whatever each channel had.
        let budget = 3.0 * 200 * Double(Self.planned)
        func setTotals(_ totals: [Double]) {
            for channel in 0..<3 {
                for week in (Self.weeks - Self.planned)..<Self.weeks {
                    spend[channel][week] = totals[channel] / Double(Self.planned)
                }
            }
        }
        isNear = index % 2 == 0
        setTotals([budget / 3, budget / 3, budget / 3])
        let wide = Self.bestTotals(media(), budget: budget)
        var found = media()
        for attempt in 0..<200 {
            let width = isNear ? 0.15 / Double(1 + attempt / 20) : 1.0
            let raw = (isNear ? wide : [1, 1, 1]).map { $0 * Elementary.exp(width * random.normal()) }
            let sum = raw.reduce(0, +)
            setTotals(raw.map { budget * $0 / sum })
            found = media()
            let gap = 1 - Self.earnings(found, found.layout.current) / Self.best(found, budget: budget)
            if isNear == (gap <= Self.nearness) { break }
        }
        truth = found
        var noise = RandomStream(key: key, iteration: 0, site: 1)
        self.model = model(model(zeros).simulate(constrained: parameters, stream: &noise).kpi)
    }

    /// What media of a plan earn before their cost, in truth.
    static func earnings(_ media: PlannedMedia, _ money: [Double]) -> Double {
        margin * media.revenues(of: money, draws: 0..<1)[0]
    }

    private static func bestTotals(_ media: PlannedMedia, budget: Double) -> [Double] {
        let variables = PlanVariables(media.layout, base: media.layout.current, by: [])
        let profit = PlanProfit(media, variables: variables, margin: margin, by: SerialMap())
        let third = budget / 3
        guard
            let set = try? FeasibleSet(
                lower: [0.1, 0.1, 0.1].map { $0 * third }, upper: [2.8, 2.8, 2.8].map { $0 * third },
                budget: .exactly(budget))
        else { preconditionFailure("a third lies within its bounds") }
        return Allocator(profit: profit, set: set).best(from: variables.amounts).amounts
    }

    private static func best(_ media: PlannedMedia, budget: Double) -> Double {
        let variables = PlanVariables(media.layout, base: media.layout.current, by: [])
        return earnings(media, variables.money(bestTotals(media, budget: budget)))
    }
}

/// What became of a world whose budget was split by a fit of its data.
struct BudgetOutcome: Sendable {
    var isNear: Bool
    /// Of the current plan, before the cost of its media.
    var earnings: Double
    /// In truth, by the posterior, and by halves of the weeks that did not choose.
    var gain: Double
    var stated: Estimate
    var crossFitted: Estimate
    var hoped: Double
    var residual: Double

    init(_ world: BudgetWorld, seed: UInt64) throws {
        var question = AllocationQuestion(periodCount: BudgetWorld.planned)
        question.bounds = 0.5...2
        let fit = WeightedFit(seed: seed)
        let study = try AllocationStudy(
            question, model: world.model,
            constrained: try fit.constrained(world.model, weights: nil, by: SerialMap()), by: SerialMap())
        let answer = try study.best()
        let halves = try CrossFittedGain(question, model: world.model, fit: fit, by: SerialMap())
        isNear = world.isNear
        earnings = BudgetWorld.earnings(world.truth, world.truth.layout.current)
        gain = BudgetWorld.earnings(world.truth, answer.money) - earnings
        stated = answer.gain
        crossFitted = halves.gain
        hoped = halves.hoped
        residual = answer.residual ?? .nan
    }

    var isCovered: Bool { stated.q05 <= gain && gain <= stated.q95 }
}
