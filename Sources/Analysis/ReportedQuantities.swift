import MarketingMix
import ModelDefinition

/// The scalars that are reported of a model, at one draw after another: of a draw of which nothing else is asked, nothing
/// else need be kept.
package struct ReportedQuantities: Sendable {
    /// In the order of the values: contributions, ROI and marginal ROI of channels with spend, lifts of experiments,
    /// baseline, total.
    package let names: [String]
    private let model: MarketingMixModel
    /// Room for a draw's components, and for what they add up to.
    private var components: [Double]
    private var fitted: [Double]

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
    package mutating func values(at parameters: [Double]) -> [Double] {
        model.decompose(constrained: parameters, into: &components, fitted: &fitted)
        let channels = model.specification.channels.indices
        var contributions = [Double](repeating: 0, count: channels.count)
        var baseline = 0.0
        for (index, component) in model.components.enumerated() {
            let sum = windowSum(of: components, from: index * fitted.count)
            if case .channel(let channel) = component.kind { contributions[channel] = sum } else { baseline += sum }
        }
        let economics = channels.map { ChannelEconomics(model: model, channel: $0, constrained: [parameters]) }
        return contributions + economics.compactMap { $0.roi?[0] } + economics.compactMap { $0.marginalROI?[0] }
            + model.specification.experiments.map { model.lift($0, constrained: parameters) } + [
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
    package static func quantities(model: MarketingMixModel, constrained: [[Double]]) -> [Quantity] {
        var reported = ReportedQuantities(model)
        let rows = constrained.map { reported.values(at: $0) }
        return reported.names.enumerated().map { index, name in
            Quantity(name: name, draws: rows.map { $0[index] })
        }
    }
}

extension Experiment {
    /// Name of its lift among the reported quantities.
    package var quantityName: String { "lift[\(name)]" }
}
