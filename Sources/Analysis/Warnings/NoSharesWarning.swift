import Wording

/// A KPI whose total is none of which there are shares.
enum NoSharesWarning {
    static func warnings(_ evidence: FitEvidence) -> [FitWarning] {
        guard !evidence.analysis.hasShares else { return [] }
        return [
            FitWarning(
                quantity: "total",
                sentence: Sentence(
                    "The KPI adds up to 0 or less, or to little beside its single periods, as returns taken off sales "
                        + "do: shares of it mean nothing and are left out. Give sales and returns apart, or read the money "
                        + "alone.",
                    french: """
                        La somme de l’indicateur est nulle ou négative, ou petite à côté de ses périodes, comme \
                        quand des 
                        """
                            + "retours sont déduits des ventes : des parts de cette somme n’ont pas de sens et ne sont pas données. "
                            + "Donnez ventes et retours à part, ou ne lisez que les montants."))
        ]
    }
}
