import Densities
import Kernels
import MarketingMix
import ModelDefinition

/// A channel that cannot work: the media of one of the model's own, reordered by whole blocks of periods, so that flights and
/// what carries over from week to week stay as they were and what the KPI has to do with them is gone.
///
/// It has the carry-over, the curve and their priors from its channel. Its effect may have either sign: the prior is normal
/// about 0 and as wide as the channel's own is from there, √(mean² + sd²). A prior without mass below 0 would put every
/// interval above 0, whatever the data.
package struct Placebo: Sendable, Hashable {
    /// Counted from 0.
    package let index: Int
    /// Index of the channel whose media it has.
    package let source: Int

    package var name: String { "placebo \(index + 1)" }

    /// Placebos of one fit at most: so few that the model stays what it was.
    package static let perFit = 4

    /// Fits that so many placebos take: no fit has more of them than channels.
    package static func fitCount(of count: Int, model: MarketingMixModel) -> Int {
        let most = min(perFit, model.specification.channels.count)
        return (count + most - 1) / most
    }

    /// Those of one fit, of `count` in all that are spread over `fits`.
    static func all(ofFit fit: Int, fits: Int, count: Int, sources: [Int]) -> [Placebo] {
        (fit * count / fits..<(fit + 1) * count / fits).map {
            Placebo(index: $0, source: sources[$0 % sources.count])
        }
    }

    /// The channels that placebos can be made of: those that run, and whose effect can be given either sign.
    package static func sources(of model: MarketingMixModel) -> [Int] {
        let (specification, data) = (model.specification, model.dataset)
        return specification.channels.indices.filter { index in
            let channel = specification.channels[index]
            // A logarithm of the effect has the prior.
            let isLogarithm =
                specification.preset == .meridian && channel.effect == .coefficient
                && specification.effectDeviations?.form == .logNormal
            if case .partial(let deviations) = specification.hierarchy(of: channel.effect.parameter.rawValue),
                deviations.mean != nil, !data.geos.isEmpty
            {
                return false
            }
            return channel.longTermOf == nil && !channel.saturation.bindsHeight && !isLogarithm
                && twoSided(channel) != nil && data.exposure[index].contains { $0 != 0 }
        }
    }

    /// Nil where the channel's own prior has no finite width, or is 0.
    private static func twoSided(_ channel: Channel) -> Prior? {
        guard let own = channel.priors[channel.effect.parameter], let mean = own.mean, let sd = own.standardDeviation
        else { return nil }
        let width = (mean * mean + sd * sd).squareRoot()
        return width > 0 && width.isFinite ? .normal(mean: 0, sd: width) : nil
    }

    fileprivate func channel(_ model: MarketingMixModel) -> Channel {
        var channel = model.specification.channels[source]
        guard let prior = Self.twoSided(channel) else { preconditionFailure("no placebo can be made of this channel") }
        channel.name = name
        channel.drives = []
        channel.priors[channel.effect.parameter] = nil
        // A window of calibration is one of the channel's own time.
        if channel.effect == .windowROI { (channel.effect, channel.calibrationWindow) = (.roi, nil) }
        channel.priors[channel.effect.parameter] = prior
        return channel
    }

    /// By period: the period whose media it has, in every geo.
    fileprivate func order(_ data: Dataset, settings: FitSettings) -> [Int] {
        var series = [Double](repeating: 0, count: data.periodCount)
        for (cell, value) in data.exposure[source].enumerated() { series[cell % series.count] += value }
        let length = BlockLength.circular(of: series)
        let most = max(1, series.count / BlockLength.fewestBlocks)
        let block = min(most, max(BlockLength.automaticMin, length.isNaN ? 0 : Int(length.rounded(.up))))
        return BlockShuffle.sources(
            count: series.count, blockLength: block, key: StreamKey(settings, .placeboBlocks, index: index))
    }
}

extension MarketingMixModel {
    /// The model of a fit of a placebo study, with its placebos after its own channels.
    package func placebos(ofFit fit: Int, fits: Int, count: Int, settings: FitSettings) -> (
        model: MarketingMixModel, placebos: [Placebo]
    ) {
        let placebos = Placebo.all(ofFit: fit, fits: fits, count: count, sources: Placebo.sources(of: self))
        var (specification, data) = (specification, dataset)
        for placebo in placebos {
            let order = placebo.order(dataset, settings: settings)
            specification.channels.append(placebo.channel(self))
            data.appendChannel(placebo.source, order: order)
        }
        return (MarketingMixModel(specification: specification, dataset: data), placebos)
    }
}

extension Dataset {
    /// Appends a channel with the media of another in another order of periods, the same in every geo; nothing of it ran
    /// before the first period.
    fileprivate mutating func appendChannel(_ source: Int, order: [Int]) {
        func reordered(_ values: [Double]) -> [Double] {
            values.indices.map { cell in values[cell / periodCount * periodCount + order[cell % periodCount]] }
        }
        spend.append(reordered(spend[source]))
        exposure.append(reordered(exposure[source]))
        contactFrequency.append(reordered(contactFrequency[source]))
        guard let earlier = history else { return }
        let nothing = [Double](repeating: 0, count: earlier.exposure[source].count)
        history?.exposure.append(nothing)
        history?.contactFrequency.append(earlier.contactFrequency[source].isEmpty ? [] : nothing)
    }
}
