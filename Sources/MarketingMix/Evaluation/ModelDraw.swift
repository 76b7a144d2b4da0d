import Kernels
import ModelDefinition

/// A model at one draw: parameter values, responses and coefficients, computed once for all that is asked of the draw.
package struct ModelDraw: Sendable {
    package let parameters: ParameterValues
    package let channels: [ChannelDraw]
    /// With a log link, by component and cell the terms of the logarithm, and what they grow into by cell; else empty.
    let logTerms: [[Double]]
    let growth: [Growth]

    /// - Parameter constrained: parameter values in layout order.
    package init(_ model: MarketingMixModel, _ constrained: [Double]) {
        parameters = ParameterValues(model, constrained)
        channels = model.specification.channels.indices.map { [parameters] in ChannelDraw(parameters, channel: $0) }
        guard model.scaling.hasLogLink else {
            (logTerms, growth) = ([], [])
            return
        }
        let terms = model.components.map { [parameters, channels] in
            parameters.series(of: $0, channels: channels)
        }
        logTerms = terms
        growth = Growth.all(of: terms, parameters: parameters)
    }

    package var model: MarketingMixModel { parameters.model }

    /// The components in KPI units: `values` component-major, components × cells; `fitted` is defined as their sum in the
    /// order of `components`. With a log link they are the shares that `Growth` gives.
    package func decompose(into values: inout [Double], fitted: inout [Double]) {
        let (cells, components) = (model.dataset.cellCount, model.components)
        precondition(values.count == components.count * cells && fitted.count == cells, "buffers of another model")
        for cell in 0..<cells { fitted[cell] = 0 }
        let terms = growth.isEmpty ? components.map { parameters.series(of: $0, channels: channels) } : attributed
        for (index, series) in terms.enumerated() {
            for cell in 0..<cells {
                values[index * cells + cell] = series[cell]
                fitted[cell] += series[cell]
            }
        }
    }

    /// What all channels bring together, by cell on the model's scale.
    var media: [Double] {
        var sum = [Double](repeating: 0, count: model.dataset.cellCount)
        for channel in channels {
            for (cell, value) in parameters.media(channel).enumerated() { sum[cell] += value }
        }
        return sum
    }

    /// What an experiment would have changed, in KPI units, as `ExperimentLanes` has it.
    package func lift(_ experiment: Experiment) -> Double {
        let shares = model.dataset.testedShares(of: experiment)
        var lift = 0.0
        for channel in model.specification.testedChannels(of: experiment) {
            for geo in model.dataset.geos(of: experiment) {
                let beta = model.scale(of: geo) * channels[channel].coefficients[geo]
                let actual = channels[channel].responses[geo]
                let series = model.media[channel][geo].changed { shares[$0] > 0 ? experiment.factor * $1 : $1 }
                let tested = channels[channel].media[geo].response(to: series, trailing: 0)
                for period in shares.indices where shares[period] > 0 {
                    lift += shares[period] * (beta * (tested[period] - actual[period]))
                }
            }
        }
        return lift
    }
}
