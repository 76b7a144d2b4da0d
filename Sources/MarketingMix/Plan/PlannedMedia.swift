import Kernels
import ModelDefinition

/// What the media of a plan bring at each of some draws.
///
/// Media before the plan still work in it, and the media of the plan after it: both count as they would be seen, but what is
/// told is only what the money of the plan adds.
package struct PlannedMedia: Sendable {
    package let layout: MediaPlanLayout
    package let model: MarketingMixModel
    package let constrained: [[Double]]
    /// Whether at every draw what money brings bends nowhere upwards.
    package let isConcave: Bool
    let draws: [PlanDraw]
    /// By draw, the revenue that media bring without any money of the plan: subtracted from all.
    private var idleRevenues: [Double] = []

    /// - Parameter constrained: one vector of parameter values, in layout order, a draw.
    package init(
        _ layout: MediaPlanLayout, model: MarketingMixModel, constrained: [[Double]],
        by processors: some ParallelMap = SerialMap()
    ) {
        self.layout = layout
        self.model = model
        self.constrained = constrained
        let trailing = layout.weightCountMax - 1
        draws = processors.map(constrained.count) {
            PlanDraw(layout, model: model, constrained: constrained[$0], trailing: trailing)
        }
        isConcave =
            !model.scaling.hasLogLink
            && draws.allSatisfy { draw in
                zip(layout.tracks, draw.curves).allSatisfy {
                    $0.firstCell == nil || $0.frequency != nil || $1.isConcave
                }
            }
        let nothing = layout.purchase([Double](repeating: 0, count: layout.cellCount))
        idleRevenues = processors.mapBlocks(of: draws.count, size: Self.blockLength) { [self] block in
            var run = PlanRun(self)
            return block.map { run.revenue(nothing, draw: $0, channel: nil) }
        }.flatMap { $0 }
    }

    private init(_ all: PlannedMedia, draws places: [Int]) {
        layout = all.layout
        model = all.model
        constrained = places.map { all.constrained[$0] }
        draws = places.map { all.draws[$0] }
        idleRevenues = places.map { all.idleRevenues[$0] }
        isConcave = all.isConcave
    }

    /// Draws evenly taken from these, at most so many.
    package func thinned(to count: Int) -> PlannedMedia {
        guard count < drawCount else { return self }
        return PlannedMedia(self, draws: (0..<count).map { $0 * drawCount / count })
    }

    /// Draws that one processor has at a time.
    private static let blockLength = 16

    package var drawCount: Int { draws.count }

    /// Revenue that money of a plan adds, by draw.
    package func revenues(
        of money: [Double], draws range: Range<Int>, by processors: some ParallelMap = SerialMap()
    ) -> [Double] {
        let purchase = layout.purchase(money)
        return processors.mapBlocks(of: range.count, size: Self.blockLength) { block in
            var run = PlanRun(self)
            return block.map { index in
                let draw = range.lowerBound + index
                return run.revenue(purchase, draw: draw, channel: nil) - idleRevenues[draw]
            }
        }.flatMap { $0 }
    }

    /// Revenue that the money of one channel adds to a plan, by draw.
    ///
    /// - Parameter channel: of the plan.
    package func revenues(
        of money: [Double], channel: Int, by processors: some ParallelMap = SerialMap()
    ) -> [Double] {
        var without = money
        let cells = layout.geoCount * layout.periodCount
        for cell in channel * cells..<(channel + 1) * cells { without[cell] = 0 }
        let (all, rest) = (layout.purchase(money), layout.purchase(without))
        let only = model.scaling.hasLogLink ? nil : Optional(channel)
        return processors.mapBlocks(of: draws.count, size: Self.blockLength) { block in
            var run = PlanRun(self)
            return block.map { draw in
                run.revenue(all, draw: draw, channel: only) - run.revenue(rest, draw: draw, channel: only)
            }
        }.flatMap { $0 }
    }

    /// Revenue and what a quadratic model of it needs.
    package struct Derivatives: Sendable {
        /// By draw.
        package var revenues: [Double]
        /// By cell, Σ over draws of weight times dR/ds.
        package var slopes: [Double]
        /// By cell, what it adds to a diagonal that exceeds −d²R along the directions in which cells move together.
        package var bends: [Double]
    }

    /// - Parameters:
    ///   - shares: money of each cell per money of the variable that it moves with.
    ///   - weights: one a draw of the range.
    package func derivatives(
        of money: [Double], shares: [Double], draws range: Range<Int>, weights: [Double],
        by processors: some ParallelMap = SerialMap()
    ) -> Derivatives {
        precondition(weights.count == range.count && shares.count == money.count, "a weight a draw, a share a cell")
        let purchase = layout.purchase(money)
        let blocks = processors.mapBlocks(of: range.count, size: Self.blockLength) { block in
            var run = PlanRun(self)
            run.setDirection(purchase, shares: shares)
            var revenues: [Double] = []
            for index in block {
                let draw = range.lowerBound + index
                revenues.append(
                    run.derive(purchase, draw: draw, weight: weights[index]) - idleRevenues[draw])
            }
            return Derivatives(revenues: revenues, slopes: run.slopes, bends: run.bends)
        }
        var result = Derivatives(
            revenues: [], slopes: [Double](repeating: 0, count: money.count),
            bends: [Double](repeating: 0, count: money.count))
        for block in blocks {
            result.revenues += block.revenues
            for cell in money.indices {
                result.slopes[cell] += block.slopes[cell]
                result.bends[cell] += block.bends[cell]
            }
        }
        return result
    }

    /// The KPI in the periods of the plan at one draw, by geo and period: media, and what is not media as
    /// `baselineOutlook` has it.
    package func kpi(of money: [Double], draw: Int) -> [[Double]] {
        var run = PlanRun(self)
        return run.kpi(layout.purchase(money), draw: draw)
    }
}
