/// A fit's verdict as the terminal prints it.
struct VerdictWords {
    let lines: [String]

    init(_ verdict: Manifest.Verdict) {
        let head =
            switch verdict.outcome {
            case "figures_only": "Converged for the reported figures, NOT for every parameter"
            default: verdict.passed ? "Converged" : "NOT converged"
            }
        var lines = [head + "."]
        if let figures = verdict.quantities { lines.append("  reported figures: \(Self.text(figures))") }
        if let parameters = verdict.parameters { lines.append("  parameters:       \(Self.text(parameters))") }
        var run = ["\(verdict.divergences) of \(verdict.draws) draws diverged"]
        if let saturated = verdict.saturated, saturated > 0 {
            run.append("\(saturated) ended with a trajectory that could grow no further")
        }
        if let energy = verdict.lowestEBFMI { run.append("E-BFMI ≥ \((energy * 100).rounded(.down) / 100)") }
        lines.append("  run:              " + run.joined(separator: ", "))
        self.lines = lines
    }

    /// Bounds are rounded so that they hold.
    private static func text(_ extremes: Manifest.Verdict.Extremes) -> String {
        func part(_ name: String, _ extreme: Manifest.Extreme?, _ number: (Double) -> String) -> String {
            guard let extreme else { return "\(name) –" }
            return "\(name) \(extreme.value.map(number) ?? "undefined") (\(extreme.name))"
        }
        guard extremes.highestRHat != nil else { return "none varies" }
        return [
            part("R-hat ≤", extremes.highestRHat) { "\(($0 * 1000).rounded(.up) / 1000)" },
            part("bulk ESS ≥", extremes.lowestBulkESS) { "\(Int($0))" },
            part("tail ESS ≥", extremes.lowestTailESS) { "\(Int($0))" },
        ].joined(separator: ", ")
    }
}
