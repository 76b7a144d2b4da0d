import Kernels
import MarketingMix
import ModelDefinition

/// The scalars that are reported of a model, at one draw after another: of a draw of which nothing else is asked, nothing
/// else need be kept.
package struct ReportedQuantities: Sendable {
    /// In the order of the values: contributions, ROI and marginal ROI of channels with spend, lifts of experiments,
    /// baseline, total.
    package let names: [String]
    private let model: MarketingMixModel
    /// Room for a draw's components.
    private var components: [Double]
    /// The KPI that is fitted at the draw last asked for, by cell.
    package private(set) var fitted: [Double]

    package init(_ model: MarketingMixModel) {
        self.model = model
        let channels = model.specification.channels
        let paid = channels.indices.filter { model.spend(channel: $0) > 0 }.map { channels[$0].name }
        names =
            channels.map { "contribution[\($0.name)]" } + paid.map { "roi[\($0)]" } + paid.map { "mroi[\($0)]" }
            + model.specification.experiments.map(\.quantityName) + ["baseline", "total"]
        components = [Double](repeating: 0, count: model.components.count * model.dataset.cellCount)
        fitted = [Double](repeating: 0, count: model.dataset.cellCount)
    }

    /// - Parameter parameters: of one draw, in layout order.
    package mutating func values(at parameters: [Double]) -> [Double] { values(at: ModelDraw(model, parameters)) }

    package mutating func values(at draw: ModelDraw) -> [Double] {
        draw.decompose(into: &components, fitted: &fitted)
        let channels = model.specification.channels.indices
        var contributions = [Double](repeating: 0, count: channels.count)
        var baseline = 0.0
        for (index, component) in model.components.enumerated() {
            let sum = windowSum(of: components, from: index * fitted.count)
            if case .channel(let channel) = component.kind { contributions[channel] = sum } else { baseline += sum }
        }
        let economics = channels.map {
            ChannelEconomics(
                model: model, channel: $0, draws: [MediaAnswer(draw, channel: $0, hasCurve: false)])
        }
        return contributions + economics.compactMap { $0.roi?[0] } + economics.compactMap { $0.marginalROI?[0] }
            + model.specification.experiments.map { draw.lift($0) } + [
                baseline, windowSum(of: fitted, from: 0),
            ]
    }

    /// Over the cells of a series but those that are held out, in ascending order.
    private func windowSum(of values: [Double], from start: Int) -> Double {
        var sum = 0.0
        for geo in 0..<model.dataset.geoCount {
            let first = start + model.dataset.cells(of: geo).lowerBound
            for cell in first..<first + model.windowPeriodCount { sum += values[cell] }
        }
        return sum
    }
}

extension PosteriorAnalysis {
    /// The quantities of `quantities`, for draws of which nothing else is asked.
    package static func quantities(
        model: MarketingMixModel, constrained: [[Double]], by processors: some ParallelMap = SerialMap()
    ) -> [Quantity] {
        let rows = processors.mapBlocks(of: constrained.count, size: blockLength) { draws in
            var reported = ReportedQuantities(model)
            return constrained[draws].map { reported.values(at: $0) }
        }.flatMap(\.self)
        return ReportedQuantities(model).names.enumerated().map { index, name in
            Quantity(name: name, draws: rows.map { $0[index] })
        }
    }
}

extension Experiment {
    /// Name of its lift among the reported quantities.
    package var quantityName: String { "lift[\(name)]" }
}
