import ModelDefinition

/// What a unit of the KPI is worth, as far as sums over geos need it.
enum KPIPrice: Sendable {
    /// Always and everywhere.
    case constant(Double)
    /// By period, in all geos.
    case byPeriod([Double])
    /// Not the same in the geos of a period.
    case byCell

    init(_ data: Dataset) {
        let (prices, periods) = (data.revenuePerKPI, data.periodCount)
        let isOfPeriod = prices.indices.allSatisfy { prices[$0] == prices[$0 % periods] }
        if !isOfPeriod {
            self = .byCell
        } else if prices.allSatisfy({ $0 == prices[0] }) {
            self = .constant(prices.first ?? 1)
        } else {
            self = .byPeriod(Array(prices.prefix(periods)))
        }
    }

    var isConstant: Bool { if case .constant = self { true } else { false } }

    /// Whether sums over geos need money of their own.
    var differsByGeo: Bool { if case .byCell = self { true } else { false } }

    /// The mean price at which units of the KPI were sold in a window: their revenue ÷ their number, of the known ones; the
    /// mean of the days' prices where there are none.
    func mean(in window: ReportingWindow, of data: Dataset) -> Double {
        if case .constant(let price) = self { return price }
        var (revenue, units, priced, days) = (0.0, 0.0, 0.0, 0.0)
        for geo in 0..<data.geoCount {
            let first = data.cells(of: geo).lowerBound
            for (period, share) in zip(window.periods, window.shares) {
                let (price, value) = (data.revenuePerKPI[first + period], data.kpi[first + period])
                priced += share * price
                days += share
                guard value.isFinite else { continue }
                revenue += share * price * value
                units += share * value
            }
        }
        return units > 0 ? revenue / units : priced / days
    }
}
