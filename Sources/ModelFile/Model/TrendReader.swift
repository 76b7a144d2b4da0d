import ModelDefinition

/// Reads `trend`: the slow course of the level.
struct TrendReader {
    /// How the level moves.
    enum TrendKind: String, CaseIterable {
        case none
        case linear
        case piecewise = "piecewise_linear"
        case knots
        case smooth = "gaussian_process"
    }

    let context: SectionContext

    func read() -> Trend {
        guard let section = context.top.section("trend") else {
            return context.preset.defaults.trend(hasGeos: context.hasGeos)
        }
        section.require(
            "kind", mend: "write `kind: piecewise_linear`, `knots`, `gaussian_process`, `linear` or `none`.")
        let kind = section.choice("kind", TrendKind.self)
        if section.node("knots") != nil, kind != .knots {
            section.problem("knots", "'trend.knots' needs `kind: knots`.", mend: "write `kind: knots`, or remove it.")
        }
        switch kind {
        case .linear: return .linear
        case .smooth: return .gaussianProcess
        case .piecewise:
            return .piecewiseLinear(
                every: section.integer("every") ?? Trend.jointDistance(context.frequency))
        case .knots: return .knots(knots(section))
        case .some(.none), nil: return Trend.none
        }
    }

    private func knots(_ section: YAMLSection) -> Knots {
        let every = section.integer("every")
        if let count = section.integer("count") {
            if every != nil || section.node("knots") != nil {
                section.problem("count", "'trend' says twice where its knots are.", mend: "keep one of the keys.")
            }
            return .count(count)
        }
        guard let texts = section.texts("knots") else {
            return .every(every ?? Trend.knotDistance(context.frequency))
        }
        if every != nil {
            section.problem("every", "'trend' has both 'every' and 'knots'.", mend: "remove one of them.")
        }
        var dates: [CalendarDate] = []
        for text in texts {
            guard let date = CalendarDate(text) else {
                section.problem("knots", "'\(text)' is not a date.", mend: "write it as YYYY-MM-DD.")
                continue
            }
            if let last = dates.last, date <= last {
                section.problem("knots", "the knot \(date) does not come after \(last).", mend: "put them in order.")
            }
            dates.append(date)
        }
        if texts.count < 2 {
            section.problem("knots", "'trend.knots' needs two dates or more.", mend: "add a date.")
        }
        return .dates(dates)
    }
}
