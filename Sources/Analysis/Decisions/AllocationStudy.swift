import Allocation
import Kernels
import MarketingMix
import ModelDefinition

/// A budget over the periods that follow the data, on the whole posterior.
package struct AllocationStudy<Processors: ParallelMap>: Sendable {
    package let question: AllocationQuestion
    package let media: PlannedMedia
    private let margin: Double
    private let processors: Processors
    private let channelOf: [String: Int]

    /// Draws at which the best plan is looked for by itself.
    private static var spreadDraws: Int { 200 }
    /// Draws by which flights are chosen.
    private static var searchDraws: Int { 100 }
    /// Money that moves by a smaller share of what is there does not move.
    private static var rounding: Double { 1e-9 }

    /// Draws by which plans are judged: at most so many of a posterior's, evenly taken.
    package static func taken(_ count: Int, from constrained: [[Double]]) -> [[Double]] {
        let stride = max(1, constrained.count / count)
        return Swift.stride(from: stride - 1, to: constrained.count, by: stride).prefix(count).map { constrained[$0] }
    }

    /// - Parameter constrained: one vector of parameter values, in layout order, a draw.
    package init(
        _ question: AllocationQuestion, model: MarketingMixModel, constrained: [[Double]], by processors: Processors
    ) throws(AllocationRefusal) {
        guard model.returnsAreMoney else { throw .noPrice }
        self.question = question
        self.processors = processors
        let layout = MediaPlanLayout(
            model, periodCount: question.periodCount, priceRises: question.priceRises)
        let names = layout.channels.map { model.specification.channels[$0].name }
        let channelOf = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        self.channelOf = channelOf
        let asked =
            question.boundsByChannel.keys.sorted() + question.fixed.keys.sorted() + question.priceRises.keys.sorted()
            + question.groups.flatMap(\.channels) + question.flights.keys.sorted()
        if let unknown = asked.first(where: { channelOf[$0] == nil }) { throw .unknownChannel(unknown) }
        margin = question.margin ?? model.meanMargin(last: question.periodCount) ?? 1
        media = PlannedMedia(layout, model: model, constrained: constrained, by: processors)
    }

    private var layout: MediaPlanLayout { media.layout }
    /// Names of the plan's channels.
    package var names: [String] { layout.channels.map { media.model.specification.channels[$0].name } }

    // MARK: Answers

    /// The best plan.
    package func best() throws(AllocationRefusal) -> AllocationAnswer {
        let choice = try choice()
        var answer = answer(
            variables: choice.variables, set: choice.set, amounts: choice.optimum.amounts, cost: choice.cost)
        answer.residual = choice.optimum.residual
        answer.held = held(choice)
        answer.flights = flights(answer.money)
        // When channels are on air was searched for.
        answer.isConcave = answer.isConcave && question.flights.isEmpty
        return answer
    }

    /// Its amounts by variable, without what else is told of it.
    package func optimum() throws(AllocationRefusal) -> Optimum { try choice().optimum }

    /// Its money by cell.
    package func bestMoney() throws(AllocationRefusal) -> [Double] {
        let choice = try choice()
        return choice.variables.money(choice.optimum.amounts)
    }

    /// By draw, what a plan's profit is more than that of the current one.
    package func gains(of money: [Double]) -> [Double] {
        let profit = PlanProfit(
            media, variables: PlanVariables(layout, base: layout.current, by: []), margin: margin, by: processors)
        return zip(profit.profits(ofMoney: money), profit.profits(ofMoney: layout.current)).map { $0 - $1 }
    }

    /// A best split, and among what it was chosen.
    private struct Choice {
        var variables: PlanVariables
        var set: FeasibleSet
        var optimum: Optimum
        /// What a unit of money had to bring back.
        var cost: Double
    }

    private func choice() throws(AllocationRefusal) -> Choice {
        var fixed: [Int: Double] = [:]
        for (name, money) in question.fixed {
            guard let channel = channelOf[name] else { continue }
            fixed[channel] = money ?? spend(layout.current, channel)
        }
        let variables = PlanVariables(
            layout, base: layout.current, by: question.parts,
            inFlights: Set(question.flights.keys.compactMap { channelOf[$0] }), fixed: fixed)
        guard !variables.variables.isEmpty else { throw .nothingToChoose }
        let bounds = try PlanBounds(question, variables, layout: layout, names: names, fixed: fixed)
        let amounts = variables.amounts
        var cost = 1.0
        var patterns: [FlightPattern]?
        let budget: FeasibleSet.Budget
        switch question.budget {
        case .current:
            // What is fixed takes its money from the others, or leaves it to them.
            let released = fixed.keys.sorted().reduce(0.0) { $0 + spend(layout.current, $1) } - bounds.kept
            budget = .exactly(amounts.reduce(0, +) + released)
        case .amount(let total): budget = .exactly(total - bounds.kept)
        case .free: budget = .free
        case .targetMarginalROI(let target):
            cost = margin * target
            budget = .free
        case .targetROI(let target):
            if !bounds.lengthMins.isEmpty { patterns = try onAir(bounds, variables, returning: target) }
            budget = try largest(
                target, in: try bounds.set(.free, onAir: patterns), variables, kept: bounds.kept
            ).budget
        }
        var allowed = try bounds.set(budget, onAir: patterns)
        if patterns == nil, !bounds.lengthMins.isEmpty {
            allowed = try bounds.set(budget, onAir: try onAir(bounds, budget, variables, cost: cost))
        }
        let profit = PlanProfit(media, variables: variables, margin: margin, cost: cost, by: processors)
        let optimum = Allocator(profit: profit, set: allowed, risk: question.risk).best(from: amounts)
        return Choice(variables: variables, set: allowed, optimum: optimum, cost: cost)
    }

    /// When channels that run in flights are on air: chosen by a part of the draws, since many patterns are looked at.
    private func onAir(
        _ bounds: PlanBounds, _ budget: FeasibleSet.Budget, _ variables: PlanVariables, cost: Double
    ) throws(AllocationRefusal) -> [FlightPattern] {
        try found(
            search(bounds, budget, variables, margin: margin, cost: cost, risk: question.risk)
                .best(from: variables.amounts, by: processors))
    }

    /// The same where all of the money together returns so much: the patterns with the largest budget that does.
    private func onAir(
        _ bounds: PlanBounds, _ variables: PlanVariables, returning target: Double
    ) throws(AllocationRefusal) -> [FlightPattern] {
        try found(
            search(bounds, .free, variables, margin: 1, cost: target, risk: .neutral)
                .largestBudget(from: variables.amounts, by: processors))
    }

    private func search(
        _ bounds: PlanBounds, _ budget: FeasibleSet.Budget, _ variables: PlanVariables, margin: Double, cost: Double,
        risk: RiskAttitude
    ) -> FlightSearch<PlanProfit<SerialMap>> {
        FlightSearch(
            profit: PlanProfit(
                media.thinned(to: Self.searchDraws), variables: variables, margin: margin, cost: cost, by: SerialMap()),
            risk: risk, periodCount: layout.periodCount, lengthMins: bounds.lengthMins
        ) { try? bounds.set(budget, onAir: $0) }
    }

    private func found(_ patterns: [FlightPattern]?) throws(AllocationRefusal) -> [FlightPattern] {
        guard let patterns else { throw .flights(names.filter { question.flights[$0] != nil }) }
        return patterns
    }

    /// When channels that run in flights have money.
    private func flights(_ money: [Double]) -> [PlannedFlight] {
        names.enumerated().flatMap { channel, name -> [PlannedFlight] in
            guard question.flights[name] != nil else { return [] }
            let byPeriod = layout.dates.indices.map { period in
                (0..<layout.geoCount).reduce(0.0) {
                    $0 + money[layout.cells(channel: channel, geo: $1).lowerBound + period]
                }
            }
            return FlightPattern(byPeriod.map { $0 > 0 }).flights.map { periods in
                PlannedFlight(
                    channel: name, first: layout.dates[periods.lowerBound].description,
                    last: layout.dates[periods.upperBound - 1].description, periodCount: periods.count,
                    spend: byPeriod[periods].reduce(0, +))
            }
        }
    }

    /// Channels all of whose money lies at one end of its bounds: flights have none, and bounds that are one leave no end.
    private func held(_ choice: Choice) -> AllocationAnswer.Held {
        var held = AllocationAnswer.Held()
        for (channel, name) in names.enumerated() where question.flights[name] == nil {
            let members = choice.variables.variables.indices.filter {
                choice.variables.variables[$0].channel == channel
            }
            let isFree = members.contains { choice.set.lower[$0] < choice.set.upper[$0] }
            guard isFree else { continue }
            func lies(at ends: [Double]) -> Bool {
                members.allSatisfy {
                    abs(choice.optimum.amounts[$0] - ends[$0]) <= Self.rounding * choice.variables.amounts[$0]
                }
            }
            if lies(at: choice.set.upper) {
                held.atMost.append(name)
            } else if lies(at: choice.set.lower) {
                held.atLeast.append(name)
            }
        }
        return held
    }

    /// What a plan that was made by somebody comes to.
    ///
    /// - Parameter money: by cell.
    package func score(_ money: [Double]) throws(AllocationRefusal) -> AllocationAnswer {
        let variables = PlanVariables(layout, base: money, by: [])
        guard !variables.variables.isEmpty else { throw .nothingToChoose }
        let amounts = variables.amounts
        let ranges = variables.variables.map { variable -> ClosedRange<Double> in
            let now = spend(layout.current, variable.channel)
            let bounds = question.boundsByChannel[names[variable.channel]] ?? question.bounds
            return min(variable.amount, now * bounds.lowerBound)...max(variable.amount, now * bounds.upperBound)
        }
        do throws(FeasibleSet.Conflict) {
            let set = try FeasibleSet(
                lower: ranges.map(\.lowerBound), upper: ranges.map(\.upperBound),
                budget: .exactly(amounts.reduce(0, +)))
            return answer(variables: variables, set: set, amounts: amounts, cost: 1)
        } catch {
            preconditionFailure("a plan lies within bounds that hold it")
        }
    }

    /// The largest budget whose best split still returns so much in the mean: what further money returns falls as budgets
    /// grow, and the mean with it.
    private func largest(
        _ target: Double, in free: FeasibleSet, _ variables: PlanVariables, kept: Double
    ) throws(AllocationRefusal) -> FeasibleSet {
        let profit = PlanProfit(media, variables: variables, margin: 1, cost: 0, by: processors)
        var start = variables.amounts
        func split(_ total: Double) -> (set: FeasibleSet, roi: Double)? {
            guard let set = try? free.with(.exactly(total)) else { return nil }
            let best = Allocator(profit: profit, set: set).best(from: start)
            start = best.amounts
            return (set, best.value / max(total + kept, .leastNormalMagnitude))
        }
        var (low, high) = (free.reachable.lowerBound, free.reachable.upperBound)
        guard let most = split(high), most.roi < target else { return (try? free.with(.exactly(high))) ?? free }
        guard var found = split(low) else { throw .targetROI(best: most.roi) }
        if found.roi < target {
            // The least may return less than more does: it pays for what is fixed, or is nothing at all.
            let surplus = PlanProfit(media, variables: variables, margin: 1, cost: target, by: processors)
            let best = Allocator(profit: surplus, set: free).best(from: variables.amounts).amounts.reduce(0, +)
            guard let next = split(best), next.roi >= target else {
                throw .targetROI(best: max(found.roi, most.roi, split(best)?.roi ?? 0))
            }
            (low, found) = (best, next)
        }
        for _ in 0..<24 {
            let middle = 0.5 * (low + high)
            guard let next = split(middle) else { break }
            if next.roi >= target { (low, found) = (middle, next) } else { high = middle }
        }
        return found.set
    }

    // MARK: Figures

    private func spend(_ money: [Double], _ channel: Int) -> Double {
        let cells = layout.geoCount * layout.periodCount
        return money[channel * cells..<(channel + 1) * cells].reduce(0, +)
    }

    private func scaled(_ money: [Double], _ channel: Int, by factor: Double) -> [Double] {
        var result = money
        let cells = layout.geoCount * layout.periodCount
        for cell in channel * cells..<(channel + 1) * cells { result[cell] *= factor }
        return result
    }

    private func answer(
        variables: PlanVariables, set: FeasibleSet, amounts: [Double], cost: Double
    ) -> AllocationAnswer {
        let money = variables.money(amounts)
        let profit = PlanProfit(media, variables: variables, margin: margin, by: processors)
        let (now, then) = (profit.profits(ofMoney: layout.current), profit.profits(ofMoney: money))
        let gains = zip(then, now).map { $0 - $1 }
        // What is best at a draw is asked of fewer draws, in the money that the plan was chosen by.
        let few = PlanProfit(
            media.thinned(to: Self.spreadDraws), variables: variables, margin: margin, cost: cost, by: processors)
        let spread = OptimumSpread(
            around: amounts, profit: few, set: set, draws: Array(0..<few.drawCount), by: processors)
        let worth = InformationValues(few, set: set, amounts: amounts, spread: spread)
        let rows = names.enumerated().map { channel, name -> AllocationRow in
            let members = variables.variables.indices.filter { variables.variables[$0].channel == channel }
            let spends = (now: spend(layout.current, channel), then: spend(money, channel))
            let best = spread.amounts.map { draw in members.reduce(0) { $0 + draw[$1] } }
            let moves = spends.then - spends.now
            // Where nothing is moved, or bounds leave no other way, there is no direction to be right about.
            let reach = [set.lower, set.upper].map { ends in members.reduce(0) { $0 + ends[$1] } }
            let isChoice =
                abs(moves) > Self.rounding * spends.now && reach[0] <= spends.now && spends.now <= reach[1]
            return AllocationRow(
                channel: name, spend: spends.now, proposed: spends.then, isFixed: members.isEmpty,
                roi: roi(layout.current, channel), proposedROI: roi(money, channel),
                marginalROI: marginalROI(layout.current, channel), proposedMarginalROI: marginalROI(money, channel),
                optimum: members.isEmpty ? nil : Estimate(draws: best),
                chance: isChoice
                    ? Double(best.count { ($0 - spends.now) * moves > 0 }) / Double(best.count) : nil,
                informationValue: members.isEmpty ? nil : worth.value(of: channel),
                extrapolates: extrapolates(money, channel))
        }
        let tenth = RiskAttitude.conditionalValueAtRisk(0.1)
        return AllocationAnswer(
            rows: rows, cells: cells(money), money: money, margin: margin, profit: Estimate(draws: now),
            proposedProfit: Estimate(draws: then), gain: Estimate(draws: gains),
            chance: Double(gains.count { $0 > 0 }) / Double(gains.count), worstTenth: tenth.value(now),
            proposedWorstTenth: tenth.value(then), expectedRegret: spread.expectedRegret, residual: nil,
            isConcave: media.isConcave,
            lacksMargin: question.margin == nil && !media.model.hasMargin)
    }

    private func roi(_ money: [Double], _ channel: Int) -> Estimate? {
        let spent = spend(money, channel)
        guard spent > 0 else { return nil }
        return Estimate(draws: media.revenues(of: money, channel: channel, by: processors).map { $0 / spent })
    }

    private func marginalROI(_ money: [Double], _ channel: Int) -> Estimate? {
        let spent = spend(money, channel)
        guard spent > 0 else { return nil }
        let all = media.revenues(of: money, channel: channel, by: processors)
        let more = media.revenues(
            of: scaled(money, channel, by: 1 + Effect.bump), channel: channel, by: processors)
        return Estimate(draws: zip(more, all).map { ($0 - $1) / (Effect.bump * spent) })
    }

    private func extrapolates(_ money: [Double], _ channel: Int) -> Bool {
        (0..<layout.geoCount).contains { geo in
            let highest = layout.highestSpend[channel * layout.geoCount + geo]
            return layout.cells(channel: channel, geo: geo).contains {
                money[$0] > PlanLimits.extrapolation * highest
            }
        }
    }

    private func cells(_ money: [Double]) -> [PlannedSpend] {
        let data = media.model.dataset
        return (0..<layout.geoCount).flatMap { geo in
            layout.dates.indices.flatMap { period in
                names.enumerated().map { channel, name in
                    let cell = layout.cells(channel: channel, geo: geo).lowerBound + period
                    return PlannedSpend(
                        date: layout.dates[period].description, geo: data.geos.isEmpty ? nil : data.geos[geo],
                        channel: name, spend: layout.current[cell], proposed: money[cell])
                }
            }
        }
    }
}
