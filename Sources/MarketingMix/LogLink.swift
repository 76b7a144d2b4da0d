import Kernels
import ModelDefinition

/// A model of log y: log y_t = i + Σ z_jt + Σ m_ct + ε_t, with the intercept i, the other terms z of the baseline and
/// those of media, m.
extension MarketingMixModel {
    /// The logarithm of what is called fitted over the median of the KPI: fitted is its mean, but in `pymc-marketing`,
    /// which reports the median.
    func logMeanShift(geo: Int, values: [Double]) -> Double {
        guard scaling.hasLogLink, specification.preset != .pymcMarketing else { return 0 }
        let sigma = values[parameters.sigmas[geo]]
        let rho = values[parameters.correlations[geo]]
        return 0.5 * sigma * sigma / ((1 - rho) * (1 + rho))
    }

    /// The KPI in a geo when the scaled logarithm is 0, as it is called fitted.
    func fittedUnit(of geo: Int, parameters: [Double]) -> Double {
        scale(of: geo) * Elementary.exp(logMeanShift(geo: geo, values: parameters))
    }

    /// Turns terms of the logarithm into shares of the KPI that add up to it, in KPI units by cell.
    ///
    /// Aumann–Shapley shares along a path on which first the baseline, then media grow evenly, so that media share what
    /// they add to the baseline, and no order among them matters: with Z = Σ z and M = Σ m,
    ///
    ///     φ_i = e^i,   φ_j = e^i z_j (e^Z − 1)/Z,   φ_c = e^(i + Z) m_c (e^M − 1)/M.
    func attribute(_ terms: inout [[Double]], parameters: [Double]) {
        let growth = growth(of: terms, parameters: parameters)
        for (index, component) in components.enumerated() {
            for cell in 0..<dataset.cellCount {
                switch component.kind {
                case .intercept: terms[index][cell] = growth[cell].intercept
                case .channel: terms[index][cell] *= growth[cell].perMediaTerm
                default: terms[index][cell] *= growth[cell].perBaselineTerm
                }
            }
        }
    }

    /// What a cell's terms grow into.
    private struct Growth {
        /// KPI of the intercept alone, of the baseline, and of all.
        var intercept: Double
        var baseline: Double
        var all: Double
        /// KPI per unit of a term.
        var perBaselineTerm: Double
        var perMediaTerm: Double

        /// - Parameter unit: KPI at logarithm 0.
        init(unit: Double, intercept: Double, others: Double, media: Double) {
            self.intercept = unit * Elementary.exp(intercept)
            baseline = self.intercept * Elementary.exp(others)
            all = baseline * Elementary.exp(media)
            perBaselineTerm = self.intercept * Self.meanGrowth(others)
            perMediaTerm = baseline * Self.meanGrowth(media)
        }

        /// (eˣ − 1)/x.
        private static func meanGrowth(_ x: Double) -> Double { x == 0 ? 1 : Elementary.expm1(x) / x }
    }

    /// By cell.
    private func growth(of terms: [[Double]], parameters: [Double]) -> [Growth] {
        (0..<dataset.cellCount).map { cell in
            var (intercept, others, media) = (0.0, 0.0, 0.0)
            for (component, series) in zip(components, terms) {
                switch component.kind {
                case .intercept: intercept += series[cell]
                case .channel: media += series[cell]
                default: others += series[cell]
                }
            }
            return Growth(
                unit: fittedUnit(of: cell / dataset.periodCount, parameters: parameters), intercept: intercept,
                others: others, media: media)
        }
    }

    private func growth(_ parameters: [Double]) -> [Growth] {
        growth(of: components.map { series(of: $0, parameters: parameters) }, parameters: parameters)
    }

    /// KPI units per unit of a channel's term, by cell, and the mean KPI of the baseline over the window, by geo.
    func mediaTermValues(_ parameters: [Double]) -> (perTerm: [Double], baseline: [Double]) {
        let growth = growth(parameters)
        let baseline = (0..<dataset.geoCount).map { geo in
            Reductions.sum(growth[dataset.cells(of: geo).prefix(windowPeriodCount)].map(\.baseline))
                / Double(windowPeriodCount)
        }
        return (growth.map(\.perMediaTerm), baseline)
    }

    /// What a channel brings beside all others as they were, by stretch of geos, then multiplier of its exposure. What
    /// works after the data works on the mean baseline of the data.
    func multipliedResponses(
        channel: Int, parameters: [Double], multipliers: [Double], geos: [Range<Int>]
    ) -> [[MediaResponse]] {
        let growth = growth(parameters)
        let terms = addedTerms(channel: channel, parameters: parameters, multipliers: multipliers + [1])
        let actual = terms[multipliers.count].window
        let baseline = growth.map(\.baseline)
        return geos.map { geos in
            terms.prefix(multipliers.count).map { term in
                MediaResponse(self, geos: geos, after: term.after, baseline: baseline) { cell in
                    growth[cell].all * Elementary.exp(-actual[cell]) * Elementary.expm1(term.window[cell])
                }
            }
        }
    }

    /// What a channel's share of the KPI is for the exposures of the data: with an additive model the KPI with it less the
    /// KPI without, which is `actual`.
    package func attributedResponse(channel: Int, constrained: [Double], actual: MediaResponse) -> MediaResponse {
        guard scaling.hasLogLink else { return actual }
        return attributedResponses(channel: channel, constrained: constrained, geos: [0..<dataset.geoCount])[0]
    }

    /// The same in each geo; they add up to that of all geos.
    package func geoAttributedResponses(
        channel: Int, constrained: [Double], actual: [MediaResponse]
    ) -> [MediaResponse] {
        guard scaling.hasLogLink else { return actual }
        return attributedResponses(
            channel: channel, constrained: constrained, geos: (0..<dataset.geoCount).map { $0..<$0 + 1 })
    }

    /// By stretch of geos.
    private func attributedResponses(
        channel: Int, constrained: [Double], geos: [Range<Int>]
    ) -> [MediaResponse] {
        let parameters = values(constrained)
        let growth = growth(parameters)
        let terms = addedTerms(channel: channel, parameters: parameters, multipliers: [1])[0]
        let baseline = growth.map(\.baseline)
        return geos.map { geos in
            MediaResponse(self, geos: geos, after: terms.after, baseline: baseline) { cell in
                growth[cell].perMediaTerm * terms.window[cell]
            }
        }
    }

    /// Terms that the exposures of the window, multiplied, add to the logarithm: by cell, 0 after the window, and by geo in
    /// the periods after.
    private typealias AddedTerms = (window: [Double], after: [[Double]])

    private func addedTerms(channel: Int, parameters: [Double], multipliers: [Double]) -> [AddedTerms] {
        let common = commonCoefficients(channel, parameters: parameters)
        let trailing = specification.channels[channel].weightCount - 1
        var terms = [AddedTerms](repeating: ([], []), count: multipliers.count)
        for geo in 0..<dataset.geoCount {
            let beta = coefficient(channel, geo: geo, common: common, parameters: parameters)
            let added = responses(
                channel, geo: geo, parameters: parameters, multipliers: multipliers, trailing: trailing)
            for (index, series) in added.enumerated() {
                terms[index].window += series.prefix(windowPeriodCount).map { beta * $0 }
                terms[index].window += [Double](repeating: 0, count: dataset.periodCount - windowPeriodCount)
                terms[index].after.append(series.suffix(trailing).map { beta * $0 })
            }
        }
        return terms
    }
}

extension MediaResponse {
    /// Of some geos.
    ///
    /// - Parameters:
    ///   - after: terms of the logarithm in the periods after the data, by geo.
    ///   - baseline: its KPI by cell.
    ///   - kpi: what a cell brings.
    fileprivate init(
        _ model: MarketingMixModel, geos: Range<Int>, after: [[Double]], baseline: [Double], kpi: (Int) -> Double
    ) {
        self = .zero
        let data = model.dataset
        for geo in geos {
            let cells = data.cells(of: geo).prefix(model.windowPeriodCount)
            for cell in cells {
                let value = kpi(cell)
                kpiInWindow += value
                revenueInWindow += data.revenuePerKPI[cell] * value
                if !data.margins.isEmpty {
                    datedGrossProfitInWindow += data.margins[cell] * (data.revenuePerKPI[cell] * value)
                }
            }
            let mean = Reductions.sum(Array(baseline[cells])) / Double(model.windowPeriodCount)
            let rest = after[geo].reduce(0.0) { $0 + mean * Elementary.expm1($1) }
            kpiAfter += rest
            let last = cells.upperBound - 1
            revenueAfter += data.revenuePerKPI[last] * rest
            if !data.margins.isEmpty {
                datedGrossProfitAfter += data.margins[last] * (data.revenuePerKPI[last] * rest)
            }
        }
    }
}
