import Densities
import Kernels
import ModelDefinition

/// The prior of returns where the KPI is counted in units and nothing says what a unit is worth: a return is then units
/// per money spent, and its scale is that of the data.
///
/// All paid channels share LN(m, q) with q² = log(b²/a² + 1) and m = log a − q²/2: their spend brings the share
/// `meanShare` ± `deviation` of the KPI, a = p ΣKPI ÷ Σ spend and b = h ΣKPI ÷ √Σ spend² (Meridian 2.1.0's rule).
enum UnitsPrior {
    /// p and h.
    static let meanShare = 0.4
    static let deviation = 0.2

    /// Gives the channels that kept the preset's prior of a return this one; a channel whose kind of effect it does not fit
    /// is a problem.
    static func apply(
        to read: inout ReadSpecification, dataset: Dataset, modelFile: String
    ) -> [Problem] {
        let specification = read.specification
        guard specification.kpi.kind == .units, read.kpi.price == nil,
            specification.preset != .pymcMarketing
        else { return [] }
        let preset = specification.preset
        let keepers = specification.channels.indices.filter { index in
            let channel = specification.channels[index]
            let parameter = channel.effect.parameter
            return channel.effect.needsSpend && channel.longTermOf == nil
                && channel.priors[parameter]
                    == preset.defaults.prior(of: parameter, kind: channel.kind, saturation: channel.saturation)
        }
        guard !keepers.isEmpty else { return [] }
        let paid = specification.channels.indices.filter {
            specification.channels[$0].effect.needsSpend && specification.channels[$0].longTermOf == nil
        }
        guard keepers == paid, keepers.allSatisfy({ specification.channels[$0].effect == .roi }) else {
            return keepers.map { index in
                Problem(
                    file: modelFile, line: read.channels[index].line,
                    message: "channel '\(specification.channels[index].name)' has the usual prior of a return, but the "
                        + "KPI is in units that nothing values.",
                    mend: "give every channel a prior in units per money, or name `kpi.revenue_per_kpi`.")
            }
        }
        let kpi = dataset.knownCells.reduce(0) { $0 + dataset.kpi[$1] }
        let seen = dataset.windowPeriodCount(preset)
        let spends = keepers.map { dataset.first(seen, of: dataset.spend[$0]).reduce(0, +) }
        let total = spends.reduce(0, +)
        guard kpi > 0, total > 0 else { return [] }
        let mean = meanShare * kpi / total
        let spread = deviation * kpi / spends.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let variance = Elementary.log1p((spread / mean) * (spread / mean))
        let prior = Prior.logNormal(mean: Elementary.log(mean) - 0.5 * variance, sd: variance.squareRoot())
        for index in keepers { read.channels[index].value.channel.priors[.roi] = prior }
        return []
    }
}
