import Analysis
import Fitting
import Foundation
import MarketingMix
import Results

/// What a plan comes to, for people and as JSON.
struct AllocationOutcome {
    private let answer: AllocationAnswer
    private let layout: MediaPlanLayout
    private let currency: String
    private let isGiven: Bool
    private let passed: Bool
    private let folder: String
    private let drivers: [String]
    private let halves: CrossFittedGain?
    /// What all of the money together was to return; nil where that was not asked.
    private let target: Double?

    /// - Parameters:
    ///   - isGiven: whether the plan is somebody's.
    ///   - halves: nil where nobody asked.
    init(
        _ answer: AllocationAnswer, layout: MediaPlanLayout, model: MarketingMixModel, manifest: Manifest,
        folder: String, question: AllocationQuestion, isGiven: Bool, halves: CrossFittedGain?
    ) {
        self.halves = halves
        target = if !isGiven, case .targetROI(let target) = question.budget { target } else { nil }
        self.answer = answer
        self.layout = layout
        self.isGiven = isGiven
        self.folder = folder
        let code = model.specification.kpi.currency
        currency = code.isEmpty ? "" : "\(code) "
        passed = manifest.verdict.passed
        drivers = model.specification.channels.filter { !$0.drives.isEmpty }.map(\.name)
    }

    var text: String {
        let rows = answer.rows.map { row -> [String] in
            let change =
                row.isFixed || row.spend == 0 ? "" : Self.change(row.proposed / row.spend - 1)
            return [
                row.channel, NumberText.short(row.spend), NumberText.short(row.proposed), change,
                row.marginalROI.map { NumberText.decimal($0.mean, 2) } ?? "",
                row.proposedMarginalROI.map { NumberText.decimal($0.mean, 2) } ?? "",
                row.optimum.map { "\(NumberText.short($0.q05)) – \(NumberText.short($0.q95))" } ?? "",
                row.chance.map { Self.chance($0) } ?? "",
                row.informationValue.map(NumberText.short) ?? "", row.extrapolates ? "beyond what was seen" : "",
            ]
        }
        let table = TextTable(
            header: [
                "channel", "now", "plan", "change", "mROI", "then", "best at (90 %)", "chance", "worth of a test", "",
            ],
            rows: rows, numeric: [1, 2, 3, 4, 5, 6, 7, 8], width: Output.width)
        return ([table.text, ""] + sentences).joined(separator: "\n")
    }

    /// The answer first, then what else to know.
    private var sentences: [String] {
        var sentences = [headline]
        for flight in answer.flights {
            let periods = flight.periodCount == 1 ? "1 period" : "\(flight.periodCount) periods"
            sentences.append(
                "On air: \(flight.channel) for \(periods) from \(flight.first) with \(money(flight.spend)).")
        }
        if let halves {
            sentences.append(
                "Plans that fits to alternate blocks of periods chose gain \(interval(halves.gain)) on the periods that they did "
                    + "not see; by their own they hoped for \(signed(halves.hoped)).")
        }
        if !isGiven, let first = nextTest {
            sentences.append(
                "Which test next: \(first.channel). To know its response before choosing would be worth up to "
                    + "\(money(first.informationValue ?? 0)); to know everything, \(money(answer.expectedRegret)).")
        }
        if !answer.isConcave {
            sentences.append(
                answer.flights.isEmpty
                    ? "Responses are S-shaped or multiply each other: the plan is the best that several climbs found."
                    : "When channels are on air was searched for: the plan is the best of those that were looked at.")
        }
        if let target {
            let whole = "All of the money together returns \(NumberText.decimal(answer.proposedROI, 2)) in the mean"
            let isHeld = answer.proposedROI > 1.001 * target
            sentences.append(
                isHeld
                    ? "\(whole), more than the \(NumberText.decimal(target, 2)) asked for: bounds allow no more money."
                    : "\(whole).")
        }
        let held = [("up to the most", answer.held.atMost), ("down to the least", answer.held.atLeast)]
            .filter { !$1.isEmpty }.map { "\($1.joined(separator: ", ")) \($0)" }
        if !held.isEmpty {
            sentences.append("Held by their bounds: \(held.joined(separator: "; ")). Wider ones: --bounds.")
        }
        let unspent = answer.rows.filter { $0.spend == 0 && $0.proposed == 0 }.map(\.channel)
        if !isGiven, !unspent.isEmpty {
            sentences.append(
                "Without money now, of which bounds are multiples, and so without in the plan: "
                    + "\(unspent.joined(separator: ", ")). --fix CHANNEL=MONEY gives it some.")
        }
        let beyond = answer.rows.filter(\.extrapolates).map(\.channel)
        if !beyond.isEmpty {
            sentences.append(
                "Beyond what was seen: \(beyond.joined(separator: ", ")) would have more in a period than 1.2 times the most "
                    + "that was ever spent, where the curve is a guess.")
        }
        if answer.lacksMargin {
            sentences.append(
                "The model has no margin: all of the revenue counts as profit. Mend: `kpi: {margin: ...}`, or --margin."
            )
        }
        if !drivers.isEmpty {
            sentences.append(
                "What \(drivers.joined(separator: ", ")) brings through the channels that it drives is not counted.")
        }
        if !passed { sentences.append("The fit did not pass its convergence gate: these figures may be wrong.") }
        return sentences
    }

    private var headline: String {
        let what: String
        if isGiven {
            what = "This plan of \(money(answer.proposedTotal))"
        } else if abs(answer.proposedTotal - answer.total) > 1e-6 * answer.total {
            what = "Spending \(money(answer.proposedTotal)) in place of \(money(answer.total))"
        } else {
            what = "Moving \(money(answer.moved)) of \(money(answer.total))"
        }
        let when =
            "over \(layout.periodCount == 1 ? "1 period" : "\(layout.periodCount) periods") from "
            + layout.dates[0].description
        guard isGiven || answer.moved > 1e-9 * answer.total else {
            return "Nothing of \(money(answer.total)) is moved \(when): within its bounds the current plan is the best."
        }
        let chance = Self.chance(answer.chance, over: "over ", under: "under ")
        return "\(what) is worth \(interval(answer.gain)) of profit \(when), and better than the current plan with a "
            + "chance of \(chance)."
    }

    /// The channel whose response is worth the most to know; nil where that is less than a cent.
    private var nextTest: AllocationRow? {
        answer.rows.filter { ($0.informationValue ?? 0) >= 0.005 }.max {
            ($0.informationValue ?? 0) < ($1.informationValue ?? 0)
        }
    }

    /// In whole per cent, half ones away from 0.
    private static func percent(_ share: Double) -> Int { Int((100 * share).rounded()) }

    private static func change(_ share: Double) -> String {
        let percent = percent(share)
        return "\(percent > 0 ? "+" : "")\(percent) %"
    }

    /// A chance, never a certainty: draws are finite in number.
    private static func chance(_ share: Double, over: String = "> ", under: String = "< ") -> String {
        switch share {
        case 0.995...: "\(over)99 %"
        case ..<0.005: "\(under)1 %"
        default: "\(percent(share)) %"
        }
    }

    private func money(_ value: Double) -> String { currency + NumberText.short(value) }

    private func interval(_ estimate: Estimate) -> String {
        "\(signed(estimate.mean)) [\(signed(estimate.q05)); \(signed(estimate.q95))]"
    }

    private func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + money(abs(value)) }

    // MARK: JSON

    struct Document: Encodable {
        struct Interval: Encodable {
            var mean: Double
            var q05: Double
            var q95: Double

            init(_ estimate: Estimate) {
                mean = estimate.mean
                q05 = estimate.q05
                q95 = estimate.q95
            }
        }

        struct Channel: Encodable {
            var channel: String
            var spend: Double
            var proposed: Double
            var fixed: Bool
            var mroi: Interval?
            var proposedMroi: Interval?
            var optimum: Interval?
            var chance: Double?
            var informationValue: Double?
            var extrapolates: Bool

            enum CodingKeys: String, CodingKey {
                case channel, spend, proposed, fixed, mroi, optimum, chance, extrapolates
                case proposedMroi = "proposed_mroi"
                case informationValue = "information_value"
            }
        }

        struct Flight: Encodable {
            var channel: String
            var from: String
            var to: String
            var periods: Int
            var spend: Double
        }

        var from: String
        var to: String
        var periods: Int
        var spend: Double
        var proposed: Double
        var margin: Double
        var profit: Interval
        var proposedProfit: Interval
        var gain: Interval
        var gainOnHalves: Interval?
        var gainHopedByHalves: Double?
        var chance: Double
        var worstTenth: Double
        var proposedWorstTenth: Double
        var expectedRegret: Double
        var residual: Double?
        var concave: Bool
        var channels: [Channel]
        /// Of channels that run in flights; `to` is the first day of the last period.
        var flights: [Flight]
        var sentences: [String]
        var directory: String

        enum CodingKeys: String, CodingKey {
            case from, to, periods, spend, proposed, margin, profit, gain, chance, residual, concave, channels,
                flights,
                sentences,
                directory
            case proposedProfit = "proposed_profit"
            case gainOnHalves = "gain_on_halves"
            case gainHopedByHalves = "gain_hoped_by_halves"
            case worstTenth = "worst_tenth"
            case proposedWorstTenth = "proposed_worst_tenth"
            case expectedRegret = "expected_regret"
        }
    }

    var document: Document {
        Document(
            from: layout.dates[0].description, to: layout.dates[layout.periodCount - 1].description,
            periods: layout.periodCount, spend: answer.total, proposed: answer.proposedTotal, margin: answer.margin,
            profit: .init(answer.profit), proposedProfit: .init(answer.proposedProfit), gain: .init(answer.gain),
            gainOnHalves: halves.map { .init($0.gain) }, gainHopedByHalves: halves?.hoped,
            chance: answer.chance, worstTenth: answer.worstTenth, proposedWorstTenth: answer.proposedWorstTenth,
            expectedRegret: answer.expectedRegret, residual: answer.residual, concave: answer.isConcave,
            channels: answer.rows.map { row in
                Document.Channel(
                    channel: row.channel, spend: row.spend, proposed: row.proposed, fixed: row.isFixed,
                    mroi: row.marginalROI.map(Document.Interval.init),
                    proposedMroi: row.proposedMarginalROI.map(Document.Interval.init),
                    optimum: row.optimum.map(Document.Interval.init), chance: row.chance,
                    informationValue: row.informationValue, extrapolates: row.extrapolates)
            },
            flights: answer.flights.map {
                Document.Flight(
                    channel: $0.channel, from: $0.first, to: $0.last, periods: $0.periodCount, spend: $0.spend)
            }, sentences: sentences, directory: folder)
    }
}
