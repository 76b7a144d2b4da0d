/// A KPI whose total is none of which there are shares.
enum NoSharesWarning {
    static func warnings(_ evidence: FitEvidence) -> [FitWarning] {
        guard !evidence.analysis.hasShares else { return [] }
        return [
            FitWarning(
                quantity: "total",
                sentence:
                    "The KPI adds up to 0 or less, or to little beside its single periods, as returns taken off sales "
                    + "do: shares of it mean nothing and are left out. Give sales and returns apart, or read the money alone."
            )
        ]
    }
}
