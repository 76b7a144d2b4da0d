import Wording

/// Media that bring more of the KPI than is plausible.
enum MediaShareWarning {
    /// Published marketing mixes give media a tenth to a third of sales, seldom half: beyond this share the model has most
    /// likely taken the baseline for media.
    private static let greatest = 0.6

    static func warnings(_ evidence: FitEvidence) -> [FitWarning] {
        guard let share = evidence.analysis.totals.mediaShare, share.mean > greatest else { return [] }
        func percent(_ share: Double) -> String { "\(Int((100 * share).rounded()))" }
        return [
            FitWarning(
                quantity: "total",
                sentence: Sentence(
                    "Media bring \(percent(share.mean)) % [\(percent(share.q05)), \(percent(share.q95))] of the "
                        + "KPI, which is rarely so: what would be sold without them may be counted as theirs. Check units, and "
                        + "give the baseline what moves it (intercept, trend, seasonality, controls).",
                    french: """
                        Les médias apportent \(percent(share.mean)) % [\(percent(share.q05)) ; \
                        \(percent(share.q95))] de 
                        """
                            + "l’indicateur, ce qui est rare : ce qui se vendrait sans eux leur est peut-être compté. Vérifiez les "
                            + "unités, et donnez aux ventes de base ce qui les fait bouger (constante, tendance, saisonnalité, "
                            + "variables de contrôle)."))
        ]
    }
}
