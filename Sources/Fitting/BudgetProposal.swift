import Allocation
import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Posterior

/// What a finished fit makes of today's budget over the next quarter: the split that earns the most, within 30 % of what each
/// channel has, and what any other split would come to.
package struct BudgetProposal: Sendable {
    /// Draws are at most so many, as `tutti optimize` takes; of large models fewer, so that the answer takes seconds, of the
    /// largest panels a minute.
    private static let drawCounts = 200...1000
    /// Draws × channels × geos × periods: 1,000 draws of 20 channels in 50 geos over a quarter.
    private static let workMax = 26_000_000
    /// Where channels multiply each other, numbers that a planner keeps of all draws, 2 MB of a page; and draws × channels × geos ×
    /// periods that it works out, half a second when the page opens.
    private static let numberCountMax = 400_000
    private static let termCountMax = 1_000_000

    package let answer: AllocationAnswer
    /// Gain of the split at each draw.
    package let gains: [Double]
    /// Nil where channels multiply each other.
    package let responses: PlanResponses?
    /// Where channels multiply each other; nil where so many draws as are needed take too many numbers.
    package let growth: PlanGrowth?
    /// First days of the first and the last planned period.
    package let first: CalendarDate
    package let last: CalendarDate
    package let periodCount: Int
    package let drawCount: Int
    /// Channels that drive others, which is not counted here.
    package let drivers: [String]

    /// Nil where the chains do not agree, where returns are not money, and where no money can be moved.
    package init?(_ result: FitResult, by processors: some ParallelMap) {
        let model = result.model
        guard result.verdict.outcome != .failed, ResultUnits(result).returnsAreMoney else { return nil }
        let question = AllocationQuestion(periodCount: AllocationQuestion.quarter(of: model.dataset))
        let work = model.specification.channels.count * model.dataset.geoCount * 2 * question.periodCount
        let all = Self.constrained(result.draws)
        let affordable = min(Self.workMax / work, Self.affordable(question, model: model, of: all) ?? .max)
        let wished = min(Self.drawCounts.upperBound, max(Self.drawCounts.lowerBound, affordable))
        let constrained = AllocationStudy<SerialMap>.taken(wished, from: all)
        guard
            let study = try? AllocationStudy(question, model: model, constrained: constrained, by: processors),
            study.names.count > 1, let answer = try? study.best(),
            let first = study.media.layout.dates.first, let last = study.media.layout.dates.last
        else { return nil }
        self.answer = answer
        self.first = first
        self.last = last
        gains = study.gains(of: answer.money)
        responses = PlanResponses(study.media, by: processors)
        growth = PlanGrowth(study.media).flatMap { $0.drawCount <= Self.affordable($0) ? $0 : nil }
        periodCount = question.periodCount
        drawCount = constrained.count
        drivers = model.specification.channels.filter { !$0.drives.isEmpty }.map(\.name)
    }

    /// The most draws that a planner may keep where channels multiply each other: two draws say which numbers many geos share.
    private static func affordable(
        _ question: AllocationQuestion, model: MarketingMixModel, of constrained: [[Double]]
    ) -> Int? {
        let few = AllocationStudy<SerialMap>.taken(2, from: constrained)
        return (try? AllocationStudy(question, model: model, constrained: few, by: SerialMap())).flatMap { study in
            PlanGrowth(study.media).map { affordable($0) }
        }
    }

    /// As many draws as make a page that is neither too large nor too slow.
    private static func affordable(_ growth: PlanGrowth) -> Int {
        min(
            numberCountMax * growth.drawCount / growth.numberCount,
            termCountMax / max(1, growth.tracks.count * growth.periodCount))
    }

    /// Parameter values in layout order, a vector a draw.
    private static func constrained(_ draws: Draws) -> [[Double]] {
        (0..<draws.chainCount * draws.drawCount).map { draw in
            draws.variables.flatMap { $0.values[draw * $0.elementCount..<(draw + 1) * $0.elementCount] }
        }
    }
}
