import Kernels

/// What one channel brings at one draw, in KPI units and in money.
package struct MediaResponse: Sendable, Hashable {
    /// Within the periods of the data.
    package var kpiInWindow: Double
    package var revenueInWindow: Double
    /// In the periods after the data in which earlier media still work.
    package var kpiAfter: Double
    package var revenueAfter: Double
}

extension MarketingMixModel {
    /// One draw's components in KPI units: `values` component-major, components × cells; `fitted` is defined as their sum
    /// in the order of `components`.
    package func decompose(constrained: [Double], into values: inout [Double], fitted: inout [Double]) {
        let periods = dataset.cellCount
        precondition(values.count == components.count * periods && fitted.count == periods, "buffers of another model")
        let parameters = self.values(constrained)
        for period in 0..<periods { fitted[period] = 0 }
        for (index, component) in components.enumerated() {
            let series = self.series(of: component, parameters: parameters)
            for period in 0..<periods {
                values[index * periods + period] = series[period]
                fitted[period] += series[period]
            }
        }
    }

    /// What all channels bring together, by cell on the model's scale.
    func media(constrained: [Double]) -> [Double] {
        let parameters = self.values(constrained)
        var sum = [Double](repeating: 0, count: dataset.cellCount)
        for component in components where component.isChannel {
            for (cell, value) in series(of: component, parameters: parameters).enumerated() {
                sum[cell] += value / kpiUnit(ofCell: cell)
            }
        }
        return sum
    }

    private func series(of component: Component, parameters: [Double]) -> [Double] {
        switch component.kind {
        case .channel(let channel):
            let common = commonCoefficients(channel, parameters: parameters)
            return (0..<dataset.geoCount).flatMap { geo in
                let beta = scale(of: geo) * coefficient(channel, geo: geo, common: common, parameters: parameters)
                return response(channel, geo: geo, parameters: parameters, trailing: 0).map { beta * $0 }
            }
        case .intercept:
            return (0..<dataset.geoCount).flatMap { geo in
                let intercepts = self.parameters.intercepts
                var level = parameters[intercepts[min(geo, intercepts.count - 1)]]
                if !self.parameters.interceptDeviations.isEmpty {
                    level += parameters[self.parameters.interceptDeviations[geo]]
                }
                let units = scaling.population[geo] * (scaling.kpiShift + scaling.kpiScale * level)
                return [Double](repeating: units, count: dataset.periodCount)
            }
        case .trend:
            return linear(parameters) { $0 == .trend }
        case .seasonality:
            return linear(parameters) { $0 == .seasonality }
        case .control(let control):
            return linear(parameters) { $0 == .control(control) }
        case .event(let event):
            return linear(parameters) { $0 == .event(event) }
        case .holidays:
            return linear(parameters) { $0 == .holiday }
        }
    }

    /// KPI units of one unit on the model's scale, in the geo of a cell.
    package func kpiUnit(ofCell cell: Int) -> Double { scale(of: cell / dataset.periodCount) }

    /// KPI units of one unit on the model's scale.
    func scale(of geo: Int) -> Double { scaling.kpiScale * scaling.population[geo] }

    private func linear(_ values: [Double], _ belongs: (RegressorKind) -> Bool) -> [Double] {
        var sum = [Double](repeating: 0, count: dataset.cellCount)
        for geo in 0..<dataset.geoCount {
            let places = parameters.regressors[min(geo, parameters.regressors.count - 1)]
            for (place, column) in zip(places, columns) where belongs(column.kind) {
                let coefficient = scale(of: geo) * values[place]
                for cell in dataset.cells(of: geo) { sum[cell] += coefficient * column.values[cell] }
            }
        }
        return sum
    }

    /// S_t of a channel in one geo, then of `trailing` periods without media.
    func response(_ channel: Int, geo: Int, parameters: [Double], trailing: Int) -> [Double] {
        responses(channel, geo: geo, parameters: parameters, multipliers: [1], trailing: trailing)[0]
    }

    /// The same for exposures multiplied in all periods, by multiplier. Adstock is linear, so it is applied once.
    private func responses(
        _ channel: Int, geo: Int, parameters: [Double], multipliers: [Double], trailing: Int
    ) -> [[Double]] {
        responses(
            channel, geo: geo, exposures: exposures[channel], parameters: parameters, multipliers: multipliers,
            trailing: trailing)
    }

    /// The response D_t by which an effect's parameter becomes β.
    private func referenceResponse(_ channel: Int, geo: Int, parameters: [Double]) -> [Double] {
        let actual = response(channel, geo: geo, parameters: parameters, trailing: 0)
        guard let comparison = effectAmounts[channel].comparison else { return actual }
        let other = responses(
            channel, geo: geo, exposures: comparison.exposures, parameters: parameters, multipliers: [1], trailing: 0)
        return zip(actual, other[0]).map { comparison.sign * ($1 - $0) }
    }

    private func responses(
        _ channel: Int, geo: Int, exposures: [Double], parameters: [Double], multipliers: [Double], trailing: Int
    ) -> [[Double]] {
        let adstock = adstockFilter(channel, geo: geo, parameters: parameters)
        let curve = saturationCurve(channel, geo: geo, parameters: parameters)
        let exposure = Array(exposures[dataset.cells(of: geo)])
        func scaled(_ values: [Double], _ factor: Double) -> [Double] {
            factor == 1 ? values : values.map { factor * $0 }
        }
        switch specification.channels[channel].order {
        case .adstockFirst:
            let adstocked = adstock.apply(to: exposure, trailing: trailing)
            return multipliers.map { curve.apply(to: scaled(adstocked, $0)) }
        case .saturationFirst:
            return multipliers.map { adstock.apply(to: curve.apply(to: scaled(exposure, $0)), trailing: trailing) }
        }
    }

    private func adstockFilter(_ channel: Int, geo: Int, parameters: [Double]) -> AdstockFilter {
        let places = self.parameters.channels[geo][channel]
        return AdstockFilter(
            specification.channels[channel], retention: parameters[places.retention], delay: parameters[places.delay])
    }

    private func saturationCurve(_ channel: Int, geo: Int, parameters: [Double]) -> SaturationCurve {
        let places = self.parameters.channels[geo][channel]
        let (first, second) = (parameters[places.first], parameters[places.second])
        return switch LaneKind(specification.channels[channel]).curve {
        case .hill: .hill(logEC: Elementary.log(first), slope: second)
        case .concaveHill: .concaveHill(ec: first)
        case .logistic: .logistic(lam: first)
        case .sigmoid: .sigmoid(rate: first, steepest: second)
        case .root: .root(exponent: first)
        case .log: .log
        case .none: .none
        }
    }

    /// β of a channel on the scaled KPI by geo, before what makes the geo differ.
    private func commonCoefficients(_ channel: Int, parameters: [Double]) -> [Double] {
        let places = (0..<dataset.geoCount).map { self.parameters.channels[$0][channel] }
        guard specification.channels[channel].effect != .coefficient else {
            return places.map { parameters[$0.effect] }
        }
        let references = places.indices.map { geo in
            let reference = referenceResponse(channel, geo: geo, parameters: parameters)
            return zip(reference, revenueWeights[dataset.cells(of: geo)]).reduce(0.0) { $0 + $1.1 * $1.0 }
        }
        func total(_ values: [Double], _ geos: [Int]) -> Double {
            geos.dropFirst().reduce(values[geos[0]]) { $0 + values[$1] }
        }
        let sums = places.indices.map { parameters[places[$0].multiplier] * references[$0] }
        let added = places.indices.map { parameters[places[$0].addend] * references[$0] }
        func coefficient(_ geos: [Int]) -> Double {
            let amount = total(effectAmounts[channel].amounts, geos)
            let sum = total(sums, geos)
            guard sum != 0 else { return 0 }
            return parameters[places[geos[0]].effect] * (amount / sum) - total(added, geos) / sum
        }
        // Geos share one parameter for the money of them all, or each has its own.
        guard places.allSatisfy({ $0.effect == places[0].effect }) else {
            return places.indices.map { coefficient([$0]) }
        }
        return [Double](repeating: coefficient(Array(places.indices)), count: places.count)
    }

    private func coefficient(_ channel: Int, geo: Int, common: [Double], parameters: [Double]) -> Double {
        let places = self.parameters.channels[geo][channel]
        return parameters[places.multiplier] * common[geo] + parameters[places.addend]
    }

    /// What a channel brings when its exposure in all periods is multiplied, by multiplier. The periods after the data
    /// are valued at the last period's revenue per KPI.
    package func mediaResponses(channel: Int, constrained: [Double], multipliers: [Double]) -> [MediaResponse] {
        let parameters = values(constrained)
        let common = commonCoefficients(channel, parameters: parameters)
        let trailing = specification.channels[channel].weightCount - 1
        var results = multipliers.map { _ in
            MediaResponse(kpiInWindow: 0, revenueInWindow: 0, kpiAfter: 0, revenueAfter: 0)
        }
        for geo in 0..<dataset.geoCount {
            let beta = scale(of: geo) * coefficient(channel, geo: geo, common: common, parameters: parameters)
            let revenue = dataset.revenuePerKPI.span.extracting(dataset.cells(of: geo))
            let lastRevenue = revenue[revenue.count - 1]
            let responses = responses(
                channel, geo: geo, parameters: parameters, multipliers: multipliers, trailing: trailing)
            for (index, series) in responses.enumerated() {
                let window = series.span.extracting(first: dataset.periodCount)
                let kpiAfter = beta * Reductions.sum(series.span.extracting(last: trailing))
                results[index].kpiInWindow += beta * Reductions.sum(window)
                results[index].revenueInWindow += beta * Reductions.dot(window, revenue)
                results[index].kpiAfter += kpiAfter
                results[index].revenueAfter += lastRevenue * kpiAfter
            }
        }
        return results
    }

    /// What a channel brings when its exposure in all periods is multiplied.
    package func mediaResponse(channel: Int, constrained: [Double], multiplier: Double) -> MediaResponse {
        mediaResponses(channel: channel, constrained: constrained, multipliers: [multiplier])[0]
    }

    /// What an experiment would have changed at one draw, in KPI units.
    package func lift(_ experiment: Experiment, constrained: [Double]) -> Double {
        let parameters = values(constrained)
        let isTested = dataset.periods(with: experiment.days)
        var lift = 0.0
        for channel in experiment.channels {
            let common = commonCoefficients(channel, parameters: parameters)
            let exposures = exposures[channel].enumerated().map { cell, exposure in
                isTested[cell % dataset.periodCount] ? experiment.factor * exposure : exposure
            }
            for geo in dataset.geos(of: experiment) {
                let beta = scale(of: geo) * coefficient(channel, geo: geo, common: common, parameters: parameters)
                let actual = response(channel, geo: geo, parameters: parameters, trailing: 0)
                let tested = responses(
                    channel, geo: geo, exposures: exposures, parameters: parameters, multipliers: [1], trailing: 0)[0]
                for period in isTested.indices where isTested[period] {
                    lift += beta * (tested[period] - actual[period])
                }
            }
        }
        return lift
    }

    /// The weights of a channel's carry-over at one draw, by lag, those of the first geo where geos differ; they sum to 1
    /// where they are normalised.
    package func adstockWeights(channel: Int, constrained: [Double]) -> [Double] {
        adstockFilter(channel, geo: 0, parameters: values(constrained)).weights
    }

    /// σ in KPI units, by geo: the standard deviation of the residual under a normal likelihood.
    package func residualScales(constrained: [Double]) -> [Double] {
        let values = values(constrained)
        return (0..<dataset.geoCount).map { scale(of: $0) * values[parameters.sigmas[$0]] }
    }

    /// Log-likelihood of every cell on the scaled KPI; NaN where the KPI is not known.
    ///
    /// - Parameter fitted: of `decompose` at the same draw.
    package func pointwiseLogLikelihood(constrained: [Double], fitted: [Double], into result: inout [Double]) {
        guard specification.likelihood == .normal else {
            let observations = Observations(self, constrained: constrained)
            for cell in fitted.indices {
                // A density on the scaled KPI is one in KPI units times the size of its unit.
                result[cell] =
                    isObserved[cell]
                    ? observations.logDensity(dataset.kpi[cell], cell: cell, fitted: fitted[cell])
                        + Elementary.log(kpiUnit(ofCell: cell)) : .nan
            }
            return
        }
        let values = values(constrained)
        for geo in 0..<dataset.geoCount {
            let sigma = values[parameters.sigmas[geo]]
            let constant = -0.5 * 1.8378770664093454836 - Elementary.log(sigma)
            for cell in dataset.cells(of: geo) {
                let mean = (fitted[cell] / scaling.population[geo] - scaling.kpiShift) / scaling.kpiScale
                let residual = (target[cell] - mean) / sigma
                result[cell] = isObserved[cell] ? constant - 0.5 * residual * residual : .nan
            }
        }
    }
}
