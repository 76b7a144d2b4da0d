import MarketingMix

/// Which money of a plan is chosen, and what moves together: a variable is money of a channel, in all geos and periods or in
/// one of them, which is spread over its cells as in a plan that is there already.
package struct PlanVariables: Sendable {
    /// What is chosen for each of them by itself.
    package enum Part: String, Sendable, Hashable, CaseIterable {
        case geo
        case period
    }

    package struct Variable: Sendable, Hashable {
        /// Of the plan.
        package var channel: Int
        /// Nil for all.
        package var geo: Int?
        package var period: Int?
        /// Money in the plan that is there, more than 0.
        package var amount: Double
    }

    package let variables: [Variable]
    /// By cell its variable, −1 where its money stays, and its share of that variable's money.
    package let variableOfCell: [Int]
    package let shares: [Double]
    /// Money of the cells that stay, 0 in the others.
    package let fixed: [Double]

    /// What has no money in the plan that is there stays without.
    ///
    /// - Parameters:
    ///   - base: money by cell of that plan.
    ///   - inFlights: channels of the plan whose money is chosen by period whatever `parts` says, and lies evenly over the
    ///     periods of the plan that is there.
    ///   - fixed: money of whole channels that is not chosen, by channel of the plan: spread in the same way, or evenly where
    ///     there is none.
    package init(
        _ layout: MediaPlanLayout, base: [Double], by parts: Set<Part>, inFlights: Set<Int> = [],
        fixed: [Int: Double] = [:]
    ) {
        var base = base
        for channel in inFlights {
            for geo in 0..<layout.geoCount {
                let cells = layout.cells(channel: channel, geo: geo)
                let money = base[cells].reduce(0, +) / Double(cells.count)
                for cell in cells { base[cell] = money }
            }
        }
        var variables: [Variable] = []
        var variableOfCell = [Int](repeating: -1, count: layout.cellCount)
        var shares = [Double](repeating: 0, count: layout.cellCount)
        var stays = shares
        for channel in layout.channels.indices {
            let cells = (0..<layout.geoCount).flatMap { geo in
                layout.cells(channel: channel, geo: geo).enumerated().map { (cell: $1, geo: geo, period: $0) }
            }
            let total = cells.reduce(0) { $0 + base[$1.cell] }
            if let money = fixed[channel] {
                for (cell, _, _) in cells {
                    stays[cell] = money * (total > 0 ? base[cell] / total : 1 / Double(cells.count))
                }
                continue
            }
            var known: [Variable: Int] = [:]
            for (cell, geo, period) in cells where base[cell] > 0 {
                let key = Variable(
                    channel: channel, geo: parts.contains(.geo) ? geo : nil,
                    period: parts.contains(.period) || inFlights.contains(channel) ? period : nil, amount: 0)
                let index = known[key] ?? variables.count
                if index == variables.count {
                    known[key] = index
                    variables.append(key)
                }
                variables[index].amount += base[cell]
                variableOfCell[cell] = index
            }
            for (cell, _, _) in cells where variableOfCell[cell] >= 0 {
                shares[cell] = base[cell] / variables[variableOfCell[cell]].amount
            }
        }
        self.variables = variables
        self.variableOfCell = variableOfCell
        self.shares = shares
        self.fixed = stays
    }

    /// Money by cell.
    package func money(_ amounts: [Double]) -> [Double] {
        fixed.indices.map { cell in
            variableOfCell[cell] >= 0 ? shares[cell] * amounts[variableOfCell[cell]] : fixed[cell]
        }
    }

    /// The sum by variable of what cells have.
    func gathered(_ values: [Double], times factors: [Double]? = nil) -> [Double] {
        var sums = [Double](repeating: 0, count: variables.count)
        for (cell, variable) in variableOfCell.enumerated() where variable >= 0 {
            sums[variable] += (factors?[cell] ?? 1) * values[cell]
        }
        return sums
    }

    /// Money by variable in the plan that is there.
    package var amounts: [Double] { variables.map(\.amount) }
}
