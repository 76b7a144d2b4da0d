/// Which known word a misspelt one may have meant.
package enum NearestKey {
    /// What other programs and people call things, by our word for them.
    private static let synonyms = [
        "channels": ["media", "channel_columns", "paid_media_vars"],
        "chains": ["n_chains", "cores"],
        "controls": ["control_columns", "context_vars", "covariates", "regressors"],
        "date": ["date_column", "date_var", "time", "day", "start"],
        "draws": ["n_keep", "samples", "iterations", "num_samples"],
        "exposure": ["impressions", "clicks", "grps", "views", "media"],
        "geo": ["region", "dims", "country", "market"],
        "holidays": ["prophet_country"],
        "kpi": ["target", "dep_var", "target_column", "response"],
        "max_lag": ["l_max", "lags", "window"],
        "population": ["pop"],
        "resampling": ["bootstrap"],
        "revenue_per_kpi": ["price", "value"],
        "se": ["standard_error", "std_err", "sigma"],
        "spend": ["cost", "costs", "budget", "media_spend", "paid_media_spends", "investment"],
        "warmup": ["tune", "burnin", "burn_in", "n_adapt", "n_burnin"],
    ]

    /// The known word with the smallest edit distance, if that is at most a third of the letters (and at least one is
    /// allowed); the first among equals. Else the one that others call so, as `exposure` is called impressions,
    /// or the longest that the word ends in, as `gamma_control` in `control`.
    package static func suggestion(for word: String, among known: [String]) -> String? {
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = distance(Array(word.lowercased()), Array(candidate.lowercased()))
            if distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        guard let best, best.distance <= max(1, (max(word.count, best.word.count) + 1) / 3) else {
            return known.filter { synonyms[$0]?.contains(word.lowercased()) == true }.min()
                ?? known.filter { word.hasSuffix("_\($0)") }.max { $0.count < $1.count }
        }
        return best.word
    }

    /// Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours.
    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var rows = [Array(0...b.count)]
        for i in 1..<max(a.count + 1, 1) {
            var row = [i]
            for j in 1..<max(b.count + 1, 1) {
                var value = min(
                    rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    value = min(value, rows[i - 2][j - 2] + 1)
                }
                row.append(value)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }

    /// `did you mean 'spend'?` as a mend, or the list of what is known.
    static func mend(for word: String, among known: [String]) -> String {
        if let suggestion = suggestion(for: word, among: known) { return "write '\(suggestion)'." }
        return "use one of \(known.sorted().joined(separator: ", "))."
    }
}
