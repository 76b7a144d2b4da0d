import Allocation
import Analysis
import ArgumentParser
import MarketingMix
import ModelDefinition

/// What is asked of a budget, as options.
struct AllocationOptions: ParsableArguments {
    @Option(
        help:
            "Periods that are planned (default: a quarter, which is 13 weeks, 91 days or 3 months; at most those of the data)."
    )
    var horizon: Int?

    @Option(help: "Money for all planned periods (default: what is spent now).")
    var budget: Double?

    @Flag(help: "Spend whatever earns the most within the bounds.")
    var free = false

    @Option(help: "Spend as much as may be spent before all of it together returns less than this.")
    var targetRoi: Double?

    @Option(help: "Spend as much as may be spent before further money returns less than this.")
    var targetMroi: Double?

    @Option(
        help: ArgumentHelp(
            "Least and most as multiples of what a channel has now (default: 0.7:1.3), of all or of one channel.",
            valueName: "[CHANNEL=]MIN:MAX"))
    var bounds: [String] = []

    @Option(
        help: ArgumentHelp(
            "A channel whose money is not for choice: it keeps what it has, or has what is said.",
            valueName: "CHANNEL[=MONEY]"))
    var fix: [String] = []

    @Option(
        help: ArgumentHelp(
            "Limits of the money of some channels together; a group of the model file stands for its channels.",
            valueName: "CHANNEL+CHANNEL=MIN:MAX"))
    var group: [String] = []

    @Option(
        help: ArgumentHelp(
            "A channel that is on air in flights: so many periods in a row at the least, and in each of them so much money at "
                + "the least (default: any).", valueName: "CHANNEL=PERIODS[:MONEY]"))
    var flight: [String] = []

    @Option(
        help: ArgumentHelp(
            "What is chosen by itself: geo, period, or both (default: the channel's total).", valueName: "geo,period"))
    var by: String?

    @Option(
        help: ArgumentHelp(
            "What is made as large as possible beside the mean profit: cvar:0.1, the mean of the worst tenth; variance:RHO, the "
                + "mean less RHO times the variance.", valueName: "cvar:LEVEL|variance:RHO"))
    var risk: String?

    @Option(
        help: ArgumentHelp(
            "How fast a channel's price rises with its money: twice the money costs 2^KAPPA times as much per exposure.",
            valueName: "CHANNEL=KAPPA"))
    var priceRise: [String] = []

    @Option(help: "Profit before media per revenue (default: the model's margin).")
    var margin: Double?

    func question(for model: MarketingMixModel) throws -> AllocationQuestion {
        let data = model.dataset
        let periods = horizon ?? AllocationQuestion.quarter(of: data)
        guard (1...data.periodCount).contains(periods) else {
            throw UserError.unusable("--horizon must be from 1 to \(data.periodCount), the periods of the data.")
        }
        var question = AllocationQuestion(periodCount: periods)
        question.budget = try money()
        for text in bounds {
            let (channel, range) = try Self.range(text, option: "bounds")
            if let channel { question.boundsByChannel[channel] = range } else { question.bounds = range }
        }
        for text in fix {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard let name = parts.first else { throw Self.unusable("fix", text, "as in --fix tv or --fix tv=5e4") }
            if parts.count == 2 {
                guard let money = Double(parts[1]), money >= 0, money.isFinite else {
                    throw Self.unusable("fix", text, "as in --fix tv=5e4, with money of 0 or more")
                }
                question.fixed.updateValue(money, forKey: name)
            } else {
                question.fixed.updateValue(nil, forKey: name)
            }
        }
        for text in group {
            let (names, range) = try Self.range(text, option: "group")
            guard let names else { throw Self.unusable("group", text, "as in --group tv+ooh=1e5:3e5") }
            question.groups.append(
                .init(
                    name: names,
                    channels: names.split(separator: "+").flatMap { Self.channels(named: String($0), model) },
                    limits: range))
        }
        try Self.checkGroups(question.groups)
        for text in flight {
            let (channel, flights) = try Self.flights(text, periodCount: periods)
            question.flights[channel] = flights
        }
        try checkFlights(question)
        for text in priceRise {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let rise = Double(parts[1]), (0..<1).contains(rise) else {
                throw Self.unusable("price-rise", text, "as in --price-rise search=0.2, from 0 to less than 1")
            }
            question.priceRises[parts[0]] = rise
        }
        question.parts = try chosenParts()
        question.risk = try attitude()
        if let margin {
            guard margin > 0, margin <= 1 else {
                throw UserError.unusable(
                    "--margin \(margin): it must be above 0 and at most 1. Mend: as in --margin 0.3, for 30 %.")
            }
            question.margin = margin
        }
        return question
    }

    private func money() throws -> AllocationQuestion.Budget {
        let given = [budget != nil, free, targetRoi != nil, targetMroi != nil].count { $0 }
        guard given <= 1 else {
            throw UserError.unusable("--budget, --free, --target-roi and --target-mroi exclude each other: give one.")
        }
        func positive(_ value: Double, _ name: String) throws -> Double {
            guard value > 0, value.isFinite else { throw UserError.unusable("--\(name) must be above 0.") }
            return value
        }
        if let budget { return .amount(try positive(budget, "budget")) }
        if let targetRoi { return .targetROI(try positive(targetRoi, "target-roi")) }
        if let targetMroi { return .targetMarginalROI(try positive(targetMroi, "target-mroi")) }
        return free ? .free : .current
    }

    private func chosenParts() throws -> Set<PlanVariables.Part> {
        guard let by else { return [] }
        return Set(
            try by.split(separator: ",").map { word in
                guard let part = PlanVariables.Part(rawValue: String(word)) else {
                    throw Self.unusable("by", by, "geo, period, or geo,period")
                }
                return part
            })
    }

    private func attitude() throws -> RiskAttitude {
        guard let risk else { return .neutral }
        let parts = risk.split(separator: ":").map(String.init)
        let value = parts.count == 2 ? Double(parts[1]) : nil
        switch (parts.first, value) {
        case ("cvar", let level?) where level > 0 && level <= 1: return .conditionalValueAtRisk(level)
        case ("variance", let aversion?) where aversion >= 0 && aversion.isFinite: return .meanVariance(aversion)
        default: throw Self.unusable("risk", risk, "cvar:0.1, with a share above 0 and up to 1, or variance:1e-6")
        }
    }

    private static func range(_ text: String, option: String) throws -> (name: String?, range: ClosedRange<Double>) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let ends = (parts.last ?? "").split(separator: ":").map(String.init).compactMap(Double.init)
        guard ends.count == 2, ends[0] >= 0, ends[0] <= ends[1], ends[1].isFinite else {
            throw unusable(option, text, "two numbers of 0 or more in order, as in 0.7:1.3")
        }
        return (parts.count == 2 ? parts[0] : nil, ends[0]...ends[1])
    }

    private static func flights(
        _ text: String, periodCount: Int
    ) throws -> (channel: String, AllocationQuestion.Flights) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let numbers = (parts.last ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, (1...2).contains(numbers.count), let length = Int(numbers[0]),
            (1...periodCount).contains(length), let money = numbers.count == 1 ? 0 : Double(numbers[1]), money >= 0,
            money.isFinite
        else {
            throw unusable(
                "flight", text, "as in --flight tv=4 or --flight tv=4:50000, with 1 to \(periodCount) periods")
        }
        return (parts[0], AllocationQuestion.Flights(lengthMin: length, moneyMin: money))
    }

    private func checkFlights(_ question: AllocationQuestion) throws {
        for channel in question.flights.keys.sorted() {
            if question.fixed.keys.contains(channel) {
                throw UserError.unusable(
                    "--flight \(channel): its money is fixed. Mend: leave one of --flight and --fix out.")
            }
            if question.groups.contains(where: { $0.channels.contains(channel) }) {
                throw UserError.unusable(
                    "--flight \(channel): it is in a group. Mend: leave it out of --group, and say its own --bounds.")
            }
        }
    }

    /// A channel, or the channels with money of a group of the model file.
    private static func channels(named name: String, _ model: MarketingMixModel) -> [String] {
        guard let group = model.specification.groups.first(where: { $0.name == name }) else { return [name] }
        return group.channels.filter {
            model.specification.channels[$0].longTermOf == nil && model.spend(channel: $0) > 0
        }.map { model.specification.channels[$0].name }
    }

    private static func checkGroups(_ groups: [AllocationQuestion.Group]) throws {
        var known: Set<String> = []
        for name in groups.flatMap(\.channels) where !known.insert(name).inserted {
            throw UserError.unusable("--group: '\(name)' is named twice. Mend: a channel belongs to one group at most.")
        }
    }

    private static func unusable(_ option: String, _ text: String, _ mend: String) -> UserError {
        UserError.unusable("--\(option) \(text): this cannot be read. Mend: \(mend).")
    }
}
