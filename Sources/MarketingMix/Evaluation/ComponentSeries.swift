import Kernels
import ModelDefinition

extension ParameterValues {
    /// A component's term of the mean by cell, in KPI units, or of the logarithm.
    func series(of component: Component, channels: [ChannelDraw]) -> [Double] {
        switch component.kind {
        case .channel(let channel):
            return series(of: channels[channel])
        case .intercept:
            return interceptSeries
        case .trend:
            return linear { $0 == .trend }
        case .seasonality:
            return linear { $0 == .seasonality }
        case .control(let control):
            return linear { $0 == .control(control) }
        case .treatment(let treatment):
            let total = linear { $0 == .treatment(treatment) }
            let baseline = treatmentBaselines[treatment]
            return total.indices.map { cell in
                let geo = cell / model.dataset.periodCount
                return total[cell] - model.termUnit(of: geo) * baseline[geo]
            }
        case .event(let event):
            return linear { $0 == .event(event) }
        case .holidays:
            return linear { $0 == .holiday }
        }
    }

    /// What a channel brings, by cell on the model's scale.
    func media(_ channel: Int) -> [Double] { media(ChannelDraw(self, channel: channel)) }

    func media(_ draw: ChannelDraw) -> [Double] {
        series(of: draw).enumerated().map { $1 / model.termUnit(of: $0 / model.dataset.periodCount) }
    }

    private func series(of channel: ChannelDraw) -> [Double] {
        let dataset = model.dataset
        var series = [Double](repeating: 0, count: dataset.cellCount)
        for geo in 0..<dataset.geoCount {
            let beta = model.termUnit(of: geo) * channel.coefficients[geo]
            let effectiveness = effectiveness(geo: geo)
            let start = dataset.cells(of: geo).lowerBound
            let response = channel.responses[geo]
            for period in 0..<dataset.periodCount {
                let works = effectiveness.map { response[period] * $0[period] } ?? response[period]
                series[start + period] = beta * works
            }
        }
        return series
    }

    private var interceptSeries: [Double] {
        let (dataset, scaling, places) = (model.dataset, model.scaling, model.parameters)
        let treatments = treatmentBaselines
        var series = [Double](repeating: 0, count: dataset.cellCount)
        for geo in 0..<dataset.geoCount {
            var level = self[places.intercepts[min(geo, places.intercepts.count - 1)]]
            if !places.interceptDeviations.isEmpty { level += self[places.interceptDeviations[geo]] }
            let constant =
                scaling.hasLogLink ? level : scaling.population[geo] * (scaling.kpiShift + scaling.kpiScale * level)
            let units = treatments.reduce(constant) { $0 + model.termUnit(of: geo) * $1[geo] }
            for cell in dataset.cells(of: geo) { series[cell] = units }
        }
        return series
    }

    /// What treatments give at their baselines on the model's scale, by treatment, then geo: part of the intercept.
    private var treatmentBaselines: [[Double]] {
        model.specification.treatments.enumerated().map { index, treatment in
            let baseline = model.scaling.treatmentBaseline(treatment, index: index, model.dataset)
            let column = model.columns.firstIndex { $0.kind == .treatment(index) } ?? 0
            return (0..<model.dataset.geoCount).map { geo in baseline * coefficient(ofColumn: column, geo: geo) }
        }
    }

    private func linear(_ belongs: (RegressorKind) -> Bool) -> [Double] {
        let dataset = model.dataset
        var sum = [Double](repeating: 0, count: dataset.cellCount)
        for geo in 0..<dataset.geoCount {
            for (index, column) in model.columns.enumerated() where belongs(column.kind) {
                let coefficient = model.termUnit(of: geo) * self.coefficient(ofColumn: index, geo: geo)
                for cell in dataset.cells(of: geo) { sum[cell] += coefficient * column.values[cell] }
            }
        }
        return sum
    }
}
