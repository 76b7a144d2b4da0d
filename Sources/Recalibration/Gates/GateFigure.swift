/// A figure of a gate that has bounds; the name is that of the plan's key.
package enum GateFigure: String, Sendable, Hashable, Codable, CaseIterable {
    /// Weeks without data between the first and the last.
    case missingWeeks = "missing_weeks"
    /// Channels that were spent on and suddenly are not.
    case stoppedChannels = "stopped_channels"
    /// Share of the old rows that are not what they were.
    case restatedShare = "restated_share"
    /// R-hat of the reported quantity that has the highest.
    case rHat = "r_hat"
    /// The smallest bulk or tail effective sample size of a reported quantity.
    case effectiveSize = "ess"
    /// Divergent draws as a share of all.
    case divergentShare = "divergent_share"
    /// |z| of the sum of the new weeks.
    case predictiveZ = "predictive_z"
    /// Weeks of a high Pareto k that had none in the accepted fit.
    case doubtfulWeeks = "doubtful_weeks"
    /// By how many standard errors the weeks that both fits know are predicted worse than before.
    case predictiveLoss = "predictive_loss"
    /// |shift| of a quantity's mean in standard deviations of the accepted result.
    case drift
    /// Wasserstein distance of a quantity in standard deviations of the accepted result.
    case wasserstein
    /// |shift − expected shift| of a quantity in standard deviations of the accepted result.
    case driftDifference = "drift_difference"
    /// The same in its Monte Carlo standard errors.
    case driftDifferenceErrors = "drift_difference_errors"
    /// Share of the recommended spend that moved.
    case spendMoved = "spend_moved"
    /// Mismatch index of a channel.
    case mismatch

    /// The bounds where a plan has none of its own.
    package var standard: GateBound {
        switch self {
        // Warnings: somebody looks, and nothing fails by itself.
        case .missingWeeks, .stoppedChannels: GateBound(promote: 0, hold: .infinity, side: .atMost)
        case .restatedShare: GateBound(promote: 0.02, hold: .infinity, side: .atMost)
        // Vehtari et al. (2021), as for every fit; few draws alone make a result late, not wrong.
        case .rHat: GateBound(promote: 1.01, hold: 1.05, side: .below)
        case .effectiveSize: GateBound(promote: 400, hold: 0, side: .atLeast)
        case .divergentShare: GateBound(promote: 0.001, hold: 0.01, side: .atMost)
        // False alarms on 0.27 % and 0.006 % of nights.
        case .predictiveZ: GateBound(promote: 3, hold: 4, side: .upTo)
        case .doubtfulWeeks: GateBound(promote: 0, hold: .infinity, side: .atMost)
        case .predictiveLoss: GateBound(promote: 4, hold: .infinity, side: .below)
        case .drift, .wasserstein: GateBound(promote: 0.5, hold: 1.5, side: .upTo)
        // A tenth of a standard deviation changes no decision; four errors come by chance on 0.006 % of nights.
        case .driftDifference: GateBound(promote: 0.1, hold: 0.1, side: .atMost)
        case .driftDifferenceErrors: GateBound(promote: 4, hold: 4, side: .atMost)
        case .spendMoved: GateBound(promote: 0.1, hold: 0.25, side: .upTo)
        // Residual correlations of 0.4 and 0.7.
        case .mismatch: GateBound(promote: 0.25, hold: 0.5, side: .upTo)
        }
    }

    /// Shares are worded in percent.
    var isShare: Bool {
        switch self {
        case .restatedShare, .divergentShare, .spendMoved: true
        default: false
        }
    }
}

/// The bounds of all gates: the standard ones but for what a plan says.
package struct GateBounds: Sendable, Hashable {
    private var own: [GateFigure: GateBound] = [:]

    package init() {}

    package subscript(figure: GateFigure) -> GateBound { own[figure] ?? figure.standard }

    /// These bounds but for one; nil where its second bound does not lie beyond the first or one is no number.
    package func setting(_ figure: GateFigure, promote: Double, hold: Double) -> GateBounds? {
        let side = figure.standard.side
        guard GateBound.areOrdered(promote: promote, hold: hold, side: side) else { return nil }
        var changed = self
        changed.own[figure] = GateBound(promote: promote, hold: hold, side: side)
        return changed
    }
}
