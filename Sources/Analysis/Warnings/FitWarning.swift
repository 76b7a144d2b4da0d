import MarketingMix
import Wording

/// Something about a finished fit that a person should know before acting on it, and that convergence does not see.
///
/// It stands in `run.json`, in the report and at the terminal. A check that finds some is one type in a file of its own in
/// this folder, with a pure function `warnings(_ evidence: FitEvidence) -> [FitWarning]`, and one line in
/// `FitWarnings.checks`. It is silent on data that the model describes: on at most one in fifty worlds drawn from the prior.
package struct FitWarning: Sendable, Hashable {
    /// What it is about, as `summary.csv` and the reported quantities name it: `roi[tv]`, `alpha[tv]`, `total`. Several
    /// where one sentence says the same of all.
    package var quantities: [String]
    /// What is so, with its numbers, and what to do.
    package var sentence: Sentence

    package init(quantities: [String], sentence: Sentence) {
        self.quantities = quantities
        self.sentence = sentence
    }

    package init(quantity: String, sentence: Sentence) {
        self.init(quantities: [quantity], sentence: sentence)
    }
}

/// What the checks of a finished fit look at.
package struct FitEvidence: Sendable {
    package let model: MarketingMixModel
    /// Parameter values in layout order, one vector a draw, chain-major.
    package let constrained: [[Double]]
    package let analysis: PosteriorAnalysis

    package init(model: MarketingMixModel, constrained: [[Double]], analysis: PosteriorAnalysis) {
        self.model = model
        self.constrained = constrained
        self.analysis = analysis
    }
}

/// All checks of a finished fit, in the order in which their warnings are told.
package enum FitWarnings {
    private static let checks: [@Sendable (FitEvidence) -> [FitWarning]] = [
        EffectPriorWarnings.warnings, MediaShareWarning.warnings, CarryOverWarning.warnings, PriorEdgeWarning.warnings,
        ResidualWarning.warnings, NoSharesWarning.warnings,
    ]

    package static func all(_ evidence: FitEvidence) -> [FitWarning] { checks.flatMap { $0(evidence) } }
}
