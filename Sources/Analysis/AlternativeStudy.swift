import Posterior
import Wording

/// How one model, an alternative to another or that other itself, predicts the data, and what it says of the channels.
package struct AlternativeFit: Sendable {
    /// What a channel brings per money spent, or in all where it costs nothing.
    package struct Return: Sendable {
        package let channel: String
        package let isPerMoney: Bool
        package let summary: Summary

        package init(channel: String, isPerMoney: Bool, summary: Summary) {
            self.channel = channel
            self.isPerMoney = isPerMoney
            self.summary = summary
        }

        /// The quantity's name in every file.
        package var name: String { "\(isPerMoney ? "roi" : "contribution")[\(channel)]" }
    }

    package let choice: String
    package let name: String
    package let leaveOneOut: LeaveOneOut
    /// Monte Carlo standard error of the expected log density, from its spread between chains.
    package let scoreError: Double
    package let divergences: Int
    package let highestRHat: Double
    package let returns: [Return]

    package init(
        choice: String, name: String, leaveOneOut: LeaveOneOut, scoreError: Double, divergences: Int,
        highestRHat: Double, returns: [Return]
    ) {
        self.choice = choice
        self.name = name
        self.leaveOneOut = leaveOneOut
        self.scoreError = scoreError
        self.divergences = divergences
        self.highestRHat = highestRHat
        self.returns = returns
    }

    package var label: String { name.isEmpty ? choice : "\(choice): \(name)" }
}

/// A model beside its alternatives, each different in one choice: what the choice does to the figures, and which of them
/// predicts the data best.
package struct AlternativeStudy: Sendable {
    /// Differences of expected log densities below this say nothing, whatever their standard error (Sivula, Magnusson,
    /// Matamoros and Vehtari 2020).
    package static let differenceMin = 4.0
    /// Above this R-hat a fit's figures are not to be compared.
    package static let greatestRHat = 1.05

    /// The model as given first.
    package let fits: [AlternativeFit]
    /// By fit: its score less the best one's, with the standard error over observations.
    package let differences: [(value: Double, error: Double)]
    /// Index of the one with the best score.
    package let best: Int

    package init(_ fits: [AlternativeFit]) {
        self.fits = fits
        let rows = ModelComparison(pointwise: fits.map(\.leaveOneOut.pointwise)).rows
        best = rows[0].model
        differences = fits.indices.map { index in
            rows.first { $0.model == index }.map { ($0.difference, $0.differenceError) } ?? (0, 0)
        }
    }

    /// Whether the best one predicts the data better by more than chance, of the data or of the draws, explains.
    package func isClearlyBeaten(_ index: Int) -> Bool {
        let lead = -differences[index].value
        let (own, other) = (fits[index].scoreError, fits[best].scoreError)
        let error = (differences[index].error * differences[index].error + own * own + other * other).squareRoot()
        return lead > Self.differenceMin && lead > 2 * error
    }

    /// Lowest and highest posterior mean of a return among the fits that the best does not clearly beat.
    package func range(of channel: Int) -> ClosedRange<Double> {
        let means = fits.indices.filter { !isClearlyBeaten($0) && isComparable($0) }
            .map { fits[$0].returns[channel].summary.mean }
        let all = means.isEmpty ? [fits[best].returns[channel].summary.mean] : means
        return (all.min() ?? 0)...(all.max() ?? 0)
    }

    /// Whether the chains of a fit agree well enough.
    package func isComparable(_ index: Int) -> Bool { fits[index].highestRHat <= Self.greatestRHat }

    // MARK: Words

    /// What the study found, a sentence each: whether an alternative predicts the data clearly better and what it would
    /// say, how far returns move among those that do not, and what is not to be compared.
    package var findings: [String] {
        [judgement.english] + [movement] + disagreements
    }

    /// Whether an alternative predicts the data clearly better, and what it would say.
    package var judgement: Sentence {
        guard isClearlyBeaten(0) else {
            return Sentence(
                "No alternative predicts these data clearly better than the model as given.",
                french: "Aucune variante ne prédit ces données nettement mieux que le modèle tel quel.")
        }
        let lead = -differences[0].value
        let moved = fits[0].returns.indices.map { channel -> Sentence in
            let (own, other) = (fits[0].returns[channel].summary.mean, fits[best].returns[channel].summary.mean)
            let name = fits[0].returns[channel].name
            return Sentence(
                "\(name) \(Self.text(other)) instead of \(Self.text(own))",
                french: "\(name) \(Self.text(other)) au lieu de \(Self.text(own))")
        }
        let error = differences[0].error
        return Sentence(
            "'\(fits[best].label)' predicts these data better than the model as given by \(Self.text(lead)) ± "
                + "\(Self.text(error)) (elpd), and says: \(moved.map(\.english).joined(separator: ", ")).",
            french: "« \(fits[best].label) » prédit ces données mieux que le modèle tel quel, de \(Self.text(lead)) ± "
                + "\(Self.text(error)) (elpd), et dit : \(moved.map(\.french).joined(separator: ", ")).")
    }

    /// By the channel whose return depends most on the choice.
    private var movement: String {
        let spreads = fits[0].returns.indices.map { channel -> (channel: Int, ratio: Double) in
            let span = self.range(of: channel)
            return (channel, span.lowerBound > 0 ? span.upperBound / span.lowerBound : .infinity)
        }
        guard let widest = spreads.max(by: { $0.ratio < $1.ratio }) else { return "The model has no channels." }
        let span = self.range(of: widest.channel)
        return "Among the models that the data do not clearly rule out, \(fits[0].returns[widest.channel].name) goes "
            + "from \(Self.text(span.lowerBound)) to \(Self.text(span.upperBound)); no other channel's return "
            + "depends more on the choice."
    }

    private var disagreements: [String] {
        let labels = fits.indices.filter { !isComparable($0) }.map { "'\(fits[$0].label)'" }
        guard !labels.isEmpty else { return [] }
        return [
            "The chains of \(labels.joined(separator: ", ")) do not agree (R-hat above \(Self.greatestRHat)): their "
                + "figures are not to be compared; take more --warmup and --draws."
        ]
    }

    /// To two digits after the point, or none of a large number.
    private static func text(_ value: Double) -> String {
        guard abs(value) < 1e6 else { return "\((value / 1e6).rounded()) million" }
        let digits = abs(value) < 100 ? 100.0 : 1
        let rounded = (value * digits).rounded() / digits
        return digits == 1 ? "\(Int(rounded))" : "\(rounded)"
    }
}
