import ModelDefinition

/// What one reported quantity stands on: a line of `stability.csv`.
package struct EvidenceRow: Sendable, Hashable, Codable {
    package var quantity: String
    package var grade: EvidenceGrade
    /// Of a channel's contribution and returns: the share of resamples with the same advice; nil without resamples, or where
    /// there is nothing to decide.
    package var decisionStability: Double?
    package var posteriorSD: Double
    /// Standard deviation of the posterior mean between resamples, by the infinitesimal jackknife.
    package var jackknifeSD: Double
    /// The same by the refits of the resamples; nil without them.
    package var refitSD: Double?
    /// What is told of those resamples; nil without them.
    package var refitMethod: ResampleMethod?
    package var figures: EvidenceFigures
    /// The prior-aware mismatch index of the refits; nil without them, or where the data say too little.
    package var refitMismatchIndex: Double?

    package init(
        quantity: String, decisionStability: Double?, posteriorSD: Double, jackknifeSD: Double, refitSD: Double?,
        refitMethod: ResampleMethod?, figures: EvidenceFigures, refitMismatchIndex: Double?
    ) {
        self.refitMethod = refitMethod
        self.quantity = quantity
        grade = figures.grade
        self.decisionStability = decisionStability
        self.posteriorSD = posteriorSD
        self.jackknifeSD = jackknifeSD
        self.refitSD = refitSD
        self.figures = figures
        self.refitMismatchIndex = refitMismatchIndex
    }
}

/// What one period is worth to a channel's figures: a line of `influence.csv`.
package struct InfluenceRow: Sendable, Hashable, Codable {
    package var channel: String
    /// From 1, the period that moves the contribution most.
    package var rank: Int
    /// First day of the period.
    package var date: CalendarDate
    /// In posterior standard deviations: what the mean of the contribution gains, to first order, if the period is counted
    /// twice, and loses if it is left out.
    package var contribution: Double
    /// The same of the return; nil without spend.
    package var roi: Double?

    package init(channel: String, rank: Int, date: CalendarDate, contribution: Double, roi: Double?) {
        self.channel = channel
        self.rank = rank
        self.date = date
        self.contribution = contribution
        self.roi = roi
    }
}
