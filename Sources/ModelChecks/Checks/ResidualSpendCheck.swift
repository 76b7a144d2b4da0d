import ModelDefinition
import ModelFile

extension DataChecks {
    /// The factor by which flights stand out from what runs between them.
    private static let flightGapMin = 8.0
    /// Exposure of the small periods, of all.
    private static let residualShareMax = 0.05
    private static let flightPeriodsMin = 4
    /// The usual one of the periods that hold all but the small share ÷ the usual active period, where flights of every
    /// size leave no gap. Spend that is spread like a log-normal of the widest kind that is seen, 2 on its scale, has 8.
    private static let flightRatioMin = 20.0

    /// Channels whose usual period, by which exposures are scaled, is one between flights.
    var residualSpend: [Problem] {
        // The scale of a panel is per head of geos that differ in size.
        guard read.specification.preset != .pymcMarketing, data.geoCount == 1 else { return [] }
        return columns.filter { !$0.isLinear }.compactMap { column in
            let active = SortedValues(column.values.filter { $0 > 0 }).values
            guard active.count >= 3 * Self.flightPeriodsMin else { return nil }
            guard let start = firstFlight(active) else { return nil }
            let small = active[..<start].reduce(0, +)
            return problem(
                column,
                "\(column.words) has \(active.count - start) periods of \(Self.words(active[start])) and more, and "
                    + "\(start) of \(Self.words(active[start - 1])) and less, which are \(Self.percent(small / active.reduce(0, +))) "
                    + "of it. Its scale and half-saturation are taken from the usual active period, and that is a small one.",
                mend:
                    "write 0 where what ran is a residue, or give 'ec' (`lam`) a prior in units of the median active period.",
                french: """
                    \(start) petites périodes (\(Self.words(active[start - 1])) et moins) en valent \
                    \(Self.percent(small / active.reduce(0, +))) à côté de \(active.count - start) grandes \
                    (\(Self.words(active[start])) et plus) : son échelle et sa demi-saturation viennent de la \
                    période active usuelle, qui est petite. Écrivez 0 là où ce n’est qu’un reste, ou donnez à `ec` \
                    (`lam`) un a priori en unités de la période active médiane.
                    """
            )
        }
    }

    /// Of ascending values the first that belongs to a flight, where the usual value does not.
    private func firstFlight(_ active: [Double]) -> Int? {
        let bound = Self.residualShareMax * active.reduce(0, +)
        // The widest gap above the median, where few periods hold almost everything.
        let gaps = (active.count / 2..<active.count - Self.flightPeriodsMin + 1).filter { $0 > 0 }
        if let start = gaps.max(by: { active[$0] / active[$0 - 1] < active[$1] / active[$1 - 1] }),
            active[start] > Self.flightGapMin * active[start - 1], active[..<start].reduce(0, +) < bound
        {
            return start
        }
        var sum = 0.0
        let flights = active.indices.drop { index in
            sum += active[index]
            return sum < bound
        }
        guard let start = flights.first, flights.count >= Self.flightPeriodsMin,
            active[(start + active.count) / 2] > Self.flightRatioMin * active[active.count / 2]
        else { return nil }
        return start
    }

    private static func percent(_ share: Double) -> String { "\(words(share * 100)) %" }
}
