import Kernels
import ModelDefinition

extension AcceptedFit {
    /// What this model hands to fits that follow it. Where it follows another itself, its constants are that one's, and
    /// so is the grid of its trend.
    package init(_ model: MarketingMixModel, draws: Draws?) {
        let (specification, dataset, scaling) = (model.specification, model.dataset, model.scaling)
        func named<Value>(_ names: [String], _ values: [Value]) -> [String: Value] {
            Dictionary(zip(names, values), uniquingKeysWith: { first, _ in first })
        }
        self.init(
            kpi: Standard(mean: scaling.kpiShift, scale: scaling.kpiScale),
            channels: named(specification.channels.map(\.name), scaling.channelScales),
            controls: named(
                specification.controls, zip(scaling.controlMeans, scaling.controlScales).map(Standard.init)),
            treatments: named(
                specification.treatments.map(\.name),
                zip(scaling.treatmentMeans, scaling.treatmentScales).map(Standard.init)),
            population: named(dataset.geos, scaling.population), firstDate: dataset.dates[0],
            periodCount: specification.trendGrid(dataset.dates), draws: draws)
    }
}

extension ModelSpecification {
    /// The number of first periods over which the knots and the waves of a trend are laid: of the accepted fit, as long as
    /// the data begin where they did.
    func trendGrid(_ dates: [CalendarDate]) -> Int {
        guard let accepted, accepted.firstDate == dates.first else { return dates.count }
        return min(accepted.periodCount, dates.count)
    }
}

extension MarketingMixModel {
    /// Draws of an accepted fit as parameter values of this model, in layout order: what this model has and that one had
    /// not is at the middle of its prior.
    package func following(_ draws: AcceptedFit.Draws) -> [[Double]] {
        let places = Dictionary(
            draws.names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let names = layout.blocks.flatMap { block in (0..<block.count).map(block.elementName) }
        let middle = priorMiddle
        return draws.values.map { values in
            names.indices.map { index in places[names[index]].map { values[$0] } ?? middle[index] }
        }
    }

    /// By coordinate the median of what its prior allows on the unconstrained scale's own draws.
    private var priorMiddle: [Double] {
        var draws: [[Double]] = []
        for index in 0..<101 {
            var stream = RandomStream(key: StreamKey(seed: 0, kind: 0, index: 0), iteration: UInt64(index), site: 0)
            draws.append(priorDraw(&stream))
        }
        return (0..<dimension).map { coordinate in draws.map { $0[coordinate] }.sorted()[50] }
    }
}
