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

    package let answer: AllocationAnswer
    /// Gain of the split at each draw.
    package let gains: [Double]
    /// Nil where channels multiply each other.
    package let responses: PlanResponses?
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
        let wished = min(Self.drawCounts.upperBound, max(Self.drawCounts.lowerBound, Self.workMax / work))
        let constrained = AllocationStudy<SerialMap>.taken(wished, from: Self.constrained(result.draws))
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
        periodCount = question.periodCount
        drawCount = constrained.count
        drivers = model.specification.channels.filter { !$0.drives.isEmpty }.map(\.name)
    }

    /// Parameter values in layout order, a vector a draw.
    private static func constrained(_ draws: Draws) -> [[Double]] {
        (0..<draws.chainCount * draws.drawCount).map { draw in
            draws.variables.flatMap { $0.values[draw * $0.elementCount..<(draw + 1) * $0.elementCount] }
        }
    }
}
