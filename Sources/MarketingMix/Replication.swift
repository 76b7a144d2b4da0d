import Kernels
import ModelDefinition

extension MarketingMixModel {
    /// The same model of a world drawn from its own prior, with that world's truth: the KPI where it is known, and the
    /// measured lift of every experiment.
    ///
    /// Whatever was computed from the KPI of the data (scaling constants, amounts that priors are about) stays as it is,
    /// so that the prior of a fit is the distribution from which the truth came.
    ///
    /// - Parameter key: parameters come from site 0, the KPI's noise from site 1, that of experiments from site 2.
    package func replication(key: StreamKey) -> (model: MarketingMixModel, truth: SimulatedSeries) {
        var parameters = RandomStream(key: key, iteration: 0, site: 0)
        var noise = RandomStream(key: key, iteration: 0, site: 1)
        var lifts = RandomStream(key: key, iteration: 0, site: 2)
        let series = simulate(constrained: priorDraw(&parameters), stream: &noise)
        let kpi = zip(dataset.kpi, series.kpi).map { $0.isNaN ? .nan : $1 }
        let measured = specification.experiments.map { experiment in
            lift(experiment, constrained: series.parameters) + experiment.standardError * lifts.normal()
        }
        let result = MarketingMixModel(self, kpi: kpi, target: scaling.scaledKPI(kpi, of: dataset), lifts: measured)
        return (result, series)
    }

    /// The same model of another KPI where it is known. As in a replication, whatever was computed from the KPI of the data
    /// stays as it is.
    ///
    /// - Parameter target: by cell on the model's scale.
    package func replacing(target: [Double]) -> MarketingMixModel {
        precondition(target.count == dataset.cellCount, "one value a cell")
        return MarketingMixModel(
            self,
            kpi: target.indices.map { cell in
                isObserved[cell] ? scaling.kpi(target[cell], geo: cell / dataset.periodCount) : dataset.kpi[cell]
            }, target: target, lifts: specification.experiments.map(\.lift))
    }
}
