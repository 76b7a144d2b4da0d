import Kernels
import ModelDefinition

/// What the terms of a cell's logarithm grow into, in a model of log y: log y_t = i + Σ z_jt + Σ m_ct + ε_t, with the
/// intercept i, the other terms z of the baseline and those of media, m.
///
/// The shares of the KPI are Aumann–Shapley shares along a path on which first the baseline, then media grow evenly, so that
/// media share what they add to the baseline, and no order among them matters: with Z = Σ z and M = Σ m,
///
///     φ_i = e^i,   φ_j = e^i z_j (e^Z − 1)/Z,   φ_c = e^(i + Z) m_c (e^M − 1)/M.
struct Growth: Sendable {
    /// KPI of the intercept alone, of the baseline, and of all.
    let intercept: Double
    let baseline: Double
    let all: Double
    /// KPI per unit of a term.
    let perBaselineTerm: Double
    let perMediaTerm: Double

    /// - Parameter unit: KPI at logarithm 0.
    private init(unit: Double, intercept: Double, others: Double, media: Double) {
        self.intercept = unit * Elementary.exp(intercept)
        baseline = self.intercept * Elementary.exp(others)
        all = baseline * Elementary.exp(media)
        perBaselineTerm = self.intercept * Self.meanGrowth(others)
        perMediaTerm = baseline * Self.meanGrowth(media)
    }

    /// (eˣ − 1)/x.
    private static func meanGrowth(_ x: Double) -> Double { x == 0 ? 1 : Elementary.expm1(x) / x }

    /// By cell.
    ///
    /// - Parameter terms: by component, then cell.
    static func all(of terms: [[Double]], parameters: ParameterValues) -> [Growth] {
        let model = parameters.model
        return (0..<model.dataset.cellCount).map { cell in
            var (intercept, others, media) = (0.0, 0.0, 0.0)
            for (component, series) in zip(model.components, terms) {
                switch component.kind {
                case .intercept: intercept += series[cell]
                case .channel: media += series[cell]
                default: others += series[cell]
                }
            }
            return Growth(
                unit: parameters.fittedUnit(of: cell / model.dataset.periodCount), intercept: intercept,
                others: others, media: media)
        }
    }
}

extension ModelDraw {
    /// With a log link, by component and cell the shares of the KPI that add up to it, in KPI units.
    var attributed: [[Double]] {
        zip(model.components, logTerms).map { component, terms in
            zip(growth, terms).map { growth, term in
                switch component.kind {
                case .intercept: growth.intercept
                case .channel: growth.perMediaTerm * term
                default: growth.perBaselineTerm * term
                }
            }
        }
    }

    /// With a log link the mean KPI of the baseline over the window by geo.
    var meanBaselines: [Double] {
        (0..<model.dataset.geoCount).map { geo in
            Reductions.sum(growth[model.dataset.cells(of: geo).prefix(model.windowPeriodCount)].map(\.baseline))
                / Double(model.windowPeriodCount)
        }
    }
}
