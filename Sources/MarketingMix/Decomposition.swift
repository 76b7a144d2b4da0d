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
    /// One draw's components in KPI units: `values` component-major, components × periods; `fitted` is defined as
    /// their sum in the order of `components`.
    package func decompose(constrained: [Double], into values: inout [Double], fitted: inout [Double]) {
        let periods = dataset.periodCount
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

    private func series(of component: Component, parameters: [Double]) -> [Double] {
        switch component.kind {
        case .channel(let channel):
            let beta = scaling.kpiScale * coefficient(channel, parameters: parameters)
            return response(channel, parameters: parameters, trailing: 0).map { beta * $0 }
        case .intercept:
            let level = scaling.kpiShift + scaling.kpiScale * parameters[self.parameters.intercept]
            return [Double](repeating: level, count: dataset.periodCount)
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

    private func linear(_ values: [Double], _ belongs: (RegressorKind) -> Bool) -> [Double] {
        var sum = [Double](repeating: 0, count: dataset.periodCount)
        for (place, column) in zip(parameters.regressors, columns) where belongs(column.kind) {
            let coefficient = scaling.kpiScale * values[place]
            for period in sum.indices { sum[period] += coefficient * column.values[period] }
        }
        return sum
    }

    /// S_t of a channel, then of `trailing` periods without media.
    func response(_ channel: Int, parameters: [Double], trailing: Int) -> [Double] {
        responses(channel, parameters: parameters, multipliers: [1], trailing: trailing)[0]
    }

    /// The same for exposures multiplied in all periods, by multiplier. Adstock is linear, so it is applied once.
    private func responses(
        _ channel: Int, parameters: [Double], multipliers: [Double], trailing: Int
    ) -> [[Double]] {
        let adstock = adstockFilter(channel, parameters: parameters)
        let curve = saturationCurve(channel, parameters: parameters)
        let exposure = exposures[channel]
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

    private func adstockFilter(_ channel: Int, parameters: [Double]) -> AdstockFilter {
        let places = self.parameters.channels[channel]
        return AdstockFilter(
            specification.channels[channel], retention: parameters[places.retention], delay: parameters[places.delay])
    }

    private func saturationCurve(_ channel: Int, parameters: [Double]) -> SaturationCurve {
        let places = self.parameters.channels[channel]
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

    /// β of a channel on the scaled KPI.
    private func coefficient(_ channel: Int, parameters: [Double]) -> Double {
        let effect = parameters[self.parameters.channels[channel].effect]
        guard specification.channels[channel].effect == .roi else { return effect }
        var sum = 0.0
        for (saturated, revenue) in zip(
            response(channel, parameters: parameters, trailing: 0), dataset.revenuePerKPI)
        {
            sum += revenue * saturated
        }
        return sum == 0 ? 0 : effect * (scaledSpend[channel] / sum)
    }

    /// What a channel brings when its exposure in all periods is multiplied, by multiplier. The periods after the data
    /// are valued at the last period's revenue per KPI.
    package func mediaResponses(channel: Int, constrained: [Double], multipliers: [Double]) -> [MediaResponse] {
        let parameters = values(constrained)
        let beta = scaling.kpiScale * coefficient(channel, parameters: parameters)
        let trailing = specification.channels[channel].weightCount - 1
        let lastRevenue = dataset.revenuePerKPI.last ?? 1
        return responses(channel, parameters: parameters, multipliers: multipliers, trailing: trailing).map { series in
            var result = MediaResponse(kpiInWindow: 0, revenueInWindow: 0, kpiAfter: 0, revenueAfter: 0)
            for (period, saturated) in series.enumerated() {
                let kpi = beta * saturated
                if period < dataset.periodCount {
                    result.kpiInWindow += kpi
                    result.revenueInWindow += dataset.revenuePerKPI[period] * kpi
                } else {
                    result.kpiAfter += kpi
                    result.revenueAfter += lastRevenue * kpi
                }
            }
            return result
        }
    }

    /// What a channel brings when its exposure in all periods is multiplied.
    package func mediaResponse(channel: Int, constrained: [Double], multiplier: Double) -> MediaResponse {
        mediaResponses(channel: channel, constrained: constrained, multipliers: [multiplier])[0]
    }

    /// The weights of a channel's carry-over at one draw, by lag; they sum to 1 where they are normalised.
    package func adstockWeights(channel: Int, constrained: [Double]) -> [Double] {
        adstockFilter(channel, parameters: values(constrained)).weights
    }

    /// Standard deviation of the residual in KPI units.
    package func residualScale(constrained: [Double]) -> Double {
        scaling.kpiScale * values(constrained)[parameters.sigma]
    }

    /// Log-likelihood of every period on the scaled KPI.
    package func pointwiseLogLikelihood(constrained: [Double], into result: inout [Double]) {
        let sigma = values(constrained)[parameters.sigma]
        var components = [Double](repeating: 0, count: self.components.count * dataset.periodCount)
        var fitted = [Double](repeating: 0, count: dataset.periodCount)
        decompose(constrained: constrained, into: &components, fitted: &fitted)
        let constant = -0.5 * 1.8378770664093454836 - Elementary.log(sigma)
        for period in 0..<dataset.periodCount {
            let mean = (fitted[period] - scaling.kpiShift) / scaling.kpiScale
            let residual = (target[period] - mean) / sigma
            result[period] = constant - 0.5 * residual * residual
        }
    }
}
