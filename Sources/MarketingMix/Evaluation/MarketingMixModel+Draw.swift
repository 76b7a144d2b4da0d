import ModelDefinition

/// One question at one draw. Whoever has several asks a `ModelDraw`.
extension MarketingMixModel {
    package func decompose(constrained: [Double], into values: inout [Double], fitted: inout [Double]) {
        ModelDraw(self, constrained).decompose(into: &values, fitted: &fitted)
    }

    package func pointwiseLogLikelihood(constrained: [Double], fitted: [Double], into result: inout [Double]) {
        ParameterValues(self, constrained).pointwiseLogLikelihood(fitted: fitted, into: &result)
    }

    package func mediaResponses(channel: Int, constrained: [Double], multipliers: [Double]) -> [MediaResponse] {
        ModelDraw(self, constrained).mediaResponses(channel: channel, multipliers: multipliers)
    }

    /// What a channel brings when its exposure in all periods is multiplied.
    package func mediaResponse(channel: Int, constrained: [Double], multiplier: Double) -> MediaResponse {
        mediaResponses(channel: channel, constrained: constrained, multipliers: [multiplier])[0]
    }

    package func attributedResponse(channel: Int, constrained: [Double], actual: MediaResponse) -> MediaResponse {
        ModelDraw(self, constrained).attributedResponse(channel: channel, actual: actual)
    }

    package func windowedResponses(
        channel: Int, constrained: [Double], stretches: [WeightedPeriods]
    ) -> [WindowedResponse] {
        ModelDraw(self, constrained).windowedResponses(channel: channel, stretches: stretches)
    }

    package func lift(_ experiment: Experiment, constrained: [Double]) -> Double {
        ModelDraw(self, constrained).lift(experiment)
    }

    package func adstockWeights(channel: Int, constrained: [Double]) -> [Double] {
        ParameterValues(self, constrained).adstockWeights(channel: channel)
    }

    /// Those of every channel.
    package func adstockWeights(constrained: [Double]) -> [[Double]] {
        let parameters = ParameterValues(self, constrained)
        return specification.channels.indices.map { parameters.adstockWeights(channel: $0) }
    }

    package func residualScales(constrained: [Double]) -> [Double] {
        ParameterValues(self, constrained).residualScales
    }
}
