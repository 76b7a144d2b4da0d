import Posterior

/// What to try after a fit that did not converge, in the words of the program's own settings.
package enum ConvergenceAdvice {
    /// One sentence a cause, in the order of the verdict's reasons.
    package static func sentences(for verdict: ConvergenceVerdict, settings: FitSettings) -> [String] {
        var sentences: [String] = []
        for cause in verdict.causes {
            let sentence = sentence(for: cause, verdict: verdict, settings: settings)
            if !sentences.contains(sentence) { sentences.append(sentence) }
        }
        return sentences
    }

    private static func sentence(
        for cause: ConvergenceVerdict.Cause, verdict: ConvergenceVerdict, settings: FitSettings
    ) -> String {
        let longer = "--warmup \(2 * settings.warmup)"
        switch cause {
        case .nothingVaries:
            return "Give the channels priors that are not points: nothing that is reported is estimated."
        case .singleChain:
            return "Run four chains: --chains 4."
        case .undefined:
            return "Take more draws (--draws \(max(1000, 2 * settings.draws))); if draws are not numbers, look at the "
                + "scale of the data and at the widest priors."
        case .disagreement:
            return "Give the chains a longer warm-up (\(longer)). If one stays apart from the others again, the "
                + "posterior has several modes: tighter priors, or another carry-over or saturation, leave one."
        case .fewDraws:
            return moreDraws(verdict, settings: settings)
        case .parameter:
            return "For the parameter: a longer warm-up and more draws (\(longer) --draws \(2 * settings.draws)), "
                + "another form (`sampling: {form: joint}`), or a prior that says more about it."
        case .divergences:
            guard let smaller = [0.95, 0.99].first(where: { settings.targetAcceptance < $0 }) else {
                return "Smaller steps have not helped: try another form (`sampling: {form: joint}`), or tighter priors "
                    + "of what spreads between channels or geos."
            }
            return "Take smaller steps: `sampling: {target_accept: \(smaller)}`; then a longer warm-up (\(longer))."
        case .energy:
            return "Try another form (`sampling: {form: joint}`), or tighter priors of standard deviations: a scale "
                + "that the data hardly know makes long tails."
        case .saturated:
            return "Give the sampler a longer warm-up to learn the scales (\(longer)); if that does not help, look "
                + "for priors that are far wider than what the data know."
        }
    }

    /// As many as would have been enough, with a fifth to spare, in hundreds.
    private static func moreDraws(_ verdict: ConvergenceVerdict, settings: FitSettings) -> String {
        let sizes = [verdict.quantities.lowestBulkESS, verdict.quantities.lowestTailESS].compactMap { $0?.value }
        let needed = ConvergenceGate().essNeeded(chainCount: settings.chains)
        guard let smallest = sizes.min(), smallest > 0, needed / smallest <= 10 else {
            return "The draws are worth very few independent ones: a longer warm-up (--warmup \(2 * settings.warmup)) "
                + "or another form (`sampling: {form: joint}`) first, then more draws."
        }
        let draws = (Double(settings.draws) * 1.2 * needed / smallest / 100).rounded(.up) * 100
        return "Take more draws: --draws \(Int(draws))."
    }
}
