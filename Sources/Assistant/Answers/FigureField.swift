import Results

/// What of a file's columns or keys belongs together: mean and quantiles of one figure.
struct FigureField: Sendable {
    var name: String
    var unit: String
    /// What is told, in a few words.
    var meaning: String
    /// By what each is: `mean`, `q05`, or `value` of what stands alone.
    var parts: [(name: String, place: String)]

    private static let statistics = ["mean", "sd", "q05", "q50", "q95"]
    /// How the reference begins what it says of the parts of a figure.
    private static let openings = [
        "Mean over draws of ", "Mean over draws", "Standard deviation over draws of ", "5 % quantile of ", "Median of ",
    ]

    /// - Parameters:
    ///   - fields: of one record; what is no number is left out.
    ///   - plainName: of a figure whose parts are called `mean`, `q05` and no more.
    static func grouped(_ fields: [ResultField], plainName: String) -> [FigureField] {
        let numbers = fields.filter { $0.kind == .number || $0.kind == .whole }
        // In a document a mapping has the meaning, and its keys only say which part of it they are.
        let mappings = Dictionary(
            fields.filter { $0.kind == .mapping }.map { ($0.name, $0.meaning) }, uniquingKeysWith: { first, _ in first }
        )
        let stems = numbers.map { stem(of: $0.name) }
        let counts = Dictionary(grouping: stems.compactMap { $0?.stem }, by: { $0 }).mapValues(\.count)
        var found: [FigureField] = []
        var places: [String: Int] = [:]
        for (field, split) in zip(numbers, stems) {
            // A column that only sounds like a part of something, as `mcse_mean`, stands alone.
            guard let (stem, statistic) = split, counts[stem] ?? 0 > 1 else {
                found.append(
                    FigureField(
                        name: field.name, unit: field.unit,
                        meaning: field.name.hasSuffix(".value")
                            ? mappings[String(field.name.dropLast(".value".count))] ?? field.meaning : field.meaning,
                        parts: [("value", field.name)]))
                continue
            }
            if let place = places[stem] {
                found[place].parts.append((statistic, field.name))
                continue
            }
            places[stem] = found.count
            let opening = openings.first { field.meaning.hasPrefix($0) } ?? ""
            let rest = String(field.meaning.dropFirst(opening.count))
            found.append(
                FigureField(
                    name: stem.isEmpty ? plainName : stem, unit: field.unit,
                    meaning: mappings[stem] ?? (rest.count > 1 ? rest : field.meaning), parts: [(statistic, field.name)]
                ))
        }
        return found
    }

    /// `roi` and `mean` of `roi_mean`, `gain` and `q05` of `gain.q05`, nothing and `sd` of `sd`.
    private static func stem(of name: String) -> (stem: String, statistic: String)? {
        for statistic in statistics {
            if name == statistic { return ("", statistic) }
            for separator in ["_", "."] where name.hasSuffix(separator + statistic) {
                return (String(name.dropLast(statistic.count + 1)), statistic)
            }
        }
        return nil
    }
}
