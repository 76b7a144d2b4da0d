import MarketingMix
import ModelDefinition
import Posterior

/// What one channel's money did, in the words of finance, over the window of the data.
///
/// Every figure is computed per draw. Those that need a margin are nil without one.
package struct FinanceRow: Sendable, Hashable {
    package var channel: String
    /// Money.
    package var spend: Double
    /// Revenue of its contribution within the window.
    package var incrementalRevenue: Estimate
    /// margin × that.
    package var grossProfit: Estimate?
    /// Gross profit − spend.
    package var profit: Estimate?
    /// Share of draws with a profit above 0.
    package var probabilityOfProfit: Double?
    /// Gross profit that one more unit of money brings: margin × marginal ROI.
    package var marginalMarginROI: Estimate?
    /// Spend ÷ incremental KPI.
    package var costPerKPI: OpenEstimate
    /// Per cent of revenue per per cent of spend, marginal ROI ÷ ROI: 1 where nothing saturates, towards 0 where more money
    /// brings no more.
    package var elasticity: Estimate
    /// Share of the effect that comes after the period of spending.
    package var carryOverShare: Estimate
    /// The spend at which one more unit of money brings one unit of gross profit.
    package var breakEvenSpend: OpenEstimate?
    /// Weeks until gross profit has earned the spend back, 1 being the week of spending.
    package var paybackWeeks: OpenEstimate?
    /// Share of draws in which that is within 13 weeks.
    package var probabilityOfQuickPayback: Double?
    /// The exposure that the curve sees ÷ that at half of the most it comes to; nil for a curve that grows without end.
    package var saturationPosition: Estimate?
    /// ISO 4217 code, or empty.
    package var currency: String
    /// Whether money of the KPI holds value-added tax; nil where nobody says.
    package var vat: KPI.VAT?
}

extension FinanceRow {
    /// Nil for a channel without spend.
    init?(model: MarketingMixModel, channel: Int, draws: [MediaAnswer], economics: ChannelEconomics) {
        guard let roi = economics.roi, let marginalROI = economics.marginalROI else { return nil }
        let spend = economics.spend
        self.channel = model.specification.channels[channel].name
        self.spend = spend
        incrementalRevenue = Estimate(draws: economics.revenue)
        grossProfit = economics.grossProfit.map(Estimate.init(draws:))
        profit = economics.profit.map(Estimate.init(draws:))
        probabilityOfProfit = economics.profit.map { Self.share(of: $0) { $0 > 0 } }
        marginalMarginROI = economics.marginalMarginROI.map(Estimate.init(draws:))
        costPerKPI = OpenEstimate(draws: economics.kpi.map { $0 > 0 ? spend / $0 : .infinity })
        elasticity = Estimate(draws: zip(marginalROI, roi).map { $1 == 0 ? 0 : $0 / $1 })
        carryOverShare = Estimate(
            draws: draws.map { Self.carryOverShare($0.adstockWeights) })
        // Where the margin differs between cells, the curve is one of gross profit already.
        let (margin, value) =
            model.specification.kpi.margin.map { ($0, \MediaResponse.revenueInWindow) }
            ?? (1, \.datedGrossProfitInWindow)
        breakEvenSpend =
            model.hasMargin
            ? OpenEstimate(
                draws: draws.map(\.curve).filter { !$0.isEmpty }.map { curve in
                    let values = curve.map { $0[keyPath: value] }
                    return ResponseCurves.breakEvenMultiplier(values, margin: margin, spend: spend) * spend
                }) : nil
        let weeks = economics.paybackPeriods.map { $0.map { Payback.weeks(periods: $0, model.dataset.frequency) } }
        paybackWeeks = weeks.map(OpenEstimate.init(draws:))
        probabilityOfQuickPayback = weeks.map { Self.share(of: $0) { $0 <= 13 } }
        let positions = draws.compactMap(\.saturationPosition)
        saturationPosition = positions.isEmpty ? nil : Estimate(draws: positions)
        currency = model.specification.kpi.currency
        vat = model.specification.kpi.vat
    }

    private static func share(of draws: [Double], where holds: (Double) -> Bool) -> Double {
        Double(draws.count(where: holds)) / Double(draws.count)
    }

    private static func carryOverShare(_ weights: [Double]) -> Double {
        var sum = 0.0
        for weight in weights { sum += weight }
        return sum > 0 ? 1 - weights[0] / sum : 0
    }
}
