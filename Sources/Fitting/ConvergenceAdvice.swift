import Posterior
import Wording

/// What to try after a fit that did not converge, in the words of the program's own settings.
package enum ConvergenceAdvice {
    /// One sentence a cause, in the order of the verdict's reasons.
    package static func sentences(for verdict: ConvergenceVerdict, settings: FitSettings) -> [Sentence] {
        var sentences: [Sentence] = []
        for cause in verdict.causes {
            let sentence = sentence(for: cause, verdict: verdict, settings: settings)
            if !sentences.contains(sentence) { sentences.append(sentence) }
        }
        return sentences
    }

    private static func sentence(
        for cause: ConvergenceVerdict.Cause, verdict: ConvergenceVerdict, settings: FitSettings
    ) -> Sentence {
        let longer = "--warmup \(2 * settings.warmup)"
        switch cause {
        case .nothingVaries:
            return Sentence(
                "Give the channels priors that are not points: nothing that is reported is estimated.",
                french:
                    "Donnez aux canaux des a priori qui ne soient pas des points : rien de ce qui est rapporté n’est "
                    + "estimé.")
        case .singleChain:
            return Sentence("Run four chains: --chains 4.", french: "Lancez quatre chaînes : \(code: "--chains 4").")
        case .undefined:
            let draws = "--draws \(max(1000, 2 * settings.draws))"
            return Sentence(
                "Take more draws (\(draws)); if draws are not numbers, look at the "
                    + "scale of the data and at the widest priors.",
                french: """
                    Prenez plus de tirages (\(code: draws)) ; si des tirages ne sont pas des nombres, regardez \
                    l’échelle 
                    """
                        + "des données et les a priori les plus larges.")
        case .disagreement:
            return Sentence(
                "Give the chains a longer warm-up (\(longer)). If one stays apart from the others again, the "
                    + "posterior has several modes: tighter priors, or another carry-over or saturation, leave one.",
                french: """
                    Donnez aux chaînes un rodage plus long (\(code: longer)). Si l’une reste encore à l’écart, la \
                    loi 
                    """
                        + "a posteriori a plusieurs modes : des a priori plus serrés, une autre rémanence ou une autre saturation "
                        + "n’en laissent qu’un.")
        case .fewDraws:
            return moreDraws(verdict, settings: settings)
        case .parameter:
            let options = "\(longer) --draws \(2 * settings.draws)"
            return Sentence(
                "For the parameter: a longer warm-up and more draws (\(options)), "
                    + "another form (`sampling: {form: joint}`), or a prior that says more about it.",
                french:
                    "Pour le paramètre : un rodage plus long et plus de tirages (\(code: options)), une autre forme "
                    + "(`sampling: {form: joint}`), ou un a priori qui en dise plus.")
        case .divergences:
            guard let smaller = [0.95, 0.99].first(where: { settings.targetAcceptance < $0 }) else {
                return Sentence(
                    "Smaller steps have not helped: try another form (`sampling: {form: joint}`), or tighter priors "
                        + "of what spreads between channels or geos.",
                    french: """
                        Des pas plus petits n’ont pas aidé : essayez une autre forme (`sampling: {form: joint}`), \
                        ou des 
                        """
                            + "a priori plus serrés pour ce qui varie entre canaux ou zones.")
            }
            return Sentence(
                "Take smaller steps: `sampling: {target_accept: \(smaller)}`; then a longer warm-up (\(longer)).",
                french: """
                    Prenez des pas plus petits : `sampling: {target_accept: \(code: smaller)}` ; puis un rodage \
                    plus 
                    """
                        + "long (\(code: longer)).")
        case .energy:
            return Sentence(
                "Try another form (`sampling: {form: joint}`), or tighter priors of standard deviations: a scale "
                    + "that the data hardly know makes long tails.",
                french: """
                    Essayez une autre forme (`sampling: {form: joint}`), ou des a priori plus serrés pour les \
                    écarts 
                    """
                        + "types : une échelle que les données connaissent à peine fait de longues queues.")
        case .saturated:
            return Sentence(
                "Give the sampler a longer warm-up to learn the scales (\(longer)); if that does not help, look "
                    + "for priors that are far wider than what the data know.",
                french: """
                    Donnez à l’échantillonneur un rodage plus long pour apprendre les échelles (\(code: longer)) ; \
                    si 
                    """
                        + "cela n’aide pas, cherchez des a priori bien plus larges que ce que savent les données.")
        }
    }

    /// As many as would have been enough, with a fifth to spare, in hundreds.
    private static func moreDraws(_ verdict: ConvergenceVerdict, settings: FitSettings) -> Sentence {
        let sizes = [verdict.quantities.lowestBulkESS, verdict.quantities.lowestTailESS].compactMap { $0?.value }
        let needed = ConvergenceGate().essNeeded(chainCount: settings.chains)
        guard let smallest = sizes.min(), smallest > 0, needed / smallest <= 10 else {
            let longer = "--warmup \(2 * settings.warmup)"
            return Sentence(
                "The draws are worth very few independent ones: a longer warm-up (\(longer)) "
                    + "or another form (`sampling: {form: joint}`) first, then more draws.",
                french: """
                    Les tirages n’en valent que très peu d’indépendants : d’abord un rodage plus long \
                    (\(code: longer)) 
                    """
                        + "ou une autre forme (`sampling: {form: joint}`), puis plus de tirages.")
        }
        let draws = Int((Double(settings.draws) * 1.2 * needed / smallest / 100).rounded(.up) * 100)
        return Sentence(
            "Take more draws: --draws \(draws).", french: "Prenez plus de tirages : \(code: "--draws \(draws)").")
    }
}
