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
        var result = self
        result.dataset.kpi = zip(dataset.kpi, series.kpi).map { $0.isNaN ? .nan : $1 }
        result.dataset.heldOutKPI = []
        result.target = zip(scaling.scaledKPI(result.dataset), isObserved).map { $1 ? $0 : 0 }
        for (index, experiment) in specification.experiments.enumerated() {
            let lift = lift(experiment, constrained: series.parameters)
            result.specification.experiments[index].lift = lift + experiment.standardError * lifts.normal()
        }
        return (result, series)
    }

    /// The same model of another KPI where it is known. As in a replication, whatever was computed from the KPI of the data
    /// stays as it is.
    ///
    /// - Parameter target: by cell on the model's scale.
    package func replacing(target: [Double]) -> MarketingMixModel {
        precondition(target.count == dataset.cellCount, "one value a cell")
        var result = self
        result.target = zip(target, isObserved).map { $1 ? $0 : 0 }
        result.dataset.kpi = target.indices.map { cell in
            isObserved[cell] ? scaling.kpi(target[cell], geo: cell / dataset.periodCount) : dataset.kpi[cell]
        }
        result.dataset.heldOutKPI = []
        return result
    }
}
