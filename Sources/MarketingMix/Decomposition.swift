import Kernels
import ModelDefinition

extension MarketingMixModel {
    /// One draw's components in KPI units: `values` component-major, components × cells; `fitted` is defined as their sum
    /// in the order of `components`. With a log link they are the shares that `attribute` gives.
    package func decompose(constrained: [Double], into values: inout [Double], fitted: inout [Double]) {
        let periods = dataset.cellCount
        precondition(values.count == components.count * periods && fitted.count == periods, "buffers of another model")
        let parameters = self.values(constrained)
        for period in 0..<periods { fitted[period] = 0 }
        var terms = components.map { series(of: $0, parameters: parameters) }
        if scaling.hasLogLink { attribute(&terms, parameters: parameters) }
        for (index, series) in terms.enumerated() {
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
            for (cell, value) in media(component, parameters: parameters).enumerated() { sum[cell] += value }
        }
        return sum
    }

    /// What a channel brings, by cell on the model's scale.
    func media(_ component: Component, parameters: [Double]) -> [Double] {
        series(of: component, parameters: parameters).enumerated().map { $1 / termUnit(of: $0 / dataset.periodCount) }
    }

    /// A component's term of the mean by cell, in KPI units, or of the logarithm.
    func series(of component: Component, parameters: [Double]) -> [Double] {
        switch component.kind {
        case .channel(let channel):
            return channelSeries(channel, parameters: parameters)
        case .intercept:
            let treatments = treatmentBaselines(parameters)
            var series = [Double](repeating: 0, count: dataset.cellCount)
            for geo in 0..<dataset.geoCount {
                let intercepts = self.parameters.intercepts
                var level = parameters[intercepts[min(geo, intercepts.count - 1)]]
                if !self.parameters.interceptDeviations.isEmpty {
                    level += parameters[self.parameters.interceptDeviations[geo]]
                }
                let constant =
                    scaling.hasLogLink
                    ? level : scaling.population[geo] * (scaling.kpiShift + scaling.kpiScale * level)
                let units = treatments.reduce(constant) { $0 + termUnit(of: geo) * $1[geo] }
                for cell in dataset.cells(of: geo) { series[cell] = units }
            }
            return series
        case .trend:
            return linear(parameters) { $0 == .trend }
        case .seasonality:
            return linear(parameters) { $0 == .seasonality }
        case .control(let control):
            return linear(parameters) { $0 == .control(control) }
        case .treatment(let treatment):
            let total = linear(parameters) { $0 == .treatment(treatment) }
            let baseline = treatmentBaselines(parameters)[treatment]
            return total.indices.map { cell in
                let geo = cell / dataset.periodCount
                return total[cell] - termUnit(of: geo) * baseline[geo]
            }
        case .event(let event):
            return linear(parameters) { $0 == .event(event) }
        case .holidays:
            return linear(parameters) { $0 == .holiday }
        }
    }

    private func channelSeries(_ channel: Int, parameters: [Double]) -> [Double] {
        var responses = (0..<dataset.geoCount).map {
            response(channel, geo: $0, parameters: parameters, trailing: 0)
        }
        let common = commonCoefficients(channel, parameters: parameters) { responses[$0] }
        var series = [Double](repeating: 0, count: dataset.cellCount)
        for geo in responses.indices {
            if let effectiveness = effectiveness(geo: geo, parameters: parameters) {
                responses[geo] = zip(responses[geo], effectiveness).map { $0 * $1 }
            }
            let beta = termUnit(of: geo) * coefficient(channel, geo: geo, common: common, parameters: parameters)
            let start = dataset.cells(of: geo).lowerBound
            for (period, value) in responses[geo].enumerated() { series[start + period] = beta * value }
        }
        return series
    }

    /// What treatments give at their baselines on the model's scale, by treatment, then geo: part of the intercept.
    private func treatmentBaselines(_ parameters: [Double]) -> [[Double]] {
        specification.treatments.enumerated().map { index, treatment in
            let baseline = scaling.treatmentBaseline(treatment, index: index, dataset)
            let column = columns.firstIndex { $0.kind == .treatment(index) } ?? 0
            return (0..<dataset.geoCount).map { geo in
                baseline * coefficient(ofColumn: column, geo: geo, parameters)
            }
        }
    }

    /// KPI units of one unit on the model's scale, in the geo of a cell.
    package func kpiUnit(ofCell cell: Int) -> Double { scale(of: cell / dataset.periodCount) }

    /// KPI units of one unit on the model's scale, or with a log link of a KPI whose scaled logarithm is 0.
    func scale(of geo: Int) -> Double { scaling.kpiScale * scaling.population[geo] }

    /// What a term of the mean is multiplied by: 1 with a log link.
    func termUnit(of geo: Int) -> Double { scaling.hasLogLink ? 1 : scale(of: geo) }

    /// The coefficient of a column in a geo on the model's scale.
    private func coefficient(ofColumn column: Int, geo: Int, _ values: [Double]) -> Double {
        values[parameters.regressors[min(geo, parameters.regressors.count - 1)][column]]
    }

    private func linear(_ values: [Double], _ belongs: (RegressorKind) -> Bool) -> [Double] {
        var sum = [Double](repeating: 0, count: dataset.cellCount)
        for geo in 0..<dataset.geoCount {
            for (index, column) in columns.enumerated() where belongs(column.kind) {
                let coefficient = termUnit(of: geo) * self.coefficient(ofColumn: index, geo: geo, values)
                for cell in dataset.cells(of: geo) { sum[cell] += coefficient * column.values[cell] }
            }
        }
        return sum
    }

    /// S_t of a channel in one geo, then of `trailing` periods without media.
    func response(_ channel: Int, geo: Int, parameters: [Double], trailing: Int) -> [Double] {
        response(channel, to: media[channel][geo], geo: geo, parameters: parameters, trailing: trailing)
    }

    /// The same for another series than that of the data.
    func response(
        _ channel: Int, to series: MediaSeries, geo: Int, parameters: [Double], trailing: Int
    ) -> [Double] {
        let adstock = adstockFilter(channel, geo: geo, parameters: parameters)
        let curve = saturationCurve(channel, geo: geo, parameters: parameters)
        let all: [Double]
        switch laneKinds[channel].order {
        case .adstockFirst:
            all = curve.apply(to: adstock.apply(to: series.exposures, trailing: trailing).span, times: 1)
        case .saturationFirst:
            let saturated =
                series.frequencies.isEmpty
                ? curve.apply(to: series.exposures.span, times: 1)
                : zip(curve.apply(to: series.frequencies.span, times: 1), series.exposures).map { $0 * $1 }
            all = adstock.apply(to: saturated, trailing: trailing)
        }
        return series.historyCount == 0 ? all : Array(all.dropFirst(series.historyCount))
    }

    /// The response D_t by which an effect's parameter becomes β.
    ///
    /// - Parameter actual: the response to the data.
    private func referenceResponse(
        _ channel: Int, geo: Int, parameters: [Double], actual: [Double]
    ) -> [Double] {
        guard let comparison = effectAmounts[channel].comparison else { return actual }
        let other = response(channel, to: comparison.series[geo], geo: geo, parameters: parameters, trailing: 0)
        return zip(actual, other).map { comparison.sign * ($1 - $0) }
    }

    /// What the exposures of the window, multiplied, add to the response, by multiplier; media before stay as they were,
    /// and there are none after it. After the data media work as they do on average.
    func responses(
        _ channel: Int, geo: Int, parameters: [Double], multipliers: [Double], trailing: Int
    ) -> [[Double]] {
        let plain = plainResponses(
            channel, geo: geo, parameters: parameters, multipliers: multipliers, trailing: trailing)
        guard let effectiveness = effectiveness(geo: geo, parameters: parameters) else { return plain }
        return plain.map { series in
            series.enumerated().map { $0 < effectiveness.count ? $1 * effectiveness[$0] : $1 }
        }
    }

    private func plainResponses(
        _ channel: Int, geo: Int, parameters: [Double], multipliers: [Double], trailing: Int
    ) -> [[Double]] {
        let series = media[channel][geo].first(windowPeriodCount)
        func response(_ multiplier: Double) -> [Double] {
            let multiplied = series.changed { multiplier == 1 ? $1 : multiplier * $1 }
            return self.response(channel, to: multiplied, geo: geo, parameters: parameters, trailing: trailing)
        }
        if series.hasNoHistory, laneKinds[channel].order == .saturationFirst {
            return multipliers.map(response)
        }
        guard series.hasNoHistory else {
            let before = response(0)
            return multipliers.map { zip(response($0), before).map { $0 - $1 } }
        }
        // Adstock is linear: once is enough.
        let curve = saturationCurve(channel, geo: geo, parameters: parameters)
        let all = adstockFilter(channel, geo: geo, parameters: parameters)
            .apply(to: series.exposures, trailing: trailing)
        let adstocked = series.historyCount == 0 ? all : Array(all.dropFirst(series.historyCount))
        return multipliers.map { curve.apply(to: adstocked.span, times: $0) }
    }

    /// The adstocked exposures of the window and of `trailing` periods after it, where multiplied exposures give the curve
    /// of them multiplied, and media always work alike; else nil.
    func adstocked(_ channel: Int, geo: Int, parameters: [Double], trailing: Int) -> [Double]? {
        let series = media[channel][geo].first(windowPeriodCount)
        guard effectivenessBasis.isEmpty, series.hasNoHistory,
            laneKinds[channel].order == .adstockFirst
        else { return nil }
        let all = adstockFilter(channel, geo: geo, parameters: parameters)
            .apply(to: series.exposures, trailing: trailing)
        return series.historyCount == 0 ? all : Array(all.dropFirst(series.historyCount))
    }

    func adstockFilter(_ channel: Int, geo: Int, parameters: [Double]) -> AdstockFilter {
        let places = self.parameters.channels[geo][channel]
        return AdstockFilter(
            laneKinds[channel], weightCount: specification.channels[channel].weightCount,
            isNormalized: specification.channels[channel].adstock.isNormalized,
            retention: parameters[places.retention], delay: parameters[places.delay])
    }

    func saturationCurve(_ channel: Int, geo: Int, parameters: [Double]) -> any SaturationCurve {
        let places = self.parameters.channels[geo][channel]
        let (first, second) = (parameters[places.first], parameters[places.second])
        return switch laneKinds[channel].curve {
        case .hill: HillCurve(logEC: Elementary.log(first), slope: second)
        case .concaveHill: ConcaveHillCurve(ec: first)
        case .logistic: LogisticCurve(lam: first)
        case .sigmoid: SigmoidCurve(rate: first, steepest: second)
        case .root: RootCurve(exponent: first)
        case .log: LogCurve()
        case .none: IdentityCurve()
        }
    }

    /// β of a channel on the scaled KPI by geo, before what makes the geo differ.
    func commonCoefficients(_ channel: Int, parameters: [Double]) -> [Double] {
        commonCoefficients(channel, parameters: parameters) {
            response(channel, geo: $0, parameters: parameters, trailing: 0)
        }
    }

    /// - Parameter response: to the data, by geo; asked for where an effect is scaled by it.
    func commonCoefficients(
        _ channel: Int, parameters: [Double], response: (Int) -> [Double]
    ) -> [Double] {
        let places = (0..<dataset.geoCount).map { self.parameters.channels[$0][channel] }
        guard specification.channels[channel].effect != .coefficient else {
            return places.map { parameters[$0.effect] }
        }
        let references = places.indices.map { geo in
            let reference = referenceResponse(channel, geo: geo, parameters: parameters, actual: response(geo))
            let start = dataset.cells(of: geo).lowerBound
            var sum = 0.0
            for period in reference.indices { sum += revenueWeights[start + period] * reference[period] }
            return sum
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

    func coefficient(_ channel: Int, geo: Int, common: [Double], parameters: [Double]) -> Double {
        let places = self.parameters.channels[geo][channel]
        return parameters[places.multiplier] * common[geo] + parameters[places.addend]
    }

    /// What an experiment would have changed at one draw, in KPI units, as `ExperimentLanes` has it.
    package func lift(_ experiment: Experiment, constrained: [Double]) -> Double {
        let parameters = values(constrained)
        let shares = dataset.testedShares(of: experiment)
        var lift = 0.0
        for channel in specification.testedChannels(of: experiment) {
            let common = commonCoefficients(channel, parameters: parameters)
            for geo in dataset.geos(of: experiment) {
                let beta = scale(of: geo) * coefficient(channel, geo: geo, common: common, parameters: parameters)
                let actual = response(channel, geo: geo, parameters: parameters, trailing: 0)
                let series = media[channel][geo].changed {
                    shares[$0] > 0 ? experiment.factor * $1 : $1
                }
                let tested = response(channel, to: series, geo: geo, parameters: parameters, trailing: 0)
                for period in shares.indices where shares[period] > 0 {
                    lift += shares[period] * (beta * (tested[period] - actual[period]))
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

    /// Those of every channel.
    package func adstockWeights(constrained: [Double]) -> [[Double]] {
        let parameters = values(constrained)
        return specification.channels.indices.map { adstockFilter($0, geo: 0, parameters: parameters).weights }
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
        guard specification.likelihood == .normal, specification.errors == .independent else {
            let observations = Observations(self, constrained: constrained, fitted: fitted)
            for cell in fitted.indices {
                // A density on the scaled KPI is one in KPI units times the size of its unit.
                result[cell] =
                    isObserved[cell]
                    ? observations.logDensity(dataset.kpi[cell], cell: cell)
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
